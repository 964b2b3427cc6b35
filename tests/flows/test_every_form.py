"""What holds of every form there is: it refuses what is not in the ledger and whoever may not, and it is a command too."""

from typing import Any

import pytest
import typer.main
from prefect import Flow

from recouvrement.cli import app
from tests.flows import test_forms, test_forms_of_acts
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY
from tests.flows.test_deployments import DEPLOYMENTS, flow_of

FORMS: dict[str, Flow[Any, Any]] = {d["name"]: flow_of(d) for d in DEPLOYMENTS if "form" in d["tags"]}
COMMANDS = {  # the command of each form that has another name
    "approve-notices": "approve", "refuse-notices": "refuse", "settle-unknown": "settle", "end-fact": "end",
    "record-promise": "promise", "record-dispute": "dispute", "record-hold": "hold", "record-plan": "plan",
    "record-call": "call", "record-other-call": "called", "record-receipt": "receipt", "record-cause": "cause",
    "record-proof": "proof", "import-postal-proofs": "proofs", "attach-document": "attach", "take-notes": "note",
    "mark-insolvent": "insolvent", "set-party-status": "party-status", "set-debtor-kind": "debtor-kind",
    "set-direct-debit": "direct-debit", "assign-invoice": "assign", "waive-step": "waive", "use-policy": "policy use",
    "set-limit": "limit", "begin-hold-out": "hold-out begin", "end-hold-out": "hold-out end", "erase-person": "person erase",
}  # fmt: skip
NO = "0" * 26
GIVEN: dict[str, Any] = {  # well written, but nothing in the ledger has these names
    "subject": "X-99", "invoice": "X-99", "debtor": "X-99", "case": "X-99", "line": NO, "contact": NO, "contacts": [NO], "reply": NO,
    "note": NO, "write_off": NO, "invoices": ["X-99"], "instalments": ["2026-12-01 10.00"], "amount": "10.00", "due": "2026-12-01",
    "until": "2026-12-20", "judgment": "2026-11-02", "reason": "mistake", "file": "absent.csv", "last_four": "2606", "code": "T1",
    "candidate": "standard", "proposal": "1",
}  # fmt: skip
OF_ITS_OWN: dict[str, dict[str, Any]] = {"match-payment": {"invoices": []}, "write-off": {"reason": "rounding"}}


def typed(name: str, **more: Any) -> dict[str, Any]:
    """What a person may fill in: every required field, the first of each list of choices."""
    schema = FORMS[name].parameters
    found: dict[str, Any] = {"on": DAY.isoformat()}
    for field in schema.required:
        shown = schema.properties[field]
        found[field] = GIVEN[field] if field in GIVEN else shown["enum"][0] if "enum" in shown else None
    if name == "match-payment":
        found["proposal"] = "1"
    return found | OF_ITS_OWN.get(name, {}) | more


@pytest.mark.parametrize("name", FORMS)
def test_it_is_a_command_too(name: str) -> None:
    found: Any = typer.main.get_command(app)
    for word in COMMANDS.get(name, name).split():
        assert word in found.commands, name
        found = found.commands[word]


def test_each_refuses_an_operator_who_may_not(ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    house = ledger()
    monkeypatch.setenv("RECOUVREMENT_OPERATORS", "cm:record")
    before = count(house, "act")
    for name, form in FORMS.items():
        state = form.fn(**typed(name, operator="nobody"))  # type: ignore[call-arg]
        assert (state.name, "operator_not_allowed" in str(state.message)) == ("Refused", True), (name, state.message)
    assert count(house, "act") == before


def test_each_refuses_what_is_not_in_the_ledger_in_a_sentence_with_nothing_written(
    server: Server, ledger: MakeLedger
) -> None:
    """Those whose refusals stand in a list of their own are not run once more."""
    elsewhere = {form.name for form, *_ in test_forms_of_acts.REFUSED} | {
        name.replace("_", "-") for name, *_ in test_forms.REFUSED
    }
    house = ledger()
    before = count(house, "act")
    for name, form in FORMS.items():
        if name in elsewhere:
            continue
        state = form(**typed(name, operator="owner"), return_state=True)
        assert (state.name, state.is_failed()) == ("Refused", True), (name, state.message)
        assert str(state.message).count(" ") > 5, (name, state.message)
        assert count(house, "act") == before, name
