"""Rate limits: never more than allowed in any window, and never a wait that was not long enough."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.channels.pace import MESSAGE, Pace, Tokens, Turn, full, take

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PACES = st.builds(
    Pace, per_minute=st.integers(1, 200), burst=st.integers(1, 20), per_day=st.none() | st.integers(1, 50)
)


def sent_by(pace: Pace, steps: list[int]) -> list[datetime]:
    """The moments of sending when one tries at each step (milliseconds after the one before)."""
    tokens, moment, sent = full(pace, START), START, []
    for step in steps:
        moment += timedelta(milliseconds=step)
        turn = take(pace, tokens, moment)
        if not turn.wait:
            sent.append(moment)
        tokens = turn.tokens
    return sent


@given(PACES, st.lists(st.integers(0, 3000), max_size=80))
def test_no_minute_holds_more_than_the_rate_and_one_burst(pace: Pace, steps: list[int]) -> None:
    sent = sent_by(pace, steps)
    for first in sent:
        assert sum(first <= moment < first + timedelta(minutes=1) for moment in sent) <= pace.per_minute + pace.burst


@given(PACES, st.lists(st.integers(0, 200_000), max_size=80))
def test_a_day_holds_at_most_its_quota(pace: Pace, steps: list[int]) -> None:
    sent = sent_by(pace, steps)
    if pace.per_day is not None:
        assert sum(moment < START + timedelta(days=1) for moment in sent) <= pace.per_day


@given(PACES, st.integers(0, MESSAGE), st.integers(0, 60))
def test_the_wait_is_long_enough_and_not_longer(pace: Pace, level: int, used: int) -> None:
    tokens = Tokens(START, level, START, used)
    turn = take(pace, tokens, START)
    if turn.wait:
        assert turn.tokens == tokens
        assert not take(pace, tokens, START + turn.wait).wait
        assert take(pace, tokens, START + turn.wait - timedelta(microseconds=2)).wait


def test_a_clock_that_goes_back_gives_nothing() -> None:
    pace = Pace(per_minute=60)
    spent = take(pace, full(pace, START), START).tokens
    assert take(pace, spent, START - timedelta(hours=1)) == Turn(timedelta(seconds=1), spent)


def test_the_first_message_of_the_next_day_goes() -> None:
    pace = Pace(per_minute=60, per_day=1)
    spent = take(pace, full(pace, START), START).tokens
    turn = take(pace, spent, START + timedelta(hours=6))
    assert turn.wait == timedelta(hours=18)
    assert not take(pace, spent, START + timedelta(hours=24)).wait


@pytest.mark.parametrize("pace", [(0, 1, None), (1, 0, None), (1, 1, 0), (-5, 1, None)])
def test_a_pace_of_nothing_is_refused(pace: tuple[int, int, int | None]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Pace(*pace)
