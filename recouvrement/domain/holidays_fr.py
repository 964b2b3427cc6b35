"""French public holidays by region, and counting in working days."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

ONE_DAY = timedelta(days=1)


class Region(StrEnum):
    """Parts of France whose holidays differ; names are unaccented."""

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace_moselle"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"
    SAINT_BARTHELEMY = "saint_barthelemy"
    SAINT_MARTIN = "saint_martin"
    SAINT_PIERRE_ET_MIQUELON = "saint_pierre_et_miquelon"
    NOUVELLE_CALEDONIE = "nouvelle_caledonie"
    POLYNESIE_FRANCAISE = "polynesie_francaise"
    WALLIS_ET_FUTUNA = "wallis_et_futuna"


# (month, day), C. trav. L3133-1; the three that move with Easter are added below.
NATIONAL_DAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))

# Abolition of slavery (C. trav. L3422-2; decrees 83-1003 and 2012-553), and the days of the Pacific collectivities.
LOCAL_DAYS: dict[Region, tuple[tuple[int, int], ...]] = {
    Region.ALSACE_MOSELLE: ((12, 26),),
    Region.GUADELOUPE: ((5, 27),),
    Region.MARTINIQUE: ((5, 22),),
    Region.GUYANE: ((6, 10),),
    Region.REUNION: ((12, 20),),
    Region.MAYOTTE: ((4, 27),),
    Region.SAINT_BARTHELEMY: ((10, 9),),
    Region.SAINT_MARTIN: ((5, 28),),
    Region.NOUVELLE_CALEDONIE: ((9, 24),),
    Region.POLYNESIE_FRANCAISE: ((3, 5),),
    Region.WALLIS_ET_FUTUNA: ((4, 28), (6, 29), (7, 29)),
}

# Good Friday is a day off in these two (Alsace-Moselle: ordinance of 16 August 1892).
GOOD_FRIDAY_REGIONS = frozenset({Region.ALSACE_MOSELLE, Region.POLYNESIE_FRANCAISE})

_POSTCODES = {
    "57": Region.ALSACE_MOSELLE,
    "67": Region.ALSACE_MOSELLE,
    "68": Region.ALSACE_MOSELLE,
    "97133": Region.SAINT_BARTHELEMY,
    "97150": Region.SAINT_MARTIN,
    "971": Region.GUADELOUPE,
    "972": Region.MARTINIQUE,
    "973": Region.GUYANE,
    "974": Region.REUNION,
    "975": Region.SAINT_PIERRE_ET_MIQUELON,
    "976": Region.MAYOTTE,
    "97700": Region.SAINT_BARTHELEMY,
    "97800": Region.SAINT_MARTIN,
    "986": Region.WALLIS_ET_FUTUNA,
    "987": Region.POLYNESIE_FRANCAISE,
    "988": Region.NOUVELLE_CALEDONIE,
}


def region_of_postcode(postcode: str) -> Region:
    """The region whose holidays hold at a French postcode; what is not listed is metropolitan.

    >>> region_of_postcode("67000").value, region_of_postcode("97400").value, region_of_postcode("75011").value
    ('alsace_moselle', 'reunion', 'metropole')
    """
    code = postcode.replace(" ", "")
    for length in (5, 3, 2):
        if len(code) == 5 and code[:length] in _POSTCODES:
            return _POSTCODES[code[:length]]
    return Region.METROPOLE


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher's computation).

    >>> easter(2026), easter(2024), easter(2038)
    (datetime.date(2026, 4, 5), datetime.date(2024, 3, 31), datetime.date(2038, 4, 25))
    """
    century, of_century = divmod(year, 100)
    moon = year % 19
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * moon + century - century // 4 - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    correction = (moon + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=1024)
def public_holidays(year: int, region: str = Region.METROPOLE) -> frozenset[date]:
    """The legal holidays of a year in a region (C. trav. L3133-1, L3134-13, L3422-2).

    Raises ValueError when there is no such region.

    >>> len(public_holidays(2026)), len(public_holidays(2026, "alsace_moselle"))
    (11, 13)
    >>> date(2026, 12, 20) in public_holidays(2026, "reunion")
    True
    """
    where = Region(region)
    sunday = easter(year)
    days = {date(year, month, day) for month, day in NATIONAL_DAYS + LOCAL_DAYS.get(where, ())}
    days |= {sunday + timedelta(days=after) for after in (1, 39, 50)}
    if where in GOOD_FRIDAY_REGIONS:
        days.add(sunday - timedelta(days=2))
    if where is Region.POLYNESIE_FRANCAISE:
        # Matari'i took the place of the day of autonomy from 2025 on.
        days.add(date(year, 6, 29) if year <= 2024 else date(year, 11, 20))
    return frozenset(days)


def is_holiday(day: date, region: str = Region.METROPOLE) -> bool:
    """Whether a day is a legal holiday in the region.

    >>> is_holiday(date(2026, 4, 6)), is_holiday(date(2026, 4, 3)), is_holiday(date(2026, 4, 3), "alsace_moselle")
    (True, False, True)
    """
    return day in public_holidays(day.year, region)


def is_working_day(day: date, region: str = Region.METROPOLE) -> bool:
    """Whether a day is Monday to Friday and no legal holiday (the days of CPC 642).

    >>> is_working_day(date(2026, 11, 20)), is_working_day(date(2026, 11, 21)), is_working_day(date(2026, 11, 11))
    (True, False, False)
    """
    return day.weekday() < 5 and not is_holiday(day, region)


def next_working_day(day: date, region: str = Region.METROPOLE) -> date:
    """The day itself when it is a working day, else the first one after it.

    >>> next_working_day(date(2026, 12, 25)), next_working_day(date(2026, 12, 24))
    (datetime.date(2026, 12, 28), datetime.date(2026, 12, 24))
    """
    while not is_working_day(day, region):
        day += ONE_DAY
    return day


def add_working_days(day: date, count: int, region: str = Region.METROPOLE) -> date:
    """The count-th working day after a day, or before it when negative; zero gives the day itself.

    >>> add_working_days(date(2026, 11, 20), 1), add_working_days(date(2026, 11, 23), -1)
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 20))
    >>> add_working_days(date(2026, 11, 21), 0)
    datetime.date(2026, 11, 21)
    """
    step = ONE_DAY if count >= 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, region)
    return day


def working_days_between(start: date, end: date, region: str = Region.METROPOLE) -> int:
    """How many working days lie after start, up to end included; negative when end comes first.

    >>> working_days_between(date(2026, 11, 20), date(2026, 11, 27))
    5
    >>> working_days_between(date(2026, 11, 27), date(2026, 11, 20))
    -5
    """
    if end < start:
        return -working_days_between(end, start, region)
    weeks, rest = divmod((end - start).days, 7)
    count = 5 * weeks + sum((start + timedelta(days=7 * weeks + n)).weekday() < 5 for n in range(1, rest + 1))
    years = range(start.year, end.year + 1)
    return count - sum(start < d <= end and d.weekday() < 5 for y in years for d in public_holidays(y, region))
