"""Reading a mailbox without changing anything in it: by IMAP, or as a Maildir on this machine."""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final, Protocol

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from recouvrement.channels.account import LOOPBACK, Security
from recouvrement.channels.maildir import messages, read, times
from recouvrement.channels.mailtext import MESSAGE_ID, header, message_ids

MAX_OCTETS: Final = 25_000_000
PARTS: Final = f"(UID INTERNALDATE BODY.PEEK[]<0.{MAX_OCTETS}>)"
INTERNALDATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TROUBLE: Final = (OSError, imaplib.IMAP4.error, ImapToolsError)


class MailboxDownError(Exception):
    """The mailbox cannot be read now; says which kind of trouble, and not a word of the server's."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message in a mailbox: a key that is never given to another, when it came, its bytes.

    `cut` when it was longer than 25 MB and only its beginning was fetched: a person looks.
    """

    key: str
    received: datetime
    raw: bytes = field(repr=False)
    cut: bool = False


class Mailbox(Protocol):
    """What the mailbox flow needs; both kinds below have it."""

    def arrivals(self, after: str | None, since: date | None = None) -> Iterator[Arrival]:
        """What came after the message with the key `after`, oldest first."""

    def find_message_ids(self, wanted: Iterable[str]) -> dict[str, str]:
        """The Message-IDs that stand in the mailbox of sent messages, with their keys there."""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mailbox at an IMAP server; `sent` is the folder in which the relay or the catcher keeps what was sent.

    The password or token is in no repr. `timeout` in seconds.
    """

    host: str
    port: int
    username: str = field(repr=False)
    password: str | None = field(default=None, repr=False, compare=False)
    token: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    security: Security = Security.TLS
    inbox: str = "INBOX"
    sent: str = "Sent"
    timeout: float = 60.0
    ca_file: str | None = None

    def __post_init__(self) -> None:
        if (self.password is None) == (self.token is None):
            raise ValueError("a mailbox needs a password or a token, and not both")
        if self.security is Security.NONE and self.host not in LOOPBACK:
            raise ValueError("a password never leaves this machine without TLS")


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """A mailbox read by IMAP in read-only mode; nothing is marked seen, moved or deleted."""

    account: ImapAccount

    def arrivals(self, after: str | None, since: date | None = None) -> Iterator[Arrival]:
        """What came after `after`, oldest first; keys are `UIDVALIDITY:UID` (RFC 3501 §2.3.1.1).

        When the server renumbered its messages (another UIDVALIDITY), everything from `since` on is read again: the
        caller knows what it has by SHA-256. A message that vanishes meanwhile is left out.
        """
        with self._opened(self.account.inbox) as (box, validity):
            known_validity, _, last = (after or "").partition(":")
            same = known_validity == validity
            criteria = f"UID {int(last) + 1}:*" if same else f"SINCE {_imap_day(since)}" if since else "ALL"
            for uid in sorted(map(int, box.uids(criteria, charset=None))):
                if same and uid <= int(last):
                    continue  # "n:*" always gives the last message, however low its number
                arrival = _fetched(box, validity, uid)
                if arrival is not None:
                    yield arrival

    def find_message_ids(self, wanted: Iterable[str]) -> dict[str, str]:
        """Those of `wanted` (with angle brackets) that stand in the sent folder, each with its key there.

        A server searches by substring, so what it finds is read again and compared.
        """
        found: dict[str, str] = {}
        with self._opened(self.account.sent) as (box, validity):
            for message_id in wanted:
                if not MESSAGE_ID.fullmatch(message_id) or '"' in message_id or "\\" in message_id:
                    continue
                if not message_id.isascii():
                    continue
                for uid in box.uids(f'HEADER Message-ID "{message_id}"', charset=None):
                    arrival = _fetched(box, validity, int(uid))
                    if arrival is not None and message_id in _own_ids(arrival.raw):
                        found[message_id] = arrival.key
        return found

    @contextmanager
    def _opened(self, folder: str) -> Iterator[tuple[BaseMailBox, str]]:
        """The connection with `folder` open for reading, and its UIDVALIDITY."""
        try:
            box = _connected(self.account)
            try:
                _log_in(box, self.account)
                box.folder.set(folder, readonly=True)
                yield box, box.client.response("UIDVALIDITY")[1][-1].decode()
            finally:
                _leave(box)
        except TROUBLE as error:
            raise MailboxDownError(f"mailbox at {self.account.host}: {type(error).__name__}") from None


def _connected(account: ImapAccount) -> BaseMailBox:
    if account.security is Security.NONE:
        return MailBoxUnencrypted(account.host, account.port, account.timeout)
    context = ssl.create_default_context(cafile=account.ca_file)
    kind = MailBox if account.security is Security.TLS else MailBoxStartTls
    return kind(account.host, account.port, account.timeout, ssl_context=context)


def _log_in(box: BaseMailBox, account: ImapAccount) -> None:
    if account.token is not None:
        box.xoauth2(account.username, account.token(), initial_folder=None)
    elif f"{account.username}{account.password}".isascii():
        box.login(account.username, account.password or "", initial_folder=None)
    else:
        box.login_utf8(account.username, account.password or "", initial_folder=None)


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except TROUBLE:
        box.client.shutdown()


def _fetched(box: BaseMailBox, validity: str, uid: int) -> Arrival | None:
    """One message by its exact bytes, or None when it is gone; BODY.PEEK leaves it unseen (RFC 3501 §6.4.5)."""
    _, answer = box.client.uid("FETCH", str(uid), PARTS)
    items = [item for item in answer or [] if item]
    told = b" ".join(item[0] if isinstance(item, tuple) else item for item in items)
    stamp = INTERNALDATE.search(told)
    if stamp is None or b"BODY[]" not in told or not re.search(rb"\bUID %d\b" % uid, told):
        return None
    raw = next((item[1] for item in items if isinstance(item, tuple) and b"BODY[]" in item[0]), b"")
    received = parsedate_to_datetime(stamp.group(1).decode("ascii", "replace").strip())
    return Arrival(f"{validity}:{uid}", received, raw, len(raw) >= MAX_OCTETS)


def _imap_day(day: date) -> str:
    """A day as IMAP writes it, whatever the locale (RFC 3501 `date`).

    >>> _imap_day(date(2026, 3, 2))
    '2-Mar-2026'
    """
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


def _own_ids(raw: bytes) -> tuple[str, ...]:
    headers = raw.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in raw else raw.partition(b"\n\n")[0]
    return message_ids(header(message_from_bytes(headers), "Message-ID"))


@dataclass(frozen=True, slots=True)
class MaildirMailbox:
    """Maildirs on this machine; the keys are the unique names of the files.

    The folder of sent messages may be the same one (a catcher keeps what was sent) or absent.
    """

    inbox: Path
    sent: Path | None = None

    def arrivals(self, after: str | None, since: date | None = None) -> Iterator[Arrival]:
        """Every message that came on or after `since`, by time of arrival.

        Names in a Maildir say nothing sure about order, so `after` leaves nothing out: the caller knows what it has.
        """
        del after
        listed = sorted((written, name) for name, written in times(self.inbox))
        for written, name in listed:
            stored = read(self.inbox, name, MAX_OCTETS + 1) if since is None or written.date() >= since else None
            if stored is not None:
                raw, received = stored
                yield Arrival(name, received, raw[:MAX_OCTETS], len(raw) > MAX_OCTETS)

    def find_message_ids(self, wanted: Iterable[str]) -> dict[str, str]:
        """Those of `wanted` that stand in the sent folder, each with the name of its file."""
        asked = set(wanted)
        stored = messages(self.sent) if self.sent is not None else ()
        return {own: name for name, raw, _ in stored for own in _own_ids(raw) if own in asked}
