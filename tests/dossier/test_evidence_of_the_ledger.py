"""The check of the whole ledger: what holds is said to hold, each way of tampering is found, witnesses are asked once."""

import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.day.acts import attach_document, record_hold
from recouvrement.day.anchoring import anchor_day
from recouvrement.day.evidence import verify_evidence
from recouvrement.day.house import House, open_house
from recouvrement.day.witnessing import witness_day
from recouvrement.domain.journal import append, digest, event_of, sheet_name
from recouvrement.dossier.timestamp import NoToken, ask
from tests.conftest import MakeHouse
from tests.dossier.authority import served

DAY = date(2026, 3, 2)
CUSTOMERS = (
    "code;name;kind;email;address;postcode;city\nC1;Bois SARL;business;c@bois.example;2 rue du Bois;44000;Nantes\n"
)


@pytest.fixture
def anchored(make_house: MakeHouse, tmp_path: Path) -> House:
    """A ledger with a debtor, a document, a hold, and two sheets."""
    from recouvrement.day.intake import take_files

    house = make_house(on=DAY)
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "terms.txt").write_text("Conditions")
    take_files(house, [tmp_path / "customers.csv"], actor="test")
    assert not attach_document(
        house, "C1", tmp_path / "terms.txt", kind="general_terms", title="CGV", on=DAY, operator="owner"
    ).refused
    anchor_day(house, on=DAY, actor="test")
    record_hold(house, "C1", until=date(2026, 4, 1), reason="talks", on=DAY, operator="owner")
    anchor_day(house, on=DAY + timedelta(days=1), actor="test")
    return house


def behind_its_back(house: House, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Write into the database file as a forger would: guards dropped first."""
    with sqlite3.connect(house.settings.home / "recouvrement.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for text, values in statements:
            connection.execute(text, values)
    connection.close()


def read(house: House, text: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(house.settings.home / "recouvrement.db") as connection:
        found = connection.execute(text).fetchall()
    connection.close()
    return found


def test_what_nobody_touched_is_intact_and_the_check_says_what_it_cannot_promise(anchored: House) -> None:
    found = verify_evidence(anchored)
    assert found.ok, found.faults
    assert (found.chains, found.sheets, found.tokens) == (2, 2, 0)
    assert found.lines >= 5
    assert found.anchored_until == "2026-03-03"
    assert "nobody rewrote" in found.cannot_promise[0]
    witness = (anchored.settings.home / "out" / "anchors" / sheet_name(DAY)).read_bytes()
    kept = verify_evidence(anchored, witness=witness)
    assert (kept.ok, kept.cannot_promise) == (True, [])


def changed_line(house: House) -> None:
    behind_its_back(house, ("UPDATE journal SET line = replace(line, 'talks', 'other') WHERE line LIKE '%talks%'", ()))


def removed_line(house: House) -> None:
    behind_its_back(house, ("DELETE FROM journal WHERE chain <> 'house' AND seq = 1", ()))


def removed_chain(house: House) -> None:
    behind_its_back(house, ("DELETE FROM journal WHERE chain <> 'house'", ()))


def removed_chain_and_head(house: House) -> None:
    removed_chain(house)
    behind_its_back(house, ("DELETE FROM chain_head WHERE chain <> 'house'", ()))


def rewritten_chain(house: House) -> None:
    """Every line written again with links and head recomputed: only the sheets know."""
    lines = read(house, "SELECT chain, seq, line FROM journal WHERE chain <> 'house' ORDER BY seq")
    last, statements = None, []
    for chain, seq, line in lines:
        last = append(last, {**event_of(str(line)), "actor": "nobody"})
        statements.append(("UPDATE journal SET line = ? WHERE chain = ? AND seq = ?", (last, chain, seq)))
    assert last is not None
    behind_its_back(
        house, *statements, ("UPDATE chain_head SET sha256 = ? WHERE chain = ?", (digest(last), lines[0][0]))
    )


def altered_document(house: House) -> None:
    behind_its_back(
        house, ("UPDATE content SET bytes = ? WHERE media_type = 'text/plain' AND size = 10", (b"Conditionz",))
    )


def swapped_document(house: House) -> None:
    """Other bytes under their own true name: only the salted hash of the journal knows."""
    other = digest(b"Autres conditions")
    behind_its_back(
        house,
        (
            "INSERT INTO content SELECT ?, 17, media_type, ?, act_id FROM content WHERE size = 10",
            (other, b"Autres conditions"),
        ),
        ("UPDATE payload SET content_sha256 = ?", (other,)),
        ("UPDATE document SET sha256 = ?", (other,)),
    )


def lost_document(house: House) -> None:
    behind_its_back(house, ("DELETE FROM content WHERE size = 10", ()))


def replaced_anchor(house: House) -> None:
    sheet = b"0" * 64 + b"\n"
    behind_its_back(
        house,
        ("INSERT INTO content SELECT ?, 65, 'text/plain', ?, act_id FROM anchor LIMIT 1", (digest(sheet), sheet)),
        ("UPDATE anchor SET sheet_sha256 = ? WHERE \"on\" = '2026-03-02'", (digest(sheet),)),
    )


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (changed_line, "its head is not that of its last line"),
        (removed_line, "the link does not match"),
        (removed_chain, "its lines are gone"),
        (removed_chain_and_head, "its lines are gone"),
        (rewritten_chain, "is not the one that ancre-2026-03-02.txt holds"),
        (altered_document, "its bytes were changed"),
        (swapped_document, "not what the journal referred to"),
        (lost_document, "which is not kept"),
        (replaced_anchor, "does not link to the one before"),
    ],
)
def test_each_tampering_is_found(anchored: House, tamper: Callable[[House], None], said: str) -> None:
    tamper(anchored)
    found = verify_evidence(anchored)
    assert not found.ok
    assert any(said in fault for fault in found.faults), found.faults


def test_a_ledger_rewritten_with_its_sheets_is_found_by_the_witness_alone(anchored: House) -> None:
    path = anchored.settings.home / "out" / "anchors" / sheet_name(DAY)
    witness = path.read_bytes()
    forged = witness[:64] + b"\n" + b"\n".join(sorted(digest(line).encode() for line in witness.split()[1:])) + b"\n"
    found = verify_evidence(anchored, witness=forged)
    assert any("witness" in fault for fault in found.faults)


def witnessing(house: House, **settings: object) -> House:
    return open_house(house.settings.model_copy(update=settings)).on_day(DAY + timedelta(days=1))


def test_a_sheet_is_time_stamped_once_and_the_token_checked(anchored: House, authority: Path) -> None:
    day, root = DAY + timedelta(days=1), authority / "root.pem"
    with served(authority, answers=[b"", b"\x30\x05\x30\x03\x02\x01\x02"]) as url:
        house = witnessing(anchored, tsa_url=url, tsa_ca=root)
        assert [witness_day(house, on=day, actor="test").token for _ in range(4)] == [
            "tsa_refused",
            "tsa_refused",
            "kept",
            "kept",
        ]
    found = verify_evidence(house)
    assert (found.ok, found.tokens, found.tokens_checked, found.cannot_promise) == (True, 1, 1, [])
    (token,) = read(house, "SELECT token_sha256 FROM anchor WHERE token_sha256 IS NOT NULL")
    behind_its_back(house, ("UPDATE anchor SET token_sha256 = ? WHERE \"on\" = '2026-03-02'", token))
    assert any("horodatage refusé" in fault for fault in verify_evidence(house).faults)


def test_an_authority_that_does_not_answer_is_a_code(anchored: House) -> None:
    assert ask("http://127.0.0.1:9/", b"sheet") == NoToken("tsa_unreachable")
    assert ask("file:///etc/passwd", b"sheet") == NoToken("tsa_url_not_http")


def test_the_witness_gets_one_mail_a_day_with_the_exact_sheet(anchored: House, tmp_path: Path) -> None:
    day = DAY + timedelta(days=1)
    with Catcher(tmp_path / "mail") as catcher:
        house = witnessing(anchored, witness_email="expert@cabinet.example", smtp_port=catcher.port)
        assert [witness_day(house, on=day, actor="test").mail for _ in range(3)] == ["sent"] * 3
    (mail,) = (tmp_path / "mail" / "new").iterdir()
    sheet = (house.settings.home / "out" / "anchors" / sheet_name(day)).read_bytes()
    assert digest(sheet) in mail.read_text().replace("=\n", "")


def test_a_mail_that_did_not_leave_is_tried_again_and_one_of_unknown_fate_is_not(
    anchored: House, tmp_path: Path
) -> None:
    day = DAY + timedelta(days=1)
    nobody = witnessing(anchored, witness_email="expert@cabinet.example", smtp_port=9)
    assert witness_day(nobody, on=day, actor="test").mail == "failed"
    with Catcher(tmp_path / "mail") as catcher:
        house = witnessing(anchored, witness_email="expert@cabinet.example", smtp_port=catcher.port)
        assert witness_day(house, on=day, actor="test").mail == "sent"
        behind_its_back(house, ("UPDATE witness_mail SET state = 'sending'", ()))
        assert witness_day(house, on=day, actor="test").mail == "unknown"
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
