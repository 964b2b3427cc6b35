"""What was done to items: the contacts that carried them, by the state each had reached as then known."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, select

from recouvrement.clock import PARIS
from recouvrement.domain.contact_states import LEFT, VOID, ContactState
from recouvrement.domain.escalation import BUDGET_DAYS
from recouvrement.domain.holidays_fr import next_working_day
from recouvrement.domain.ladder import Channel
from recouvrement.domain.policy import WITHDRAWAL
from recouvrement.domain.position import Notice, StepTaken
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.replies import unread_debtors
from recouvrement.ledger.tables.contacts import contact, contact_event, contact_item, postal_proof

STATES = {state.value: state for state in ContactState}
CHANNELS = {channel.value: channel for channel in Channel}
OUTCOMES = ("delivered", "refused", "unclaimed", "undeliverable")
# what counts for the gap between contacts: it left, or it may have
REACHED_OUT = LEFT | {ContactState.SENDING, ContactState.UNKNOWN}  # what counts for the budget: a bounce reached nobody
PERHAPS_LEFT = LEFT | {ContactState.BOUNCED, ContactState.SENDING, ContactState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Taken:
    """Steps and notices by item and ladder cycle, the last contact and unread replies by debtor."""

    steps: dict[tuple[str, int], list[StepTaken]] = field(default_factory=lambda: defaultdict(list))
    notices: dict[tuple[str, int], Notice] = field(default_factory=dict)
    last_contact: dict[str, date] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    lately: dict[str, dict[str, date]] = field(
        default_factory=lambda: defaultdict(dict)
    )  # contacts of the last 30 days
    marked: set[str] = field(default_factory=set)  # items that any contact ever carried

    def of(self, item_id: str, cycle: int) -> tuple[StepTaken, ...]:
        """The steps of an item in a ladder cycle, oldest first: a reopened item starts anew."""
        return tuple(self.steps.get((item_id, cycle), ()))


def read_taken(connection: Connection, first: str, last: str, as_of: AsOf) -> Taken:
    """Read the contacts of a range of debtors up to a day, as known up to an act.

    A step is dated by the day it left: a call by the day it was made, an approved letter by its batch.
    """
    found, month = Taken(), as_of.on - timedelta(days=BUDGET_DAYS)
    left = _days_left(connection, first, last, as_of)
    proofs = _proofs(connection, first, last, as_of)
    query = (
        select(
            contact.c.id, contact.c.debtor_id, contact.c.business_day, contact.c.deadline_on, contact_item.c.open_item_id,
            contact_item.c.step, contact_item.c.channel, contact_item.c.ladder_cycle, contact.c.origin, contact.c.post_by, _state(as_of),
        )
        .join(contact_item, contact_item.c.contact_id == contact.c.id)
        .where(contact.c.debtor_id.between(first, last), contact.c.business_day <= as_of.on, contact.c.act_id <= as_of.known_to)
        .order_by(contact.c.business_day, contact.c.id, contact_item.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    for contact_id, debtor_id, day, deadline, item_id, step, channel, cycle, origin, post_by, reached in rows:
        state = STATES[reached]
        if state in VOID:
            continue
        on = left.get(contact_id, day) if origin == "run" else day
        on = day if on > as_of.on else on
        found.marked.add(item_id)
        found.steps[item_id, cycle].append(StepTaken(step, on, CHANNELS[channel], state, contact_id))
        if on > month and state in REACHED_OUT:
            found.lately[debtor_id][contact_id] = on
        if state in PERHAPS_LEFT or (day == as_of.on and state is not ContactState.FAILED):
            newest = found.last_contact.get(debtor_id)
            if newest is None or on > newest:
                found.last_contact[debtor_id] = on
        if step == WITHDRAWAL:
            found.notices.pop((item_id, cycle), None)  # a notice that is taken back starts no hand-off
        if deadline is not None and state in LEFT:
            found.notices[item_id, cycle] = _notice(deadline, post_by, *proofs.get(contact_id, (None, None)))
    found.unread.update(unread_debtors(connection, first, last, as_of))
    return found


def _notice(deadline: date, post_by: date | None, posted: date | None, outcome: str | None) -> Notice:
    """A notice; posted later than its printed deadline allows for, it runs on by so many days: nobody is given fewer."""
    if posted is not None and post_by is not None and posted > post_by:
        deadline = next_working_day(deadline + (posted - post_by))
    return Notice(deadline, posted, outcome)


def _state(as_of: AsOf) -> ColumnElement[str]:
    """The newest state of a contact, as known up to an act."""
    e = contact_event.c
    query = select(e.state).where(e.contact_id == contact.c.id, e.act_id <= as_of.known_to)
    return query.order_by(e.act_id.desc(), e.id.desc()).limit(1).scalar_subquery()


def _days_left(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, date]:
    """The day on which each contact of a run left; only for these: moments are slow to read."""
    e = contact_event.c
    query = (
        select(e.contact_id, e.at)
        .join(contact, contact.c.id == e.contact_id)
        .where(
            contact.c.debtor_id.between(first, last),
            contact.c.origin == "run",
            e.act_id <= as_of.known_to,
            e.state == ContactState.SENT.value,
        )
        .order_by(e.act_id, e.id)
    )
    return {contact_id: at.astimezone(PARIS).date() for contact_id, at in connection.execute(query).all()}


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
