"""On which days, and at which hours, a message may leave for a debtor."""

from datetime import date, datetime
from functools import cache

from recouvrement.domain.holidays_fr import Region, is_working_day
from recouvrement.domain.policy import MonthDay, Policy

PARIS = "Europe/Paris"
ZONES = {
    Region.GUADELOUPE: "America/Guadeloupe",
    Region.MARTINIQUE: "America/Martinique",
    Region.GUYANE: "America/Cayenne",
    Region.REUNION: "Indian/Reunion",
    Region.MAYOTTE: "Indian/Mayotte",
    Region.SAINT_BARTHELEMY: "America/St_Barthelemy",
    Region.SAINT_MARTIN: "America/Marigot",
    Region.SAINT_PIERRE_ET_MIQUELON: "America/Miquelon",
    Region.NOUVELLE_CALEDONIE: "Pacific/Noumea",
    Region.POLYNESIE_FRANCAISE: "Pacific/Tahiti",
    Region.WALLIS_ET_FUTUNA: "Pacific/Wallis",
}


@cache
def is_sending_day(on: date, region: str, weekdays: tuple[int, ...]) -> bool:
    """Say whether messages go out on a day in the debtor's region (Monday is 0).

    >>> is_sending_day(date(2026, 7, 14), "metropole", (0, 1, 2, 3, 4)), is_sending_day(date(2026, 7, 15), "metropole", (0, 1, 2, 3, 4))
    (False, True)
    """
    return on.weekday() in weekdays and is_working_day(on, region)


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


def may_send_at(policy: Policy, moment: datetime, region: str) -> bool:
    """Say whether a message may leave at a moment: between the policy's hours where the debtor is (Paris for one abroad).

    The first hour counts, the last does not.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    >>> policy = Policy("p", "", ())
    >>> [may_send_at(policy, noon, region) for region in ("metropole", "reunion", "nouvelle_caledonie", "martinique")]
    [True, True, False, True]
    """
    from zoneinfo import ZoneInfo  # reads the machine's configuration: only who asks the hour pays for it

    zone = ZONES.get(Region(region), PARIS) if region in set(Region) else PARIS
    first, last = policy.sending_hours
    return first <= moment.astimezone(ZoneInfo(zone)).time() < last
