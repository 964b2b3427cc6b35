"""The only reader of the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def today_in_paris() -> date:
    """Return the business day: the date it is in Paris, whatever the machine's zone."""
    return datetime.now(PARIS).date()
