"""A person's answer to messages that wait: each approved for the days of its own policy, or refused with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from recouvrement.day.acts_base import Refusal, perform
from recouvrement.day.house import House
from recouvrement.ledger import approvals
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import fetch
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.outbox import contact_row, items_of
from recouvrement.ledger.parties import debtor_rows

Answers = dict[str, str]
ENDS = {"email": "eml"}


@dataclass(frozen=True, slots=True)
class ToApprove:
    """A message that waits: its row, the code of its debtor, what it asks for in cents and in which currency."""

    row: Any
    debtor: str
    cents: int
    currency: str


def to_approve(house: House) -> list[ToApprove]:
    """The messages that wait for a person's approval, oldest first."""
    as_of = AsOf.whenever(house.ledger.known_to())
    with house.ledger.reading() as connection:
        rows = approvals.waiting(connection)
        carried = items_of(connection, [row.id for row in rows])
        debtors = debtor_rows(connection, sorted({row.debtor_id for row in rows}), as_of)
        details = item_details(connection, [i.open_item_id for some in carried.values() for i in some], as_of)
    return [
        ToApprove(
            row, debtors[row.debtor_id].code, sum(i.open_cents for i in carried[row.id]),
            details[carried[row.id][0].open_item_id].currency if carried[row.id] else "EUR",
        )
        for row in rows
    ]  # fmt: skip


def save_frozen(house: House, waiting: Sequence[ToApprove], folder: Path) -> list[Path]:
    """Write the very bytes that would leave, one file a message, named by its id: what an approval is for."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with house.ledger.reading() as connection:
        for one in waiting:
            data = fetch(connection, one.row.frozen_sha256)
            paths.append(
                folder / f"{one.row.id}.{'pdf' if data.startswith(b'%PDF') else ENDS.get(one.row.channel, 'txt')}"
            )
            paths[-1].write_bytes(data)
    return paths


def settle_each(
    house: House, contacts: Sequence[str], *, on: date, operator: str, reason: str | None = None
) -> Answers:
    """Approve messages one by one, or refuse them when there is a reason; by message the code of its refusal, or nothing.

    Each is an act of its own: one that cannot be settled leaves no trace and hinders no other.
    """
    answers: Answers = {}
    for contact_id in dict.fromkeys(contacts):
        answers |= settle_all(house, [contact_id], on=on, operator=operator, reason=reason)
    return answers


def settle_all(house: House, contacts: Sequence[str], *, on: date, operator: str, reason: str | None = None) -> Answers:
    """The same in one act, all or none: when one is refused nothing is written of any."""
    answers: Answers = {}

    def write(act: Act) -> str:
        answers.update({one: _settle(house, act, one, on=on, reason=reason) or "" for one in dict.fromkeys(contacts)})
        if wrong := sorted(filter(None, answers.values())):
            raise Refusal(wrong[0])
        return ""

    perform(house, "approve" if reason is None else "refuse", operator, write)
    return answers


def _settle(house: House, act: Act, contact_id: str, *, on: date, reason: str | None) -> str | None:
    if reason is not None:
        return approvals.refuse(act, contact_id, on=on, reason=reason)
    row = contact_row(act.connection, contact_id)
    if row is None:
        return "not_waiting"
    days = house.policies.of_sha256(row.policy_sha256).approval_days
    return approvals.approve(act, contact_id, on=on, days=days)
