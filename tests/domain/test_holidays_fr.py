"""French holidays agree with an independent package, and working days count as a clerk counts them."""

from datetime import date, timedelta

import holidays as independent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.holidays_fr import (
    Region,
    add_working_days,
    is_working_day,
    next_working_day,
    public_holidays,
    region_of_postcode,
    working_days_between,
)

YEARS = range(2015, 2036)
SUBDIVISIONS = {
    Region.METROPOLE: None,
    Region.ALSACE_MOSELLE: "6AE",
    Region.GUADELOUPE: "971",
    Region.MARTINIQUE: "972",
    Region.GUYANE: "973",
    Region.REUNION: "974",
    Region.MAYOTTE: "976",
    Region.SAINT_BARTHELEMY: "BL",
    Region.SAINT_MARTIN: "MF",
    Region.SAINT_PIERRE_ET_MIQUELON: "PM",
    Region.NOUVELLE_CALEDONIE: "NC",
    Region.POLYNESIE_FRANCAISE: "PF",
    Region.WALLIS_ET_FUTUNA: "WF",
}
# Days kept by custom or collective agreement: the package lists them, the Labour Code does not.
CUSTOMARY = {"Fête de Victor Schoelcher", "Mi-Carême", "Vendredi saint"}
WITH_CUSTOMS = {Region.GUADELOUPE, Region.MARTINIQUE, Region.SAINT_MARTIN}
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
REGIONS = st.sampled_from(list(Region))


@pytest.mark.parametrize("region", list(Region))
def test_the_legal_holidays_are_those_of_the_independent_package(region):
    listed = independent.country_holidays("FR", subdiv=SUBDIVISIONS[region], years=YEARS, language="fr")
    expected = {
        day
        for day in listed
        if not (region in WITH_CUSTOMS and all(name in CUSTOMARY for name in listed.get_list(day)))
    }
    assert set().union(*(public_holidays(year, region) for year in YEARS)) == expected


def test_a_day_that_is_two_holidays_at_once_counts_once():
    assert date(2008, 5, 1) in public_holidays(2008)  # Labour Day and Ascension
    assert len(public_holidays(2008)) == 10


def test_an_unknown_region_is_refused():
    with pytest.raises(ValueError, match="bretagne"):
        public_holidays(2026, "bretagne")


@pytest.mark.parametrize(
    ("postcode", "region"),
    [
        ("57000", "alsace_moselle"),
        ("97133", "saint_barthelemy"),
        ("97110", "guadeloupe"),
        ("98800", "nouvelle_caledonie"),
        ("20000", "metropole"),
        ("", "metropole"),
        ("6700", "metropole"),
    ],
)
def test_the_region_of_a_postcode(postcode, region):
    assert region_of_postcode(postcode) == region


@given(DAYS, REGIONS)
def test_the_next_working_day_is_the_first_one_not_before(day, region):
    found = next_working_day(day, region)
    assert found >= day
    assert is_working_day(found, region)
    assert not any(is_working_day(day + timedelta(days=n), region) for n in range((found - day).days))


@given(DAYS, st.integers(-60, 60), REGIONS)
def test_adding_working_days_is_undone_by_counting_them(day, count, region):
    start = next_working_day(day, region)
    assert working_days_between(start, add_working_days(start, count, region), region) == count


@given(DAYS, DAYS, REGIONS)
def test_counting_working_days_agrees_with_counting_on_fingers(start, end, region):
    low, high = sorted((start, min(end, start + timedelta(days=900))))
    slow = sum(is_working_day(low + timedelta(days=n), region) for n in range(1, (high - low).days + 1))
    assert working_days_between(low, high, region) == slow
    assert working_days_between(high, low, region) == -slow
