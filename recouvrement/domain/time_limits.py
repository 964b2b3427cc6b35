"""Procedural time limits: the raw end, the end after weekends and holidays, and the one a careful person keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recouvrement.domain.holidays_fr import Region, next_working_day
from recouvrement.domain.months import add_months
from recouvrement.domain.provenance import Parameter, in_force
from recouvrement.domain.refusals import Refused


class Side(StrEnum):
    """Who is bound: the creditor must act in time, or waits for the debtor's time to run out."""

    MUST_ACT = "must_act"
    MUST_WAIT = "must_wait"


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A named limit: how long, from which event, for whom; its validity is read on the day it starts."""

    length: Parameter
    start: str
    side: Side

    @property
    def key(self) -> str:
        """The name of the limit."""
        return self.length.key


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One limit computed: `raw_end` by the calendar, `extended_end` after CPC 642, `keep` the prudent one of both.

    `keep` is the last day to act for a creditor (never the extension), or the last day to wait before acting.
    """

    rule: LimitRule
    start: date
    raw_end: date
    extended_end: date

    @property
    def keep(self) -> date:
        """The day to keep in the diary."""
        return self.raw_end if self.rule.side is Side.MUST_ACT else self.extended_end

    @property
    def first_day_after(self) -> date:
        """The first day on which the limit has run out for sure."""
        return self.extended_end + timedelta(days=1)


def end_of_limit(start: date, length: int, unit: str) -> date:
    """The day a limit ends by the calendar: the day of the act is not counted (CPC 640, 641).

    >>> end_of_limit(date(2026, 11, 30), 3, "months"), end_of_limit(date(2026, 11, 14), 15, "days")
    (datetime.date(2027, 2, 28), datetime.date(2026, 11, 29))
    """
    if unit == "days":
        return start + timedelta(days=length)
    return add_months(start, length * (12 if unit == "years" else 1))


def time_limit(
    rules: Sequence[LimitRule],
    key: str,
    start: date,
    *,
    extra_months: int = 0,
    region: str = Region.METROPOLE,
) -> TimeLimit | Refused:
    """Compute a named limit from the day it starts; `extra_months` for parties overseas or abroad (CPC 643)."""
    named = [rule for rule in rules if rule.key == key]
    valid = in_force([rule.length for rule in named], start)
    if valid is None:
        known = ", ".join(sorted({rule.key for rule in rules}))
        return Refused("unknown_time_limit", f"no limit {key!r} is in force on {start}", f"known limits: {known}")
    rule = next(rule for rule in named if rule.length is valid)
    raw = add_months(end_of_limit(start, valid.value, valid.unit), extra_months)
    return TimeLimit(rule, start, raw, next_working_day(raw, region))


def non_contestation_day(rules: Sequence[LimitRule], served: date, *, region: str = Region.METROPOLE) -> date | Refused:
    """The first day for a record of non-contestation: eight days after the debtor's month (CPCE L126-3)."""
    reply = time_limit(rules, "l126_reply", served, region=region)
    if isinstance(reply, Refused):
        return reply
    wait = time_limit(rules, "l126_wait", reply.keep, region=region)
    return wait if isinstance(wait, Refused) else wait.raw_end
