"""The accountant's commands as a person types them: what they print, and their exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.house import House
from tests.ledger.bank_files import HEAD

CUSTOMERS = "customer_id,name,kind\nC1,Menuiserie Roy,business\n"
INVOICES = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\nFA-1,invoice,C1,2026-01-05,2026-02-04,500.00,EUR\n"
LINE = "L1,FR7630006000011234567890189,2026-02-26,2026-02-26,488.00,EUR,VIR,FA-1,MENUISERIE ROY,,\n"


@pytest.fixture
def firm(make_house, take, monkeypatch: pytest.MonkeyPatch) -> House:
    """One invoice, and a receipt for it with a bank's fee of 12 euros taken off."""
    house = make_house()
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    take(house, "bank.csv", HEAD + LINE)
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    return house


def run(*words: str, code: int = 0) -> str:
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code == code, (found.output, found.exception)
    return found.output


def test_from_the_receipt_to_the_accountants_file(firm: House, tmp_path: Path) -> None:
    run("match", "--on", "2026-03-02")
    sheet = json.loads(run("control", "--on", "2026-03-02", "--json"))
    received = sheet["receipts"][0]
    assert (received["received_cents"], received["left_cents"], sheet["adds_up"]) == (48_800, 0, True)
    assert "Everything adds up." in run("control", "--on", "2026-03-02")

    out = tmp_path / "allocations.csv"
    assert "rows" in run("export", "allocations", "--from", "2026-01-01", "--to", "2026-12-31", "--out", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbfbank_line;")


def test_a_write_off_and_its_undoing(firm: House) -> None:
    done = json.loads(
        run("write-off", "FA-1", "--reason", "rounding", "--amount", "1,20", "--on", "2026-03-02", "--json")
    )
    assert run("undo-write-off", done["id"], "--on", "2026-03-02").startswith("recorded")
    run("undo-write-off", done["id"], "--on", "2026-03-02", code=1)
    assert "unknown_reason" in run("write-off", "FA-1", "--reason", "because", "--on", "2026-03-02", code=1)
    assert "no_accounts" in run("explain-difference", "C1", "--reason", "late", "--on", "2026-03-02", code=1)
