"""What was done to items: the contacts that carried them, by the state each had reached as then known."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from recouvrement.domain.contact_states import LEFT, VOID, ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.position import Notice, StepTaken
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.tables.contacts import contact, contact_event, contact_item, postal_proof
from recouvrement.ledger.tables.facts import fact_event

OUTCOMES = ("delivered", "refused", "unclaimed", "undeliverable")


@dataclass(frozen=True, slots=True)
class Taken:
    """Steps by item, notices by item, the last contact and unread replies by debtor."""

    steps: dict[str, list[StepTaken]] = field(default_factory=lambda: defaultdict(list))
    notices: dict[str, Notice] = field(default_factory=dict)
    last_contact: dict[str, date] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    @property
    def marked(self) -> dict[str, list[StepTaken]]:
        """Items that any contact ever carried."""
        return self.steps

    def of(self, item_id: str) -> tuple[StepTaken, ...]:
        """The steps of an item, oldest first."""
        return tuple(self.steps.get(item_id, ()))


def read_taken(connection: Connection, first: str, last: str, as_of: AsOf) -> Taken:
    """Read the contacts of a range of debtors up to a day, as known up to an act."""
    found = Taken()
    states = _states(connection, first, last, as_of)
    proofs = _proofs(connection, first, last, as_of)
    query = (
        select(
            contact.c.id, contact.c.debtor_id, contact.c.business_day, contact.c.deadline_on,
            contact_item.c.open_item_id, contact_item.c.step, contact_item.c.channel,
        )
        .join(contact_item, contact_item.c.contact_id == contact.c.id)
        .where(contact.c.debtor_id.between(first, last), contact.c.business_day <= as_of.on, contact.c.act_id <= as_of.known_to)
        .order_by(contact.c.business_day, contact.c.id, contact_item.c.id)
    )  # fmt: skip
    for contact_id, debtor_id, day, deadline, item_id, step, channel in connection.execute(query):
        state = states[contact_id]
        if state in VOID:
            continue
        found.steps[item_id].append(StepTaken(step, day, Channel(channel), state, contact_id))
        if state in LEFT or state is ContactState.BOUNCED:
            found.last_contact[debtor_id] = day
        if state is ContactState.REPLIED:
            found.unread.add(debtor_id)
        if deadline is not None and state in LEFT:
            found.notices[item_id] = Notice(deadline, *proofs.get(contact_id, (None, None)))
    _settle_replies(connection, found, as_of)
    return found


def _states(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, ContactState]:
    query = (
        select(contact_event.c.contact_id, contact_event.c.state)
        .join(contact, contact.c.id == contact_event.c.contact_id)
        .where(contact.c.debtor_id.between(first, last), contact_event.c.act_id <= as_of.known_to)
        .order_by(contact_event.c.act_id, contact_event.c.id)
    )
    return {contact_id: ContactState(state) for contact_id, state in connection.execute(query)}


def _proofs(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, tuple[date | None, str | None]]:
    query = (
        select(postal_proof.c.contact_id, postal_proof.c.kind, postal_proof.c.on)
        .join(contact, contact.c.id == postal_proof.c.contact_id)
        .where(
            contact.c.debtor_id.between(first, last),
            postal_proof.c.act_id <= as_of.known_to,
            postal_proof.c.on <= as_of.on,
        )
        .order_by(postal_proof.c.act_id, postal_proof.c.id)
    )
    found: dict[str, tuple[date | None, str | None]] = {}
    for contact_id, kind, on in connection.execute(query):
        posted, outcome = found.get(contact_id, (None, None))
        found[contact_id] = (on, outcome) if kind == "deposited" else (posted, kind if kind in OUTCOMES else outcome)
    return found


def _settle_replies(connection: Connection, found: Taken, as_of: AsOf) -> None:
    """A reply that a person has read no longer blocks; reading it is a fact event on the debtor."""
    if not found.unread:
        return
    query = select(fact_event.c.fact_id).where(
        fact_event.c.fact_kind == "reply", fact_event.c.event == "read", fact_event.c.act_id <= as_of.known_to
    )
    read = set(connection.scalars(query))
    replied = {
        debtor_id
        for debtor_id, contact_id, state in connection.execute(
            select(contact.c.debtor_id, contact_event.c.contact_id, contact_event.c.state)
            .join(contact_event, contact_event.c.contact_id == contact.c.id)
            .where(
                contact.c.debtor_id.in_(found.unread),
                contact_event.c.state == "replied",
                contact_event.c.act_id <= as_of.known_to,
            )
        )
        if contact_id not in read
    }
    found.unread.intersection_update(replied)
