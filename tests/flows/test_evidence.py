"""The nightly anchor and dossiers on demand."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.anchor import anchor_evidence
from flows.daily import daily_recovery
from flows.dossier import build_dossier
from recouvrement.day.acts import attach_document, record_hold
from recouvrement.day.anchoring import anchor_day, anchors_of
from recouvrement.day.house import House
from recouvrement.day.intake import take_inbox
from recouvrement.domain.journal import blinded_head, digest, sheet_lines, sheet_name, verify_sheets
from recouvrement.dossier.verify import verify_zip
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_debtor
from recouvrement.ledger.journal import chain_lines
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY, write
from tests.planted import planted_expired_notice

NEXT = DAY + timedelta(days=1)


def sheets(house: House) -> list[tuple[str, bytes]]:
    """The sheets as files."""
    folder = house.settings.home / "out" / "anchors"
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def test_sheets_link_to_each_other_and_hold_only_what_moved(ledger: MakeLedger) -> None:
    house = ledger()
    first = anchor_day(house, on=DAY, actor="test")
    record_hold(house, "C1", until=date(2026, 12, 1), reason="talks", on=DAY, operator="owner")
    second = anchor_day(house, on=NEXT, actor="test")
    assert first.chains > second.chains == 2  # the debtor's, and the house's own
    assert [name for name, _ in sheets(house)] == [sheet_name(DAY), sheet_name(NEXT)]
    assert verify_sheets(sheets(house)).ok


def test_the_same_day_gives_the_same_sheet_even_when_its_file_was_lost(ledger: MakeLedger) -> None:
    house = ledger()
    first = anchor_day(house, on=DAY, actor="test")
    before = sheets(house)
    (house.settings.home / "out" / "anchors" / sheet_name(DAY)).unlink()
    again = anchor_day(house, on=DAY, actor="test")
    assert (again.sha256, again.chains, again.made) == (first.sha256, first.chains, False)
    assert sheets(house) == before


def test_sheets_only_go_forward(ledger: MakeLedger) -> None:
    house = ledger()
    anchor_day(house, on=NEXT, actor="test")
    assert anchor_day(house, on=DAY, actor="test").refused == "a_later_sheet_exists"
    assert count(house, "anchor") == 1


def test_the_salts_show_one_debtor_on_the_sheets_and_no_other(ledger: MakeLedger) -> None:
    house = ledger()
    anchor_day(house, on=DAY, actor="test")
    anchor_day(house, on=NEXT, actor="test")
    with house.ledger.reading() as connection:
        chain = find_debtor(connection, house.creditor(), "C1")
        assert chain is not None
        anchors, salts = anchors_of(connection, chain, AsOf.whenever(house.ledger.known_to()))
        lines = chain_lines(connection, chain)
    assert [anchor.on for anchor in anchors] == [DAY, NEXT]
    assert [(salt.on, salt.seq) for salt in salts] == [(DAY, len(lines))]
    held = sheet_lines(anchors[0].sheet)
    assert held is not None
    assert blinded_head(salts[0].salt, digest(lines[-1])) in held[1:]


def test_the_flow_ends_explicitly_and_repeats_safely(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    assert anchor_evidence(on=DAY, return_state=True).name == "Completed"
    state = anchor_evidence(on=DAY, return_state=True)
    assert "made before" in str(state.message)
    assert count(house, "anchor") == 1
    assert anchor_evidence(on=DAY - timedelta(days=3), return_state=True).name == "Refused"


def test_a_dossier_needs_a_case(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    for debtor, code in (("C1", "no_case"), ("C77", "unknown_debtor")):
        state = build_dossier(debtor=debtor, operator="owner", on=DAY, return_state=True)
        assert (state.name, state.is_failed()) == ("Refused", True)
        assert code in str(state.message)
    assert count(house, "dossier") == 0


OLD = """invoice_number;customer_code;issue_date;due_date;amount;currency;delivery_date
F-201;C3;2026-06-01;2026-07-01;4000,00;EUR;2026-05-28
"""
PAST = """invoice;step;date;channel;proof
F-201;friendly_reminder;2026-07-06;email;
F-201;call;2026-07-15;call;
F-201;firm_reminder;2026-07-22;email;
F-201;last_reminder;2026-08-05;email;
"""


@pytest.fixture
def expired(ledger: MakeLedger) -> House:
    """The ledger with an invoice whose formal notice was posted, delivered, and has expired."""
    house = ledger()
    write(house.inbox, "invoices-old.csv", OLD)
    write(house.inbox, "history.csv", PAST)
    take_inbox(house, actor="test")
    for kind in ("order", "delivery_note", "invoice"):
        paper = write(house.settings.home / "made", f"{kind}.txt", f"{kind} F-201")
        assert not attach_document(house, "F-201", paper, kind=kind, title=kind, on=DAY, operator="owner").refused
    planted_expired_notice(house, "F-201", 400000)
    return house


def test_a_debt_at_the_end_of_the_ladder_becomes_a_case_with_its_dossier(
    server: Server, expired: House, mailbox: Path
) -> None:
    state = daily_recovery(on=DAY, mode="live", return_state=True)
    assert state.name == "Completed", state.message
    assert "1 cases opened" in str(state.message)
    case = json.loads(server.artifacts()["cases"])[0]
    assert (case["Case"], case["State"], case["Amount"], case["Dossier version"]) == (
        "DOS-C3-1",
        "proposed",
        "€4,000.00",
        "1",
    )
    again = daily_recovery(on=DAY, mode="live", return_state=True)
    assert "0 cases opened" in str(again.message)
    made = build_dossier(debtor="C3", operator="owner", on=DAY, return_state=True)
    assert (made.name, made.message) == ("Completed", "Dossier version 2 made.")
    zips = sorted((expired.settings.home / "out" / "dossiers").glob("*.zip"))
    assert [path.name for path in zips] == ["DOS-C3-1-v1.zip", "DOS-C3-1-v2.zip"]
    assert all(verify_zip(path).ok for path in zips)


def test_a_dossier_that_cannot_be_made_stops_nothing_else(
    server: Server, expired: House, mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("figures do not re-add")

    monkeypatch.setattr("tasks.steps.seal_dossier", breaks)
    state = daily_recovery(on=DAY, mode="live", return_state=True)
    assert (state.name, state.is_completed()) == ("Partial", True)
    assert "dossier_not_made" in str(state.message)
    assert "sent" in str(state.message), "the day's messages left all the same"
