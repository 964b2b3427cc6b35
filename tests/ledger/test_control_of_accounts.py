"""The accountant's figures beside ours: differences by invoice, above the limit no formal notice, and the way out."""

from datetime import date

import pytest

from recouvrement.day.control import ControlSheet, control
from recouvrement.day.control_acts import explain_difference
from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.reviewing import confirm_proposal, unmatch_payment, waiting_lines
from recouvrement.day.showing import balances
from recouvrement.domain.ladder import Stage
from recouvrement.domain.policy import Policy
from recouvrement.domain.protection import accounts_stand_against
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.money_in import newest_opinions
from recouvrement.ledger.positions import Range, read_positions
from tests.ledger.bank_files import HEAD
from tests.ledger.test_intake_accounts import JANUARY, book, payment, sale

MONDAY = date(2026, 4, 6)
UNKNOWN_TO_THE_ACCOUNTS = (
    "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\nF-7,invoice,C2,2026-01-14,2026-02-14,{},EUR\n"
)
OURS = "FR7630006000011234567890189"


def sheet(house: House) -> ControlSheet:
    return control(house, on=MONDAY)


def held_from_notice(house: House) -> set[str]:
    """Codes of the debtors whose formal notice waits for the accounts."""
    with house.ledger.reading() as connection:
        as_of = AsOf(MONDAY, house.ledger.known_to())
        found = read_positions(connection, house.creditor(), Range("", "~"), house.policy, as_of)
        differing = {position.id for position in found if position.accounts_differ}
    return {d.balance.code for d in sheet(house).differences if d.balance.debtor_id in differing}


def test_what_agrees_is_no_difference(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))

    assert (sheet(house).compared, sheet(house).differences, sheet(house).adds_up) == (2, (), True)
    assert held_from_notice(house) == set()


def test_an_invoice_that_the_accounts_do_not_have_is_named(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("200.00"))

    (difference,) = sheet(house).differences

    assert (difference.balance.code, difference.balance.difference_cents) == ("C2", 20_000)
    assert difference.invoices == (("F-7", 0, 20_000),)
    assert sheet(house).faults == ["accounts_differ:1"]


def test_above_the_limit_it_holds_the_formal_notice_of_that_debtor_alone(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("50.01"))

    assert held_from_notice(house) == {"C2"}


def test_within_the_limit_it_is_shown_and_holds_nothing(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("50.00"))

    assert (len(sheet(house).differences), sheet(house).adds_up, held_from_notice(house)) == (1, True, set())


def test_explained_it_holds_nothing_until_newer_accounts_ask_again(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("200.00"))

    assert not explain_difference(house, "C2", reason="booked_in_february", on=MONDAY, operator="cm").refused
    assert (sheet(house).differences[0].balance.explained, sheet(house).adds_up) == ("booked_in_february", True)
    assert held_from_notice(house) == set()
    assert explain_difference(house, "C2", reason="again", on=MONDAY, operator="cm").refused == "nothing_to_explain"

    take(house, "february.txt", book(*JANUARY, sale("9", "20260214", "C1", "F-9", 1_000)))

    assert held_from_notice(house) == {"C2"}


def test_an_explanation_is_for_the_difference_it_saw(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("200.00"))
    explain_difference(house, "C2", reason="booked_in_february", on=MONDAY, operator="cm")

    take(house, "more.csv", UNKNOWN_TO_THE_ACCOUNTS.format("900.00").replace("F-7", "F-8"))

    assert held_from_notice(house) == {"C2"}


def test_newer_accounts_that_agree_end_it(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("200.00"))

    take(
        house,
        "february.txt",
        book(*JANUARY, sale("8", "20260114", "C2", "F-7", 20_000), sale("9", "20260214", "C1", "F-9", 1)),
    )

    assert (sheet(house).differences, held_from_notice(house)) == ((), set())


def test_a_customer_without_accounts_has_nothing_to_explain(house: House, take) -> None:
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("200.00"))

    assert explain_difference(house, "C2", reason="none", on=MONDAY, operator="cm").refused == "no_accounts"


def test_a_formal_notice_waits_and_says_why(house: House, take) -> None:
    take(house, "fec.txt", book(*JANUARY))
    take(house, "invoices.csv", UNKNOWN_TO_THE_ACCOUNTS.format("200.00"))
    policy: Policy = house.policy
    with house.ledger.reading() as connection:
        as_of = AsOf(MONDAY, house.ledger.known_to())
        positions = list(read_positions(connection, house.creditor(), Range("", "~"), policy, as_of))
    held = {(p.accounts_differ, s.stage) for p in positions for s in policy.steps if accounts_stand_against(s, p)}

    assert held == {(True, Stage.FORMAL_NOTICE)}


def paid_line(line: str, on: str, amount: str, name: str, label: str = "VIR") -> str:
    return f"{line},{OURS},{on},{on},{amount},EUR,{label},,{name},,\n"


def lettered(house: House, take) -> None:
    take(house, "customers.csv", "customer_id,name,kind\nC1,Menuiserie Roy,business\nC2,Hotel Grand Large,business\n")
    take(house, "fec.txt", book(*JANUARY))


def test_a_line_that_the_accounts_have_lettered_does_not_stay_in_doubt(house: House, take) -> None:
    lettered(house, take)
    take(house, "bank.csv", HEAD + paid_line("L1", "2026-01-21", "1200.00", "MENUISERIE ROY"))

    tally = match(house, on=MONDAY)

    assert tally.verdicts == {"settled_in_accounts": 1}
    (receipts,) = sheet(house).receipts
    assert (receipts.allocated_cents, receipts.doubt_cents, receipts.left_cents) == (120_000, 0, 0)
    assert sheet(house).differences == ()
    assert waiting_lines(house, on=MONDAY) == []
    assert match(house, on=MONDAY).verdicts == {}


def test_without_a_word_of_the_payer_it_is_proposed(house: House, take) -> None:
    lettered(house, take)
    take(house, "bank.csv", HEAD + paid_line("L1", "2026-01-21", "1200.00", ""))
    match(house, on=MONDAY)

    (line,) = waiting_lines(house, on=MONDAY)
    ranks = [n for n, p in enumerate(line["proposals"], 1) if "settled_in_accounts" in p["reasons"]]

    assert line["proposals"][ranks[0] - 1]["invoices"] == [["F-1", 120_000]]
    assert not confirm_proposal(house, line["line"], ranks[0], on=MONDAY, operator="cm").refused
    assert (waiting_lines(house, on=MONDAY), sheet(house).differences) == ([], ())


@pytest.mark.parametrize(
    ("on", "amount"), [("2026-03-02", "1200.00"), ("2026-01-21", "1199.99")], ids=["another day", "another sum"]
)
def test_another_day_or_another_sum_is_another_receipt(house: House, take, on: str, amount: str) -> None:
    lettered(house, take)
    take(house, "bank.csv", HEAD + paid_line("L1", on, amount, "MENUISERIE ROY"))

    assert "settled_in_accounts" not in match(house, on=MONDAY).verdicts


def test_undone_the_accounts_word_stands_again_and_redone_the_line_does(house: House, take) -> None:
    lettered(house, take)
    take(house, "bank.csv", HEAD + paid_line("L1", "2026-01-21", "1200.00", "MENUISERIE ROY"))
    match(house, on=MONDAY)
    with house.ledger.reading() as connection:
        (line,) = newest_opinions(connection, house.creditor())

    assert not unmatch_payment(house, line, on=MONDAY, operator="cm").refused
    assert (sheet(house).differences, sheet(house).receipts[0].doubt_cents) == ((), 120_000)
    assert balances(house, on=MONDAY)[0]["total_cents"] == 50_000

    assert not confirm_proposal(house, line, 1, on=MONDAY, operator="cm").refused
    assert (sheet(house).differences, sheet(house).receipts[0].doubt_cents) == ((), 0)


def test_one_payment_of_several_lettered_invoices_is_found_whole(house: House, take) -> None:
    take(house, "customers.csv", "customer_id,name,kind\nC1,Menuiserie Roy,business\n")
    entries = (sale("1", "20260105", "C1", "F-1", 70_000, "A"), sale("2", "20260106", "C1", "F-2", 50_000, "A"))
    take(house, "fec.txt", book(*entries, payment("4", "20260120", "C1", "B-1", 120_000, "A")))
    take(house, "bank.csv", HEAD + paid_line("L1", "2026-01-20", "1200.00", "MENUISERIE ROY"))

    assert match(house, on=MONDAY).verdicts == {"settled_in_accounts": 1}
    assert sheet(house).receipts[0].allocated_cents == 120_000
