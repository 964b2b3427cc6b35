"""Hours of sending: those of the policy, on the clocks of the place where the debtor is, by date and hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.day.sending_windows import QUARTER, Hours
from recouvrement.domain.holidays_fr import Region
from recouvrement.domain.places import country_of_place, place_of, region_of_place
from recouvrement.domain.policy import Policy
from recouvrement.domain.sending_days import judging_zones
from recouvrement.policy.time_zones import zones_of

PARIS = ZoneInfo("Europe/Paris")
OFFICE = Policy("p", "", (), sending_hours=(time(8), time(18)))


def hours(place: str, policy: Policy = OFFICE) -> Hours:
    country = country_of_place(place)
    return Hours(policy, zones_of(country), region_of_place(place), country)


def opened(place: str, day: date, policy: Policy = OFFICE) -> list[str]:
    """First and last quarter of an hour, of a day in Paris, in which a message may leave for a place."""
    begin = datetime.combine(day, time(), PARIS).astimezone(UTC)
    found = [at for n in range(96) if hours(place, policy).open_at(at := begin + n * QUARTER)]
    return [f"{at.astimezone(PARIS):%H:%M}" for at in (*found[:1], *found[-1:])]


def test_the_hours_are_the_same_on_the_day_that_the_clocks_change() -> None:
    """25 October 2026 has twenty-five hours in Paris, 29 March twenty-three; both are Sundays."""
    every_day = replace(OFFICE, sending_weekdays=tuple(range(7)))
    for day in (date(2026, 10, 25), date(2026, 3, 29)):
        around = [day - timedelta(days=2), day, day + timedelta(days=1)]
        assert [opened("metropole", one, every_day) for one in around] == [["08:00", "17:45"]] * 3
    first = [datetime(2026, 10, day, hour, tzinfo=UTC) for day, hour in ((23, 6), (26, 6), (26, 7))]
    assert [hours("metropole").open_at(moment) for moment in first] == [True, False, True]


WINTER, SUMMER = date(2026, 11, 19), date(2026, 7, 16)  # Thursdays


@pytest.mark.parametrize(
    ("place", "winter", "summer"),
    [
        ("metropole", ["08:00", "17:45"], ["08:00", "17:45"]),
        ("alsace_moselle", ["08:00", "17:45"], ["08:00", "17:45"]),
        ("reunion", ["05:00", "14:45"], ["06:00", "15:45"]),
        ("mayotte", ["06:00", "15:45"], ["07:00", "16:45"]),
        ("guadeloupe", ["13:00", "22:45"], ["14:00", "23:45"]),
        ("guyane", ["12:00", "21:45"], ["13:00", "22:45"]),
        ("saint_pierre_et_miquelon", ["12:00", "21:45"], ["12:00", "21:45"]),  # it changes its clocks too
        ("DE", ["08:00", "17:45"], ["08:00", "17:45"]),
        ("GB", ["09:00", "18:45"], ["09:00", "18:45"]),
        ("PT", ["10:00", "18:45"], ["10:00", "18:45"]),  # Lisbon and the Azores
        ("US", ["19:00", "23:45"], ["20:00", "23:45"]),  # from New York to Honolulu, whose summer has no other time
        ("IN", ["03:30", "13:15"], ["04:30", "14:15"]),
        ("RU", ["06:00", "15:45"], ["07:00", "16:45"]),  # no hour in common: Moscow's
        ("??", ["08:00", "17:45"], ["08:00", "17:45"]),  # nobody knows where: Paris
    ],
)  # fmt: skip
def test_the_hours_of_a_place_as_paris_sees_them(place: str, winter: list[str], summer: list[str]) -> None:
    assert (opened(place, WINTER), opened(place, SUMMER)) == (winter, summer)


def test_the_day_is_the_debtors_own() -> None:
    """Friday evening in Paris is Saturday morning in Noumea; Sunday evening is its Monday."""
    assert opened("nouvelle_caledonie", date(2026, 11, 20)) == ["00:00", "07:45"]
    assert opened("nouvelle_caledonie", date(2026, 11, 22)) == ["22:00", "23:45"]
    assert opened("nouvelle_caledonie", date(2026, 11, 19)) == ["00:00", "23:45"]  # this morning's, then tomorrow's


@pytest.mark.parametrize(
    ("place", "closed"),
    [
        ("metropole", date(2026, 11, 11)),
        ("reunion", date(2027, 12, 20)),
        ("alsace_moselle", date(2026, 4, 3)),
        ("DE", date(2026, 10, 3)),
        ("US", date(2026, 11, 26)),
        ("US", date(2027, 1, 1)),
        ("metropole", date(2026, 11, 21)),
    ],
)
def test_nothing_leaves_on_a_day_off_where_the_debtor_is(place: str, closed: date) -> None:
    assert opened(place, closed) == []


def test_a_narrow_window_that_a_country_cannot_share_is_its_capitals() -> None:
    morning = Policy("p", "", (), sending_hours=(time(9), time(11)))
    assert opened("US", WINTER, morning) == ["15:00", "16:45"]
    assert opened("ES", WINTER, morning) == ["10:00", "10:45"], "Madrid and the Canaries share one hour"


def test_a_part_of_france_is_known_by_its_code_or_its_postcode() -> None:
    assert {place_of("RE", "metropole"), place_of("FR", "reunion"), place_of("RE", "reunion")} == {"reunion"}
    assert zones_of(country_of_place("reunion"))[0].key == "Indian/Reunion"


PLACES = [*(region.value for region in Region), "DE", "US", "CA", "AU", "BR", "RU", "KI", "NP", "CN", "XK", "ZZ"]
MOMENTS = st.integers(0, 2 * 365 * 96).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * QUARTER)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    first, last = sorted(draw(st.lists(st.integers(0, 95), min_size=2, max_size=2, unique=True)))
    return Policy("p", "", (), sending_hours=tuple(time(n // 4, n % 4 * 15) for n in (first, last)))  # type: ignore[arg-type]


@given(st.sampled_from(PLACES), policies(), MOMENTS)
def test_open_means_inside_the_window_on_an_open_weekday_in_every_zone_that_decides(
    place: str, policy: Policy, moment: datetime
) -> None:
    one = hours(place, policy)
    local = [moment.astimezone(zone) for zone in judging_zones(policy, moment, one.zones)]
    inside = [policy.sending_hours[0] <= at.time() < policy.sending_hours[1] and at.weekday() < 5 for at in local]
    assert not one.open_at(moment) or all(inside)
    assert local[0].tzinfo is one.zones[0], "the capital's clock always counts"


@given(st.sampled_from(PLACES), policies())
def test_no_place_is_left_without_hours(place: str, policy: Policy) -> None:
    """A week without holidays has an open quarter of an hour for each policy and place."""
    monday = datetime(2026, 9, 21, tzinfo=UTC)
    assert any(hours(place, policy).open_at(monday + n * QUARTER) for n in range(4 * 96))


def test_hours_open_again_until_the_end_of_the_day_in_paris() -> None:
    afternoon = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
    assert {place: hours(place).opens_again(afternoon) for place in ("US", "reunion", "guadeloupe")} == {
        "US": True,
        "reunion": False,
        "guadeloupe": True,
    }
    assert not hours("metropole").opens_again(afternoon + timedelta(hours=3))
