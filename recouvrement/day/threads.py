"""Whose message is it: what it quotes, then its plus-address, its subject, its sender; never a display name."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from recouvrement.channels.incoming import Incoming, Kind
from recouvrement.ledger.replies import Link
from recouvrement.ledger.threads import contact_quoted, contact_sent_to, debtor_coded, debtors_writing_from

BOUNCES_COME_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a message belongs, if that is known; `contact` is the row it quotes by Message-ID or returns.

    `perhaps` are the debtors who share the address it came from, when nothing else says which of them wrote.
    """

    link: Link | None = None
    contact: Any = None
    is_ours: bool = False
    perhaps: tuple[str, ...] = ()


def thread_of(connection: Connection, creditor_id: str, ours: frozenset[str], incoming: Incoming, on: date) -> Thread:
    """Find the debtor of a message read on a day; `ours` are the addresses, in lower case, that our own come from."""
    if _is_ours(connection, creditor_id, ours, incoming):
        return Thread(is_ours=True)
    row = contact_quoted(connection, creditor_id, incoming.mentions)
    if row is not None:
        how = "returned" if incoming.kind in {Kind.BOUNCE, Kind.RECEIPT} else "quoted"
        return Thread(Link(row.debtor_id, row.id, how), row)
    if incoming.kind in {Kind.BOUNCE, Kind.RECEIPT}:
        return _by_failed_address(connection, creditor_id, incoming, on)
    for how, debtor_id in (
        ("plus_address", debtor_coded(connection, creditor_id, _cases(incoming.tags))),
        ("subject", debtor_coded(connection, creditor_id, incoming.references_named)),
    ):
        if debtor_id:
            return Thread(Link(debtor_id, None, how))
    senders = debtors_writing_from(connection, creditor_id, incoming.sender) if incoming.sender else []
    return Thread(Link(senders[0], None, "sender")) if len(senders) == 1 else Thread(perhaps=tuple(senders))


def _is_ours(connection: Connection, creditor_id: str, ours: frozenset[str], incoming: Incoming) -> bool:
    """A copy of what we sent: our address and a Message-ID of ours; a stranger who has both gains nothing by it."""
    if incoming.message_id is None or incoming.sender.lower() not in ours:
        return False
    return contact_quoted(connection, creditor_id, [incoming.message_id]) is not None


def _by_failed_address(connection: Connection, creditor_id: str, incoming: Incoming, on: date) -> Thread:
    """A report that quotes no Message-ID, by the address that it names."""
    since = min(incoming.received.date(), on) - BOUNCES_COME_WITHIN
    row = contact_sent_to(connection, creditor_id, incoming.failed, since) if incoming.failed else None
    return Thread(Link(row.debtor_id, row.id, "failed_address"), row) if row is not None else Thread()


def _cases(tags: tuple[str, ...]) -> tuple[str, ...]:
    """A relay may have put a local part in lower case."""
    return tuple(dict.fromkeys(form for tag in tags for form in (tag, tag.upper())))
