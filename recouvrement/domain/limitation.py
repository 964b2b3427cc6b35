"""When a claim becomes time-barred: a prudent date that alarms watch, and a later one that is only possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recouvrement.domain.months import add_months, add_years
from recouvrement.domain.provenance import Parameter, Provenance
from recouvrement.domain.refusals import Refused


class ClaimNature(StrEnum):
    """What decides the length of limitation."""

    COMMERCIAL = "commercial"
    CIVIL = "civil"
    CONSUMER = "consumer"
    CARRIAGE = "carriage"
    PUBLIC = "public"


class Effect(StrEnum):
    """What an event does to limitation."""

    INTERRUPTS = "interrupts"
    SUSPENDS = "suspends"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EventRule:
    """The effect of one kind of event, for private debtors and for public ones (loi 68-1250)."""

    key: str
    effect: Effect
    effect_public: Effect
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class LimitationLaw:
    """Periods in years by name, effects by kind of event."""

    periods: Mapping[str, Parameter]
    events: Mapping[str, EventRule]


@dataclass(frozen=True, slots=True)
class LimitationEvent:
    """Something that happened; `ended` closes an instance or a mediation, `void` is an interruption undone (2243)."""

    kind: str
    on: date
    ended: date | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class LimitationFacts:
    """The days known of a claim: performance completed, invoice, due date; and what happened since."""

    nature: ClaimNature
    completed: date | None = None
    invoiced: date | None = None
    due: date | None = None
    events: tuple[LimitationEvent, ...] = ()
    contract_years: int | None = None
    title_on: date | None = None


@dataclass(frozen=True, slots=True)
class LimitationSheet:
    """The last day to act by the prudent reading, the latest possible one, and every step of the reasoning."""

    start: date
    prudent_end: date
    possible_end: date
    reasons: tuple[str, ...]

    def months_left(self, on: date) -> int | None:
        """The alarm in force on a day: 12, 6 or 3 months, 0 when the prudent date has passed, None before any."""
        if on > self.prudent_end:
            return 0
        return next((m for m in (3, 6, 12) if on >= add_months(self.prudent_end, -m)), None)

    def is_passed(self, on: date) -> bool:
        """Whether the prudent date has passed: no contact and no hand-off, a person decides."""
        return on > self.prudent_end

    @property
    def alarms(self) -> tuple[date, date, date]:
        """The days on which 12, 6 and 3 months are left."""
        end = self.prudent_end
        return add_months(end, -12), add_months(end, -6), add_months(end, -3)


def limitation_sheet(facts: LimitationFacts, law: LimitationLaw) -> LimitationSheet | Refused:
    """The limitation of a claim.

    Counted from the earliest of completion, invoice and due date (prudent) and from the latest (possible): for services
    limitation starts at completion, yet a claim with a term does not prescribe before it (C. civ. 2233). Never extended
    over weekends (C. civ. 2228, 2229). Sources: C. com. L110-4, L133-6, C. civ. 2224, 2231-2232, 2238-2244, conso
    L218-2, loi 68-1250, CPCE L111-4.
    """
    days = [day for day in (facts.completed, facts.invoiced, facts.due) if day is not None]
    refused = _refused(facts, days, law)
    if refused is not None:
        return refused
    if facts.title_on is not None:
        period = law.periods["title"]
        end = add_years(facts.title_on, period.value)
        reason = f"title of {facts.title_on}: {period.value} years to enforce ({period.provenance.article})"
        return LimitationSheet(facts.title_on, end, end, (reason,))
    return _Count(facts, law, min(days), max(days)).sheet()


def _refused(facts: LimitationFacts, days: list[date], law: LimitationLaw) -> Refused | None:
    if not days and facts.title_on is None:
        return Refused(
            "no_start", "neither completion, invoice nor due date is known", "record when the work was completed"
        )
    unknown = [event.kind for event in facts.events if event.kind not in law.events]
    if unknown:
        known = ", ".join(sorted(law.events))
        return Refused("unknown_event", f"unknown limitation event {unknown[0]!r}", f"use one of {known}")
    if facts.contract_years is None:
        return None
    if facts.nature in {ClaimNature.CONSUMER, ClaimNature.PUBLIC} or not 1 <= facts.contract_years <= 10:
        return Refused(
            "contract_limitation",
            f"a clause of {facts.contract_years} years cannot hold for a {facts.nature} claim",
            "a clause may set 1 to 10 years, never against a consumer or a public body (C. civ. 2254)",
        )
    return None


class _Count:
    """Two ends moved by events in order of day, with the reasons."""

    def __init__(self, facts: LimitationFacts, law: LimitationLaw, start: date, late_start: date) -> None:
        self.facts, self.law, self.start = facts, law, start
        period = law.periods[facts.nature]
        self.years = facts.contract_years or period.value
        self.cap = add_years(start, law.periods["cap"].value)
        article = "clause, C. civ. 2254" if facts.contract_years else period.provenance.article
        self.prudent, self.possible = self._period_from(start), self._period_from(late_start)
        self.reasons = [f"{self.years} years from {start} ({article})"]
        if late_start != start:
            self.reasons.append(f"if counted from {late_start} instead: {self.possible} (possible only)")

    def _period_from(self, day: date) -> date:
        """The last day of a full period that starts on a day; for public debtors from the next 1 January."""
        if self.facts.nature is ClaimNature.PUBLIC:
            return date(day.year + self.years, 12, 31)
        return add_years(day, self.years)

    def sheet(self) -> LimitationSheet:
        """Play all events and cap the ends at twenty years (C. civ. 2232)."""
        for event in sorted(self.facts.events, key=lambda event: event.on):
            self._play(event)
        prudent = min(self.prudent, self.cap)
        return LimitationSheet(self.start, prudent, max(prudent, min(self.possible, self.cap)), tuple(self.reasons))

    def _play(self, event: LimitationEvent) -> None:
        rule = self.law.events[event.kind]
        effect = rule.effect_public if self.facts.nature is ClaimNature.PUBLIC else rule.effect
        said = f"{event.kind} of {event.on} ({rule.provenance.article})"
        if event.void:
            self.reasons.append(f"{said}: undone (C. civ. 2243), no effect")
        elif effect is Effect.NONE:
            self.reasons.append(f"{said}: does not interrupt")
        elif effect is Effect.POSSIBLE:
            self._interrupt_possible(event, said)
        elif effect is Effect.INTERRUPTS:
            self._interrupt(event, said)
        else:
            self._suspend(event, said)

    def _interrupt_possible(self, event: LimitationEvent, said: str) -> None:
        if event.on <= self.possible:
            self.possible = max(self.possible, self._period_from(event.on))
            self.reasons.append(f"{said}: may be an acknowledgment, possible end {self.possible}")
        else:
            self.reasons.append(f"{said}: came after the last possible day")

    def _interrupt(self, event: LimitationEvent, said: str) -> None:
        """A full new period; the end of an instance counts once it is known, its opening until then."""
        restart = event.ended or event.on
        if event.on <= self.possible:
            self.possible = max(self.possible, self._period_from(restart))
        if event.on > self.prudent:
            self.reasons.append(f"{said}: came after the prudent date {self.prudent}")
            return
        self.prudent = self._period_from(restart)
        self.reasons.append(f"{said}: a new period from {restart}, to {self.prudent}")

    def _suspend(self, event: LimitationEvent, said: str) -> None:
        """Time stands still; at least six months remain afterwards (C. civ. 2238). Counted once it has ended."""
        if event.ended is None or event.on > self.possible:
            self.reasons.append(f"{said}: not counted (still open, or too late)")
            return
        pause, floor = event.ended - event.on, add_months(event.ended, 6)
        self.possible = max(self.possible + pause, floor)
        if event.on <= self.prudent:
            self.prudent = max(self.prudent + pause, floor)
        self.reasons.append(f"{said}: suspended to {event.ended}, prudent end {self.prudent}")
