"""A policy file as written (TOML): its tables, and every fault in them."""

import re
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from recouvrement.domain.causes import Cause
from recouvrement.domain.completeness import Requirement
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.money import cents
from recouvrement.domain.policy import CausePath, MonthDay, Step
from recouvrement.domain.sending_days import in_a_pause
from recouvrement.policy.money_rules import AmountText, MatchingText, WriteOffText

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STAGES = (Stage.PREVENTION, Stage.AMICABLE, Stage.FIRM, Stage.FORMAL_NOTICE, Stage.HAND_OFF)
AUGUST: tuple[MonthDay, MonthDay] = ((8, 1), (8, 31))


def _currency(text: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError("a currency is three capital letters, like EUR")
    return text


CurrencyText = Annotated[str, AfterValidator(_currency)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepText(_Strict):
    """A `[[step]]` table as written."""

    code: str = Field(pattern=r"^[a-z][a-z_]{1,40}$")
    stage: Stage
    offset: int = Field(ge=-365, le=3650)
    gap: int = Field(default=3, ge=0)
    channels: tuple[Channel, ...]
    all_channels: bool = False
    template: str = ""
    until_due: bool = False
    minimum: AmountText = "0"
    needs_approval: bool = False
    needs_known_kind: bool = False
    claims_penalties: bool = False
    documents: tuple[Requirement, ...] = ()
    days_to_pay: int = Field(default=0, ge=0)
    days_to_pay_consumer: int = Field(default=0, ge=0)
    alone: bool = False

    @field_validator("stage", mode="before")
    @classmethod
    def _of_a_ladder(cls, stage: object) -> object:
        if stage not in STAGES:
            raise ValueError(f"{stage!r} is not one of {', '.join(STAGES)}")
        return stage

    def built(self) -> Step:
        """The step as the rules read it."""
        named = self.model_dump(exclude={"minimum", "template"})
        return Step(**named, template=self.template or self.code, minimum_cents=cents(self.minimum))


class CauseText(_Strict):
    """A `[cause.<code>]` table: what that cause of non-payment changes."""

    skip: tuple[str, ...] = ()
    earlier_days: int = Field(default=0, ge=0)
    answer_first: bool = False

    def built(self) -> CausePath:
        """The path as the rules read it."""
        return CausePath(frozenset(self.skip), self.earlier_days, self.answer_first)


class BucketsText(_Strict):
    """The `[buckets]` table."""

    due_soon: int = 7
    edges: tuple[int, ...] = (30, 60, 90, 180)

    @field_validator("edges")
    @classmethod
    def _rising(cls, edges: tuple[int, ...]) -> tuple[int, ...]:
        if not edges or any(a >= b for a, b in pairwise((0, *edges))):
            raise ValueError("bucket edges rise from above 0")
        return edges


class PolicyText(_Strict):
    """The whole file as written, what it extends merged in."""

    name: str
    contact_gap: int = Field(default=5, ge=1)
    contact_budget: int = Field(default=6, ge=1)
    feed_max_age: int = Field(default=2, ge=0)
    doubt_overdue_days: int = Field(default=10, ge=1)
    approval_days: int = Field(default=5, ge=1)
    posting_days: int = Field(default=1, ge=1)
    call_days: int = Field(default=5, ge=1)
    cause_days: int = Field(default=60, ge=1)
    promise_grace: int = Field(default=3, ge=0)
    broken_promise_sooner: int = Field(default=7, ge=0)
    accelerates_plans: bool = True
    transit_days: int = Field(default=3, ge=0)
    hand_off_wait: int = Field(default=3, ge=0)
    sending_weekdays: tuple[str, ...] = Field(default=WEEKDAYS[:5], min_length=1)
    sending_hours: str = "08:00-18:00"
    august_pause: bool = False
    closed_periods: tuple[str, ...] = ()
    after_principal_paid: str = Field(default="keep", pattern="^(waive|keep|claim)$")
    account_difference_limit: AmountText = "50.00"
    write_off: WriteOffText = WriteOffText()
    matching: MatchingText = MatchingText()
    buckets: BucketsText = BucketsText()
    minimum: dict[CurrencyText, AmountText] = {}
    cause: dict[Cause, CauseText] = {}
    step: tuple[StepText, ...]

    @property
    def hours(self) -> tuple[time, time]:
        """First and last sending hour; ValueError when they are not two hours in order."""
        found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", self.sending_hours)
        if not found or (pair := tuple(time.fromisoformat(part) for part in found.groups()))[0] >= pair[1]:
            raise ValueError(f"sending_hours: {self.sending_hours!r} is not like 08:00-18:00")
        return pair[0], pair[1]

    @property
    def periods(self) -> tuple[tuple[MonthDay, MonthDay], ...]:
        """The yearly pauses; ValueError for one that is not like 12-24..01-02."""
        return (*((AUGUST,) if self.august_pause else ()), *(_period(text) for text in self.closed_periods))

    def _faults_of_calendar(self) -> list[str]:
        try:
            _ = self.hours
            return ["closed_periods: no day of the year is left"] if _leaves_no_day(self.periods) else []
        except ValueError as error:
            return [str(error)]

    @model_validator(mode="after")
    def _whole(self) -> "PolicyText":
        faults = [*_faults(self.step), *_faults_of_causes(self.cause, self.step)]
        unknown = [day for day in self.sending_weekdays if day not in WEEKDAYS]
        if unknown:
            faults.append(f"sending_weekdays: unknown {', '.join(unknown)}; use {', '.join(WEEKDAYS)}")
        faults += self._faults_of_calendar()
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _leaves_no_day(periods: tuple[tuple[MonthDay, MonthDay], ...]) -> bool:
    """Whether the pauses cover the whole year."""
    return bool(periods) and all(in_a_pause(date(2024, 1, 1) + timedelta(days=n), periods) for n in range(366))


def _period(text: str) -> tuple[MonthDay, MonthDay]:
    """A pause such as 12-24..01-02, checked against a leap year."""
    try:
        first, last = (date.fromisoformat(f"2024-{part}") for part in text.split(".."))
    except ValueError:
        raise ValueError(f"closed_periods: {text!r} is not like 12-24..01-02") from None
    return (first.month, first.day), (last.month, last.day)


def _faults(steps: tuple[StepText, ...]) -> list[str]:
    found = [] if steps else ["a policy needs at least one step"]
    if len({step.code for step in steps}) != len(steps):
        found.append("two steps have the same code")
    for before, after in pairwise(steps):
        if after.offset <= before.offset:
            found.append(f"{after.code}: its offset must be greater than that of {before.code}")
        elif after.gap > after.offset - before.offset:
            found.append(f"{after.code}: its gap of {after.gap} days does not fit after {before.code}")
        if STAGES.index(after.stage) < STAGES.index(before.stage):
            found.append(f"{after.code}: its stage is lower than that of {before.code}")
    if Stage.HAND_OFF in (stages := [step.stage for step in steps]) and Stage.FORMAL_NOTICE not in stages:
        found.append("a hand-off comes after a formal notice, and there is none")
    return [*found, *(f"{step.code}: {fault}" for step in steps for fault in _faults_of_step(step))]


def _faults_of_step(step: StepText) -> list[str]:
    sentences = [
        (step.stage is not Stage.HAND_OFF and not step.channels, "no channel"),
        (step.stage is Stage.HAND_OFF and bool(step.channels), "a person hands a case off: it has no channel"),
        (step.until_due and step.offset > 0, "until_due with an offset after the due date"),
        (step.stage is Stage.PREVENTION and step.offset > 0, f"prevention comes before the due date (offset {step.offset})"),
        (len(set(step.channels)) != len(step.channels), "a channel stands twice"),
    ]  # fmt: skip
    if step.stage is Stage.FORMAL_NOTICE:
        sentences += [
            (not step.needs_approval, "a formal notice waits for a person (needs_approval)"),
            (not step.alone, "a formal notice demands only what stands at that step (alone)"),
            (step.days_to_pay < 1, "a formal notice leaves days to pay (C. civ. 1231)"),
            (step.channels != (Channel.REGISTERED_LETTER,), "a formal notice goes by registered letter"),
        ]
    return [fault for true, fault in sentences if true]


def _faults_of_causes(causes: dict[Cause, CauseText], steps: tuple[StepText, ...]) -> list[str]:
    """A cause may leave out amicable and firm steps only: a hand-off always comes after a formal notice."""
    stages = {step.code: step.stage for step in steps}
    found = []
    for cause, text in causes.items():
        for code in text.skip:
            if code not in stages:
                found.append(f"cause.{cause}: no step {code} to skip")
            elif stages[code] in {Stage.FORMAL_NOTICE, Stage.HAND_OFF}:
                found.append(f"cause.{cause}: {code} is never skipped")
    return found
