"""Waits that hold a debtor and were easy to miss: protected and unknown kinds, messages set aside, limits of law on cases."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from recouvrement.day.acts_debtors import set_kind, set_party_status
from recouvrement.day.choosing import rules_digest
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.reporting import Shown
from recouvrement.day.waiting import waiting, waiting_table
from recouvrement.day.waiting_told import aside_rows
from recouvrement.domain.case_states import CaseState
from recouvrement.ledger.asides import put_aside
from recouvrement.ledger.cases import move_case, open_case
from recouvrement.ledger.facts import find_debtor, find_items

DAY = date(2026, 11, 20)
LATER = date(2026, 12, 15)
POISON = "jean.dupont@particulier.example"
Found = list[tuple[str, str, int]]


@pytest.fixture
def firm(make_house: Callable[..., House], tmp_path: Path) -> House:
    """A firm; somebody of unknown kind whose code is an e-mail address; one of unknown kind who is not late yet."""
    house = make_house(on=DAY)
    (tmp_path / "customers.csv").write_text(
        f"customer_id,name,kind,email\nC1,Bois SARL,business,a@bois.example\n{POISON},Jean Dupont,,{POISON}\nC3,Fer,,\n"
    )
    (tmp_path / "invoices.csv").write_text(
        "invoice_number,customer_id,issue_date,due_date,amount,currency\nF-1,C1,2026-08-01,2026-09-01,1000.00,EUR\n"
        f"F-2,{POISON},2026-08-01,2026-09-01,300.00,EUR\nF-3,C3,2026-11-01,2026-11-30,50.00,EUR\n"
    )
    results = take_files(house, [tmp_path / "customers.csv", tmp_path / "invoices.csv"], actor="test")
    assert [r.records for r in results] == [3, 3]
    return house


def found(house: House, kind: str, on: date = DAY) -> Found:
    return [(w.kind, w.subject, w.cents) for w in waiting(house, on=on) if w.kind == kind]


def test_a_debtor_of_unknown_kind_waits_once_its_ladder_stands_still_until_the_kind_is_said(firm: House) -> None:
    assert found(firm, "kind_unknown") == [("kind_unknown", POISON, 30000)]

    assert not set_kind(firm, POISON, kind="consumer", on=DAY, operator="owner").refused
    assert found(firm, "kind_unknown") == []


def test_a_protected_debtor_who_owes_waits_for_a_decision(firm: House) -> None:
    assert found(firm, "protected_debtor") == []

    assert not set_party_status(firm, "C1", status="struck_off", source="registry", on=DAY, operator="owner").refused

    assert found(firm, "protected_debtor") == [("protected_debtor", "C1", 100000)]
    assert [w.overdue for w in waiting(firm, on=LATER) if w.kind == "protected_debtor"] == [True]


def test_a_message_set_aside_is_told_with_its_reason_and_is_overdue_after_a_week(firm: House) -> None:
    with firm.ledger.act("plan_contacts", "test") as act:
        debtor_id = find_debtor(act.connection, firm.creditor(), POISON)
        put_aside(
            act, debtor_id, step="firm_reminder", channel="letter", reason="address_missing", rules=rules_digest(firm),
            on=DAY,
        )  # fmt: skip

    assert found(firm, "message_aside") == [("message_aside", POISON, 30000)]
    [row] = aside_rows(firm, LATER)
    assert (row["step"], row["reason"], row["overdue"]) == ("firm_reminder", "address_missing", "True")


def test_the_limits_of_law_that_run_on_a_case_wait_until_the_day_to_keep(firm: House) -> None:
    with firm.ledger.act("case", "test") as act:
        item = find_items(act.connection, firm.creditor(), "F-1")[0]
        case_id = open_case(
            act,
            creditor_id=firm.creditor(),
            debtor_id=item.debtor_id,
            debtor_code="C1",
            items=[(item.id, 100000)],
            on=DAY,
        )
        for state in (CaseState.CHOSEN, CaseState.SENT, CaseState.ORDER_OBTAINED):
            move_case(act, case_id, item.debtor_id, state, on=DAY, reason=None, route="injonction_de_payer_tc")

    told = [w for w in waiting(firm, on=DAY) if w.kind == "case_limit"]
    assert [(w.subject, w.id.rpartition(" ")[2], w.due_on, w.overdue) for w in told] == [
        ("C1", "ip_service", date(2027, 2, 20), False)
    ]


def test_the_table_of_the_day_names_no_address_though_it_is_a_code(firm: House) -> None:
    assert POISON not in str(waiting_table(firm, DAY, Shown("fr", firms_named=True)))
    assert POISON not in str(aside_rows(firm, DAY))
