"""The sample files that nobody here wrote do what shared/corpus/SOURCES.md says (skips where the folder is absent)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import facturx
import mt940
import pytest

from recouvrement.domain.records import FileReading

VERDICTS = {"rejet": "rejected", "avertissement": "warning", "acceptation": "read"}
# A PDF without attachment and without any trace of XML in its objects: nothing to extract, whatever SOURCES.md hopes.
WITHOUT_XML = "2023-6026_facture_minimum.pdf"


def readings(reading: Any, folder: Path, pattern: str = "*") -> dict[str, FileReading]:
    found = {path.name: reading(path.name, path) for path in sorted(folder.glob(pattern))}
    assert found
    return found


def test_factur_x_pdfs_are_read(reading: Any, shared: Path) -> None:
    found = readings(reading, shared / "corpus" / "facturx_pdf")
    assert found.pop(WITHOUT_XML).problems[0].reason == "no_embedded_xml"
    for name, one in found.items():
        assert (one.verdict, one.records) == ("read", 1), (name, one.problems)
        assert one.invoices[0].original_sha256 == one.sha256


def test_edge_cases_end_as_the_manifest_expects(reading: Any, shared: Path) -> None:
    folder = shared / "corpus" / "facturx_edge_cases"
    cases = json.loads((folder / "manifest.json").read_text())["cas"]
    for case in cases:
        found = reading(f"{case['ref']}.pdf", folder / f"{case['ref']}.pdf")
        assert found.verdict == VERDICTS[case["attendu"]], (case["ref"], found.problems)
        rules = case["assertions_declenchees"].replace(" (deux fois)", "").split(", ")
        for rule in filter(None, (rule.removeprefix("puis ") for rule in rules)):
            assert any(rule in problem.message for problem in found.problems), (case["ref"], rule)
        if case["ref"] not in {"PDF-001", "XML-001"}:
            (seen,) = found.invoices or found.quarantined
            assert seen.number == "FA-2026-0001"


@pytest.mark.parametrize("folder", ["cii", "ubl"])
def test_cii_and_ubl_are_read_as_factur_x_reads_them(reading: Any, shared: Path, folder: str) -> None:
    for path in sorted((shared / "corpus" / folder).glob("*.xml")):
        found = reading(path.name, path)
        assert found.verdict == "read", (path.name, found.problems)
        theirs, ours = facturx.parse_ubl_cii_xml(path.read_bytes(), check_xsd=False), found.invoices[0]
        assert (ours.number, ours.issue_on) == (theirs["BT-1"], theirs["BT-2"])
        assert ours.gross_cents == Decimal(str(theirs["BT-112"])) * 100
        assert ours.open_cents == Decimal(str(theirs["BT-115"])) * 100
        due = theirs.get("BT-9")
        assert ours.due_on == (max(due) if isinstance(due, list) else due), path.name


def test_camt_files_are_read_and_only_booked_entries_count(reading: Any, shared: Path) -> None:
    found = readings(reading, shared / "corpus" / "camt")
    assert {name: one.verdict for name, one in found.items() if one.verdict == "rejected"} == {}
    booked = {name: one.records for name, one in found.items()}
    assert booked.pop("camt053.v2.multi.statement.xml") == 2
    assert booked.pop("camt052.v4.xml") == booked.pop("camt052.v6.xml") == 0  # pending entries
    assert set(booked.values()) == {1}
    assert {name for name, one in found.items() if one.held} == {"camt053.v2.all-balance-types.xml"}


def test_mt940_files_are_read_with_the_movements_that_mt_940_finds(reading: Any, shared: Path) -> None:
    for path in sorted((shared / "corpus" / "mt940").iterdir()):
        found = reading(path.name, path)
        assert found.verdict in {"read", "warning"}, (path.name, found.problems)
        assert found.records == path.read_bytes().count(b":61:"), path.name
        try:
            theirs = mt940.parse(str(path)).transactions
        except RuntimeError:
            continue  # two dialects that the library cannot read
        ours = [line.amount_cents for statement in found.statements for line in statement.lines]
        if path.name == "sparkasse3.txt":
            assert ours == [-102725]  # RC reverses a credit: the library gives it the wrong sign
        else:
            assert ours == [int(one.data["amount"].amount * 100) for one in theirs], path.name


def test_four_cfonb120_are_read_and_balanced_and_the_other_format_is_refused(reading: Any, shared: Path) -> None:
    found = readings(reading, shared / "corpus" / "cfonb120")
    other = found.pop("cfonb.240-complex-test.txt")
    assert (other.verdict, other.problems[0].reason) == ("rejected", "not_a_statement")
    for name, one in found.items():
        assert one.verdict == "read", (name, one.problems)
        assert all(statement.balanced for statement in one.statements)
    assert sorted(one.records for one in found.values()) == [0, 0, 5, 5]


def test_bank_ofx_are_read_and_the_others_refused_clearly(reading: Any, shared: Path) -> None:
    found = readings(reading, shared / "corpus" / "ofx")
    bank = {"bank_medium.ofx", "checking.ofx", "date_missing.ofx", "empty_balance.ofx", "multiple_accounts2.ofx"}
    for name, one in found.items():
        assert (one.verdict != "rejected") is (name in bank), (name, one.problems)
        if name not in bank:
            assert one.problems[0].reason == "not_a_statement"
    assert found["date_missing.ofx"].set_aside == 3
