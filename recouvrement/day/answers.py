"""What a person makes of a message that came in: whose it is, and what it means; the fact is made in the same act."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from recouvrement.day.acts_base import Done, debtor_named, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.addresses import mark_bad
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import fetch
from recouvrement.ledger.facts import find_items, record_fact
from recouvrement.ledger.outbox import Fence, contact_row, move
from recouvrement.ledger.replies import attach_reply as attach
from recouvrement.ledger.replies import is_read, read_reply, reply_row

S = ContactState
LOOK_AT_BANK = timedelta(days=10)
SAYS_PAID = "says_already_paid"


class Meaning(StrEnum):
    """What a message turns out to say."""

    NOTHING = "nothing"
    PROMISE = "promise"
    DISPUTE = "dispute"
    PAID = "paid"
    HOLD = "hold"
    UNDELIVERED = "undelivered"  # a report in free words: our message came back


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says, with what that needs: a promise its amount (minor units) and day, a dispute its invoice,
    category and the day it is looked at again, a pause its last day and reason; `invoice` narrows it to one.
    """

    meaning: Meaning
    cents: int | None = None
    until: date | None = None
    invoice: str = ""
    category: str = ""
    reason: str = ""
    currency: str = "EUR"


def mark_read(house: House, reply_id: str, said: Said, *, on: date, operator: str) -> Done:
    """A person has read a message and says what it means; the id is that of the fact made, or of the message."""

    def write(act: Act) -> str:
        row = _to_read(act, reply_id, on)
        items = find_items(act.connection, house.creditor(), said.invoice) if said.invoice else []
        reason = _refusal(row, items, said, on)
        refuse_when(reason, reason)
        read_reply(act, row, meaning=said.meaning.value, on=on)
        return _made(act, row, items, said, on, operator) or reply_id

    return perform(house, "mark_read", operator, write)


def _to_read(act: Act, reply_id: str, on: date) -> Any:
    """A message that still asks to be read; Refusal otherwise."""
    row = reply_row(act.connection, reply_id, AsOf(on, act.id))
    refuse_when(row is None, "unknown_reply")
    refuse_when(not row.asks, "nothing_to_read")
    refuse_when(is_read(act.connection, reply_id), "already_read")
    return row


def _refusal(row: Any, items: list[Any], said: Said, on: date) -> str:
    if said.meaning is not Meaning.NOTHING and row.debtor_id is None:
        return "attach_it_first"
    if said.invoice and not items:
        return "unknown_invoice"
    if any(item.debtor_id != row.debtor_id for item in items):
        return "invoice_of_another_debtor"
    if said.until is not None and said.until < on:
        return "day_is_past"
    return _missing(row, items, said)


def _missing(row: Any, items: list[Any], said: Said) -> str:
    """What this meaning needs and does not have."""
    if said.cents is not None and said.cents <= 0:
        return "amount_not_positive"
    needed = {
        Meaning.PROMISE: (("amount", said.cents), ("until", said.until)),
        Meaning.DISPUTE: (("invoice", items), ("category", said.category), ("until", said.until)),
        Meaning.HOLD: (("until", said.until), ("reason", said.reason)),
        Meaning.UNDELIVERED: (("contact", row.contact_id),),
    }.get(said.meaning, ())
    return next((f"{name}_missing" for name, value in needed if not value), "")


def _made(act: Act, row: Any, items: list[Any], said: Said, on: date, operator: str) -> str:
    """Record what the message says; the id of the first fact, empty when there is none."""
    if said.meaning is Meaning.UNDELIVERED:
        return _came_back(act, row, on)
    values = _fact(said, on, operator)
    if values is None:
        return ""
    kind, fields = values
    targets = [item.id for item in items] or [None]
    made = [record_fact(act, kind, row.debtor_id, effective_on=on, open_item_id=one, **fields) for one in targets]
    return made[0]


def _fact(said: Said, on: date, operator: str) -> tuple[str, dict[str, object]] | None:
    match said.meaning:
        case Meaning.PROMISE:
            return "promise", {"amount_cents": said.cents, "currency": said.currency, "due_on": said.until}
        case Meaning.DISPUTE:
            wait = {"owner": operator, "wait_until": said.until}
            return "dispute", {"disputed_cents": said.cents, "category": said.category, **wait}
        case Meaning.PAID:
            until = said.until or on + LOOK_AT_BANK
            return "hold", {"until_on": until, "reason": SAYS_PAID, "owner": operator}
        case Meaning.HOLD:
            return "hold", {"until_on": said.until, "reason": said.reason, "owner": operator}
    return None


def _came_back(act: Act, row: Any, on: date) -> str:
    contact = contact_row(act.connection, row.contact_id)
    states = (S.SENT, S.DELIVERED, S.REPLIED)
    if contact.state in states:
        move(act, contact.id, S.BOUNCED, fence=Fence(states), reason="read_by_person", evidence=row.sha256)
        mark_bad(act, contact.id, reason="read_by_person", on=on)
    return str(contact.id)


def attach_reply(house: House, reply_id: str, debtor_code: str, *, on: date, operator: str) -> Done:
    """A person says whose message it is; it stops that debtor's ladder from the day it came, until it is read."""

    def write(act: Act) -> str:
        row = reply_row(act.connection, reply_id, AsOf(on, act.id))
        refuse_when(row is None, "unknown_reply")
        debtor_id = debtor_named(act, house, debtor_code)
        refuse_when(row.debtor_id == debtor_id, "attached_to_it_already")
        attach(act, row, debtor_id, on=on)
        return reply_id

    return perform(house, "attach_reply", operator, write)


def message_bytes(house: House, reply_id: str) -> bytes | None:
    """The exact bytes of a message, or None when there is no such message."""
    with house.ledger.reading() as connection:
        row = reply_row(connection, reply_id, AsOf.whenever(house.ledger.known_to()))
        return fetch(connection, row.sha256) if row is not None else None
