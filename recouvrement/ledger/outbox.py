"""The outbox: contacts written once under their unique keys, and moved from state to state under a fence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from recouvrement.domain.contact_states import MOVES, VOID, ContactState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.parties import debtors_place
from recouvrement.ledger.tables.contacts import contact, contact_event, contact_item

S = ContactState


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to write: its key, its items (item, ladder cycle, step, open cents) and its frozen bytes."""

    creditor_id: str
    debtor_id: str
    business_day: date
    channel: str
    step: str
    template: str
    language: str
    policy_sha256: str
    message_id: str
    items: tuple[tuple[str, int, str, int], ...]
    frozen_sha256: str | None
    recipient: str | None
    state: ContactState
    run_id: str | None = None
    origin: str = "run"
    deadline_on: date | None = None
    post_by: date | None = None
    needs_approval: bool = False
    reason: str | None = None


class AlreadyPlanned(Exception):
    """The same item and step, or the same debtor, day and channel, has a contact already: nothing was written."""


def write_contact(act: Act, new: NewContact) -> str:
    """Write a contact, its items and its first event; raise AlreadyPlanned when a unique key says it exists.

    The keys are those of design.md §5: one contact per creditor, debtor, business day and channel, and one per open
    item, ladder cycle, step and channel, void ones apart.
    """
    contact_id = act.new_id()
    row: dict[str, object] = {
        name: getattr(new, name)
        for name in (
            "creditor_id", "debtor_id", "business_day", "channel", "step", "template", "language", "policy_sha256",
            "message_id", "frozen_sha256", "recipient", "run_id", "origin", "deadline_on", "post_by",
        )
    }  # fmt: skip
    row["place"] = debtors_place(act.connection, new.debtor_id, AsOf(new.business_day, act.id))
    items = [
        {"id": act.new_id(), "contact_id": contact_id, "open_item_id": item, "ladder_cycle": cycle, "step": step,
         "channel": new.channel, "open_cents": cents, "void": 0}
        for item, cycle, step, cents in new.items
    ]  # fmt: skip
    state = {"needs_approval": int(new.needs_approval), "void": 0, "state": new.state.value, "attempts": 0}
    if new.state is S.SENT:
        state["sent_at"] = act.at  # type: ignore[assignment]
    try:
        with act.connection.begin_nested():
            act.connection.execute(insert(contact).values(id=contact_id, act_id=act.id, **row, **state))
            if items:
                act.connection.execute(insert(contact_item), items)
    except IntegrityError as error:
        raise AlreadyPlanned from error
    _event(act, contact_id, new.state, new.reason, None, new.frozen_sha256)
    facts = {
        "contact": contact_id,
        "step": new.step,
        "channel": new.channel,
        "state": new.state.value,
        "day": new.business_day.isoformat(),
        "frozen": journal.refer(act, new.frozen_sha256) if new.frozen_sha256 else None,
        "items": [[item, step, cents] for item, _, step, cents in new.items],
        "policy": new.policy_sha256,
    }
    journal.append(act, new.debtor_id, JournalEvent.CONTACT_PLANNED, facts)
    return contact_id


def _event(
    act: Act, contact_id: str, state: ContactState, reason: str | None, owner: str | None, evidence: str | None = None
) -> None:
    row = {
        "id": act.new_id(),
        "act_id": act.id,
        "contact_id": contact_id,
        "at": act.at,
        "state": state.value,
        "reason": reason,
        "owner": owner,
        "evidence_sha256": evidence,
    }
    act.connection.execute(insert(contact_event).values(**row))


@dataclass(frozen=True, slots=True)
class Fence:
    """The state, and for claimed rows the owner, that a move expects to find."""

    states: tuple[ContactState, ...]
    owner: str | None = None


def move(
    act: Act, contact_id: str, to: ContactState, *, fence: Fence, reason: str | None = None, evidence: str | None = None,
    changes: Mapping[str, object] | None = None,
) -> bool:  # fmt: skip
    """Move a contact if it still stands where the fence says; return False, with nothing written, when it does not."""
    bad = [state for state in fence.states if to not in MOVES[state]]
    if bad:
        raise ValueError(f"no move from {bad[0]} to {to}")
    where = [contact.c.id == contact_id, contact.c.state.in_([s.value for s in fence.states])]
    if fence.owner is not None:
        where.append(contact.c.owner == fence.owner)
    values = {"state": to.value, "void": int(to in VOID), **(changes or {})}
    query = update(contact).where(*where).values(**values).returning(contact.c.debtor_id)
    debtor_id = act.connection.scalar(query)
    if debtor_id is None:
        return False
    if to in VOID:
        act.connection.execute(update(contact_item).where(contact_item.c.contact_id == contact_id).values(void=1))
    _event(act, contact_id, to, reason, fence.owner, evidence)
    facts = {
        "contact": contact_id,
        "state": to.value,
        "reason": reason,
        "evidence": journal.refer(act, evidence) if evidence else None,
    }
    journal.append(act, debtor_id, JournalEvent.CONTACT_MOVED, facts)
    return True


def contact_row(connection: Connection, contact_id: str) -> Any:
    """One contact, or None."""
    return connection.execute(select(contact).where(contact.c.id == contact_id)).one_or_none()


def items_of(connection: Connection, contact_ids: Sequence[str]) -> dict[str, list[Any]]:
    """The items of some contacts."""
    found: dict[str, list[Any]] = {contact_id: [] for contact_id in contact_ids}
    for start in range(0, len(contact_ids), 500):
        query = (
            select(contact_item)
            .where(contact_item.c.contact_id.in_(contact_ids[start : start + 500]))
            .order_by(contact_item.c.id)
        )
        for row in connection.execute(query):
            found[row.contact_id].append(row)
    return found


def known_message_ids(connection: Connection, message_ids: Sequence[str]) -> set[str]:
    """Which of these Message-IDs the outbox holds, void ones apart."""
    found: set[str] = set()
    for start in range(0, len(message_ids), 500):
        query = select(contact.c.message_id).where(
            contact.c.message_id.in_(message_ids[start : start + 500]), contact.c.void == 0
        )
        found |= set(connection.scalars(query))
    return found


def counts_by_state(connection: Connection, *, day: date | None = None) -> dict[str, int]:
    """How many contacts stand in each state, of one business day or of all."""
    query = select(contact.c.state)
    if day is not None:
        query = query.where(contact.c.business_day == day)
    found: dict[str, int] = {}
    for state in connection.scalars(query):
        found[state] = found.get(state, 0) + 1
    return dict(sorted(found.items()))


def lease_over(row: Any, moment: datetime) -> bool:
    """Say whether the lease of a claimed or sending row has run out."""
    return row.lease_until is None or row.lease_until <= moment
