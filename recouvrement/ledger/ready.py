"""What of the outbox may leave on a day: the query of every claim, and its counts by creditor, policy and place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, or_, select, tuple_

from recouvrement.clock import PARIS
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.iban_changes import pending_iban
from recouvrement.ledger.marks import Mark, marked
from recouvrement.ledger.tables.contacts import contact

Pairs = frozenset[tuple[str, str]]  # creditor, policy version: they choose the mail account
Window = tuple[str, str]  # policy version, place of the debtor: they say the hours
Windows = frozenset[Window]


@dataclass(frozen=True, slots=True)
class Group:
    """How many contacts of a creditor, a policy version and a place are ready, and how many of them expire with their day."""

    creditor_id: str
    policy_sha256: str
    place: str
    count: int
    expiring: int

    @property
    def pair(self) -> tuple[str, str]:
        """What chooses their mail account."""
        return self.creditor_id, self.policy_sha256

    @property
    def window(self) -> Window:
        """Whose hours hold for them."""
        return self.policy_sha256, self.place


def ready_rows(
    channel: Channel, on: date, moment: datetime, *, pairs: Pairs | None = None, windows: Windows | None = None
) -> Select[Any]:
    """The contacts of a channel that may leave on a day: of some pairs and windows, or of all when they are None."""
    where = [contact.c.state == ContactState.READY.value, contact.c.channel == channel.value, _may_leave(on, moment)]
    if pairs is not None:
        where.append(_among((contact.c.creditor_id, contact.c.policy_sha256), pairs))
    if windows is not None:
        where.append(_among((contact.c.policy_sha256, contact.c.place), windows))
    return select(contact).where(*where)


def _among(columns: tuple[ColumnElement[str], ColumnElement[str]], found: Pairs) -> ColumnElement[bool]:
    return tuple_(*columns).in_(sorted(found)) if found else false()


def _may_leave(on: date, moment: datetime) -> ColumnElement[bool]:
    if moment.astimezone(PARIS).date() > on:  # a sender that runs on past midnight: what that day planned has expired
        return false()
    today = or_(contact.c.business_day == on, contact.c.needs_approval == 1)
    return today & or_(contact.c.retry_at.is_(None), contact.c.retry_at <= moment)


def all_stands_still(connection: Connection) -> bool:
    """Say whether nothing may leave: the ledger is behind its witness, or a new IBAN waits for its second person."""
    return bool(marked(connection, Mark.PAUSED)) or pending_iban(connection) is not None


def anything_ready(
    ledger: Ledger, *, channel: Channel, on: date, pairs: Pairs | None = None, windows: Windows | None = None
) -> bool:
    """Say whether a contact of a channel may leave now, without claiming it."""
    with ledger.reading() as connection:
        query = ready_rows(channel, on, ledger.now(), pairs=pairs, windows=windows)
        found = connection.execute(query.with_only_columns(contact.c.id).limit(1)).first()
        return found is not None and not all_stands_still(connection)  # a claim would give nothing then


def ready_groups(connection: Connection, channels: Collection[Channel], on: date, moment: datetime) -> list[Group]:
    """What is ready to leave through some channels, counted by creditor, policy version and place."""
    key = (contact.c.creditor_id, contact.c.policy_sha256, contact.c.place)
    expiring = 1 - contact.c.needs_approval  # what a person approved outlives its day
    found: list[Group] = []
    for channel in channels:
        query = ready_rows(channel, on, moment).with_only_columns(*key, func.count(), func.sum(expiring))
        found += [
            Group(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in connection.execute(query.group_by(*key))
        ]
    return found
