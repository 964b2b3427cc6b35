"""Promises, disputes, pauses, approvals and messages of unknown fate as tasks."""

from datetime import date

from recouvrement.day import acts
from recouvrement.day.acts_base import Done
from recouvrement.day.approving import settle_all
from tasks.acting import act_task
from tasks.guard import house_task
from tasks.opening import house_on

promise = act_task("promise", acts.record_promise)
dispute = act_task("dispute", acts.record_dispute)
hold = act_task("hold", acts.record_hold)
end = act_task("end", acts.end_fact)


@house_task("approve")
def approve(contacts: list[str], *, on: date, operator: str) -> dict[str, str]:
    """Approve messages that wait, all or none; the code of each refusal, empty where there was none."""
    return settle_all(house_on(on), contacts, on=on, operator=operator)


@house_task("refuse")
def refuse(contacts: list[str], *, reason: str, on: date, operator: str) -> dict[str, str]:
    """Refuse messages that wait, all or none."""
    return settle_all(house_on(on), contacts, on=on, operator=operator, reason=reason)


@house_task("settle")
def settle(contact: str, *, sent: bool, on: date, operator: str) -> Done:
    """Say whether a message of unknown fate left."""
    return acts.settle_unknown(house_on(on), contact, sent=sent, operator=operator)
