"""Limitation: what starts it, what interrupts it, and the prudent date that alarms watch."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.limitation import ClaimNature, LimitationEvent, LimitationFacts, limitation_sheet
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law import load_law

LAW = load_law().limitation
COMMERCIAL, CONSUMER, PUBLIC = ClaimNature.COMMERCIAL, ClaimNature.CONSUMER, ClaimNature.PUBLIC


def day(text):
    return date.fromisoformat(text)


def sheet(nature=COMMERCIAL, *events, due="2024-03-31", **more):
    return limitation_sheet(LimitationFacts(nature, due=day(due), events=events, **more), LAW)


def event(kind, on, ended=None, **more):
    return LimitationEvent(kind, day(on), day(ended) if ended else None, **more)


@pytest.mark.parametrize(
    ("nature", "end"),
    [
        ("commercial", "2029-03-31"),
        ("civil", "2029-03-31"),
        ("consumer", "2026-03-31"),
        ("carriage", "2025-03-31"),
        ("public", "2028-12-31"),
    ],
)
def test_the_length_depends_on_the_claim(nature, end):
    assert sheet(ClaimNature(nature)).prudent_end == day(end)


def test_a_service_counts_from_completion_and_the_due_date_is_only_possible():
    found = sheet(completed=day("2024-01-10"), invoiced=day("2024-01-31"))
    assert (found.start, found.prudent_end, found.possible_end) == (
        day("2024-01-10"),
        day("2029-01-10"),
        day("2029-03-31"),
    )


@pytest.mark.parametrize("kind", ["mise_en_demeure", "reminder", "injonction_de_payer_request"])
def test_these_do_not_interrupt_a_private_claim(kind):
    found = sheet(COMMERCIAL, event(kind, "2025-01-01"))
    assert found.prudent_end == found.possible_end == day("2029-03-31")
    assert "does not interrupt" in found.reasons[-1]


def test_any_written_demand_interrupts_a_public_one():
    assert sheet(PUBLIC, event("mise_en_demeure", "2026-05-05")).prudent_end == day("2030-12-31")


@pytest.mark.parametrize(
    "kind", ["acknowledgment", "court_claim", "injonction_de_payer_service", "enforcement_act", "conservatory_measure"]
)
def test_these_start_a_full_new_period(kind):
    assert sheet(COMMERCIAL, event(kind, "2025-01-01")).prudent_end == day("2030-01-01")


def test_a_closed_instance_counts_from_its_end():
    assert sheet(COMMERCIAL, event("court_claim", "2025-01-01", "2026-06-30")).prudent_end == day("2031-06-30")


def test_an_interruption_that_was_undone_counts_for_nothing():
    assert sheet(COMMERCIAL, event("court_claim", "2025-01-01", void=True)).prudent_end == day("2029-03-31")


@pytest.mark.parametrize("kind", ["part_payment", "request_for_time"])
def test_a_part_payment_never_moves_the_alarm(kind):
    found = sheet(COMMERCIAL, event(kind, "2025-01-01"))
    assert (found.prudent_end, found.possible_end) == (day("2029-03-31"), day("2030-01-01"))


def test_an_interruption_after_the_prudent_date_does_not_revive_it():
    found = sheet(CONSUMER, event("acknowledgment", "2026-04-01"))
    assert found.prudent_end == day("2026-03-31")
    assert "after the prudent date" in found.reasons[-1]


def test_mediation_suspends_and_leaves_six_months():
    assert sheet(CONSUMER, event("mediation", "2024-06-01", "2024-07-01")).prudent_end == day("2026-04-30")
    assert sheet(CONSUMER, event("mediation", "2026-03-30", "2026-04-10")).prudent_end == day("2026-10-10")
    assert sheet(CONSUMER, event("mediation", "2026-03-30")).prudent_end == day("2026-03-31")


def test_twenty_years_are_the_cap():
    events = [event("acknowledgment", f"{year}-03-01") for year in range(2028, 2045, 4)]
    assert sheet(COMMERCIAL, *events).prudent_end == day("2044-03-31")


def test_a_title_gives_ten_years():
    assert sheet(title_on=day("2025-02-28")).prudent_end == day("2035-02-28")


def test_a_clause_may_shorten_or_lengthen_but_not_against_a_consumer():
    assert sheet(contract_years=2).prudent_end == day("2026-03-31")
    assert isinstance(sheet(CONSUMER, contract_years=5), Refused)
    assert isinstance(sheet(contract_years=11), Refused)


def test_without_any_day_it_is_asked():
    assert isinstance(limitation_sheet(LimitationFacts(COMMERCIAL), LAW), Refused)


def test_an_unknown_event_lists_the_known_ones():
    assert "acknowledgment" in sheet(COMMERCIAL, event("angry_call", "2025-01-01")).remedy


@pytest.mark.parametrize(
    ("on", "months"),
    [
        ("2028-03-30", None),
        ("2028-03-31", 12),
        ("2028-09-29", 12),
        ("2028-09-30", 6),
        ("2028-12-31", 3),
        ("2029-03-31", 3),
        ("2029-04-01", 0),
    ],
)
def test_alarms_at_twelve_six_and_three_months_and_the_block(on, months):
    assert sheet().months_left(day(on)) == months
    assert sheet().is_passed(day(on)) is (months == 0)


KINDS = st.sampled_from(sorted(LAW.events))
EVENTS = st.lists(st.tuples(KINDS, st.integers(0, 4000), st.integers(0, 400), st.booleans()), max_size=6)


@given(st.sampled_from(list(ClaimNature)), EVENTS)
def test_events_never_shorten_limitation_and_prudent_is_never_later(nature, happened):
    due = date(2015, 6, 30)
    events = tuple(
        LimitationEvent(kind, due + timedelta(days=on), due + timedelta(days=on + more), void)
        for kind, on, more, void in happened
    )
    bare = limitation_sheet(LimitationFacts(nature, due=due), LAW)
    found = limitation_sheet(LimitationFacts(nature, due=due, events=events), LAW)
    assert bare.prudent_end <= found.prudent_end <= found.possible_end <= date(2035, 6, 30)
