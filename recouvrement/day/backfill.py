"""Past days decided again: as they were known then, or with what is known now. Nothing is planned, nothing leaves."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from recouvrement.clock import PARIS
from recouvrement.day.contacts import Acting
from recouvrement.day.house import House, law_text, policy_text
from recouvrement.day.order import DayReport, Mapped, Mode, decide_day
from recouvrement.day.reporting import is_closed
from recouvrement.ledger.backfilled import complete_runs, contacts_that_went, facts_since, known_then
from recouvrement.ledger.runs import Run, complete_run, know_more, start_run

KIND = "backfill"


class Knowledge(StrEnum):
    """With what a past day is decided: what its own run knew, or all that is known now about it."""

    THEN = "then"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class Missed:
    """A message that should have gone on a day and did not; minor units."""

    debtor_id: str
    step: str
    channel: str
    cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class DayAgain:
    """A past day decided again: its counts as kept on its `run` row, and whether it was done now or found done."""

    on: date
    run_id: str
    detail: dict[str, Any]
    missed: tuple[Missed, ...]
    made: bool


@dataclass(slots=True)
class MissedSince:
    """A message missed on one or several days of a range: the first day, and how many."""

    first_on: date
    days: int
    missed: Missed = field(repr=False)


def not_past(house: House, first: date, last: date, *, today: date) -> str:
    """Why a range of days cannot be looked back on, as a code; empty when it can. A simulated house has its own today."""
    if first > last:
        return "start_after_end"
    return "end_in_the_future" if last > today and not house.simulated else ""


def past_working_days(house: House, start: date, end: date) -> list[date]:
    """The days from start to end, both included, on which the house was open."""
    days = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in days if not is_closed(house, day)]


def decide_again(
    house: House, on: date, knowledge: Knowledge, *, actor: str, mapped: Mapped = map, anew: bool = False
) -> DayAgain:
    """Decide a past day again and keep its decisions under a `run` of kind `backfill`.

    A day that was done with the same knowledge, policy and law is found, not done again (`anew` does it all the same),
    so that a range goes on where it was stopped. Takes no lock: it only reads facts and appends its own rows.
    """
    if not anew and (found := _done_before(house, on, knowledge)):
        return found
    known_to = _known(house, on, knowledge)
    run = start_run(
        house.ledger, kind=KIND, on=on, mode=knowledge.value, policy=policy_text(house), law=law_text(house), owner=actor,
        texts=house.policies.texts.values(),
    )  # fmt: skip
    run = know_more(run, known_to)
    report = DayReport(run.id, on, Mode.REHEARSE)
    missed = tuple(_missed(house, on, decide_day(house, run, report, mapped)))
    detail = _detail(report, run, knowledge, missed)
    with house.ledger.act("complete_run", actor) as act:
        complete_run(act, run.id, detail)
    return DayAgain(on, run.id, detail, missed, made=True)


def _known(house: House, on: date, knowledge: Knowledge) -> int:
    if knowledge is Knowledge.NOW:
        return house.ledger.known_to()
    with house.ledger.reading() as connection:
        return known_then(connection, on, until=datetime.combine(on + timedelta(days=1), time(), PARIS))


def _detail(report: DayReport, run: Run, knowledge: Knowledge, missed: tuple[Missed, ...]) -> dict[str, Any]:
    rows = [[m.debtor_id, m.step, m.channel, m.cents, m.currency] for m in missed]
    return {**report.as_json(), "mode": knowledge.value, "known_to": run.known_to, "missed": rows}


def _done_before(house: House, on: date, knowledge: Knowledge) -> DayAgain | None:
    with house.ledger.reading() as connection:
        found = complete_runs(connection, kind=KIND, on=on, mode=knowledge.value)
        if not found:
            return None
        row, detail = found[-1], json.loads(found[-1].detail)
        same_rules = (row.policy_sha256, row.law_sha256) == (policy_text(house)[0], law_text(house)[0])
        stale = knowledge is Knowledge.NOW and facts_since(connection, int(detail["known_to"]))
    if not same_rules or stale:
        return None
    if knowledge is Knowledge.THEN and int(detail["known_to"]) != _known(house, on, knowledge):
        return None
    return DayAgain(on, row.id, detail, tuple(Missed(*fields) for fields in detail["missed"]), made=False)


def _missed(house: House, on: date, acting: Acting) -> Iterator[Missed]:
    """Messages that these decisions call for and that did not leave on that day."""
    with house.ledger.reading() as connection:
        went = contacts_that_went(connection, on)
    for _, decision in acting:
        contact = decision.contact
        if contact is not None and contact.channel.value not in went.get(decision.debtor_id, ()):
            cents = sum(cents for _, _, cents in contact.items)
            yield Missed(decision.debtor_id, contact.step, contact.channel.value, cents, contact.currency)


def missed_in(days: Iterable[DayAgain]) -> list[MissedSince]:
    """What was missed over a range, each message once with its first day; the most money first."""
    found: dict[tuple[str, str, str], MissedSince] = {}
    for day in sorted(days, key=lambda d: d.on):
        for missed in day.missed:
            key = (missed.debtor_id, missed.step, missed.channel)
            if key in found:
                found[key].days += 1
            else:
                found[key] = MissedSince(day.on, 1, missed)
    return sorted(found.values(), key=lambda m: (-m.missed.cents, m.first_on, m.missed.debtor_id))


def backfill_days(house: House, start: date, end: date, knowledge: Knowledge, *, actor: str) -> Iterator[DayAgain]:
    """Decide every working day of a range again, in order; days already done are found."""
    for day in past_working_days(house, start, end):
        yield decide_again(house, day, knowledge, actor=actor)
