"""Small hands for the ledger's tests: files from text, debtors ready to be chased."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House
from recouvrement.day.intake import FileResult, take_files
from recouvrement.day.intake_taking import AS_IT_COMES, How
from tests.ledger.firm import bank, customers, invoices, sending_to

Take = Callable[..., FileResult]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Take a file given as text into a house: `take(house, "name.csv", text)`."""
    folder = tmp_path / "files"
    folder.mkdir()

    def taken(house: House, name: str, content: str, how: How = AS_IT_COMES) -> FileResult:
        path = folder / name
        path.write_text(content, encoding="utf-8")
        return take_files(house, [path], actor="test", how=how)[0]

    return taken


@pytest.fixture
def firm(house: House, take, mail: Catcher) -> House:
    """Twelve debtors, each with one invoice eleven days late; the bank was read up to yesterday."""
    take(house, "customers.csv", customers())
    take(house, "invoices.csv", invoices())
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    return sending_to(house, mail.port)
