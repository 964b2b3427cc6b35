"""A firm with one late invoice whose reminder left on Monday, and a mailbox: what the tests of listening start from."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

from recouvrement.channels.catcher import Catcher
from recouvrement.channels.mailbox import MaildirMailbox
from recouvrement.channels.maildir import deliver
from recouvrement.day.house import House, init, open_house
from recouvrement.day.intake import take_files
from recouvrement.day.listening import Listened, listen
from recouvrement.day.order import DayReport, Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.day.to_read import to_read
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.addresses import bad_addresses
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.content import fetch
from recouvrement.ledger.migrate import upgrade
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.settings import PROJECT, Settings
from tests.conftest import CREDITOR

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
S = ContactState
CUSTOMERS = """customer_id,name,kind,email,phone,address,postcode,city,language
C1,Menuiserie Roy,business,compta@roy.example,,1 rue du Bois,35000,Rennes,fr
C2,Garnier,business,compta@garnier.example,,2 rue du Bois,35000,Rennes,fr
"""
INVOICES = """invoice_number,kind,customer_id,issue_date,due_date,amount,currency
FA-1,invoice,C1,2026-01-20,2026-02-20,500.00,EUR
"""


@dataclass
class Firm:
    """One debtor with a late invoice, who was sent a reminder on Monday; and a mailbox."""

    house: House
    folder: Path

    @property
    def mailbox(self) -> MaildirMailbox:
        return MaildirMailbox(self.folder)

    def under(self, **settings: object) -> "Firm":
        """The same firm under other settings."""
        return Firm(open_house(self.house.settings.model_copy(update=settings)), self.folder)

    def closed_addresses(self) -> dict[str, frozenset[str]]:
        """Addresses to which nothing is sent any more, by debtor, as known now."""
        with self.house.ledger.reading() as connection:
            return bad_addresses(connection, "", "~", AsOf(date.max, self.house.ledger.known_to()))

    def take(self, name: str, text: str) -> None:
        path = self.house.settings.home / name
        path.write_text(text, encoding="utf-8")
        take_files(self.house, [path], actor="test")

    def run(self, on: date) -> DayReport:
        bank = f"Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit\nFR7630006000011234567890189;{on - DAY:%d/%m/%Y};{on - DAY:%d/%m/%Y};FRAIS;;1,00;\n"
        self.take(f"bank-{on}.csv", bank)
        report = run_day(self.house, on=on, mode=Mode.LIVE)
        drain(self.house.on_day(on), on=on, pace=False)
        return report

    def comes(self, *messages: bytes, on: date = MONDAY + DAY) -> Listened:
        for message in messages:
            deliver(self.folder, message)
        return listen(self.house.on_day(on), on, self.mailbox)

    def contacts(self) -> list[Any]:
        with self.house.ledger.reading() as connection:
            return list(connection.execute(select(contact).order_by(contact.c.id)))

    @property
    def letter(self) -> bytes:
        """The last message that was frozen."""
        with self.house.ledger.reading() as connection:
            return fetch(connection, self.contacts()[-1].frozen_sha256)

    def waiting(self, on: date = MONDAY + DAY) -> list[dict[str, Any]]:
        return to_read(self.house, on=on)

    def put(self, state: ContactState) -> None:
        """The last contact in another state, as an attempt left it."""
        row = self.contacts()[-1]
        with self.house.ledger.engine.begin() as connection:
            connection.execute(contact.update().where(contact.c.id == row.id).values(state=state.value, owner="w"))

    def events(self) -> list[tuple[str, str | None]]:
        with self.house.ledger.reading() as connection:
            query = select(contact_event.c.state, contact_event.c.reason).order_by(contact_event.c.act_id)
            return [(row.state, row.reason) for row in connection.execute(query)]


@pytest.fixture(name="sends", scope="module")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    with Catcher(tmp_path_factory.mktemp("sent")) as catcher:
        yield catcher


def started(house: House, folder: Path, sends: Catcher) -> Firm:
    """The reminder of Monday has left."""
    found = Firm(house, folder).under(smtp_port=sends.port)
    found.take("customers.csv", CUSTOMERS)
    found.take("invoices.csv", INVOICES)
    found.run(MONDAY)
    assert [row.state for row in found.contacts()] == ["sent"]
    return found


@pytest.fixture(name="template", scope="module")
def home_on_monday(tmp_path_factory: pytest.TempPathFactory, sends: Catcher) -> Settings:
    """A home in which Monday is over, copied by each test."""
    folder = tmp_path_factory.mktemp("monday")
    settings = Settings(home=folder / "home", witness=folder / "witness")
    house = init(settings, creditor=dict(CREDITOR), simulated_clock_=True, on=MONDAY).on_day(MONDAY)
    started(house, folder / "inbox", sends).house.ledger.engine.dispose()
    house.ledger.engine.dispose()
    return settings


@pytest.fixture(name="firm")
def copied_firm(template: Settings, tmp_path: Path, sends: Catcher) -> Firm:
    shutil.copytree(template.home, tmp_path / "home")
    shutil.copytree(template.witness_folder, tmp_path / "witness")
    settings = Settings(home=tmp_path / "home", witness=tmp_path / "witness", smtp_port=sends.port)
    return Firm(open_house(settings), tmp_path / "inbox")


@cache
def migrated() -> Path:
    """A migrated ledger with nothing in it, made once."""
    file = Path(tempfile.mkdtemp(prefix="recouvrement-empty-")) / "recouvrement.db"
    upgrade(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def firm_with(folder: Path, old: str, new: str, *, customers: str = CUSTOMERS, **settings: Any) -> Firm:
    """A firm whose standard policy has some words replaced; nothing was run yet."""
    data = folder / "data"
    shutil.copytree(PROJECT / "data", data, ignore=shutil.ignore_patterns("sample"))
    policy = data / "policies" / "standard.toml"
    text = policy.read_text(encoding="utf-8")
    assert old in text
    policy.write_text(text.replace(old, new, 1), encoding="utf-8")
    wanted = Settings(home=folder / "home", witness=folder / "witness", data=data, **settings)
    with patch("recouvrement.day.house.upgrade", lambda _: shutil.copy(migrated(), wanted.home / "recouvrement.db")):
        house = init(wanted, creditor=dict(CREDITOR), simulated_clock_=True, on=MONDAY).on_day(MONDAY)
    found = Firm(house, folder / "inbox")
    found.take("customers.csv", customers)
    found.take("invoices.csv", INVOICES)
    return found
