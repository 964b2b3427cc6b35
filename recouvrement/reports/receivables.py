"""Receivables over time from items and what was applied to them: open balances, days of sales, effectiveness."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from recouvrement.domain.lateness import days_late

MOST_MONTHS = 120  # a count-back that goes further says nothing


@dataclass(frozen=True, slots=True)
class Item:
    """One instalment of an invoice (cents > 0) or of a credit note (cents < 0) in one currency.

    `moves` are the amounts applied to it, signed so that they add up to `cents` when it is settled, by rising day.
    """

    id: str
    debtor: str
    issue_on: date
    due_on: date
    cents: int
    moves: tuple[tuple[date, int], ...] = ()
    paid: bool = True  # what settled it was money, not a credit note or a write-off

    def open_on(self, day: date) -> int:
        """Minor units open at the end of a day.

        >>> one = Item("i", "d", date(2026, 1, 1), date(2026, 1, 31), 100, ((date(2026, 2, 5), 40),))
        >>> [one.open_on(date(2025, 12, 31)), one.open_on(date(2026, 2, 4)), one.open_on(date(2026, 2, 5))]
        [0, 100, 60]
        """
        if day < self.issue_on:
            return 0
        return self.cents - sum(cents for on, cents in self.moves if on <= day)

    @property
    def settled_on(self) -> date | None:
        """The day from which nothing was open, None while something is."""
        left, since = self.cents, None
        for on, cents in self.moves:
            left -= cents
            since = (since or on) if left * (1 if self.cents > 0 else -1) <= 0 else None
        return since


def month_ends(on: date, count: int) -> list[date]:
    """The last days of the `count` months before a day's, then the day itself.

    >>> [d.isoformat() for d in month_ends(date(2026, 3, 10), 2)]
    ['2026-01-31', '2026-02-28', '2026-03-10']
    """
    found, first = [on], on.replace(day=1)
    for _ in range(count):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found[::-1]


def aged_over_time(items: Sequence[Item], days: Sequence[date], bucket: Callable[[int], str]) -> list[dict[str, int]]:
    """For each day, minor units open by lateness bucket; credit notes count as not due."""
    found: list[dict[str, int]] = [{} for _ in days]
    for item in items:
        first = bisect_right(days, item.issue_on - timedelta(days=1))
        for cells, day in zip(found[first:], days[first:], strict=True):
            cents = item.open_on(day)
            if cents:
                name = bucket(days_late(item.due_on, on=day) if cents > 0 else -(10**6))
                cells[name] = cells.get(name, 0) + cents
    return found


class Sales:
    """Invoices less credit notes by issue day, with running sums."""

    def __init__(self, items: Sequence[Item]) -> None:
        by_day: dict[date, int] = {}
        for item in items:
            by_day[item.issue_on] = by_day.get(item.issue_on, 0) + item.cents
        self.days = sorted(by_day)
        self.upto = list(accumulate(by_day[day] for day in self.days))

    def between(self, first: date, last: date) -> int:
        """Minor units sold from one day to another, both included."""
        return self._upto(last) - self._upto(first - timedelta(days=1))

    def _upto(self, day: date) -> int:
        place = bisect_right(self.days, day)
        return self.upto[place - 1] if place else 0


def dso_simple(open_cents: int, sales: Sales, on: date, *, days: int = 90) -> Fraction | None:
    """Days of sales outstanding: what is open over the sales of the last days, times those days; None without sales.

    >>> items = [Item("i", "d", date(2026, 1, 10), date(2026, 2, 9), 90_00)]
    >>> dso_simple(30_00, Sales(items), date(2026, 1, 31))
    Fraction(30, 1)
    """
    sold = sales.between(on - timedelta(days=days - 1), on)
    return Fraction(open_cents * days, sold) if sold > 0 else None


def dso_count_back(open_cents: int, sales: Sales, on: date) -> Fraction | None:
    """Days of sales outstanding by exhaustion: months of sales are taken off what is open, from the newest.

    The last month counts for the share of it that is left. None when all known sales are less than what is open.

    >>> items = [Item("a", "d", date(2026, 1, 10), date(2026, 2, 9), 6200), Item("b", "d", date(2026, 2, 10), date(2026, 3, 9), 2800)]
    >>> dso_count_back(5900, Sales(items), date(2026, 2, 28))
    Fraction(87, 2)
    """
    left, last, days = open_cents, on, Fraction(0)
    for _ in range(MOST_MONTHS):
        if left <= 0:
            return days
        first = last.replace(day=1)
        sold, length = sales.between(first, last), (last - first).days + 1
        if sold > left:
            return days + Fraction(length * left, sold)
        left, days, last = left - max(sold, 0), days + length, first - timedelta(days=1)
    return None


def effectiveness(before: dict[str, int], after: dict[str, int], sold: int, current: Sequence[str]) -> Fraction | None:
    """Collection effectiveness of a period, from 0 to 1: what was collected of what could have been.

    (open at the start + sales - open at the end) over (open at the start + sales - not yet due at the end).

    >>> effectiveness({"1-30": 100}, {"not_due": 50, "1-30": 30}, 80, ["not_due"])
    Fraction(10, 13)
    """
    start, end = sum(before.values()), sum(after.values())
    could = start + sold - sum(after.get(name, 0) for name in current)
    return min(max(Fraction(start + sold - end, could), Fraction(0)), Fraction(1)) if could > 0 else None
