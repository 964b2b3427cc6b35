"""What a person lets go: a reason of the policy, a limit, a role above it; and it can be taken back as if it never was."""

from datetime import date

import pytest

from recouvrement.day.claims import claim_ledger
from recouvrement.day.exporting import Export, export, safe
from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.reviewing import match_payment, waiting_lines
from recouvrement.day.showing import balances, explain
from recouvrement.day.write_offs import undo_write_off, write_off
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.item_details import applied_to, item_details
from tests.ledger.bank_files import HEAD

MONDAY = date(2026, 3, 2)
LATER = date(2026, 6, 30)
CUSTOMERS = "customer_id,name,kind,email\nC1,Menuiserie Roy,business,roy@client.example\n"
INVOICES = (
    "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    "FA-1,invoice,C1,2026-01-05,2026-02-04,500.00,EUR\n"
    "=FA-2,invoice,C1,2026-01-09,2026-02-08,4.00,EUR\n"
)


@pytest.fixture
def firm(make_house, take) -> House:
    """Two invoices of one customer; `cm` may record, `pd` may also write off above the limit."""
    house = make_house(operators="cm:record,pd:record+write_off")
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    return house


def owed(house: House, on: date = MONDAY) -> int:
    return sum(row["total_cents"] for row in balances(house, on=on))


def penalties(house: House, number: str) -> tuple[object, ...]:
    """Every segment of the penalties of an invoice on a later day."""
    as_of = AsOf(LATER, house.ledger.known_to())
    with house.ledger.reading() as connection:
        item_id = find_items(connection, house.creditor(), number)[0].id
        item = item_details(connection, [item_id], as_of)[item_id]
        applied = applied_to(connection, [item_id], as_of)[item_id]
    found = claim_ledger(item, applied, DebtorKind.BUSINESS, house.law.penalties, until=LATER, provisional=True)
    assert isinstance(found, PenaltyLedger)
    return found.segments


def test_a_small_sum_is_let_go_by_whoever_may_record(firm: House) -> None:
    done = write_off(firm, "=FA-2", cents=None, reason="commercial_gesture", on=MONDAY, operator="cm")

    assert not done.refused
    assert owed(firm) == 50_000
    assert explain(firm, "=FA-2", on=MONDAY)[0]["applied"][0]["reason"] == "commercial_gesture"


def test_above_the_limit_it_needs_the_role(firm: House) -> None:
    before = firm.ledger.known_to()

    assert write_off(firm, "FA-1", cents=501, reason="rounding", on=MONDAY, operator="cm").refused == "above_the_limit"
    assert firm.ledger.known_to() == before, "a refused act leaves nothing"
    assert not write_off(firm, "FA-1", cents=501, reason="rounding", on=MONDAY, operator="pd").refused
    assert owed(firm) == 50_400 - 501


def test_the_limit_is_not_passed_in_small_parts(firm: House) -> None:
    assert not write_off(firm, "FA-1", cents=300, reason="rounding", on=MONDAY, operator="cm").refused

    assert write_off(firm, "FA-1", cents=300, reason="rounding", on=MONDAY, operator="cm").refused == "above_the_limit"


@pytest.mark.parametrize(
    ("number", "cents", "reason", "code"),
    [
        ("FA-9", 100, "rounding", "unknown_invoice"),
        ("FA-1", 100, "because", "unknown_reason"),
        ("FA-1", 0, "rounding", "amount_not_positive"),
        ("FA-1", 50_001, "uncollectable", "more_than_is_open"),
    ],
)
def test_what_cannot_be_let_go_is_refused_with_nothing_written(
    firm: House, number: str, cents: int, reason: str, code: str
) -> None:
    before = firm.ledger.known_to()

    assert write_off(firm, number, cents=cents, reason=reason, on=MONDAY, operator="pd").refused == code
    assert firm.ledger.known_to() == before


def test_undone_the_balance_and_the_penalties_are_as_if_it_never_was_and_redone_as_before(firm: House) -> None:
    untouched = owed(firm), penalties(firm, "FA-1")
    done = write_off(firm, "FA-1", cents=10_000, reason="uncollectable", on=MONDAY, operator="pd")
    written = owed(firm), penalties(firm, "FA-1")
    assert written != untouched

    assert not undo_write_off(firm, done.id, on=MONDAY, operator="pd").refused
    assert (owed(firm), penalties(firm, "FA-1")) == untouched
    assert undo_write_off(firm, done.id, on=MONDAY, operator="pd").refused == "nothing_to_undo"

    write_off(firm, "FA-1", cents=10_000, reason="uncollectable", on=MONDAY, operator="pd")
    assert (owed(firm), penalties(firm, "FA-1")) == written


def test_what_is_let_go_is_no_longer_open_for_a_receipt(firm: House, take) -> None:
    take(firm, "bank.csv", f"{HEAD}L1,FR7630006000011234567890189,2026-02-26,2026-02-26,500.00,EUR,VIR,,,,\n")
    match(firm, on=MONDAY)
    write_off(firm, "FA-1", cents=10_000, reason="uncollectable", on=MONDAY, operator="pd")
    line = str(waiting_lines(firm, on=MONDAY)[0]["line"])

    assert match_payment(firm, line, [("FA-1", 50_000)], on=MONDAY, operator="cm").refused == "more_than_is_open"


def test_the_export_adds_up_and_nothing_in_it_runs(firm: House) -> None:
    done = write_off(firm, "=FA-2", cents=None, reason="commercial_gesture", on=MONDAY, operator="cm")
    undo_write_off(firm, done.id, on=MONDAY, operator="cm")
    write_off(firm, "FA-1", cents=123, reason="rounding", on=MONDAY, operator="cm")

    data = export(firm, Export.WRITE_OFFS, MONDAY, MONDAY)
    head, *rows = [line.split(";") for line in data.decode("utf-8-sig").splitlines()]

    amounts = [row[head.index("amount")] for row in rows]
    assert amounts == ["4,00", "-4,00", "1,23"]
    assert [row[head.index("invoice")] for row in rows] == ["'=FA-2", "'=FA-2", "FA-1"]
    assert export(firm, Export.WRITE_OFFS, MONDAY, MONDAY) == data
    assert export(firm, Export.WRITE_OFFS, LATER, LATER).decode("utf-8-sig").splitlines() == [";".join(head)]
    assert [safe(cell) for cell in ("@SUM(A1)", "+33", "-5", "ok")] == ["'@SUM(A1)", "'+33", "'-5", "ok"]
