"""Rates by day and semester: European Central Bank, legal interest; what is not known is a value, never a guess."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from recouvrement.domain.provenance import Provenance

UNITS_PER_PERCENT = 10_000


def rate_units(percent: str | Decimal) -> int:
    """A rate in percent as whole ten-thousandths of a percent; raise ValueError when it is no such number.

    >>> rate_units("12.40"), rate_units("0.05"), rate_units("4.125")
    (124000, 500, 41250)
    >>> rate_units("12,40")
    Traceback (most recent call last):
    ...
    ValueError: '12,40' is not a rate: write percent with a decimal point, such as 12.40
    """
    try:
        scaled = Decimal(percent) * UNITS_PER_PERCENT
    except InvalidOperation:
        raise ValueError(f"{percent!r} is not a rate: write percent with a decimal point, such as 12.40") from None
    if not scaled.is_finite() or not 0 <= scaled <= 1000 * UNITS_PER_PERCENT:
        raise ValueError(f"{percent!r} is not a rate: give a number from 0 to 1000 percent")
    if scaled != int(scaled):
        raise ValueError(f"{percent!r} has more than four decimals: round the rate to four")
    return int(scaled)


def rate_text(units: int) -> str:
    """A rate in percent with two decimals, or more when it has more.

    >>> rate_text(124000), rate_text(41250), rate_text(500)
    ('12.40', '4.125', '0.05')
    """
    whole, rest = divmod(units, UNITS_PER_PERCENT)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole}.{decimals:0<2}"


class Category(StrEnum):
    """Who is owed the legal interest: a natural person not acting for a business, or anybody else (CMF L313-2)."""

    PARTICULIERS = "particuliers"
    AUTRES = "autres"


class Series(StrEnum):
    """The two published series."""

    ECB = "ecb"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True, order=True)
class Semester:
    """Half a calendar year: half 1 begins on 1 January, half 2 on 1 July."""

    year: int
    half: int

    @classmethod
    def of(cls, day: date) -> "Semester":
        """The semester that holds a day.

        >>> str(Semester.of(date(2026, 6, 30))), str(Semester.of(date(2026, 7, 1)))
        ('2026-S1', '2026-S2')
        """
        return cls(day.year, 1 if day.month < 7 else 2)

    @classmethod
    def parse(cls, text: str) -> "Semester":
        """Read '2027-S1'; raise ValueError for anything else.

        >>> Semester.parse("2027-S1").first_day
        datetime.date(2027, 1, 1)
        """
        year, mark, half = text.partition("-S")
        if not (mark and year.isascii() and year.isdigit() and len(year) == 4 and half in {"1", "2"}):
            raise ValueError(f"{text!r} is not a semester: write it like 2027-S1")
        return cls(int(year), int(half))

    @property
    def first_day(self) -> date:
        """1 January or 1 July."""
        return date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> date:
        """30 June or 31 December."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def following(self) -> "Semester":
        """The next semester."""
        return Semester(self.year, 2) if self.half == 1 else Semester(self.year + 1, 1)

    def __str__(self) -> str:
        return f"{self.year}-S{self.half}"


@dataclass(frozen=True, slots=True)
class EcbRate:
    """The main refinancing rate from the day it took effect, in ten-thousandths of a percent."""

    effective_on: date
    units: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class LegalRate:
    """The legal interest rate of one semester and category, in ten-thousandths of a percent."""

    semester: Semester
    category: Category
    units: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate found; provisional when the last known one was carried forward."""

    units: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class MissingRate:
    """The table does not cover this semester; figures and steps that need it wait.

    `category` is set only for the legal rate of natural persons; a firm needs the other one.
    """

    series: Series
    semester: Semester
    category: Category | None = None

    @property
    def message(self) -> str:
        """What is missing and what to do."""
        is_ecb = self.series is Series.ECB
        wanted = "ecb" if is_ecb else f"legal-{self.category or Category.AUTRES}"
        name = "ECB main refinancing rate in force on" if is_ecb else "legal interest rate from"
        return (
            f"no {name} {self.semester.first_day} is recorded, so nothing can be computed for {self.semester}: "
            f"add it with 'recouvrement rates add {wanted} VALUE --date {self.semester.first_day} "
            "--source WHERE', or allow provisional rates"
        )

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True, eq=False)
class RateTable:
    """All known rates; `ecb` in order of day, `ecb_known_to` the last day for which no unseen change is possible.

    Built by `recouvrement.policy.law` from data/law/rates.toml; compared and cached by identity.
    """

    ecb: tuple[EcbRate, ...]
    ecb_known_to: date
    legal: tuple[LegalRate, ...]
    _ecb_days: tuple[date, ...] = field(init=False, repr=False)
    _legal: dict[tuple[Category, Semester], int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ecb_days", tuple(rate.effective_on for rate in self.ecb))
        object.__setattr__(self, "_legal", {(rate.category, rate.semester): rate.units for rate in self.legal})

    @property
    def first_semester(self) -> Semester:
        """The earliest semester of which anything is known."""
        starts = [rate.semester for rate in self.legal] + [Semester.of(day) for day in self._ecb_days[:1]]
        return min(starts, default=Semester(2000, 1))

    def ecb_of(self, semester: Semester, *, provisional: bool = False) -> Rate | MissingRate:
        """The ECB rate in force on the first day of a semester (C. com. L441-10 II, CCP R2192-31)."""
        day = semester.first_day
        position = bisect_right(self._ecb_days, day)
        known = position > 0 and day <= self.ecb_known_to
        if known or (provisional and position > 0):
            return Rate(self.ecb[position - 1].units, not known)
        return MissingRate(Series.ECB, semester)

    def legal_of(self, semester: Semester, category: Category, *, provisional: bool = False) -> Rate | MissingRate:
        """The legal interest rate of a semester (CMF L313-2); provisional takes the last earlier one."""
        known = self._legal.get((category, semester))
        if known is not None:
            return Rate(known, provisional=False)
        earlier = [s for c, s in self._legal if c is category and s < semester]
        if provisional and earlier:
            return Rate(self._legal[category, max(earlier)], provisional=True)
        return MissingRate(Series.LEGAL, semester, category if category is Category.PARTICULIERS else None)

    def missing(self, first: Semester, last: Semester) -> tuple[MissingRate, ...]:
        """What is not known from one semester to another, both included."""
        found: list[MissingRate] = []
        while first <= last:
            answers = [self.ecb_of(first), self.legal_of(first, Category.AUTRES)]
            answers.append(self.legal_of(first, Category.PARTICULIERS))
            found += [answer for answer in answers if isinstance(answer, MissingRate)]
            first = first.following
        return tuple(found)
