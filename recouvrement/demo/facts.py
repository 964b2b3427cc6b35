"""What the ledger and the mailbox hold after the story, in the form in which expectations ask for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from recouvrement.channels.maildir import messages
from recouvrement.day.house import House
from recouvrement.demo.play import mail_folder
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.item_details import applied_to, contacts_of_debtor, item_details, items_of_contacts
from recouvrement.ledger.parties import debtor_ids
from recouvrement.ledger.promises import ended_promises


@dataclass(frozen=True, slots=True)
class Carried:
    """One invoice in one contact that left: its step, and its open cents as the message said and as the ledger knows."""

    number: str
    step: str
    cents: int
    open_then: int


@dataclass(frozen=True, slots=True)
class Left:
    """A contact that left the house (or a call that was made)."""

    debtor: str
    on: date
    step: str
    channel: str
    template: str
    message_id: str
    items: tuple[Carried, ...]


def contacts_left(house: House, codes: Iterable[str]) -> list[Left]:
    """Every contact that left to some debtors, by day."""
    known_to = house.ledger.known_to()
    with house.ledger.reading() as connection:
        ids = debtor_ids(connection, house.creditor(), list(codes))
        found = [left for code, debtor_id in ids.items() for left in _of_debtor(connection, code, debtor_id, known_to)]
    return sorted(found, key=lambda one: (one.on, one.debtor))


def _of_debtor(connection: Any, code: str, debtor_id: str, known_to: int) -> Iterator[Left]:
    carried = items_of_contacts(connection, debtor_id)
    for row in contacts_of_debtor(connection, debtor_id, AsOf.whenever(known_to)):
        if ContactState(row.state) not in LEFT:
            continue
        as_of = AsOf(row.business_day, known_to)
        ids = [item.open_item_id for item in carried[row.id]]
        details, applied = item_details(connection, ids, as_of), applied_to(connection, ids, as_of)
        items = tuple(
            Carried(
                details[i.open_item_id].number, i.step, i.open_cents,
                details[i.open_item_id].amount_cents - sum(a.amount_cents for a in applied[i.open_item_id]),
            )
            for i in carried[row.id]
        )  # fmt: skip
        yield Left(code, row.business_day, row.step, row.channel, row.template, row.message_id, items)


def promises_ended(house: House, code: str) -> list[str]:
    """How the promises of a debtor ended: `kept` or `broken`, oldest first."""
    with house.ledger.reading() as connection:
        debtor_id = debtor_ids(connection, house.creditor(), [code])[code]
        return [event for _, event in ended_promises(connection, debtor_id, AsOf.whenever(house.ledger.known_to()))]


def mailbox(house: House) -> list[EmailMessage]:
    """The e-mails that arrived, by their date."""
    found = [message_from_bytes(octets, policy=policy.default) for _, octets, _ in messages(mail_folder(house))]
    return sorted(found, key=lambda mail: mail["Date"].datetime)


def words_of(mail: EmailMessage) -> str:
    """The plain text of an e-mail, its non-breaking spaces made plain."""
    body = mail.get_body(("plain",))
    if body is None:
        return ""
    return str(body.get_content()).replace("\u202f", " ").replace("\u00a0", " ")
