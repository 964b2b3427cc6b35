"""Reading a mailbox leaves it as it was: a real Dovecot, and a Maildir."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from recouvrement.channels.account import Security
from recouvrement.channels.catcher import Catcher
from recouvrement.channels.mailbox import ImapAccount, ImapMailbox, MailboxDownError, MaildirMailbox
from recouvrement.channels.maildir import deliver
from tests.channels import dovecot
from tests.channels.dovecot import imap_server  # noqa: F401 (a fixture)
from tests.channels.messages import BODY, account, outgoing, sent


@pytest.fixture
def box(server: dovecot.Dovecot) -> Iterator[MailBoxUnencrypted]:
    """Another client of the same mailbox, which empties it first."""
    with MailBoxUnencrypted("127.0.0.1", server.port, 10).login(dovecot.USER, dovecot.PASSWORD) as client:
        client.delete(client.uids())
        if client.folder.exists("Sent"):
            client.folder.delete("Sent")
        client.folder.create("Sent")
        yield client


@pytest.fixture
def mailbox(server: dovecot.Dovecot) -> ImapMailbox:
    return ImapMailbox(
        ImapAccount("127.0.0.1", server.port, dovecot.USER, dovecot.PASSWORD, security=Security.NONE, timeout=10)
    )


def mail(number: int, more: bytes = b"") -> bytes:
    return b"Message-ID: <m%d@client.example>\r\nSubject: %d\r\n\r\ncorps \xe9\r\n.\r\n%s" % (number, number, more)


MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_exact_bytes_and_time_of_arrival(box: MailBoxUnencrypted, mailbox: ImapMailbox) -> None:
    box.append(mail(1), dt=MOMENT)
    (arrival,) = mailbox.arrivals(None)
    assert (arrival.raw, arrival.received, arrival.cut) == (mail(1), MOMENT, False)
    assert "@" not in repr(arrival)


def test_only_what_came_after_is_read_again(box: MailBoxUnencrypted, mailbox: ImapMailbox) -> None:
    for number in (1, 2):
        box.append(mail(number), dt=MOMENT)
    keys = [arrival.key for arrival in mailbox.arrivals(None)]
    assert list(mailbox.arrivals(keys[-1])) == []
    box.append(mail(3), dt=MOMENT)
    assert [arrival.raw for arrival in mailbox.arrivals(keys[-1])] == [mail(3)]
    assert [arrival.raw for arrival in mailbox.arrivals(keys[0])] == [mail(2), mail(3)]


def test_reading_marks_nothing_as_seen(box: MailBoxUnencrypted, mailbox: ImapMailbox, server: dovecot.Dovecot) -> None:
    box.append(mail(1), dt=MOMENT)
    assert len(list(mailbox.arrivals(None))) == 1
    assert box.uids("UNSEEN", charset=None) == box.uids("ALL", charset=None) != []
    assert "S" not in server.flags()


def test_a_renumbered_mailbox_is_read_again_whole(box: MailBoxUnencrypted, mailbox: ImapMailbox) -> None:
    box.append(mail(1), dt=MOMENT)
    assert [arrival.raw for arrival in mailbox.arrivals("1:999999")] == [mail(1)]


def test_a_first_reading_begins_on_a_day(box: MailBoxUnencrypted, mailbox: ImapMailbox) -> None:
    box.append(mail(1), dt=MOMENT.replace(month=1))
    box.append(mail(2), dt=MOMENT)
    assert [arrival.raw for arrival in mailbox.arrivals(None, date(2026, 2, 1))] == [mail(2)]


def test_an_empty_mailbox_and_an_empty_message(box: MailBoxUnencrypted, mailbox: ImapMailbox) -> None:
    assert list(mailbox.arrivals(None)) == []
    box.append(b"\r\n", dt=MOMENT)
    assert [len(arrival.raw) for arrival in mailbox.arrivals(None)] == [2]


def test_a_sent_message_is_found_by_its_message_id(box: MailBoxUnencrypted, mailbox: ImapMailbox) -> None:
    for number in range(1, 13):
        box.append(mail(number), "Sent", dt=MOMENT)
    wanted = ["<m1@client.example>", "<m12@client.example>", "<m99@client.example>", '<x"y@z>', "m1@client.example", ""]
    found = mailbox.find_message_ids(wanted)
    assert set(found) == {"<m1@client.example>", "<m12@client.example>"}
    assert found["<m1@client.example>"].endswith(":1")


def test_a_wrong_password_says_nothing_of_the_mailbox(server: dovecot.Dovecot) -> None:
    wrong = ImapAccount("127.0.0.1", server.port, dovecot.USER, "faux", security=Security.NONE, timeout=10)
    with pytest.raises(MailboxDownError) as down:
        list(ImapMailbox(wrong).arrivals(None))
    assert "@" not in str(down.value)
    assert "faux" not in repr(wrong) + str(down.value)


def test_a_folder_that_is_not_there(mailbox: ImapMailbox, server: dovecot.Dovecot) -> None:
    lost = ImapAccount(
        "127.0.0.1", server.port, dovecot.USER, dovecot.PASSWORD, security=Security.NONE, inbox="Nulle part"
    )
    with pytest.raises(MailboxDownError):
        list(ImapMailbox(lost).arrivals(None))


def test_an_unreachable_server_is_an_outage() -> None:
    nowhere = ImapAccount("127.0.0.1", 9, "u", "p", security=Security.NONE, timeout=2)
    with pytest.raises(MailboxDownError, match="ConnectionRefused"):
        list(ImapMailbox(nowhere).arrivals(None))


def test_a_password_never_leaves_in_clear() -> None:
    with pytest.raises(ValueError, match="without TLS"):
        ImapAccount("imap.example", 143, "u", "p", security=Security.NONE)


def test_a_maildir_is_read_in_order_of_arrival(tmp_path: Path) -> None:
    for number, day in ((1, 3), (2, 1), (3, 2)):
        moment = datetime(2026, 3, day, tzinfo=UTC).timestamp()
        os.utime(deliver(tmp_path, mail(number)), (moment, moment))
    read = MaildirMailbox(tmp_path)
    assert [arrival.raw for arrival in read.arrivals(None)] == [mail(2), mail(3), mail(1)]
    assert [arrival.raw for arrival in read.arrivals(None, date(2026, 3, 2))] == [mail(3), mail(1)]


def test_a_message_moved_by_another_reader_is_still_read(tmp_path: Path) -> None:
    stored = deliver(tmp_path, mail(1))
    stored.rename(tmp_path / "cur" / f"{stored.name}:2,S")
    (arrival,) = MaildirMailbox(tmp_path).arrivals(None)
    assert (arrival.key, arrival.raw) == (stored.name, mail(1))


def test_what_a_catcher_kept_is_found_by_its_message_id(tmp_path: Path) -> None:
    with Catcher(tmp_path) as catcher:
        sent(account(catcher.port), [outgoing(message=BODY)])
    mailbox = MaildirMailbox(tmp_path / "none", sent=tmp_path)
    assert set(mailbox.find_message_ids(["<dun.1@example.fr>", "<dun.2@example.fr>"])) == {"<dun.1@example.fr>"}
    assert list(mailbox.arrivals(None)) == []
