"""What comes back from the post: filled slips and scans become proofs, once; what is wrong is told and stops nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recouvrement.channels.post import SLIP
from recouvrement.channels.sheets import read, written
from recouvrement.day.acts import record_postal_proof
from recouvrement.day.addresses import NewAddress, correct_address
from recouvrement.day.other_channels import gather_proofs
from recouvrement.day.postal_inbox import Proofs, proofs_folder, take_proofs
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.proofs import proofs_of
from tests.channels.firm import CUSTOMERS, DAY, MONDAY, Firm, firm_with

NUMBER = "1E00232062142"
PDF = b"%PDF-1.4\n...\n%%EOF\n"
Fill = Callable[..., bytes]


@pytest.fixture
def posted(tmp_path: Path) -> Firm:
    """A registered letter was printed on Monday."""
    firm = firm_with(tmp_path, 'channels = ["email", "letter"]', 'channels = ["registered_letter"]')
    firm.run(MONDAY)
    assert [(row.state, row.channel) for row in firm.contacts()] == [("sent", "registered_letter")]
    return firm


def batch(firm: Firm) -> Path:
    [folder] = (firm.house.settings.home / "out" / "post").iterdir()
    return folder


def filled(firm: Firm, **cells: str) -> bytes:
    """The slip as the clerk gives it back."""
    rows = read((batch(firm) / SLIP).read_bytes(), ("lot", "cle"))
    assert isinstance(rows, tuple)
    columns = list(rows[0].cells)
    usual = {"numero_recommande": NUMBER, "date_depot": "02/03/2026"}
    return written(columns, [[{**row.cells, **usual, **cells}[name] for name in columns] for row in rows])


def taken(firm: Firm, octets: bytes, name: str = "slip.csv") -> Proofs:
    folder = proofs_folder(firm.house)
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(octets)
    return take_proofs(firm.house.on_day(MONDAY + 7 * DAY), folder / name, on=MONDAY + 7 * DAY, operator="owner")


def proofs(firm: Firm) -> list[tuple[str, str, str | None]]:
    with firm.house.ledger.reading() as connection:
        rows = proofs_of(connection, firm.contacts()[0].id, AsOf(MONDAY + 30 * DAY, 10**6))
    return [(row.kind, row.on.isoformat(), row.registered_number) for row in rows]


def test_a_filled_slip_gives_number_day_and_outcome(posted: Firm) -> None:
    found = taken(posted, filled(posted, resultat="Non réclamé", date_resultat="2026-03-09"))

    assert found.as_json() == {
        "recorded": {"deposited": 1, "unclaimed": 1}, "known": 0, "scans": 0, "pending": 0, "refused": [],
    }  # fmt: skip
    assert proofs(posted) == [("deposited", "2026-03-02", NUMBER), ("unclaimed", "2026-03-09", NUMBER)]


def test_the_same_slip_again_changes_nothing(posted: Firm) -> None:
    taken(posted, filled(posted))
    before = posted.house.ledger.known_to()

    assert taken(posted, filled(posted), "again.csv").known == 1
    assert posted.house.ledger.known_to() == before


def test_the_slip_may_be_filled_in_where_it_was_printed(posted: Firm) -> None:
    (batch(posted) / SLIP).write_bytes(filled(posted))

    found = take_proofs(posted.house, batch(posted), on=MONDAY + DAY, operator="owner")

    assert found.recorded == {"deposited": 1}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"numero_recommande": "123"}, "number_malformed"),
        ({"date_depot": "2026-03-01"}, "before_print"),
        ({"date_depot": "2027-03-01"}, "in_the_future"),
        ({"sha256": "0" * 64}, "sha256_changed"),
        ({"cle": "01J000000000000000000000XX"}, "other_batch"),
        ({"lot": "../../etc"}, "unknown_batch"),
        ({"lot": "2026-03-02-r-0000000000"}, "unknown_batch"),
    ],
)
def test_a_bad_row_is_told_and_writes_nothing(posted: Firm, cells: dict[str, str], reason: str) -> None:
    before = posted.house.ledger.known_to()

    assert [one for _, _, one in taken(posted, filled(posted, **cells)).refused] == [reason]
    assert posted.house.ledger.known_to() == before


@pytest.mark.parametrize("octets", [b"", b"\0\1\2", b"a;b\n1;2\n", b"lot;cle\n"])
def test_what_is_no_slip_is_told(posted: Firm, octets: bytes) -> None:
    assert len(taken(posted, octets).refused) == 1


def test_scans_go_to_the_letter_of_their_number(posted: Firm) -> None:
    taken(posted, filled(posted))
    folder = proofs_folder(posted.house)
    for name in (f"{NUMBER}.pdf", f"{NUMBER}-depot.pdf", "9Z99999999999.pdf", "note.pdf"):
        (folder / name).write_bytes(PDF + name.encode() + b"\n%%EOF\n")

    found = gather_proofs(posted.house, None, on=MONDAY + 7 * DAY, operator="owner")

    assert (found.scans, found.known) == (2, 1)
    assert sorted(reason for _, _, reason in found.refused) == ["name_unreadable", "number_unknown"]
    with posted.house.ledger.reading() as connection:
        papers = documents_of(connection, posted.contacts()[0].debtor_id, AsOf(MONDAY + 30 * DAY, 10**6))
    assert sorted(paper.kind for paper in papers) == ["delivery_proof", "deposit_proof"]
    assert gather_proofs(posted.house, None, on=MONDAY + 8 * DAY, operator="owner").scans == 0


def test_a_letter_that_reached_nobody_is_sent_again_to_the_corrected_address(posted: Firm) -> None:
    taken(posted, filled(posted, resultat="NPAI", date_resultat="2026-03-05"))
    assert posted.contacts()[0].state == "bounced"
    assert posted.run(MONDAY + 7 * DAY).tallies.reasons == {"no_address": 1}

    new = NewAddress(lines=("9 quai Neuf", "44000 NANTES"))
    assert not correct_address(
        posted.house.on_day(MONDAY + 8 * DAY), "C1", new, on=MONDAY + 8 * DAY, operator="owner"
    ).refused
    posted.run(MONDAY + 8 * DAY)

    first, second = posted.contacts()
    assert (first.state, second.state, second.channel) == ("cancelled", "sent", "registered_letter")
    assert "9 quai Neuf" in second.recipient


def test_a_proof_noted_by_hand_says_the_same(posted: Firm) -> None:
    contact_id = posted.contacts()[0].id

    done = record_postal_proof(posted.house, contact_id, kind="undeliverable", on=MONDAY + DAY, operator="owner")

    assert done.refused == ""
    assert posted.contacts()[0].state == "bounced"


def test_customers_without_address_are_told(tmp_path: Path) -> None:
    """No channel is left: a person corrects the address, nothing is queued for ever."""
    nowhere = CUSTOMERS.replace("compta@roy.example", "").replace("1 rue du Bois,35000,Rennes", ",,")
    firm = firm_with(tmp_path, "contact_gap = 5", "contact_gap = 5", customers=nowhere)

    assert firm.run(MONDAY).tallies.reasons == {"no_address": 1}
    assert firm.contacts() == []
