"""Acts of a person as tasks: each is one act of the ledger, or a refusal by code with nothing written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import Task

from recouvrement.day import acts
from recouvrement.day.house import open_house
from recouvrement.ledger import approvals
from recouvrement.ledger.book import Act
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


class _NothingSettled(Exception):
    """One of the messages does not wait: the act is rolled back whole."""


def _all_or_none(answers: dict[str, str]) -> None:
    if any(answers.values()):
        raise _NothingSettled


def _settle_all(contacts: list[str], day: date, operator: str, one: Callable[[Act, str], str | None]) -> dict[str, str]:
    """Settle all or none, in one act; the code of each refusal, empty where there was none."""
    house = open_house(Settings()).on_day(day)
    answers: dict[str, str] = {}
    try:
        with house.ledger.act("approve", operator) as act:
            answers = {contact: one(act, contact) or "" for contact in dict.fromkeys(contacts)}
            _all_or_none(answers)
    except _NothingSettled:
        return answers
    return answers


@house_task("approve")
def approve(contacts: list[str], day: date, operator: str, days: int) -> dict[str, str]:
    """Approve messages that wait, all or none."""
    return _settle_all(contacts, day, operator, lambda act, c: approvals.approve(act, c, on=day, days=days))


@house_task("refuse")
def refuse(contacts: list[str], day: date, operator: str, reason: str) -> dict[str, str]:
    """Refuse messages that wait, all or none."""
    return _settle_all(contacts, day, operator, lambda act, c: approvals.refuse(act, c, on=day, reason=reason))


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
