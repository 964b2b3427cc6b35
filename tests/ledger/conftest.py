"""Small hands for the ledger's tests: files from text, a mail catcher, a debtor ready to be chased."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, open_house
from recouvrement.day.intake import FileResult, take_files
from tests.ledger.firm import MONDAY, bank, customers, invoices

Take = Callable[..., FileResult]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Take a file given as text into a house: `take(house, "name.csv", text, on=day)`."""
    folder = tmp_path / "files"
    folder.mkdir()

    def taken(house: House, name: str, content: str, **options: object) -> FileResult:
        path = folder / name
        path.write_text(content, encoding="utf-8")
        return take_files(house, [path], actor="test", **options)[0]  # type: ignore[arg-type]

    return taken


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    """A mail server on this machine that keeps what arrives."""
    with Catcher(tmp_path / "mail") as running:
        yield running


def with_catcher(house: House, port: int, on: date) -> House:
    """The same ledger, sending to a port of this machine."""
    return open_house(house.settings.model_copy(update={"smtp_port": port})).on_day(on)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Catcher]:
    with Catcher(tmp_path / "mail") as running:
        yield running


@pytest.fixture
def firm(house: House, take, mail: Catcher) -> House:
    """Twelve debtors, each with one invoice eleven days late; the bank was read up to yesterday."""
    take(house, "customers.csv", customers())
    take(house, "invoices.csv", invoices())
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    return open_house(house.settings.model_copy(update={"smtp_port": mail.port})).on_day(MONDAY)
