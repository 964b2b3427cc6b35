"""Calls that wait to be made."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.tables.acts import act
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.facts import call


def calls_waiting(connection: Connection, *, upto: date) -> list[Any]:
    """Contacts by telephone that nobody has noted yet, of a day or before it, oldest first."""
    query = select(contact).where(
        contact.c.channel == Channel.CALL.value,
        contact.c.state == ContactState.READY.value,
        contact.c.business_day <= upto,
    )
    return list(connection.execute(query.order_by(contact.c.business_day, contact.c.id)))


def calls_noted(connection: Connection, debtor_id: str, as_of: AsOf) -> dict[str, Any]:
    """What was noted of each call that stood on a list: day, outcome, cause, operator, by contact; the newest note holds."""
    query = (
        select(call.c.contact_id, call.c.effective_on, call.c.outcome, call.c.cause, act.c.actor)
        .join(act, act.c.id == call.c.act_id)
        .where(call.c.debtor_id == debtor_id, call.c.contact_id.is_not(None), seen(call, as_of))
        .order_by(call.c.act_id, call.c.id)
    )
    return {row.contact_id: row for row in connection.execute(query)}


def note_of_call(connection: Connection, contact_id: str) -> str | None:
    """The id of the note of a call that stood on a list, or None when nobody noted it."""
    return connection.scalar(select(call.c.id).where(call.c.contact_id == contact_id).limit(1))
