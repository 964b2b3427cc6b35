"""On which days a message may leave for a debtor."""

from datetime import date
from functools import cache

from recouvrement.domain.holidays_fr import is_working_day


@cache
def is_sending_day(on: date, region: str, weekdays: tuple[int, ...]) -> bool:
    """Say whether messages go out on a day in the debtor's region (Monday is 0).

    >>> is_sending_day(date(2026, 7, 14), "metropole", (0, 1, 2, 3, 4)), is_sending_day(date(2026, 7, 15), "metropole", (0, 1, 2, 3, 4))
    (False, True)
    """
    return on.weekday() in weekdays and is_working_day(on, region)
