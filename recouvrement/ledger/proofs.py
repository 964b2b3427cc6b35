"""What came back about a contact: its events, and what the post proved."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.addresses import mark_bad
from recouvrement.ledger.as_of import EVERYTHING, AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.outbox import Fence, contact_row, move
from recouvrement.ledger.tables.contacts import contact, contact_event, postal_proof

RETURNED_FROM = (ContactState.SENT, ContactState.DELIVERED, ContactState.REPLIED)


def events_of(connection: Connection, contact_id: str, as_of: AsOf = EVERYTHING) -> list[Any]:
    """The events of a contact, oldest first; what is known of a contact is cut by act, whatever its day."""
    query = select(contact_event).where(
        contact_event.c.contact_id == contact_id, contact_event.c.act_id <= as_of.known_to
    )
    return list(connection.execute(query.order_by(contact_event.c.act_id, contact_event.c.id)))


def proofs_of(connection: Connection, contact_id: str, as_of: AsOf) -> list[Any]:
    """The postal proofs of a contact up to a day."""
    p = postal_proof
    query = select(p).where(p.c.contact_id == contact_id, p.c.on <= as_of.on, p.c.act_id <= as_of.known_to)
    return list(connection.execute(query.order_by(p.c.act_id, p.c.id)))


def record_proof(
    act: Act,
    contact_id: str,
    *,
    kind: str,
    on: date,
    registered_number: str | None = None,
    document_id: str | None = None,
) -> str | None:
    """Record a posting or its outcome for a contact; return why not, or None. The same proof again changes nothing.

    A letter that could not be delivered to its address reached nobody: its step is not taken, its address is bad.
    """
    row = contact_row(act.connection, contact_id)
    if row is None:
        return "unknown_contact"
    p = postal_proof
    if act.connection.scalar(select(p.c.id).where(p.c.contact_id == contact_id, p.c.kind == kind, p.c.on == on)):
        return None
    values = {
        "contact_id": contact_id,
        "kind": kind,
        "on": on,
        "registered_number": registered_number,
        "document_id": document_id,
    }
    act.connection.execute(insert(p).values(id=act.new_id(), act_id=act.id, **values))
    journal.append(
        act, row.debtor_id, JournalEvent.POSTAL_PROOF, {"contact": contact_id, "kind": kind, "on": on.isoformat()}
    )
    if kind == "undeliverable" and row.state in RETURNED_FROM:
        move(act, contact_id, ContactState.BOUNCED, fence=Fence(RETURNED_FROM), reason=kind)
        mark_bad(act, contact_id, reason=kind, on=on)
    return None


def proofs_recorded(connection: Connection, contact_ids: Sequence[str]) -> set[tuple[str, str, date]]:
    """What is recorded of some contacts: contact, kind, day."""
    p = postal_proof
    query = select(p.c.contact_id, p.c.kind, p.c.on).where(p.c.contact_id.in_(contact_ids))
    return {(row.contact_id, row.kind, row.on) for row in connection.execute(query)}


def registered_numbers(connection: Connection) -> dict[str, str]:
    """Every registered number that was recorded, with its contact."""
    p = postal_proof
    query = select(p.c.registered_number, p.c.contact_id).where(p.c.registered_number.is_not(None))
    return {number: contact_id for number, contact_id in connection.execute(query)}


def handed_to_service(connection: Connection, prefix: str) -> list[Any]:
    """Contacts (id, state, reason) that left, or may have left, under a reason that begins so: the service's own id follows."""
    states = (*RETURNED_FROM, ContactState.UNKNOWN)
    e = contact_event
    query = (
        select(contact.c.id, contact.c.state, e.c.reason)
        .join(e, e.c.contact_id == contact.c.id)
        .where(e.c.reason.startswith(prefix), contact.c.state.in_([state.value for state in states]))
        .order_by(contact.c.id)
    )
    return list(connection.execute(query))
