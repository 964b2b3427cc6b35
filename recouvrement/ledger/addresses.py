"""What is known of a debtor's addresses: which came back, which a person vouches for."""

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection, exists, insert, select

from recouvrement.domain.codes import Code
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.ladder import Channel
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.ledger.tables.replies import address_event

S = ContactState
TO_SEND_AGAIN = "to_send_again"


class Medium(Code):
    """The kinds of address a debtor has."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"


MEDIUM_OF = {
    Channel.EMAIL: Medium.EMAIL, Channel.SMS: Medium.PHONE, Channel.CALL: Medium.PHONE,
    Channel.LETTER: Medium.POST, Channel.REGISTERED_LETTER: Medium.POST,
}  # fmt: skip


def mark_bad(act: Act, contact_id: str, *, reason: str, on: date) -> None:
    """The address that a contact went to does not work; the channels of that medium are closed until it is corrected."""
    row = act.connection.execute(select(contact.c.debtor_id, contact.c.channel).where(contact.c.id == contact_id)).one()
    _judge(act, row.debtor_id, MEDIUM_OF[Channel(row.channel)], "bad", reason=reason, on=on, contact_id=contact_id)


def blame(ledger: Ledger, contact_id: str, *, reason: str) -> None:
    """Mark the address that refused a message, in an act of its own: a crash before it costs one more refusal."""
    with ledger.act("address_refused", "mail") as act:
        mark_bad(act, contact_id, reason=reason, on=act.day)


def mark_working(act: Act, debtor_id: str, medium: Medium, *, reason: str, on: date) -> None:
    """A person vouches for the addresses of a medium, whatever came back before."""
    _judge(act, debtor_id, medium, "works", reason=reason, on=on, contact_id=None)


def _judge(
    act: Act, debtor_id: str, medium: Medium, verdict: str, *, reason: str, on: date, contact_id: str | None
) -> None:
    row = {
        "debtor_id": debtor_id,
        "medium": medium.value,
        "verdict": verdict,
        "reason": reason,
        "contact_id": contact_id,
    }
    act.connection.execute(insert(address_event).values(id=act.new_id(), act_id=act.id, effective_on=on, **row))
    facts = {"medium": medium.value, "verdict": verdict, "reason": reason, "contact": contact_id, "on": on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.ADDRESS_JUDGED, facts)


def bad_addresses(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, frozenset[str]]:
    """The addresses of a range of debtors that came back and that nobody has vouched for since."""
    e = address_event
    query = (
        select(e.c.debtor_id, e.c.medium, e.c.verdict, contact.c.recipient)
        .outerjoin(contact, contact.c.id == e.c.contact_id)
        .where(e.c.debtor_id.between(first, last), seen(e, as_of))
        .order_by(e.c.act_id, e.c.id)
    )
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for debtor_id, medium, verdict, recipient in connection.execute(query):
        if verdict == "works":
            found[debtor_id, medium].clear()
        elif recipient:
            found[debtor_id, medium].add(recipient)
    bad: dict[str, frozenset[str]] = {}
    for (debtor_id, _), addresses in found.items():
        bad[debtor_id] = bad.get(debtor_id, frozenset()) | addresses
    return bad


def release(act: Act, debtor_id: str, medium: Medium) -> int:
    """Let the steps that failed or came back through a medium be planned again; how many contacts that concerns.

    A person has corrected the address: what bounced or was refused provably reached nobody, so that its step may be
    taken through the same channel once more. What left, or may have left, is untouched.
    """
    channels = [channel.value for channel, kind in MEDIUM_OF.items() if kind is medium and channel is not Channel.CALL]
    event = contact_event
    in_doubt = exists().where(event.c.contact_id == contact.c.id, event.c.state == S.UNKNOWN.value)
    nobody_reached = (contact.c.state == S.BOUNCED.value) | ((contact.c.state == S.FAILED.value) & ~in_doubt)
    query = select(contact.c.id, contact.c.state).where(
        contact.c.debtor_id == debtor_id, contact.c.channel.in_(channels), nobody_reached
    )
    rows = act.connection.execute(query.order_by(contact.c.id)).all()
    return sum(move(act, row.id, S.CANCELLED, fence=Fence((S(row.state),)), reason=TO_SEND_AGAIN) for row in rows)


def times_released(connection: Connection, debtor_id: str, channel: str) -> int:
    """How many contacts of a debtor through a channel were given up to be sent again: part of the next Message-ID."""
    query = (
        select(contact_event.c.contact_id)
        .join(contact, contact.c.id == contact_event.c.contact_id)
        .where(contact.c.debtor_id == debtor_id, contact.c.channel == channel, contact_event.c.reason == TO_SEND_AGAIN)
    )
    return len(connection.execute(query).all())
