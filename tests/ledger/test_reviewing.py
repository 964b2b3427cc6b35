"""Receipts that a person settles: confirmed, undone, left alone; the machine never touches them again."""

import re
from datetime import date

import pytest
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day import reviewing
from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.showing import balances, explain
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.money_in import payers
from tests.ledger.bank_files import HEAD

MONDAY = date(2026, 3, 2)
CUSTOMERS = "customer_id,name,kind,email\nC1,Menuiserie Roy,business,roy@client.example\nC2,Hotel Grand Large,business,h@client.example\n"
INVOICES = (
    "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    "FA-2026-0001,invoice,C1,2026-01-05,2026-02-04,500.00,EUR\n"
    "FA-2026-0002,invoice,C2,2026-01-05,2026-02-04,500.00,EUR\n"
    "FA-2026-0003,invoice,C1,2026-01-09,2026-02-08,80.00,EUR\n"
)
BANK = (
    "Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit;Nom;IBAN\n"
    "FR7630006000011234567890189;26/02/2026;26/02/2026;VIREMENT RECU;;;500,00\n"
)


@pytest.fixture
def firm(house: House, take) -> House:
    """Two equal invoices of two customers, and one receipt that could pay either."""
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    take(house, "bank.csv", BANK)
    match(house, on=MONDAY)
    return house


def open_cents(house: House) -> dict[str, int]:
    return {row["debtor"]: row["total_cents"] for row in balances(house, on=MONDAY)}


def line_of(house: House) -> str:
    return str(reviewing.waiting_lines(house, on=MONDAY)[0]["line"])


def test_equal_amounts_are_asked(firm: House) -> None:
    waiting = reviewing.waiting_lines(firm, on=MONDAY)

    assert [row["cents"] for row in waiting] == [50_000]
    assert open_cents(firm) == {"C1": 58_000, "C2": 50_000}


def test_the_terminal_shows_each_proposal_with_its_grounds_in_words(
    make_house, take, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house()
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    take(house, "bank.csv", BANK.replace("VIREMENT RECU;;;500,00", "VIR MENUISERIE ROY;;;300,00"))
    match(house, on=MONDAY)

    shown = CliRunner().invoke(app, ["review", "--on", MONDAY.isoformat()])

    assert shown.exit_code == 0
    head, *proposals = shown.output.splitlines()
    assert "300,00" in head
    assert re.match(
        r" +1\. FA-2026-000[13] .*\(score -?\d+: payer's name, (part of|more than) the amount\)", proposals[0]
    )


def test_money_that_may_be_theirs_holds_both_debtors(firm: House) -> None:
    reasons = {number: explain(firm, number, on=MONDAY)[0]["reason"] for number in ("FA-2026-0001", "FA-2026-0002")}

    assert reasons == {"FA-2026-0001": "money_in_doubt", "FA-2026-0002": "money_in_doubt"}


def test_a_confirmed_match_pays_the_invoice_and_frees_the_other(firm: House) -> None:
    done = reviewing.match_payment(firm, line_of(firm), [("FA-2026-0002", 50_000)], on=MONDAY, operator="cm")

    assert not done.refused
    assert open_cents(firm) == {"C1": 58_000}
    assert explain(firm, "FA-2026-0001", on=MONDAY)[0]["reason"] != "money_in_doubt"


def test_manual_matching_is_never_overwritten(firm: House) -> None:
    reviewing.match_payment(firm, line_of(firm), [("FA-2026-0002", 50_000)], on=MONDAY, operator="cm")

    match(firm, on=MONDAY)

    assert open_cents(firm) == {"C1": 58_000}


def test_undo_restores_the_balance_and_stays_undone(firm: House) -> None:
    line = line_of(firm)
    reviewing.match_payment(firm, line, [("FA-2026-0002", 50_000)], on=MONDAY, operator="cm")

    assert not reviewing.unmatch_payment(firm, line, on=MONDAY, operator="cm").refused
    match(firm, on=MONDAY)

    assert open_cents(firm) == {"C1": 58_000, "C2": 50_000}
    assert [row["line"] for row in reviewing.waiting_lines(firm, on=MONDAY)] == [line]


def test_what_is_left_over_is_the_customers_credit(firm: House) -> None:
    reviewing.match_payment(firm, line_of(firm), [("FA-2026-0003", 8_000)], on=MONDAY, operator="cm")

    assert open_cents(firm)["C1"] == 50_000 - 42_000


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([("FA-9999", 100)], "unknown_invoice"),
        ([("FA-2026-0003", 9_000)], "more_than_is_open"),
        ([("FA-2026-0001", 50_000), ("FA-2026-0003", 8_000)], "more_than_received"),
        ([("FA-2026-0001", 20_000), ("FA-2026-0002", 20_000)], "several_debtors"),
        ([], "nothing_open"),
    ],
)
def test_a_match_that_cannot_be_is_refused_with_nothing_written(
    firm: House, parts: list[tuple[str, int]], reason: str
) -> None:
    before = open_cents(firm)

    done = reviewing.match_payment(firm, line_of(firm), parts, on=MONDAY, operator="cm")

    assert done.refused == reason
    assert open_cents(firm) == before


def test_a_receipt_that_is_no_customers_holds_nobody(firm: House) -> None:
    assert not reviewing.not_a_customer(firm, line_of(firm), on=MONDAY, operator="cm").refused

    assert reviewing.waiting_lines(firm, on=MONDAY) == []
    assert explain(firm, "FA-2026-0001", on=MONDAY)[0]["reason"] != "money_in_doubt"


def test_a_confirmed_match_teaches_the_payer(house: House, take) -> None:
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    take(
        house,
        "lines.csv",
        HEAD + "L1,FR7630006000011234567890189,2026-02-20,2026-02-20,500.00,EUR,VIR,,HOLDING DUVAL,,\n",
    )
    match(house, on=MONDAY)

    reviewing.match_payment(house, line_of(house), [("FA-2026-0001", 50_000)], on=MONDAY, operator="cm")

    with house.ledger.reading() as connection:
        _, identities = payers(connection, house.creditor(), AsOf(MONDAY, house.ledger.known_to()))
    assert [(row.kind, row.value) for row in identities] == [("alias", "HOLDING DUVAL")]


def test_a_proposal_is_confirmed_once_and_undone_it_is_proposed_again(firm: House) -> None:
    line = line_of(firm)

    assert not reviewing.confirm_proposal(firm, line, 1, on=MONDAY, operator="cm").refused
    assert reviewing.confirm_proposal(firm, line, 1, on=MONDAY, operator="cm").refused == "already_matched"
    paid = open_cents(firm)
    reviewing.unmatch_payment(firm, line, on=MONDAY, operator="cm")

    assert not reviewing.confirm_proposal(firm, line, 1, on=MONDAY, operator="cm").refused
    assert open_cents(firm) == paid


def test_while_an_undone_receipt_waits_its_debtor_is_not_chased(firm: House) -> None:
    line = line_of(firm)
    reviewing.match_payment(firm, line, [("FA-2026-0002", 50_000)], on=MONDAY, operator="cm")

    reviewing.unmatch_payment(firm, line, on=MONDAY, operator="cm")

    assert explain(firm, "FA-2026-0002", on=MONDAY)[0]["reason"] == "money_in_doubt"


def test_what_was_set_aside_by_mistake_comes_back(firm: House) -> None:
    line = line_of(firm)
    reviewing.not_a_customer(firm, line, on=MONDAY, operator="cm")

    assert not reviewing.unmatch_payment(firm, line, on=MONDAY, operator="cm").refused
    assert [row["line"] for row in reviewing.waiting_lines(firm, on=MONDAY)] == [line]


def test_a_refused_act_leaves_no_trace(firm: House) -> None:
    before = firm.ledger.known_to()

    reviewing.unmatch_payment(firm, line_of(firm), on=MONDAY, operator="cm")
    reviewing.confirm_proposal(firm, line_of(firm), 99, on=MONDAY, operator="cm")

    assert firm.ledger.known_to() == before
