"""A person's data: a copy of all of it; erasure when nothing needs it any more, after which every chain still verifies."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.acts import attach_document, end_fact, record_hold
from recouvrement.day.anchoring import anchor_day
from recouvrement.day.completeness import missing_papers, waive_evidence
from recouvrement.day.evidence import verify_evidence
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.matching import match
from recouvrement.day.person_data import erase_person, export_person
from recouvrement.day.person_files import remove_dossiers
from tests.conftest import MakeHouse
from tests.planted import planted

DAY = date(2019, 3, 4)
PERSON, MAIL, STREET, IBAN = (
    "Zébulon Trucmuche",
    "zebulon@particulier.example",
    "17 impasse du Poison",
    "FR7610107001011234567890129",
)
CUSTOMERS = f"""code;name;kind;email;phone;address;postcode;city;language
P1;{PERSON};consumer;{MAIL};0612345678;{STREET};75011;Paris;fr
C2;Voisin SARL;business;v@voisin.example;;2 rue du Bois;44000;Nantes;fr
"""
INVOICES = """invoice_number;customer_code;issue_date;due_date;amount;currency
F-1;P1;2019-01-10;2019-02-10;340,50;EUR
F-2;C2;2019-01-10;2019-02-10;100,00;EUR
"""
BANK = f"""account;booking_date;value_date;amount;currency;label;remittance;counterparty;counterparty_iban;line_id
FR7630006000011234567890189;2019-03-01;2019-03-01;340,50;EUR;VIR {PERSON};F-1 {PERSON};{PERSON};{IBAN};B1
"""
POISON = [PERSON, MAIL, STREET, IBAN, "0612345678", "bytes of the reminder", "his own letter"]


@pytest.fixture
def known(make_house: MakeHouse, tmp_path: Path) -> House:
    """A person who owed an invoice in 2019, got a reminder, sent a letter, and paid; two sheets anchor it all."""
    house = make_house(on=DAY)
    for name, content in (("customers.csv", CUSTOMERS), ("invoices.csv", INVOICES), ("bank.csv", BANK)):
        (tmp_path / name).write_text(content)
        take_files(house, [tmp_path / name], actor="test")
    (tmp_path / "terms.txt").write_text("terms for everybody")
    (tmp_path / "letter.txt").write_text("his own letter")
    for subject, name, kind in (
        ("P1", "terms", "general_terms"),
        ("C2", "terms", "general_terms"),
        ("F-1", "letter", "reply"),
    ):
        attach_document(
            house,
            subject,
            tmp_path / f"{name}.txt",
            kind=kind,
            title=f"{name} {PERSON if subject != 'C2' else ''}",
            on=DAY,
            operator="owner",
        )
    planted(
        house, "F-1", 34050, on=DAY, step="friendly_reminder", channel="email", data=b"bytes of the reminder",
        recipient=MAIL, origin="history",
    )  # fmt: skip
    anchor_day(house, on=DAY, actor="test")
    match(house, on=DAY)
    return house


def in_the_database(house: House) -> list[str]:
    """Planted words that stand anywhere in the database's files."""
    held = b"".join(path.read_bytes() for path in house.settings.home.glob("recouvrement.db*"))
    return [word for word in POISON if word.encode() in held]


def later(house: House, on: date) -> House:
    return house.on_day(on)


def test_an_export_holds_everything_about_the_person_and_nothing_of_a_neighbour(known: House) -> None:
    assert export_person(known, "P9") is None
    found = export_person(known, "P1")
    assert found is not None
    with zipfile.ZipFile(io.BytesIO(found)) as archive:
        told = archive.read("donnees.json").decode()
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert all(word.encode() in held for word in POISON)
    assert "Voisin" not in told
    tables = json.loads(told)
    assert {"debtor_version", "invoice", "contact", "document", "allocation", "bank_line", "journal"} <= set(tables)


def test_nothing_is_erased_while_something_needs_it(known: House) -> None:
    def erase(on: date, code: str = "P1", reason: str = "asked") -> str:
        return erase_person(later(known, on), code, reason=reason, on=on, operator="owner").refused

    acts = known.ledger.known_to()
    assert erase(DAY, reason=" ") == "reason_missing"
    assert erase(DAY, "P9") == "unknown_debtor"
    assert erase(DAY, "C2") == "something_is_open"
    assert erase(DAY) == "retention_until_2024-03-04"
    assert known.ledger.known_to() == acts, "refusals leave no act"
    record_hold(known, "P1", until=date(2030, 1, 1), reason="talks", on=DAY, operator="owner")
    assert erase(date(2025, 1, 2)) == "a_hold_holds_it"


def test_messages_go_first_then_accounts_and_the_evidence_still_verifies(known: House) -> None:
    assert in_the_database(known) == POISON
    first = date(2025, 1, 2)
    assert not erase_person(later(known, first), "P1", reason="asked", on=first, operator="owner").refused
    assert in_the_database(known) == [PERSON, STREET, IBAN]
    assert (
        erase_person(later(known, first), "P1", reason="asked", on=first, operator="owner").refused == "already_erased"
    )
    check = verify_evidence(known)
    assert (check.ok, check.erased) == (True, 2), check.faults
    last = date(2030, 1, 1)
    assert not erase_person(later(known, last), "P1", reason="retention_over", on=last, operator="owner").refused
    assert in_the_database(known) == []
    anchor_day(later(known, last), on=last, actor="test")
    check = verify_evidence(known)
    assert check.ok, check.faults
    with known.ledger.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM content WHERE size = 19")).scalar() == 1, (
            "the neighbour's terms"
        )
        told = connection.execute(text("SELECT count(*) FROM journal WHERE event = 'person_erased'")).scalar()
    assert told == 2


def test_copies_on_disk_go_with_the_bytes_and_what_names_the_person_still_is_told(
    known: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, on = known.settings.home, date(2030, 1, 1)
    files = {
        "inbox/done/clients.csv": CUSTOMERS.encode(), "inbox/papiers/lettre.txt": b"his own letter",
        "out/post/lot/001.pdf": b"bytes of the reminder", "out/calls/liste.txt": PERSON.encode("cp1252"),
        "out/dossiers/DOS-C2-1-v1.zip": b"a neighbour's", "inbox/papiers/cgv.txt": b"terms for everybody",
    }  # fmt: skip
    for name, data in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    monkeypatch.setenv("RECOUVREMENT_HOME", str(home))
    naming = ["inbox/done/clients.csv", "out/calls/liste.txt"]

    asked = CliRunner().invoke(app, ["person", "traces", "P1", "--json"])
    done = CliRunner().invoke(app, ["person", "erase", "P1", "--reason", "asked", "--on", str(on), "--json"])

    assert json.loads(asked.stdout)["files_naming"] == naming
    assert json.loads(done.stdout)["files_naming"] == naming
    assert {name for name in files if (home / name).exists()} == set(files) - {
        "inbox/papiers/lettre.txt", "out/post/lot/001.pdf",
    }  # fmt: skip
    gone = CliRunner().invoke(app, ["person", "traces", "P9"])
    assert "nothing names a debtor" in str(gone.exception)


def test_the_dossiers_of_a_case_are_found_by_its_very_code(known: House) -> None:
    folder = known.settings.home / "out" / "dossiers"
    folder.mkdir(parents=True)
    mine = ["DOS-*-1-v1.zip", "DOS-*-1-v2-proposition.pdf"]
    others = ["DOS-A-1-v1.zip", "DOS-*-1-v1-1-v1.zip", "DOS-*-12-v1.zip"]
    for name in (*mine, *others):
        (folder / name).write_bytes(b"x")
    remove_dossiers(known, ["DOS-*-1"])
    assert sorted(path.name for path in folder.iterdir()) == sorted(others)


def test_bytes_that_vanish_without_an_erasure_are_still_a_fault(known: House) -> None:
    on = date(2025, 1, 2)
    assert not erase_person(later(known, on), "P1", reason="asked", on=on, operator="owner").refused
    with known.ledger.engine.connect() as connection, connection.begin():
        connection.execute(text("DELETE FROM content WHERE size = 19"))
    assert any("not kept" in fault for fault in verify_evidence(known).faults)


def test_no_dossier_is_made_of_a_person_erased(known: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUVREMENT_HOME", str(known.settings.home))
    on = date(2030, 1, 1)
    assert "has no case" in str(CliRunner().invoke(app, ["dossier", "P1", "--on", str(on)]).exception)
    assert not erase_person(later(known, on), "P1", reason="asked", on=on, operator="owner").refused

    found = CliRunner().invoke(app, ["dossier", "P1", "--on", str(on)])

    assert "person_erased" in str(found.exception)


def test_a_hold_that_ended_holds_no_longer(known: House) -> None:
    record_hold(known, "P1", until=date(2030, 1, 1), reason="talks", on=DAY, operator="owner")
    assert not end_fact(known, "hold", "P1", event="lifted", reason="", on=DAY + timedelta(1), operator="owner").refused
    on = date(2025, 1, 2)
    assert not erase_person(later(known, on), "P1", reason="asked", on=on, operator="owner").refused


def test_the_same_on_postgresql(make_house: MakeHouse, fresh_postgresql: str, tmp_path: Path) -> None:
    house = make_house(on=DAY, database_url=fresh_postgresql)
    for name, content in (("customers.csv", CUSTOMERS), ("invoices.csv", INVOICES), ("bank.csv", BANK)):
        (tmp_path / name).write_text(content)
        take_files(house, [tmp_path / name], actor="test")
    (tmp_path / "letter.txt").write_text("his own letter")
    attach_document(house, "F-1", tmp_path / "letter.txt", kind="order", title=PERSON, on=DAY, operator="owner")
    match(house, on=DAY)
    anchor_day(house, on=DAY, actor="test")
    assert missing_papers(house, on=DAY) == []
    assert not waive_evidence(house, "F-2", "delivery", reason="oral_order", on=DAY, operator="owner").refused
    assert export_person(house, "P1") is not None
    on = date(2030, 1, 1)
    assert not erase_person(later(house, on), "P1", reason="asked", on=on, operator="owner").refused
    check = verify_evidence(house)
    assert (check.ok, check.erased) == (True, 1), check.faults
    assert PERSON not in str(export_person(house, "P1"))
