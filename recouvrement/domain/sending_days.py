"""On which days, and at which hours, a message may leave for a debtor."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Final

from recouvrement.domain.holidays_fr import is_holiday
from recouvrement.domain.policy import MonthDay, Policy

ONE_HOUR: Final = timedelta(hours=1)  # what the zones of a country must share, or its capital's alone decides


@cache
def is_sending_day(on: date, region: str, weekdays: tuple[int, ...]) -> bool:
    """Say whether messages go out on a day in the debtor's region: on the policy's weekdays (Monday is 0), holidays apart.

    >>> is_sending_day(date(2026, 7, 14), "metropole", (0, 1, 2, 3, 4)), is_sending_day(date(2026, 7, 15), "metropole", (0, 1, 2, 3, 4))
    (False, True)
    """
    return on.weekday() in weekdays and not is_holiday(on, region)


def is_open(on: date, policy: Policy, region: str, closed: frozenset[date] = frozenset()) -> bool:
    """Say whether a debtor may be contacted on a day: its working days, its own holidays, the policy's pauses.

    >>> is_open(date(2026, 8, 12), Policy("p", "", (), closed_periods=(((8, 1), (8, 31)),)), "metropole")
    False
    """
    if on in closed or not is_sending_day(on, region, policy.sending_weekdays):
        return False
    return not (policy.closed_periods and in_a_pause(on, policy.closed_periods))


def in_a_pause(on: date, periods: tuple[tuple[MonthDay, MonthDay], ...]) -> bool:
    """Say whether a day lies in one of the yearly pauses; a pause may run over the new year.

    >>> new_year = (((12, 24), (1, 2)),)
    >>> [in_a_pause(day, new_year) for day in (date(2026, 12, 23), date(2026, 12, 24), date(2027, 1, 2), date(2027, 1, 3))]
    [False, True, True, False]
    """
    day = (on.month, on.day)
    return any(first <= day <= last if first <= last else day >= first or day <= last for first, last in periods)


def may_leave_at(
    policy: Policy, moment: datetime, zones: Sequence[tzinfo], region: str, closed: frozenset[date] = frozenset()
) -> bool:
    """Say whether a message that rings may leave at a moment: on an open day, between the policy's hours, where the debtor is.

    `zones` are those of its country, the capital's first; `closed` its public holidays when that is not France. Where the
    zones differ, hour and day hold in every one of them that `judging_zones` keeps. The first hour counts, the last does
    not. No text sets hours for asking what is due; those of a policy are the firm's own restraint.

    >>> from zoneinfo import ZoneInfo
    >>> nine = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("UTC"))  # 09:00 in Paris, a Friday
    >>> at = {"Europe/Paris": "metropole", "Indian/Reunion": "reunion", "America/Martinique": "martinique"}
    >>> [may_leave_at(Policy("p", "", ()), nine, (ZoneInfo(zone),), region) for zone, region in at.items()]
    [True, True, False]
    """
    first, last = policy.sending_hours
    local = [moment.astimezone(zone) for zone in judging_zones(policy, moment, zones)]
    return all(first <= one.time() < last and is_open(one.date(), policy, region, closed) for one in local)


def judging_zones(policy: Policy, moment: datetime, zones: Sequence[tzinfo]) -> Sequence[tzinfo]:
    """Which zones of a country decide: all, as nobody knows in which one the debtor is; the first where they share no hour.

    >>> from datetime import timedelta, timezone
    >>> east_to_west = [timezone(timedelta(hours=h)) for h in (3, 2, 12)]
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    >>> [len(judging_zones(Policy("p", "", ()), noon, zones)) for zones in (east_to_west, east_to_west[:2])]
    [1, 2]
    """
    first, last = policy.sending_hours
    width = timedelta(hours=last.hour - first.hour, minutes=last.minute - first.minute)
    offsets = [moment.astimezone(zone).utcoffset() or timedelta() for zone in zones]
    return zones if max(offsets) - min(offsets) + ONE_HOUR <= width else zones[:1]
