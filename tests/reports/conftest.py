"""The small ledger of the flow tests, on each of the two databases."""

import shutil
from pathlib import Path

import pytest

from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.settings import Settings
from tests.flows.small_ledger import DAY, make_ledger


def matched(house: House) -> House:
    """The house once its bank lines were matched."""
    match(house, on=DAY)
    return house


@pytest.fixture
def small(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A dozen invoices, some paid, one disputed; the environment names its home."""
    home = tmp_path / "home"
    monkeypatch.setenv("RECOUVREMENT_HOME", str(home))
    monkeypatch.setattr("recouvrement.day.house.upgrade", lambda _url: shutil.copy(migrated, home / "recouvrement.db"))
    return matched(make_ledger(Settings()))


@pytest.fixture
def small_on_postgresql(tmp_path: Path, fresh_postgresql: str) -> House:
    """The same on PostgreSQL."""
    return matched(make_ledger(Settings(home=tmp_path / "home", database_url=fresh_postgresql)))
