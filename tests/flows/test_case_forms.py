"""Forms about cases and papers: what they write, what they show, what they refuse; nothing personal reaches Prefect."""

import json
from datetime import timedelta
from pathlib import Path

from flows.anchor import anchor_evidence
from flows.daily import daily_recovery
from flows.forms_cases import (
    case_fact,
    case_payment,
    choose_route,
    close_case,
    erase_person,
    move_case,
    waive_evidence,
)
from recouvrement.day.house import House
from tests.flows.conftest import Server, count
from tests.flows.small_ledger import DAY, PERSON, POISON
from tests.flows.test_evidence import expired  # noqa: F401 (a fixture)


def test_a_case_from_its_proposal_to_its_taking_back(
    server: Server,
    expired: House,  # noqa: F811
    mailbox: Path,
) -> None:
    assert daily_recovery(on=DAY, mode="live", return_state=True).name == "Completed"
    shown = json.loads(server.artifacts()["case-proposals"])[0]
    assert (shown["Case"], shown["State"], shown["Principal"], shown["Contested"]) == (
        "DOS-C3-1",
        "proposed",
        "€4,000.00",
        "no",
    )
    assert "injonction_de_payer_tc" in shown["Routes"]
    assert "missing-papers" in server.artifacts()

    case, me = "DOS-C3-1", "owner"
    assert "reason_missing" in str(close_case(case, "lost", me, on=DAY, return_state=True).message)
    assert "not_from_proposed" in str(move_case(case, "sent", me, on=DAY, return_state=True).message)
    assert case_fact(case, "creditor_is_trader", "yes", me, on=DAY, return_state=True).name == "Completed"
    assert choose_route(case, "duel", me, on=DAY, return_state=True).name == "Refused"
    assert choose_route(case, "injonction_de_payer_tc", me, on=DAY, return_state=True).name == "Completed"
    assert "To undo" in server.artifacts()["act-recorded"]
    drafts = {path.name for path in (expired.settings.home / "out" / "dossiers").iterdir()}
    assert {"DOS-C3-1-v2.zip", "DOS-C3-1-v2-injonction_de_payer_commerce.pdf"} <= drafts
    assert move_case(case, "sent", me, on=DAY, return_state=True).name == "Completed"
    unknown = case_payment(case, "0" * 26, me, on=DAY, return_state=True)
    assert "unknown_line" in str(unknown.message)
    assert (
        close_case(case, "taken_back", me, "agreement", DAY + timedelta(30), on=DAY, return_state=True).name
        == "Completed"
    )
    assert count(expired, "case_event") == 4
    kept = server.kept()
    assert PERSON.encode() not in kept
    assert POISON.encode() not in kept


def test_waivers_and_erasures_are_forms_with_refusals(server: Server, expired: House) -> None:  # noqa: F811
    assert waive_evidence("F-104", "delivery", "oral_order", "owner", on=DAY, return_state=True).name == "Completed"
    assert waive_evidence("F-999", "delivery", "oral_order", "owner", on=DAY, return_state=True).name == "Refused"
    assert count(expired, "evidence_waiver") == 1
    refused = erase_person("C2", "asked", "owner", on=DAY, return_state=True)
    assert "something_is_open" in str(refused.message)


def test_the_nightly_check_fails_in_the_open_when_a_byte_changed(server: Server, expired: House) -> None:  # noqa: F811
    assert anchor_evidence(on=DAY, return_state=True).name == "Completed"
    assert "intact" in server.artifacts()["evidence-check"]
    with expired.ledger.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM content WHERE media_type = 'application/pdf'")
    state = anchor_evidence(on=DAY, return_state=True)
    assert (state.name, state.is_failed()) == ("EvidenceBroken", True)
    assert "not kept" in server.artifacts()["evidence-check"]
