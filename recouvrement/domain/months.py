"""Counting in calendar months and years as the codes do."""

from calendar import monthrange
from datetime import date


def add_months(day: date, count: int) -> date:
    """The same day number some months later (or earlier), else the last day of that month (CPC 641).

    >>> add_months(date(2026, 11, 30), 3), add_months(date(2024, 2, 29), 12), add_months(date(2026, 3, 31), -1)
    (datetime.date(2027, 2, 28), datetime.date(2025, 2, 28), datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, count: int) -> date:
    """The same day some years later; 29 February becomes the 28th where there is none.

    >>> add_years(date(2024, 2, 29), 5)
    datetime.date(2029, 2, 28)
    """
    return add_months(day, 12 * count)


def end_of_month(day: date) -> date:
    """The last day of the month.

    >>> end_of_month(date(2024, 2, 10))
    datetime.date(2024, 2, 29)
    """
    return day.replace(day=monthrange(day.year, day.month)[1])
