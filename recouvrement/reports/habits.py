"""How long each debtor takes to pay, from what was paid: for forecasts and priorities, never for the ladder.

Few invoices say little about a debtor, so each habit leans towards the whole population by the weight of `LEAN` invoices;
a recent payment says more than an old one. Whole numbers and fractions only.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import accumulate
from math import isqrt

LEAN = 2  # the population counts as much as this many of the debtor's own newest invoices
FADING = 90  # days after which a payment weighs half of one made today
WEIGHT = 1_000  # of one payment made today
EARLIEST, LATEST = -180, 1_000  # days; a delay outside says nothing about a habit (a typing error, a settled lawsuit)


@dataclass(frozen=True, slots=True)
class Settled:
    """An invoice that was paid in full."""

    debtor: str
    due_on: date
    paid_on: date

    @property
    def delay(self) -> int:
        """Days after the due date, negative when paid before it."""
        return (self.paid_on - self.due_on).days


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays with their weights, by rising delay; `upto` are running sums of the weights."""

    days: tuple[int, ...] = ()
    upto: tuple[int, ...] = ()

    @classmethod
    def of(cls, weighed: Iterable[tuple[int, int]]) -> "Delays":
        """Gather (delay, weight) pairs."""
        found: dict[int, int] = defaultdict(int)
        for delay, weight in weighed:
            found[delay] += weight
        days = tuple(sorted(found))
        return cls(days, tuple(accumulate(found[day] for day in days)))

    @property
    def total(self) -> int:
        """All the weight there is."""
        return self.upto[-1] if self.upto else 0

    def paid_by(self, delay: int) -> int:
        """The weight of the delays up to one, included.

        >>> d = Delays.of([(0, 10), (7, 30)]); d.paid_by(-1), d.paid_by(0), d.paid_by(7)
        (0, 10, 40)
        """
        place = bisect_right(self.days, delay)
        return self.upto[place - 1] if place else 0


@dataclass(frozen=True, slots=True)
class Habit:
    """The habit of one debtor, shrunk towards the population.

    `mean` and `trend` are days (trend: later half of the invoices less the earlier half), `spread` the standard deviation
    in tenths of a day, `late` the share paid after the due date, `own` how many invoices it rests on.
    """

    own: int
    mean: Fraction
    spread_tenths: int
    trend: Fraction
    late: Fraction
    delays: Delays = field(repr=False, default=Delays())
    population: Delays = field(repr=False, default=Delays())

    def chance_by(self, delay: int, *, not_before: int | None = None) -> Fraction | None:
        """The chance of payment up to that many days after the due date, given that none came up to `not_before`.

        None when nobody ever paid so late: history says nothing about it.
        """
        if not self.delays.total and not self.population.total:
            return None
        since = Fraction(0) if not_before is None else self._paid_by(not_before)
        left = 1 - since
        if left <= 0:
            return None
        return max(self._paid_by(delay) - since, Fraction(0)) / left

    def expected(self, *, not_before: int | None = None) -> int | None:
        """The day, counted from the due date, by which payment is as likely as not; None when history cannot say."""
        days = sorted({*self.delays.days, *self.population.days})
        for delay in days if not_before is None else days[bisect_right(days, not_before) :]:
            chance = self.chance_by(delay, not_before=not_before)
            if chance is not None and chance * 2 >= 1:
                return delay
        return None

    def _paid_by(self, delay: int) -> Fraction:
        lean = LEAN * WEIGHT if self.population.total else 0
        ours = Fraction(self.delays.paid_by(delay))
        theirs = Fraction(lean * self.population.paid_by(delay), self.population.total) if lean else Fraction(0)
        return (ours + theirs) / (self.delays.total + lean)


@dataclass(frozen=True, slots=True)
class Habits:
    """The habits of every debtor who ever paid, and that of the population for those who never did."""

    everyone: Habit
    by_debtor: dict[str, Habit]

    def of(self, debtor: str) -> Habit:
        """A debtor's habit; the population's for one without history."""
        return self.by_debtor.get(debtor, self.everyone)


def habits(settled: Iterable[Settled], *, on: date) -> Habits:
    """Every habit as of a day: payments made after it are not looked at.

    >>> known = [Settled("A", date(2026, 1, 31), date(2026, 2, 10))] * 4 + [Settled("B", date(2026, 1, 31), date(2026, 1, 31))]
    >>> found = habits(known, on=date(2026, 3, 1))
    >>> found.of("A").expected(), found.of("B").expected(), found.of("nobody").own, found.of("A").mean
    (10, 10, 0, Fraction(28, 3))
    """
    by_debtor: dict[str, list[Settled]] = defaultdict(list)
    for one in settled:
        if one.paid_on <= on and EARLIEST <= one.delay <= LATEST:
            by_debtor[one.debtor].append(one)
    known = [one for some in by_debtor.values() for one in some]
    everyone = _habit(known, on, None)
    return Habits(_as_prior(everyone), {debtor: _habit(some, on, everyone) for debtor, some in by_debtor.items()})


def _as_prior(everyone: Habit) -> Habit:
    """The population's habit for a debtor without any invoice of its own."""
    return Habit(0, everyone.mean, everyone.spread_tenths, everyone.trend, everyone.late, Delays(), everyone.delays)


def _habit(known: list[Settled], on: date, everyone: Habit | None) -> Habit:
    known = sorted(known, key=lambda s: (s.due_on, s.paid_on))
    delays = [one.delay for one in known]
    weighed = Delays.of((one.delay, weight_of((on - one.paid_on).days)) for one in known)
    mean = _shrunk(delays, everyone.mean if everyone else None)
    trend = _shrunk([_trend(delays)] * len(delays), everyone.trend if everyone else None)
    late = _shrunk([int(delay > 0) for delay in delays], everyone.late if everyone else None)
    spread = _spread_tenths(delays, everyone.spread_tenths if everyone else None)
    return Habit(len(known), mean, spread, trend, late, weighed, everyone.delays if everyone else Delays())


def weight_of(age: int) -> int:
    """What a payment made `age` days ago weighs.

    >>> weight_of(0), weight_of(90), weight_of(270)
    (1000, 500, 250)
    """
    return WEIGHT * FADING // (FADING + max(age, 0))


def _shrunk(values: Sequence[int | Fraction], prior: Fraction | None) -> Fraction:
    """The mean of some values, the prior counting for `LEAN` of them."""
    if not values:
        return prior or Fraction(0)
    if prior is None:
        return Fraction(sum(values)) / len(values)
    return (Fraction(sum(values)) + LEAN * prior) / (len(values) + LEAN)


def _trend(delays: Sequence[int]) -> Fraction:
    """The mean of the later half less that of the earlier half; 0 under four invoices."""
    half = len(delays) // 2
    if half < 2:
        return Fraction(0)
    return Fraction(sum(delays[-half:]), half) - Fraction(sum(delays[:half]), half)


def _spread_tenths(delays: Sequence[int], prior: int | None) -> int:
    """The standard deviation in tenths of a day: variances, not deviations, are what may be averaged."""
    count, total = len(delays), sum(delays)
    squares = sum(delay * delay for delay in delays) - Fraction(total * total, count) if count else Fraction(0)
    if prior is not None:
        squares += LEAN * Fraction(prior * prior, 100)
        count += LEAN
    return isqrt(int(squares * 100 / count)) if count else 0
