"""Reading the mailbox into the ledger: every message once, whatever stops the reading and however often it runs."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from recouvrement.channels.account import Security
from recouvrement.channels.mailbox import ImapAccount, ImapMailbox, Mailbox, MaildirMailbox
from recouvrement.day.house import House
from recouvrement.day.incoming_mail import ACTOR, Taken, desk_of, take_message
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.marks import Mark, mark, marked
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.threads import first_message_on, sends_of_unknown_fate

S = ContactState
LOOK_BACK = timedelta(days=30)  # when a server has renumbered its messages, and in a Maildir


@dataclass(slots=True)
class Listened:
    """What a reading did: messages by what was done with them, unknown sends found, whether more is left."""

    taken: Counter[str] = field(default_factory=Counter)
    found_sent: int = 0
    more: bool = False

    @property
    def new(self) -> int:
        """How many messages were not known before."""
        return self.taken.total() - self.taken[Taken.KNOWN.value]

    def as_json(self) -> dict[str, object]:
        """Counts only: nothing of what anybody wrote."""
        return {"taken": dict(sorted(self.taken.items())), "found_sent": self.found_sent, "more": self.more}


def mailbox_of(house: House) -> Mailbox | None:
    """The mailbox of the settings: IMAP, or a Maildir on this machine; None when there is none."""
    s = house.settings
    if s.maildir is not None:
        return MaildirMailbox(s.maildir)
    if not s.imap_host:
        return None
    security, password = Security(s.imap_security), s.imap_password.get_secret_value()
    return ImapMailbox(
        ImapAccount(
            s.imap_host, s.imap_port, s.imap_user, password, security=security, inbox=s.imap_folder, sent=s.imap_sent
        )
    )


def listen(house: House, on: date, source: Mailbox, *, name: str = "main") -> Listened:
    """Take in what came since the last reading, and look for sends of unknown fate among what was sent.

    At most `mailbox_batch` messages; the rest comes next time. Raises MailboxDownError: what was read by then is
    kept. Nothing in the mailbox is marked, moved or deleted.
    """
    desk, told = desk_of(house, name, on), Listened()
    after, since = _where_we_stopped(house, name, on)
    reached, stopped = after, False
    try:
        for arrival in source.arrivals(after, since=since):
            taken = take_message(desk, arrival)
            told.taken[taken.value] += 1
            stopped = stopped or taken is Taken.LATER
            reached = reached if stopped else arrival.key
            told.more = told.new >= house.settings.mailbox_batch
            if told.more:
                break
    finally:
        if reached != after:
            _remember(house, name, reached or "", on)
    told.found_sent = _find_unknown(house, source)
    return told


def _where_we_stopped(house: House, name: str, on: date) -> tuple[str | None, date]:
    """The key of the last message read, and the day from which to look when keys say nothing.

    At first nothing older than our first message is read: it answers none of ours.
    """
    with house.ledger.reading() as connection:
        known = json.loads(marked(connection, Mark.MAILBOX_READ) or "{}").get(name)
        first = first_message_on(connection)
    if known:
        return known["key"], date.fromisoformat(known["on"]) - LOOK_BACK
    return None, min(first or on, on)


def _remember(house: House, name: str, key: str, on: date) -> None:
    with house.ledger.act("mailbox_read", ACTOR) as act:
        known = json.loads(marked(act.connection, Mark.MAILBOX_READ) or "{}")
        known[name] = {"key": key, "on": on.isoformat()}
        mark(act, Mark.MAILBOX_READ, json.dumps(known, sort_keys=True))


def _find_unknown(house: House, source: Mailbox) -> int:
    """Sends of unknown fate that stand in the folder of sent messages did leave."""
    with house.ledger.reading() as connection:
        wanted = sends_of_unknown_fate(connection)
    if not wanted or not _keeps_sent(source):
        return 0
    found = source.find_message_ids(wanted)
    if not found:
        return 0
    with house.ledger.act("found_sent", ACTOR) as act:
        changes: dict[str, object] = {"sent_at": act.at, "owner": None}
        return sum(
            move(act, wanted[one], S.SENT, fence=Fence((S.UNKNOWN,)), reason="found_in_sent_mailbox", changes=changes)
            for one in sorted(found)
        )


def _keeps_sent(source: Mailbox) -> bool:
    """Whether the mailbox has a folder of what was sent."""
    if isinstance(source, ImapMailbox):
        return bool(source.account.sent)
    return not isinstance(source, MaildirMailbox) or source.sent is not None
