"""Acts of a person as tasks: each is one act of the ledger, or a refusal by code with nothing written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import Task

from recouvrement.day import acts
from recouvrement.day.approving import settle_all
from recouvrement.day.house import open_house
from recouvrement.settings import Settings
from tasks.guard import house_task


@dataclass(frozen=True, slots=True)
class Outcome:
    """The id that an act made, or the code of its refusal."""

    id: str = ""
    refused: str = ""


def _outcome(done: acts.Done) -> Outcome:
    return Outcome(done.id, done.refused)


def act_task(name: str, do: Callable[..., acts.Done]) -> Task[..., Outcome]:
    """A task that does one act on a day: `do(house, …, on=day)`; its arguments are those of the act after the house."""

    @house_task(name)
    def task(day: date, *args: Any, **given: Any) -> Outcome:
        return _outcome(do(open_house(Settings()).on_day(day), *args, on=day, **given))

    return task


@house_task("approve")
def approve(contacts: list[str], day: date, operator: str) -> dict[str, str]:
    """Approve messages that wait, all or none; the code of each refusal, empty where there was none."""
    return settle_all(open_house(Settings()).on_day(day), contacts, on=day, operator=operator)


@house_task("refuse")
def refuse(contacts: list[str], day: date, operator: str, reason: str) -> dict[str, str]:
    """Refuse messages that wait, all or none."""
    return settle_all(open_house(Settings()).on_day(day), contacts, on=day, operator=operator, reason=reason)


@house_task("promise")
def promise(subject: str, cents: int, due: date, day: date, operator: str) -> Outcome:
    """Record a promise; minor units."""
    house = open_house(Settings()).on_day(day)
    return _outcome(acts.record_promise(house, subject, cents=cents, due_on=due, on=day, operator=operator))


@house_task("dispute")
def dispute(invoice: str, category: str, until: date, cents: int | None, day: date, operator: str) -> Outcome:
    """Record a dispute over an invoice, in whole or for some minor units."""
    house = open_house(Settings()).on_day(day)
    found = acts.record_dispute(
        house, invoice, category=category, wait_until=until, cents=cents, on=day, operator=operator
    )
    return _outcome(found)


@house_task("hold")
def hold(subject: str, until: date, reason: str, day: date, operator: str) -> Outcome:
    """Pause a debtor or an invoice."""
    house = open_house(Settings()).on_day(day)
    return _outcome(acts.record_hold(house, subject, until=until, reason=reason, on=day, operator=operator))


@house_task("end")
def end(kind: str, subject: str, event: str, reason: str, day: date, operator: str) -> Outcome:
    """End the newest open fact of a kind about a debtor or an invoice."""
    house = open_house(Settings()).on_day(day)
    found = acts.end_fact(house, kind, subject, event=event, reason=reason, on=day, operator=operator)
    return _outcome(found)


@house_task("settle")
def settle(contact: str, day: date, operator: str, *, sent: bool) -> Outcome:
    """Say whether a message of unknown fate left."""
    house = open_house(Settings()).on_day(day)
    return _outcome(acts.settle_unknown(house, contact, sent=sent, operator=operator))
