"""The figures of the weekly report: ids, counts, days and minor units of one currency; no names, no words."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recouvrement.reports.forecast import Forecast
from recouvrement.reports.habits import Habit


@dataclass(frozen=True, slots=True)
class Evolution:
    """Month by month (the last one under way): open by bucket, sales, days of sales, effectiveness."""

    days: tuple[date, ...]
    aged: tuple[dict[str, int], ...]
    sales: tuple[int, ...]
    simple: tuple[Fraction | None, ...]
    count_back: tuple[Fraction | None, ...]
    effectiveness: tuple[Fraction | None, ...]  # the first month has none


@dataclass(frozen=True, slots=True)
class StageRow:
    """Open items that stand at one stage of the ladder, or left it."""

    stage: str
    items: int
    debtors: int
    cents: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A debtor by what is expected of it soon."""

    debtor: str
    cents: int
    open_cents: int
    habit: Habit


@dataclass(frozen=True, slots=True)
class Passed:
    """A limit of credit or of insurance that a debtor has passed."""

    debtor: str
    kind: str
    limit_cents: int
    open_cents: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """An open case."""

    code: str
    debtor: str
    state: str
    opened_on: date
    cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that matters: the end of a formal notice, the prudent date of limitation."""

    debtor: str
    what: str
    on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the weekly report shows."""

    on: date
    currency: str
    buckets: tuple[str, ...]
    evolution: Evolution
    disputed: tuple[int, int]  # items, cents
    promised: tuple[int, int]
    forecast: Forecast
    stages: tuple[StageRow, ...]
    contacts: tuple[tuple[date, dict[str, int]], ...]  # by month: channel: count
    top: tuple[Expected, ...]
    limits: tuple[Passed, ...]
    late_90_cents: int
    margin_percent: int
    cases: tuple[CaseRow, ...]
    deadlines: tuple[Deadline, ...]
    quality: tuple[tuple[str, str], ...]  # key of the words, figure
    others: dict[str, int] = field(default_factory=dict)  # open in other currencies

    @property
    def open_cents(self) -> int:
        """What is open on the day, credit notes taken off."""
        return sum(self.evolution.aged[-1].values())

    @property
    def overdue_cents(self) -> int:
        """What is past its due date."""
        return sum(cents for name, cents in self.evolution.aged[-1].items() if name in self.buckets[2:])

    def debtors(self) -> list[str]:
        """Every debtor that the report names."""
        rows = (self.top, self.limits, self.cases, self.deadlines)
        return sorted({row.debtor for some in rows for row in some})
