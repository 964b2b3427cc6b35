"""Where a figure of law comes from, when it holds, and how far it may be trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Confidence(StrEnum):
    """How a figure was checked."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    FROM_MEMORY = "from_memory"
    NOT_VERIFIED = "not_verified"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The article, dates and source of one figure; `recheck_after_days` is the limit stated for `checked_on`."""

    article: str
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date
    confidence: Confidence
    recheck_after_days: int

    def holds_on(self, day: date) -> bool:
        """Whether the figure is in force on a day; both ends are included, no end means still in force."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def is_stale_on(self, day: date) -> bool:
        """Whether the figure was checked too long ago; a figure whose validity is over is history and never stale."""
        if self.valid_to is not None and self.valid_to < day:
            return False
        return self.checked_on + timedelta(days=self.recheck_after_days) < day


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure of law as a whole number.

    The unit says what is counted: `cents`, `days`, `months`, `years`, `times`, `count`, or `rate` (ten-thousandths of a
    percent).
    """

    key: str
    value: int
    unit: str
    provenance: Provenance


def in_force(versions: Iterable[Parameter], on: date) -> Parameter | None:
    """The version of a parameter that holds on a day, or None."""
    return next((version for version in versions if version.provenance.holds_on(on)), None)
