"""Claims older than an insolvency judgment, and assigned invoices: a receipt for them waits for a person, day by day."""

from datetime import date

import pytest
from sqlalchemy import insert, select

from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.reviewing import confirm_proposal, waiting_lines
from recouvrement.day.showing import balances
from recouvrement.ledger.facts import close_fact, record_fact
from recouvrement.ledger.tables.facts import assignment
from recouvrement.ledger.tables.invoices import invoice
from tests.ledger.bank_files import HEAD

JUDGMENT, PUBLISHED = date(2026, 2, 10), date(2026, 2, 13)
MONDAY = date(2026, 3, 2)
CUSTOMERS = "customer_id,name,kind\nC1,Menuiserie Roy,business\nC2,Hotel Grand Large,business\n"
INVOICES = (
    "invoice_number,kind,customer_id,issue_date,delivery_date,due_date,amount,currency\n"
    "FA-2026-0001,invoice,C1,2026-02-12,2026-02-02,2026-03-14,500.00,EUR\n"
    "FA-2026-0002,invoice,C1,2026-02-12,2026-02-10,2026-03-14,80.00,EUR\n"
    "FA-2026-0003,invoice,C2,2026-01-05,2026-01-05,2026-02-04,310.00,EUR\n"
)
OLD = "L1,FR7630006000011234567890189,{0},{0},500.00,EUR,VIR,FA-2026-0001,MENUISERIE ROY,,\n"
NEW = "L2,FR7630006000011234567890189,{0},{0},80.00,EUR,VIR,FA-2026-0002,MENUISERIE ROY,,\n"
OTHER = "L3,FR7630006000011234567890189,{0},{0},310.00,EUR,VIR,FA-2026-0003,HOTEL GRAND LARGE,,\n"


@pytest.fixture
def firm(make_house, take) -> House:
    house = make_house()
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    return house


def insolvent(house: House) -> str:
    """C1's proceedings are opened, and published three days later."""
    with house.ledger.act("insolvency", "test") as act:
        debtor_id = act.connection.scalar(select(invoice.c.debtor_id).where(invoice.c.number == "FA-2026-0001"))
        return record_fact(
            act, "insolvency", str(debtor_id), effective_on=PUBLISHED, kind="liquidation", judgment_on=JUDGMENT,
            published_on=PUBLISHED, source="test",
        )  # fmt: skip


def assigned(house: House, number: str, *, under_mandate: bool = False) -> None:
    with house.ledger.act("assign", "test") as act:
        invoice_id = act.connection.scalar(select(invoice.c.id).where(invoice.c.number == number))
        row = {
            "invoice_id": invoice_id,
            "kind": "factor",
            "under_mandate": int(under_mandate),
            "effective_on": PUBLISHED,
        }
        act.connection.execute(insert(assignment).values(id=act.new_id(), act_id=act.id, **row))


def owed(house: House) -> dict[str, int]:
    return {row["debtor"]: row["total_cents"] for row in balances(house, on=MONDAY)}


def test_without_any_of_this_all_three_are_matched(firm: House, take) -> None:
    take(firm, "bank.csv", HEAD + "".join(line.format("2026-02-20") for line in (OLD, NEW, OTHER)))

    assert match(firm, on=MONDAY).verdicts == {"automatic": 3}


def test_a_receipt_for_a_claim_older_than_the_judgment_waits_and_one_for_a_later_delivery_does_not(
    firm: House, take
) -> None:
    insolvent(firm)
    take(firm, "bank.csv", HEAD + "".join(line.format("2026-02-20") for line in (OLD, NEW, OTHER)))

    match(firm, on=MONDAY)

    (line,) = waiting_lines(firm, on=MONDAY)
    assert (line["cents"], line["proposals"][0]["invoices"]) == (50_000, [["FA-2026-0001", 50_000]])
    assert owed(firm) == {"C1": 50_000}


def test_a_person_may_still_allocate_it(firm: House, take) -> None:
    insolvent(firm)
    take(firm, "bank.csv", HEAD + OLD.format("2026-02-20"))
    match(firm, on=MONDAY)

    line = str(waiting_lines(firm, on=MONDAY)[0]["line"])

    assert not confirm_proposal(firm, line, 1, on=MONDAY, operator="cm").refused
    assert owed(firm) == {"C1": 8_000, "C2": 31_000}


def test_what_came_in_before_the_notice_was_published_is_matched_also_when_history_comes_in_one_go(
    firm: House, take
) -> None:
    insolvent(firm)
    take(firm, "bank.csv", HEAD + OLD.format("2026-02-12"))

    assert match(firm, on=MONDAY).verdicts == {"automatic": 1}


def test_proceedings_that_ended_bar_nothing_any_more(firm: House, take) -> None:
    fact = insolvent(firm)
    with firm.ledger.act("end_insolvency", "test") as act:
        close_fact(act, "insolvency", fact, effective_on=date(2026, 2, 18), event="closed")
    take(firm, "bank.csv", HEAD + OLD.format("2026-02-20"))

    assert match(firm, on=MONDAY).verdicts == {"automatic": 1}


@pytest.mark.parametrize("under_mandate", [False, True])
def test_a_receipt_for_an_assigned_invoice_waits(firm: House, take, under_mandate: bool) -> None:
    assigned(firm, "FA-2026-0003", under_mandate=under_mandate)
    take(firm, "bank.csv", HEAD + OTHER.format("2026-02-20") + OLD.format("2026-02-20"))

    match(firm, on=MONDAY)

    assert [row["cents"] for row in waiting_lines(firm, on=MONDAY)] == [31_000]


def test_an_invoice_assigned_later_is_paid_as_any_other_until_then(firm: House, take) -> None:
    assigned(firm, "FA-2026-0003")
    take(firm, "before.csv", HEAD + OTHER.format("2026-02-11"))

    assert match(firm, on=date(2026, 2, 11)).verdicts == {"automatic": 1}
