"""The operator's forms: each does one act, or refuses with nothing written."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows import forms
from flows.daily import daily_recovery
from flows.watch_inbox import watch_inbox
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.day_report import contacts_waiting
from recouvrement.ledger.outbox import contact_row
from tests.channels.faults import Fault, FaultServer
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY
from tests.planted import planted

FACTS = ("promise", "dispute", "hold", "fact_event", "approval", "contact_event", "journal")


def written(house: House) -> tuple[int, ...]:
    """How much the tables of facts hold."""
    return tuple(count(house, table) for table in FACTS)


ACTS: list[tuple[str, dict[str, Any], str]] = [
    ("record_promise", {"subject": "C1", "amount": "1200,00", "due": "2026-12-01"}, "promise"),
    ("record_dispute", {"invoice": "F-104", "category": "price", "until": "2026-12-01", "amount": "100.5"}, "dispute"),
    ("record_hold", {"subject": "F-101", "until": "2026-12-01", "reason": "talks"}, "hold"),
    ("end_fact", {"kind": "dispute", "subject": "F-105", "event": "settled"}, "fact_event"),
]


@pytest.mark.parametrize(("form", "typed", "table"), ACTS, ids=[act[0] for act in ACTS])
def test_a_form_records_one_act_and_shows_how_to_undo_it(
    server: Server, ledger: MakeLedger, form: str, typed: dict[str, Any], table: str
) -> None:
    house = ledger()
    before = count(house, table)
    state = getattr(forms, form)(**typed, operator="owner", on=DAY, return_state=True)
    assert (state.name, state.is_completed()) == ("Completed", True), state.message
    assert count(house, table) == before + 1
    assert "To undo" in server.artifacts()["act-recorded"]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("record_promise", {"subject": "C99", "amount": "10", "due": "2026-12-01"}, "unknown_debtor_or_invoice"),
    ("record_promise", {"subject": "C1", "amount": "0", "due": "2026-12-01"}, "amount_not_positive"),
    ("record_promise", {"subject": "C1", "amount": "dix", "due": "2026-12-01"}, "amount_not_usable"),
    ("record_promise", {"subject": "C1", "amount": "10", "due": "2026-02-31"}, "no_such_day"),
    ("record_promise", {"subject": "C1", "amount": "10", "due": "2026-11-01"}, "day_is_past"),
    ("record_dispute", {"invoice": "F-999", "category": "price", "until": "2026-12-01"}, "unknown_invoice"),
    ("record_hold", {"subject": "C1", "until": "2026-11-01", "reason": "talks"}, "day_is_past"),
    ("record_hold", {"subject": "C1", "until": "2026-12-01", "reason": "Because I say so"}, "reason_not_usable"),
    ("end_fact", {"kind": "promise", "subject": "C1", "event": "kept"}, "nothing_to_end"),
    ("settle_unknown", {"contact": "0" * 26, "left": "yes"}, "not_unknown"),
    ("approve_notices", {"contacts": ["0" * 26]}, "not_waiting"),
    ("refuse_notices", {"contacts": ["0" * 26], "reason": "wrong_amount"}, "not_waiting"),
]


@pytest.mark.parametrize(("form", "typed", "code"), REFUSED, ids=[f"{r[0]}-{r[2]}" for r in REFUSED])
def test_a_refusal_is_a_state_and_writes_nothing(
    server: Server, ledger: MakeLedger, form: str, typed: dict[str, Any], code: str
) -> None:
    house = ledger()
    before = written(house)
    state = getattr(forms, form)(**typed, operator="owner", on=DAY, return_state=True)
    assert (state.name, state.is_failed()) == ("Refused", True)
    assert code in str(state.message)
    assert written(house) == before


def test_an_operator_without_the_role_is_refused(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = ledger()
    monkeypatch.setenv("RECOUVREMENT_OPERATORS", "cm:record,pd:record+approve")
    before = written(house)
    for operator in ("cm", "nobody"):
        state = forms.approve_notices(contacts=["0" * 26], operator=operator, on=DAY, return_state=True)
        assert (state.name, "operator_not_allowed" in str(state.message)) == ("Refused", True)
    assert written(house) == before


def test_a_message_of_unknown_fate_is_settled_by_a_person(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house = ledger()
    with FaultServer(Fault("body", drop=True), maildir=tmp_path / "mail") as relay:
        monkeypatch.setenv("RECOUVREMENT_SMTP_PORT", str(relay.port))
        state = daily_recovery(on=DAY.isoformat(), mode="live", return_state=True)
    assert state.name == "Partial"
    assert "sends_unknown" in str(state.message)
    with house.ledger.reading() as connection:
        unknown = [row.id for row in contacts_waiting(connection, limit=10)]
    assert unknown[0] in server.artifacts()["waiting-for-you"], "the form's id stands where the operator looks"
    for contact, left, ends in ((unknown[0], "yes", ContactState.SENT), (unknown[1], "no", ContactState.FAILED)):
        done = forms.settle_unknown(contact=contact, left=left, operator="owner", on=DAY, return_state=True)
        assert done.name == "Completed"
        with house.ledger.reading() as connection:
            assert contact_row(connection, contact).state == ends.value


def test_the_inbox_is_watched_apart_from_the_day(server: Server, ledger: MakeLedger) -> None:
    house = ledger(taken=False, on=date(2026, 11, 20))
    state = watch_inbox(return_state=True)
    assert state.name == "Partial", "one line of the invoices is wrong"
    assert "3 files" in str(state.message)
    assert count(house, "invoice") == 8
    assert watch_inbox(return_state=True).name == "Completed"
    assert count(house, "contact") == 0


@pytest.fixture
def notice(ledger: MakeLedger) -> tuple[House, str]:
    """A ledger with one formal notice, of F-104, that waits for a person; and its id."""
    house = ledger()
    return house, planted(house, "F-104", 560000, on=DAY, state=ContactState.PLANNED, needs_approval=True)


def state_of(house: House, contact: str) -> str:
    """Where a contact stands."""
    with house.ledger.reading() as connection:
        return str(contact_row(connection, contact).state)


def test_a_notice_is_approved_by_a_person_once(server: Server, notice: tuple[House, str]) -> None:
    house, contact = notice
    daily_recovery(on=DAY.isoformat(), return_state=True)
    row = json.loads(server.artifacts()["waiting-for-you"])[0]
    assert (row["Message"], row["State"], row["Step"], row["Amount"]) == (
        contact,
        "awaiting approval",
        "formal notice",
        "€5,600.00",
    )
    state = forms.approve_notices(contacts=[contact], operator="owner", on=DAY, return_state=True)
    assert state.name == "Completed", state.message
    assert state_of(house, contact) == "ready"
    assert forms.approve_notices(contacts=[contact], operator="owner", on=DAY, return_state=True).name == "Refused"
    assert count(house, "approval") == 1


def test_one_wrong_id_refuses_the_whole_form(server: Server, notice: tuple[House, str]) -> None:
    house, contact = notice
    before = written(house)
    state = forms.approve_notices(contacts=[contact, "0" * 26], operator="owner", on=DAY, return_state=True)
    assert state.name == "Refused"
    assert (state_of(house, contact), written(house)) == ("planned", before)


def test_a_notice_refused_leaves_its_step_free(server: Server, notice: tuple[House, str]) -> None:
    house, contact = notice
    state = forms.refuse_notices(contacts=[contact], reason="wrong_amount", operator="owner", on=DAY, return_state=True)
    assert state.name == "Completed"
    assert state_of(house, contact) == "refused"
