"""Calls that wait to be made."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.tables.contacts import contact


def calls_waiting(connection: Connection, *, upto: date) -> list[Any]:
    """Contacts by telephone that nobody has noted yet, of a day or before it, oldest first."""
    query = select(contact).where(
        contact.c.channel == Channel.CALL.value,
        contact.c.state == ContactState.READY.value,
        contact.c.business_day <= upto,
    )
    return list(connection.execute(query.order_by(contact.c.business_day, contact.c.id)))
