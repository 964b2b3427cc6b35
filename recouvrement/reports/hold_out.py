"""What a hold-out shows: days to pay on each side, their difference, and how sure one may be of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

ROUNDS, SEED = 2_000, 20261122
LEAST_DEBTORS = 30  # on each side, under which the interval says little


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: debtors with invoices that are old enough, those invoices, and their mean days to pay."""

    debtors: int
    invoices: int
    mean: Fraction | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean days to pay under the candidate less those in force (negative: sooner), with a 95 % interval.

    Days are cut at `horizon`: an invoice that is still open then counts as `horizon` days, so that late payers do not
    flatter the side that has more of them. The interval is a bootstrap over debtors, since one debtor's invoices resemble each other.
    """

    horizon: int
    current: Arm
    candidate: Arm
    difference: Fraction | None
    interval: tuple[Fraction, Fraction] | None
    warnings: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


Days = Mapping[str, Sequence[int]]


def effect(current: Days, candidate: Days, *, horizon: int) -> Effect:
    """Compare days to pay by debtor on both sides; days are already cut at the horizon.

    >>> slow, quick = {f"a{n}": [40, 44] for n in range(40)}, {f"b{n}": [30, 34] for n in range(40)}
    >>> found = effect(slow, quick, horizon=90); found.difference, found.is_clear, found.warnings
    (Fraction(-10, 1), True, ())
    """
    one, two = _arm(current), _arm(candidate)
    if one.mean is None or two.mean is None:
        return Effect(horizon, one, two, None, None, ("nothing_to_compare",))
    few = min(one.debtors, two.debtors) < LEAST_DEBTORS
    interval = (
        _interval(list(current.values()), list(candidate.values())) if min(one.debtors, two.debtors) > 1 else None
    )
    return Effect(horizon, one, two, two.mean - one.mean, interval, ("small_sample",) if few else ())


def _arm(days: Days) -> Arm:
    invoices = sum(len(some) for some in days.values())
    total = sum(sum(some) for some in days.values())
    return Arm(sum(1 for some in days.values() if some), invoices, Fraction(total, invoices) if invoices else None)


def _interval(current: Sequence[Sequence[int]], candidate: Sequence[Sequence[int]]) -> tuple[Fraction, Fraction]:
    """The 95 % percentile interval of the difference, debtors drawn again with replacement on each side."""
    chance = random.Random(SEED)  # noqa: S311 (a statistic, and the same one each time)
    sides = [[(sum(some), len(some)) for some in sorted(side, key=sorted) if some] for side in (current, candidate)]
    found = sorted(_drawn(sides[1], chance) - _drawn(sides[0], chance) for _ in range(ROUNDS))
    return found[ROUNDS * 25 // 1000], found[ROUNDS * 975 // 1000 - 1]


def _drawn(side: Sequence[tuple[int, int]], chance: random.Random) -> Fraction:
    some = chance.choices(side, k=len(side))
    return Fraction(sum(total for total, _ in some), sum(count for _, count in some))
