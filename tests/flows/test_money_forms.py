"""Forms about money: receipts matched, undone, set aside; sums let go; differences explained; refusals write nothing."""

import json
from datetime import date
from typing import Any

import pytest

from flows import forms_money
from flows.daily import daily_recovery
from recouvrement.day.control import control
from recouvrement.day.house import House
from recouvrement.day.showing import balances
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY, write
from tests.ledger.bank_files import mt940

TABLES = ("allocation", "line_opinion", "explanation", "journal", "act")


def written(house: House) -> tuple[int, ...]:
    """How much the tables of money hold."""
    return tuple(count(house, table) for table in TABLES)


def owed(house: House) -> dict[str, int]:
    return {row["debtor"]: row["total_cents"] for row in balances(house, on=DAY)}


def test_a_receipt_is_found_in_the_days_table_matched_undone_taken_again_and_set_aside(
    server: Server, ledger: MakeLedger
) -> None:
    house = ledger()
    daily_recovery(on=DAY.isoformat(), return_state=True)
    (row,) = json.loads(server.artifacts()["unmatched-credits"])
    line, before = row["Line"], owed(house)
    assert "Merci" not in json.dumps(row)

    done = forms_money.match_payment(line, "owner", invoices=["F-104=123,45"], on=DAY, return_state=True)
    assert (done.name, owed(house)["C3"]) == ("Completed", before["C3"] - 12_345)
    assert "unmatch-payment" in server.artifacts()["act-recorded"]

    assert forms_money.unmatch_payment(line, "owner", on=DAY, return_state=True).name == "Completed"
    assert owed(house) == before
    daily_recovery(on=DAY.isoformat(), return_state=True)
    (row,) = json.loads(server.artifacts()["unmatched-credits"])
    assert row["Proposals"].startswith("1. C3"), "what was undone can be taken again"
    assert forms_money.match_payment(line, "owner", proposal="1", on=DAY, return_state=True).name == "Completed"
    assert owed(house)["C3"] == before["C3"] - 12_345

    assert forms_money.not_a_customer(line, "owner", on=DAY, return_state=True).name == "Refused"
    forms_money.unmatch_payment(line, "owner", on=DAY, return_state=True)
    assert forms_money.not_a_customer(line, "owner", on=DAY, return_state=True).name == "Completed"
    assert control(house, on=DAY).receipts[0].no_customer_cents == 12_345


def test_a_sum_is_let_go_and_taken_back(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    before = owed(house)

    done = forms_money.write_off("F-104", "rounding", "owner", amount="1.50", on=DAY, return_state=True)
    assert (done.name, owed(house)["C3"]) == ("Completed", before["C3"] - 150)
    shown = server.artifacts()["act-recorded"]
    identifier = shown.split("| Recorded | `")[1][:26]
    assert forms_money.undo_write_off(identifier, "owner", on=DAY, return_state=True).name == "Completed"
    assert owed(house) == before


def test_the_control_sheet_is_shown_and_a_gap_makes_the_day_partial_until_explained(
    server: Server, ledger: MakeLedger
) -> None:
    house = ledger()
    folder = house.settings.home / "inbox"
    account = "FR7630006000011234567890189"
    write(folder, "1.sta", mt940(1, 100_000, [(date(2026, 11, 16), 1_000, "FRAIS REMBOURSES")]))
    write(folder, "3.sta", mt940(3, 107_000, [(date(2026, 11, 19), -300, "FRAIS")]))

    state = daily_recovery(on=DAY.isoformat(), return_state=True)
    assert "control_sheet" in str(state.message)
    rows = json.loads(server.artifacts()["control-sheet"])
    assert ("Statement missing", "to explain") in {(row["Check"], row["State"]) for row in rows}
    assert account not in json.dumps(rows)

    done = forms_money.explain_difference(account, "opened_late", "owner", on=DAY, return_state=True)
    assert done.name == "Completed", done.message
    assert control(house, on=DAY).adds_up


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("match_payment", {"line": "0" * 26, "proposal": "1"}, "unknown_line"),
    ("match_payment", {"line": "0" * 26}, "proposal_or_invoices"),
    ("match_payment", {"line": "0" * 26, "invoices": ["F-104=12", "jean@dupont.fr=1"]}, "invoice_not_usable"),
    ("unmatch_payment", {"line": "0" * 26}, "unknown_line"),
    ("not_a_customer", {"line": "0" * 26}, "unknown_line"),
    ("write_off", {"invoice": "F-104", "reason": "because"}, "unknown_reason"),
    ("undo_write_off", {"write_off": "0" * 26}, "nothing_to_undo"),
    ("explain_difference", {"subject": "C3", "reason": "mistake"}, "no_accounts"),
]


def test_every_refusal_is_a_state_and_writes_nothing(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = ledger()
    before = written(house)
    for form, typed, code in REFUSED:
        state = getattr(forms_money, form)(**typed, operator="owner", on=DAY, return_state=True)
        assert (form, state.name, code in str(state.message)) == (form, "Refused", True), state.message
    monkeypatch.setenv("RECOUVREMENT_OPERATORS", "cm:record,ap:approve")
    large = forms_money.write_off("F-104", "uncollectable", "cm", on=DAY, return_state=True)
    assert (large.name, "above_the_limit" in str(large.message)) == ("Refused", True)
    other = forms_money.unmatch_payment("0" * 26, "ap", on=DAY, return_state=True)
    assert "operator_not_allowed" in str(other.message)
    assert written(house) == before
