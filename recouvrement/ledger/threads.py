"""Whose message is it: looking debtors up by what a message quotes, says or comes from; never by a display name."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.facts import find_debtor
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.parties import debtor, debtor_version

MOST_QUOTED = 50


def contact_quoted(connection: Connection, creditor_id: str, message_ids: Sequence[str]) -> Any:
    """The contact that the first known of these Message-IDs names, or None; one that was not voided before others."""
    wanted = list(message_ids[:MOST_QUOTED])
    if not wanted:
        return None
    query = select(contact).where(contact.c.message_id.in_(wanted), contact.c.creditor_id == creditor_id)
    rows = list(connection.execute(query.order_by(contact.c.void, contact.c.id.desc())))
    return min(rows, key=lambda row: wanted.index(row.message_id), default=None)


def contact_sent_to(connection: Connection, creditor_id: str, addresses: Sequence[str], since: date) -> Any:
    """The newest e-mail since a day to one of these addresses, when they all belong to one debtor; else None."""
    query = select(contact).where(
        contact.c.creditor_id == creditor_id, contact.c.channel == Channel.EMAIL.value, contact.c.void == 0,
        contact.c.business_day >= since, func.lower(contact.c.recipient).in_([one.lower() for one in addresses]),
    )  # fmt: skip
    rows = list(connection.execute(query.order_by(contact.c.id)))
    return rows[-1] if len({row.debtor_id for row in rows}) == 1 else None


def debtor_coded(connection: Connection, creditor_id: str, codes: Sequence[str]) -> str | None:
    """The debtor of the first of these codes that exists."""
    found = (find_debtor(connection, creditor_id, code) for code in codes)
    return next((one for one in found if one), None)


def debtors_writing_from(connection: Connection, creditor_id: str, address: str) -> list[str]:
    """The debtors who have or had this e-mail address."""
    v = debtor_version
    query = (
        select(v.c.debtor_id)
        .join(debtor, debtor.c.id == v.c.debtor_id)
        .where(debtor.c.creditor_id == creditor_id, func.lower(v.c.email) == address.lower())
    )
    return sorted(set(connection.scalars(query.distinct())))


def first_message_on(connection: Connection) -> date | None:
    """The business day of the first contact; None before there is one."""
    first: date | None = connection.scalar(select(func.min(contact.c.business_day)))
    return first


def sends_of_unknown_fate(connection: Connection) -> dict[str, str]:
    """Contacts of unknown fate, by Message-ID."""
    query = select(contact.c.message_id, contact.c.id).where(contact.c.state == ContactState.UNKNOWN.value)
    return {message_id: contact_id for message_id, contact_id in connection.execute(query)}
