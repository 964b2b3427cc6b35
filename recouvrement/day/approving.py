"""A person's answer to messages that wait: each approved for the days of its own policy, or refused with a reason."""

from collections.abc import Sequence
from datetime import date

from recouvrement.day.acts_base import Refusal, perform
from recouvrement.day.house import House
from recouvrement.ledger import approvals
from recouvrement.ledger.book import Act
from recouvrement.ledger.outbox import contact_row

Answers = dict[str, str]


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
