"""The forms for plans, receipts, calls, debtors, papers and the IBAN: each does one act, or refuses with nothing written."""

from collections.abc import Callable
from typing import Any

import pytest

from flows import forms_call, forms_debtor, forms_documents, forms_house, forms_plan, forms_policy, forms_receipt
from recouvrement.day import acts_receipts, acts_waiving
from recouvrement.day.acts_creditor import change_iban
from recouvrement.day.acts_notes import record_note
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.facts import find_items, mark_item
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY
from tests.planted import planted

WHO: dict[str, Any] = {"on": DAY, "operator": "owner"}
IBAN = "FR1420041010050500013M02606"
Given = Callable[[House], dict[str, Any]]


def nothing(_house: House) -> dict[str, Any]:
    return {}


def a_contact(house: House, channel: str, step: str) -> dict[str, Any]:
    """A call to make, or a letter that left."""
    state = ContactState.READY if channel == "call" else ContactState.SENT
    return {"contact": planted(house, "F-104", 560000, on=DAY, channel=channel, step=step, state=state)}


def a_note(house: House, text: str = "Un mot.") -> str:
    return record_note(house, text.encode(), operator="owner").id


def a_waiver(house: House) -> dict[str, Any]:
    acts_waiving.waive_penalties(house, "F-101", part="all", reason="gesture", **WHO)
    return {}


def a_step_left_out(house: House) -> dict[str, Any]:
    acts_waiving.waive(house, "F-101", "call", reason="gesture", **WHO)
    return {}


def a_receipt(house: House) -> dict[str, Any]:
    acts_receipts.record_receipt(house, "F-101", kind="cheque", cents=5000, state="announced", **WHO)
    return {}


def cleared(house: House) -> dict[str, Any]:
    with house.ledger.act("probe", "test") as act:
        item = find_items(act.connection, house.creditor(), "F-101")[0]
        mark_item(act, item.id, on=DAY, event="cleared_in_accounts", reason="open_is_less")
    return {}


def paper(house: House) -> dict[str, Any]:
    folder = house.inbox / "notes"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "F-101 commande.pdf").write_bytes(b"%PDF-1.7")
    (folder / "mot.txt").write_text("Le client a rappelé.", encoding="utf-8")
    return {}


def asked_for(house: House) -> dict[str, Any]:
    change_iban(house, IBAN, on=DAY, operator="cm")
    return {}


ACTS: list[tuple[Any, dict[str, Any], Given, str]] = [
    (forms_plan.record_plan, {"invoices": ["F-101", "F-102"], "instalments": ["2026-12-01 1000,00", "2027-01-04 1000.00"]},
     nothing, "plan"),
    (forms_plan.extend_dispute, {"invoice": "F-105", "until": "2026-12-20"}, nothing, "fact_wait"),
    (forms_plan.settle_dispute, {"invoice": "F-105", "outcome": "rejected"}, nothing, "fact_event"),
    (forms_plan.waive_step, {"invoice": "F-101", "step": "call", "reason": "spoke"}, nothing, "item_event"),
    (forms_plan.restore_step, {"invoice": "F-101", "step": "call", "reason": "mistake"}, a_step_left_out, "item_event"),
    (forms_plan.waive_penalties, {"invoice": "F-101", "part": "all", "reason": "gesture"}, nothing, "penalty_waiver"),
    (forms_plan.restore_penalties, {"invoice": "F-101", "reason": "mistake"}, a_waiver, "fact_event"),
    (forms_plan.still_owed, {"invoice": "F-101", "reason": "wrong_lettering"}, cleared, "item_event"),
    (forms_receipt.record_receipt, {"subject": "C1", "kind": "cheque", "amount": "50", "state": "announced"}, nothing, "receipt"),
    (forms_receipt.end_receipt, {"subject": "F-101", "outcome": "returned", "reason": "no_funds"}, a_receipt, "fact_event"),
    (forms_call.record_call, {"outcome": "reached", "cause": "cash_trouble"}, lambda h: a_contact(h, "call", "call"), "call"),
    (forms_call.record_other_call, {"debtor": "C1", "outcome": "promised"}, lambda h: {"note": a_note(h)}, "call"),
    (forms_debtor.mark_insolvent, {"debtor": "C1", "procedure": "liquidation", "judgment": "2026-11-02", "source": "court",
                                   "published": "2026-11-05"}, nothing, "insolvency"),
    (forms_debtor.set_party_status, {"debtor": "C2", "status": "deceased", "source": "family"}, nothing, "party_status"),
    (forms_debtor.set_debtor_kind, {"debtor": "C1", "kind": "artisan"}, nothing, "debtor_version"),
    (forms_debtor.set_direct_debit, {"debtor": "C1", "mandate": "in_force"}, nothing, "debtor_version"),
    (forms_debtor.assign_invoice, {"invoice": "F-101", "kind": "factor", "under_mandate": "yes"},
     lambda h: {"iban_note": a_note(h, IBAN)}, "assignment"),
    (forms_documents.take_notes, {}, paper, "note"),
    (forms_documents.attach_document, {"subject": "F-101", "file": "F-101 commande.pdf", "kind": "order"}, paper, "document"),
    (forms_documents.record_proof, {"kind": "deposited"}, lambda h: a_contact(h, "registered_letter", "mise_en_demeure"),
     "postal_proof"),
    (forms_house.change_iban, {}, lambda h: {"note": a_note(h, IBAN)}, "iban_change"),
    (forms_house.refuse_iban, {}, nothing, "fact_event"),
    (forms_house.confirm_iban, {"last_four": "2606"}, asked_for, "creditor_version"),
    (forms_policy.record_cause, {"debtor": "C1", "cause": "cash_trouble"}, lambda h: {"note": a_note(h)}, "cause"),
    (forms_policy.use_policy, {"subject": "C1", "policy": "key_account"}, nothing, "policy_choice"),
    (forms_policy.use_policy, {"subject": "F-101", "policy": "standard"}, nothing, "policy_choice"),
    (forms_policy.use_policy, {"subject": "C1", "policy": "by-rules"}, nothing, "policy_choice"),
    (forms_policy.set_limit, {"debtor": "C1", "kind": "insured", "amount": "15000,00"}, nothing, "credit_limit"),
    (forms_policy.begin_hold_out, {"code": "T1", "candidate": "key_account", "share": 99}, nothing, "hold_out"),
    (forms_policy.end_hold_out, {"code": "T1"}, nothing, "fact_event"),
]  # fmt: skip


def told(server: Server) -> int:
    """How many artifacts say what changed and how to undo it."""
    rows = server.ask("/artifacts/filter", artifacts={"key": {"any_": ["act-recorded"]}})
    return sum("To undo" in str(row["data"]) for row in rows)


def test_each_form_records_one_act_and_shows_how_to_undo_it(server: Server, ledger: MakeLedger) -> None:
    house, artifacts = ledger(), told(server)
    for form, typed, given, table in ACTS:
        typed = typed | given(house)
        before = count(house, table)
        state = form(**typed, **WHO, return_state=True)
        assert (state.name, state.is_completed()) == ("Completed", True), (form.name, state.message)
        assert count(house, table) == before + 1, form.name
    assert told(server) == artifacts + len(ACTS)


NO = "0" * 26
REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (forms_plan.record_plan, {"invoices": ["F-101"], "instalments": ["2026-12-01 1"]}, "sum_is_not_what_is_open"),
    (forms_plan.record_plan, {"invoices": ["F-101"], "instalments": ["demain 1"]}, "instalment_not_usable"),
    (forms_plan.settle_dispute, {"invoice": "F-101", "outcome": "rejected"}, "not_disputed"),
    (forms_plan.extend_dispute, {"invoice": "F-101", "until": "2026-12-20"}, "not_disputed"),
    (forms_plan.waive_step, {"invoice": "F-101", "step": "nothing_such", "reason": "spoke"}, "unknown_step"),
    (forms_plan.restore_step, {"invoice": "F-101", "step": "call", "reason": "mistake"}, "not_waived"),
    (forms_plan.waive_penalties, {"invoice": "F-999", "part": "all", "reason": "gesture"}, "unknown_invoice"),
    (forms_plan.restore_penalties, {"invoice": "F-101", "reason": "mistake"}, "not_waived"),
    (forms_plan.still_owed, {"invoice": "F-101", "reason": "wrong"}, "not_cleared_in_accounts"),
    (forms_receipt.record_receipt, {"subject": "C99", "kind": "cash", "amount": "5", "state": "cleared"},
     "unknown_debtor_or_invoice"),
    (forms_receipt.end_receipt, {"subject": "C1", "outcome": "returned"}, "nothing_under_way"),
    (forms_call.record_call, {"contact": NO, "outcome": "reached"}, "not_a_call"),
    (forms_call.record_other_call, {"debtor": "C1", "outcome": "reached", "note": NO}, "unknown_note"),
    (forms_debtor.mark_insolvent, {"debtor": "C1", "procedure": "liquidation", "judgment": "2027-01-01", "source": "court"},
     "day_is_to_come"),
    (forms_debtor.set_party_status, {"debtor": "C99", "status": "deceased", "source": "family"}, "unknown_debtor"),
    (forms_debtor.set_debtor_kind, {"debtor": "C1", "kind": "business"}, "nothing_changes"),
    (forms_debtor.set_direct_debit, {"debtor": "C1", "mandate": "ended"}, "nothing_changes"),
    (forms_debtor.assign_invoice, {"invoice": "F-101", "kind": "factor", "under_mandate": "yes"}, "iban_missing"),
    (forms_documents.take_notes, {}, "no_notes"),
    (forms_documents.attach_document, {"subject": "F-101", "file": "nothing.pdf", "kind": "order"}, "no_such_file"),
    (forms_documents.attach_document, {"subject": "F-101", "file": "../recouvrement.db", "kind": "order"}, "file_not_usable"),
    (forms_documents.record_proof, {"contact": NO, "kind": "deposited"}, "unknown_contact"),
    (forms_house.change_iban, {"note": NO}, "unknown_note"),
    (forms_house.confirm_iban, {"last_four": "2606"}, "nothing_waits"),
    (forms_house.refuse_iban, {}, "nothing_waits"),
    (forms_policy.record_cause, {"debtor": "C99", "cause": "oversight"}, "unknown_debtor"),
    (forms_policy.record_cause, {"debtor": "C1", "cause": "oversight", "note": NO}, "unknown_note"),
    (forms_policy.use_policy, {"subject": "C1", "policy": "nothing_such"}, "unknown_policy"),
    (forms_policy.use_policy, {"subject": "C99", "policy": "standard"}, "unknown_debtor_or_invoice"),
    (forms_policy.set_limit, {"debtor": "C99", "kind": "credit", "amount": "1"}, "unknown_debtor"),
    (forms_policy.begin_hold_out, {"code": "T1", "candidate": "key_account", "share": 100}, "share_from_1_to_99"),
    (forms_policy.begin_hold_out, {"code": "T1", "candidate": "standard"}, "candidate_is_in_force"),
    (forms_policy.end_hold_out, {"code": "T1"}, "not_running"),
]  # fmt: skip


def test_every_refusal_is_a_state_and_writes_nothing(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    before = count(house, "act")
    for form, typed, code in REFUSED:
        state = form(**typed, **WHO, return_state=True)
        assert (state.name, state.is_failed()) == ("Refused", True), form.name
        assert code in str(state.message), form.name
        assert count(house, "act") == before, form.name


def test_every_form_has_both(server: Server) -> None:
    assert {form.name for form, *_ in ACTS} == {form.name for form, *_ in REFUSED}


def test_giving_up_penalties_and_the_iban_have_their_roles(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = ledger()
    monkeypatch.setenv("RECOUVREMENT_OPERATORS", "cm:record")
    before = count(house, "act")
    for form, typed in (
        (forms_plan.waive_penalties, {"invoice": "F-101", "part": "all", "reason": "gesture"}),
        (forms_house.confirm_iban, {"last_four": "2606"}),
    ):
        state = form(**typed, on=DAY, operator="cm", return_state=True)
        assert (state.name, "operator_not_allowed" in str(state.message)) == ("Refused", True)
    assert count(house, "act") == before
