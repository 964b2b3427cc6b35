"""The sample: made by its script byte for byte, invented throughout, and read without a single refusal."""

import csv
import runpy
import tomllib
from pathlib import Path

import pytest

from recouvrement.day.intake import check_files
from recouvrement.demo.expectations import DEBTORS
from recouvrement.demo.home import settings_of
from recouvrement.demo.story import DAYS
from recouvrement.intake import identifiers

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
DAY_FOLDERS = sorted(path.name for path in SAMPLE.glob("2026-*"))


def table(name: str) -> list[dict[str, str]]:
    with (SAMPLE / "story" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def test_the_script_makes_every_file_again_byte_for_byte(tmp_path: Path) -> None:
    runpy.run_path(str(SAMPLE / "make.py"))["main"](tmp_path)
    made = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    kept = {str(path.relative_to(SAMPLE)): path.read_bytes() for path in SAMPLE.glob("2026-*/**/*") if path.is_file()}
    assert made == kept


def test_the_demo_plays_the_days_of_the_sample_and_its_debtors() -> None:
    assert [day.on.isoformat() for day in DAYS] == DAY_FOLDERS
    assert sorted(DEBTORS) == sorted({row["code client"] for row in table("customers")})
    assert len(table("invoices")) == 40


def test_everything_is_invented_and_well_formed() -> None:
    firm = tomllib.loads((SAMPLE / "story" / "firm.toml").read_text(encoding="utf-8"))
    people = [*table("customers"), {"email": firm["email"], "iban": firm["iban"], "siren": firm["siren"]}]
    for row in people:
        assert not row["email"] or row["email"].endswith(".example")
        assert not row["iban"] or (identifiers.iban(row["iban"]) and row["iban"][4:9] in {"99999", "XMPL0"})
        assert not row["siren"] or (identifiers.siren(row["siren"]) and row["siren"][:2] in {"00", "21"})
    assert identifiers.vat(firm["vat_number"])


@pytest.mark.parametrize("day", DAY_FOLDERS)
def test_every_file_of_a_day_is_read(day: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, smtp_port=1)
    verdicts = check_files(settings, sorted(path for path in (SAMPLE / day).iterdir() if path.is_file()))
    assert {str(verdict["verdict"]) for verdict in verdicts} <= {"read", "warning"}
    warned = [str(v["file"]) for v in verdicts if v["verdict"] == "warning"]
    assert warned == (["clients.csv"] if day == "2026-08-31" else [])  # Loriot, who has no address


def test_papers_are_small() -> None:
    assert max(path.stat().st_size for path in SAMPLE.rglob("*.pdf")) < 20_000
