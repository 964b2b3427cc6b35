"""Folders of files and papers, manifests, archives; what cannot be told is set aside, nothing is taken twice."""

from pathlib import Path

import pytest
from sqlalchemy import select

from recouvrement.day.house import House
from recouvrement.day.intake import inbox_files
from recouvrement.day.intake_folder import take_folder, take_paths
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.tables.invoices import document, invoice
from tests.intake import samples

INVOICES = (
    "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    "FA-1,invoice,C1,2026-01-05,2026-02-04,1200.00,EUR\nFA-12,invoice,C1,2026-01-06,2026-02-05,50.00,EUR\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a firm keeps one: an export, a folder per invoice, papers named after their invoice."""
    root = tmp_path / "dossier"
    (root / "FA-1").mkdir(parents=True)
    (root / "factures.csv").write_text(INVOICES)
    (root / "FA-1" / "devis signé.pdf").write_bytes(samples.plain_pdf())
    (root / "FA-12 BL.jpg").write_bytes(b"\xff\xd8\xff a picture")
    (root / ".DS_Store").write_bytes(b"x")
    return root


def kept(house: House) -> set[tuple[str, str]]:
    with house.ledger.reading() as connection:
        query = select(invoice.c.number, document.c.kind).join(document, document.c.invoice_id == invoice.c.id)
        return {tuple(row) for row in connection.execute(query)}


def reasons(house: House) -> list[str]:
    with house.ledger.reading() as connection:
        return [problem.reason for problem in open_problems(connection)]


def test_papers_go_to_the_invoice_that_their_place_or_name_tells(house: House, folder: Path) -> None:
    results = take_folder(house, folder, actor="test")

    assert [(r.kind, r.verdict, r.written) for r in results] == [("invoices", "read", 2), ("papers", "read", 2)]
    assert kept(house) == {("FA-1", "quote"), ("FA-12", "delivery_note")}


def test_a_folder_twice_changes_nothing(house: House, folder: Path) -> None:
    take_folder(house, folder, actor="test")

    again = take_folder(house, folder, actor="test")

    assert [r.written for r in again] == [0, 0]
    assert len(kept(house)) == 2


def test_a_paper_of_no_known_invoice_is_told_without_its_name(make_house, folder: Path) -> None:
    house = make_house()
    (folder / "lettre de Jean Dupont.pdf").write_bytes(samples.plain_pdf() + b"%2")

    result = take_folder(house, folder, actor="test")[-1]

    assert result.verdict == "warning"
    assert reasons(house) == ["unknown_invoice"]
    assert "Dupont" not in str(result.as_json())


def test_an_e_invoice_among_the_papers_is_read_and_kept(make_house, folder: Path) -> None:
    house = make_house()
    (folder / "facture.pdf").write_bytes(samples.facturx())

    kinds = [r.kind for r in take_folder(house, folder, actor="test")]

    assert kinds == ["invoices", "facturx", "papers"]


def test_an_archive_is_refused(make_house, folder: Path) -> None:
    house = make_house()
    (folder / "papiers.zip").write_bytes(b"PK\x05\x06" + bytes(18))

    take_folder(house, folder, actor="test")
    alone = take_paths(house, [folder / "papiers.zip"], actor="test")[0]

    assert reasons(house)[0] == "archive_refused"
    assert alone.verdict == "rejected"


def test_a_link_that_leads_out_of_the_folder_is_left(make_house, folder: Path, tmp_path: Path) -> None:
    house = make_house()
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(samples.plain_pdf() + b"%")
    (folder / "FA-1" / "lien.pdf").symlink_to(secret)

    take_folder(house, folder, actor="test")

    assert kept(house) == {("FA-1", "quote"), ("FA-12", "delivery_note")}


def test_a_manifest_names_papers_and_whose_they_are(make_house, folder: Path) -> None:
    house = make_house()
    (folder / "scan001.pdf").write_bytes(samples.plain_pdf() + b"%1")
    (folder / "manifest.csv").write_text(
        "path;role;invoice\nscan001.pdf;order;FA-12\n../x.pdf;order;FA-12\nabsent.pdf;order;FA-12\n"
    )

    take_folder(house, folder, actor="test")

    assert ("FA-12", "order") in kept(house)
    assert sorted(reasons(house)) == ["unknown_file", "unsafe_path"]


@pytest.mark.parametrize("name", ["releve.csv.part", "releve.csv.tmp", "releve.csv.crdownload", ".releve.csv"])
def test_what_is_hidden_or_half_written_waits_in_the_drop_folder_as_in_any_other(make_house, name: str) -> None:
    house = make_house()
    house.inbox.mkdir(exist_ok=True)
    (house.inbox / name).write_text("half a statement", encoding="utf-8")

    assert inbox_files(house) == []
    assert take_folder(house, house.inbox, actor="test") == []
