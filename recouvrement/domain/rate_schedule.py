"""Which rate a debt bears on which days, as stretches between changes."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from recouvrement.domain.penalty_law import PenaltyLaw
from recouvrement.domain.provenance import Parameter
from recouvrement.domain.rates import Category, MissingRate, Rate, Semester, Series

FIRST_ORDINAL = 1
LAST_ORDINAL = date.max.toordinal()


class Regime(StrEnum):
    """How the rate of a debt is found."""

    PROFESSIONAL = "professional"
    PUBLIC = "public"
    CONSUMER = "consumer"
    CONTRACT_FIXED = "contract_fixed"
    CONTRACT_TIMES_LEGAL = "contract_times_legal"
    TITLE_FIXED = "title_fixed"
    TITLE_LEGAL = "title_legal"
    TITLE_LEGAL_RAISED = "title_legal_raised"


@dataclass(frozen=True, slots=True)
class RateSource:
    """A regime with its figure: `units` if fixed, `hundredths` of the legal rate, or the semester of a frozen one."""

    regime: Regime
    units: int = 0
    hundredths: int = 100
    category: Category = Category.AUTRES
    frozen_at: Semester | None = None
    provisional: bool = False


class Stretch(NamedTuple):
    """Days from first to last (ordinals, both included) at one rate; `missing` says that it is not known there."""

    first: int
    last: int
    units: int
    article: str
    provisional: bool
    missing: MissingRate | None


def stretches(law: PenaltyLaw, source: RateSource, first: int, last: int) -> list[Stretch]:
    """The stretches that cover the days from first to last (ordinals, both included), clipped to them, in order."""
    if first > last:
        return []
    starts, whole = _schedule(law, source)
    position = bisect_right(starts, first) - 1
    found: list[Stretch] = []
    while position < len(whole) and starts[position] <= last:
        stretch = whole[position]
        if stretch.first < first or stretch.last > last:
            stretch = stretch._replace(first=max(first, stretch.first), last=min(last, stretch.last))
        found.append(stretch)
        position += 1
    return found


@lru_cache(maxsize=1024)
def _schedule(law: PenaltyLaw, source: RateSource) -> tuple[list[int], tuple[Stretch, ...]]:
    """Starts and stretches over all days; neighbours that bear the same rate under the same article are one."""
    merged: list[Stretch] = []
    for stretch in _pieces(law, source):
        if merged and merged[-1][2:] == stretch[2:]:
            merged[-1] = merged[-1]._replace(last=stretch.last)
        else:
            merged.append(stretch)
    return [stretch.first for stretch in merged], tuple(merged)


def _pieces(law: PenaltyLaw, source: RateSource) -> list[Stretch]:
    """One stretch per semester of the table, one before and one after it; a rate that never changes is one stretch."""
    if source.frozen_at is not None or source.regime in {Regime.CONTRACT_FIXED, Regime.TITLE_FIXED}:
        semester = source.frozen_at or Semester.of(law.rates.ecb_known_to)
        return [_piece(law, source, semester, FIRST_ORDINAL, LAST_ORDINAL)]
    semester = law.rates.first_semester
    earlier = Semester(semester.year - 1, semester.half)
    pieces = [_piece(law, source, earlier, FIRST_ORDINAL, semester.first_day.toordinal() - 1)]
    beyond = max([Semester.of(law.rates.ecb_known_to), *(rate.semester for rate in law.rates.legal)]).following
    while semester < beyond:
        pieces.append(_piece(law, source, semester, semester.first_day.toordinal(), semester.last_day.toordinal()))
        semester = semester.following
    return [*pieces, _piece(law, source, beyond, beyond.first_day.toordinal(), LAST_ORDINAL)]


def _piece(law: PenaltyLaw, source: RateSource, semester: Semester, first: int, last: int) -> Stretch:
    rule = _rule(law, source.regime, semester.first_day)
    rate = _rate(law, source, semester)
    if rule is None or isinstance(rate, MissingRate):
        absent = rate if isinstance(rate, MissingRate) else MissingRate(Series.ECB, semester)
        return Stretch(first, last, 0, "", provisional=False, missing=absent)
    units = rate.units * source.hundredths // 100
    if source.regime in {Regime.PROFESSIONAL, Regime.PUBLIC, Regime.TITLE_LEGAL_RAISED}:
        units += rule.value
    return Stretch(first, last, units, rule.provenance.article, rate.provisional, None)


def _rate(law: PenaltyLaw, source: RateSource, semester: Semester) -> Rate | MissingRate:
    if source.regime in {Regime.CONTRACT_FIXED, Regime.TITLE_FIXED}:
        return Rate(source.units, provisional=False)
    if source.regime in {Regime.PROFESSIONAL, Regime.PUBLIC}:
        return law.rates.ecb_of(semester, provisional=source.provisional)
    return law.rates.legal_of(semester, source.category, provisional=source.provisional)


_RULES = {
    Regime.PROFESSIONAL: "b2b_margin",
    Regime.PUBLIC: "public_margin",
    Regime.CONSUMER: "consumer_interest",
    Regime.CONTRACT_FIXED: "contract_rate",
    Regime.CONTRACT_TIMES_LEGAL: "contract_rate",
    Regime.TITLE_FIXED: "title_interest",
    Regime.TITLE_LEGAL: "title_interest",
    Regime.TITLE_LEGAL_RAISED: "title_surcharge",
}


def _rule(law: PenaltyLaw, regime: Regime, on: date) -> Parameter | None:
    return law.in_force(_RULES[regime], on)


def semesters_under_floor(
    law: PenaltyLaw, source: RateSource, first: date, last: date
) -> tuple[tuple[Semester, ...], tuple[Semester, ...]]:
    """Semesters in which a contractual rate is under the floor, and those whose floor is not known.

    The floor is three times the legal rate of "autres" and limits contractual rates only (C. com. L441-10 II).
    """
    under: list[Semester] = []
    unknown: list[Semester] = []
    semester = Semester.of(first)
    while semester <= Semester.of(last):
        rule = law.in_force("contract_floor", semester.first_day)
        legal = law.rates.legal_of(semester, Category.AUTRES, provisional=source.provisional)
        rate = _rate(law, source, semester)
        if isinstance(legal, MissingRate) or rule is None:
            unknown.append(semester)
        elif isinstance(rate, Rate) and rate.units * source.hundredths < rule.value * legal.units * 100:
            under.append(semester)
        semester = semester.following
    return tuple(under), tuple(unknown)
