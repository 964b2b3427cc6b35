"""Every row of the exception table (letters.md §2), through the ledger: the contact ends in the state the row states."""

import asyncio
import shutil
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.ready_outbox import MONDAY, ready_outbox
from recouvrement.channels.account import Security, SmtpAccount
from recouvrement.channels.outcomes import Accepted, AccountDown, Outcome, Refused, TryLater, Unknown
from recouvrement.channels.smtp import BatchEnd
from recouvrement.day.emailing import LATER, Desk, send_emails
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import MailAccount
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.content import fetch
from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.owners import new_owner
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.settings import Settings
from tests.channels.faults import Fault, FaultServer
from tests.channels.messages import account
from tests.channels.test_smtp_table import ROWS, Row, impatient

STATED = {Accepted: "sent", TryLater: "ready", AccountDown: "ready", Refused: "failed", Unknown: "unknown"}


@pytest.fixture(scope="module")
def one_ready(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A ledger with one message ready to leave; each test takes a copy."""
    folder = tmp_path_factory.mktemp("table")
    house = ready_outbox(Settings(home=folder / "home", witness=folder / "witness"), 1)
    house.ledger.engine.dispose()
    return house


@pytest.fixture
def firm(one_ready: House, tmp_path: Path) -> House:
    home = tmp_path / "home"
    shutil.copytree(one_ready.settings.home, home)
    settings = one_ready.settings.model_copy(update={"home": home, "witness": tmp_path / "witness"})
    ledger = Ledger(open_engine(settings.url), one_ready.ledger.now)
    return replace(one_ready, settings=settings, ledger=ledger)


def sent_through(firm: House, smtp: SmtpAccount) -> tuple[BatchEnd, list[Outcome]]:
    """Drain through one account."""
    told: list[Outcome] = []
    with firm.ledger.reading() as connection:
        row = connection.execute(select(contact)).one()
    pairs = frozenset({(row.creditor_id, row.policy_sha256)})
    desk = Desk(
        firm, new_owner(), MONDAY, MailAccount(smtp, 0), pairs, None, firm.witness(), told.append, lambda _: None
    )
    return asyncio.run(send_emails(desk)), told


def assert_state(firm: House, outcome: Outcome) -> None:
    """The row and its newest event say what the outcome means, and the relay's words are kept."""
    with firm.ledger.reading() as connection:
        row = connection.execute(select(contact)).one()
        newest = connection.execute(select(contact_event).order_by(contact_event.c.act_id.desc()).limit(1)).one()
        said = fetch(connection, newest.evidence_sha256).decode() if newest.evidence_sha256 else ""
    assert row.state == newest.state == STATED[type(outcome)]
    assert newest.reason == str(outcome)
    assert said == outcome.answer
    if row.state == "ready":
        later = LATER if isinstance(outcome, TryLater) else timedelta()
        assert (row.owner, row.lease_until, row.retry_at) == (None, None, firm.ledger.now() + later)
    assert (row.sent_at is not None) is (row.state == "sent")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_of_the_exception_table_ends_in_its_state(row: Row, firm: House) -> None:
    with FaultServer(row.fault) as server:
        _, told = sent_through(firm, account(server.port, **impatient(row)))

    assert [type(outcome) for outcome in told] == [row.kind]
    assert_state(firm, told[0])
    stands = firm.witness().attempts()
    assert len(stands) == (row.kind in {Accepted, Unknown})  # what provably left nothing is taken back
    if server.stored:
        assert row.kind in {Accepted, Unknown}


def test_a_refused_connection_leaves_the_message_ready(firm: House) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        end, told = sent_through(firm, account(unused.getsockname()[1]))

    assert end.stopped == told[0]
    assert_state(firm, told[0])


def test_a_wrong_password_fails_no_message(firm: House) -> None:
    with FaultServer(Fault("auth", "535 5.7.8 no"), extensions=("AUTH PLAIN LOGIN",)) as server:
        _, told = sent_through(firm, account(server.port, username="u", password="wrong"))

    assert isinstance(told[0], AccountDown)
    assert_state(firm, told[0])


def test_a_relay_without_starttls_gets_no_message(firm: House) -> None:
    with FaultServer(extensions=("8BITMIME",)) as server:
        _, told = sent_through(firm, account(server.port, security=Security.STARTTLS))

    assert isinstance(told[0], AccountDown)
    assert_state(firm, told[0])
    assert server.stored == []


@pytest.mark.parametrize("address", ["a@b.example>\r\nDATA", "a@b.example, c@d.example", "", "pas une adresse"])
def test_an_address_that_is_none_fails_before_any_connection(firm: House, address: str) -> None:
    _readdress(firm, address)
    with FaultServer() as server:
        _, told = sent_through(firm, account(server.port))

    assert isinstance(told[0], Refused)
    assert_state(firm, told[0])
    assert server.connections == 0


def test_an_address_outside_ascii_fails_where_the_relay_knows_no_smtputf8(firm: House) -> None:
    _readdress(firm, "rené@client.example")
    with FaultServer(extensions=("8BITMIME",)) as server:
        _, told = sent_through(firm, account(server.port))

    assert isinstance(told[0], Refused)
    assert_state(firm, told[0])


def _readdress(firm: House, address: str) -> None:
    """As if an address had slipped through every check before."""
    with firm.ledger.act("readdress", "test") as act:
        act.connection.execute(contact.update().values(recipient=address))
