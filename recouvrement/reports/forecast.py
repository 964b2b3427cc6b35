"""Cash that may come in by week, from the habits of those who owe it: an expectation, not a commitment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from recouvrement.domain.money import rounded_half_up
from recouvrement.reports.habits import Habits

WEEKS = 13
SOON = 30  # days of "expected recovery"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of an invoice without its disputed part; `promised_on` is the day of a running promise."""

    debtor: str
    due_on: date
    cents: int
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Minor units expected by week (first day, cents), after the last week, and those of which history says nothing."""

    weeks: tuple[tuple[date, int], ...]
    later: int
    silent: int
    soon: dict[str, int] = field(default_factory=dict)  # by debtor, within SOON days


def forecast(owed: Iterable[Owed], habits: Habits, *, on: date, weeks: int = WEEKS) -> Forecast:
    """Spread what is owed over the weeks that follow a day.

    An invoice that is still open on the day did not come before it: its chances are those that are left. One that is
    later than anything ever paid is `silent`. The sums by week, `later` and `silent` add up to what is owed.
    """
    edges = [on + timedelta(days=7 * n) for n in range(1, weeks + 1)]
    sums, soon, silent, all_ = [Fraction(0)] * weeks, dict[str, Fraction](), 0, 0
    for one in owed:
        all_ += one.cents
        upto = _chances(one, habits, on, [*edges, on + timedelta(days=SOON)])
        if upto is None:
            silent += one.cents
            continue
        soon[one.debtor] = soon.get(one.debtor, Fraction(0)) + upto[-1] * one.cents
        for n in range(weeks):
            sums[n] += (upto[n] - (upto[n - 1] if n else 0)) * one.cents
    cents = _whole(sums)
    starts = [on + timedelta(days=7 * n + 1) for n in range(weeks)]
    expected = {debtor: rounded_half_up(amount) for debtor, amount in soon.items()}
    return Forecast(tuple(zip(starts, cents, strict=True)), all_ - silent - sum(cents), silent, expected)


def _chances(one: Owed, habits: Habits, on: date, days: Sequence[date]) -> list[Fraction] | None:
    """The chance of payment by each day; a promise that still runs stands for its day."""
    if one.promised_on is not None and one.promised_on >= on:
        return [Fraction(int(day >= one.promised_on)) for day in days]
    habit, age = habits.of(one.debtor), (on - one.due_on).days
    found = [habit.chance_by((day - one.due_on).days, not_before=age) for day in days]
    return None if found[0] is None else [chance or Fraction(0) for chance in found]


def _whole(amounts: Sequence[Fraction]) -> list[int]:
    """Whole cents whose running sums are the rounded running sums."""
    found, total, told = [], Fraction(0), 0
    for amount in amounts:
        total += amount
        found.append(rounded_half_up(total) - told)
        told += found[-1]
    return found


def expected_recovery(found: Forecast, *, limit: int) -> list[tuple[str, int]]:
    """Debtors by what is expected of them soon, the most first.

    >>> expected_recovery(Forecast((), 0, 0, {"A": 5, "B": 9, "C": 0}), limit=5)
    [('B', 9), ('A', 5)]
    """
    return sorted(((d, c) for d, c in found.soon.items() if c > 0), key=lambda row: (-row[1], row[0]))[:limit]


def sales_to_make_up(loss_cents: int, margin_percent: int) -> int | None:
    """What must be sold, at a margin, to earn a loss again; None without a margin.

    >>> sales_to_make_up(10_000, 5), sales_to_make_up(10_000, 0)
    (200000, None)
    """
    return rounded_half_up(Fraction(loss_cents * 100, margin_percent)) if margin_percent > 0 else None
