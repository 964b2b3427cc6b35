"""The nightly anchor and dossiers on demand."""

from datetime import date, timedelta

from flows.anchor import anchor_evidence
from flows.dossier import build_dossier
from recouvrement.day.acts import record_hold
from recouvrement.day.anchoring import anchor_day, anchors_of
from recouvrement.day.house import House
from recouvrement.domain.journal import blinded_head, digest, sheet_lines, sheet_name, verify_sheets
from recouvrement.ledger.facts import find_debtor
from recouvrement.ledger.journal import chain_lines
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY

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
        anchors, salts = anchors_of(connection, chain, upto=NEXT)
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
