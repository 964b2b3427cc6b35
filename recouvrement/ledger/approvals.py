"""Approvals: a person agrees to exact bytes and an exact set of open principals; both are checked again at the claim."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.domain.journal import canonical
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.outbox import Fence, contact_row, items_of, move
from recouvrement.ledger.tables.contacts import approval, contact

S = ContactState


TOO_LATE = "posting_day_passed"


def is_too_late(row: Any, on: date) -> bool:
    """Whether a contact can no longer be posted in time for the deadline printed in it."""
    return row.post_by is not None and on > row.post_by


def principal_set(items: list[Any]) -> str:
    """The canonical text of what is demanded: items and their open principals."""
    return canonical(sorted([item.open_item_id, item.open_cents] for item in items))


def waiting(connection: Connection) -> list[Any]:
    """Contacts that wait for a person, oldest first."""
    query = select(contact).where(contact.c.state == S.PLANNED.value, contact.c.needs_approval == 1)
    return list(connection.execute(query.order_by(contact.c.business_day, contact.c.id)))


def approve(act: Act, contact_id: str, *, on: date, days: int) -> str | None:
    """Approve a planned contact for `days` working days; return why not, or None when done.

    A notice whose last day to be posted has passed is void instead: its printed deadline would leave too few days. The
    next live run freezes it anew.
    """
    row = contact_row(act.connection, contact_id)
    if row is None or row.state != S.PLANNED.value:
        return "not_waiting"
    if is_too_late(row, on):
        move(act, contact_id, S.EXPIRED, fence=Fence((S.PLANNED,)), reason=TOO_LATE)
        return TOO_LATE
    items = items_of(act.connection, [contact_id])[contact_id]
    values = {
        "id": act.new_id(), "act_id": act.id, "contact_id": contact_id, "verdict": "approved", "operator": act.actor,
        "bytes_sha256": row.frozen_sha256, "principal_set": principal_set(items), "expires_on": add_working_days(on, days),
    }  # fmt: skip
    act.connection.execute(insert(approval).values(**values))
    journal.append(
        act,
        row.debtor_id,
        JournalEvent.CONTACT_APPROVED,
        {"contact": contact_id, "bytes": journal.refer(act, row.frozen_sha256)},
    )
    move(act, contact_id, S.APPROVED, fence=Fence((S.PLANNED,)))
    move(act, contact_id, S.READY, fence=Fence((S.APPROVED,)))
    return None


def refuse(act: Act, contact_id: str, *, on: date, reason: str) -> str | None:
    """Refuse a planned contact with a reason code; the step may be planned again another day."""
    row = contact_row(act.connection, contact_id)
    if row is None or row.state != S.PLANNED.value:
        return "not_waiting"
    items = items_of(act.connection, [contact_id])[contact_id]
    values = {
        "id": act.new_id(), "act_id": act.id, "contact_id": contact_id, "verdict": "refused", "operator": act.actor,
        "bytes_sha256": row.frozen_sha256, "principal_set": principal_set(items), "expires_on": on, "reason": reason,
    }  # fmt: skip
    act.connection.execute(insert(approval).values(**values))
    journal.append(act, row.debtor_id, JournalEvent.CONTACT_REFUSED, {"contact": contact_id, "reason": reason})
    move(act, contact_id, S.REFUSED, fence=Fence((S.PLANNED,)), reason=reason)
    return None


def standing_approval(connection: Connection, row: Any, items: list[Any], on: date) -> bool:
    """Say whether a contact has an approval of these very bytes and principals that has not lapsed."""
    query = select(approval).where(approval.c.contact_id == row.id).order_by(approval.c.act_id.desc()).limit(1)
    found = connection.execute(query).one_or_none()
    return (
        found is not None
        and found.verdict == "approved"
        and found.bytes_sha256 == row.frozen_sha256
        and found.principal_set == principal_set(items)
        and on <= found.expires_on
        and not is_too_late(row, on)
    )
