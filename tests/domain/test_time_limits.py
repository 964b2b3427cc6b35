"""Procedural limits: the vectors, and the prudent asymmetry between acting and waiting."""

from datetime import date

import pytest

from recouvrement.domain.refusals import Refused
from recouvrement.domain.time_limits import Side, non_contestation_day, time_limit
from recouvrement.policy.law import load_law

RULES = load_law().time_limits


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("key", "start", "raw", "extended"),
    [
        ("ip_service", "2026-08-31", "2027-02-28", "2027-03-01"),
        ("ip_service", "2026-09-01", "2026-12-01", "2026-12-01"),
        ("ip_service", "2026-10-15", "2027-01-15", "2027-01-15"),
        ("ip_service", "2026-11-30", "2027-02-28", "2027-03-01"),
        ("ip_opposition", "2026-10-01", "2026-11-01", "2026-11-02"),
        ("ip_opposition", "2026-11-25", "2026-12-25", "2026-12-28"),
        ("ip_no_opposition_notice", "2026-10-20", "2026-12-20", "2026-12-21"),
        ("l125_reply", "2026-11-14", "2026-12-14", "2026-12-14"),
        ("l126_reply", "2026-10-31", "2026-11-30", "2026-11-30"),
        ("declaration_of_claim", "2026-10-04", "2026-12-04", "2026-12-04"),
        ("declaration_of_claim_abroad", "2026-10-04", "2027-02-04", "2027-02-04"),
        ("releve_de_forclusion", "2026-10-04", "2027-04-04", "2027-04-05"),
    ],
)
def test_the_vectors_of_time_limits(key, start, raw, extended):
    found = time_limit(RULES, key, day(start))
    assert (found.raw_end, found.extended_end) == (day(raw), day(extended))


def test_the_record_of_non_contestation_waits_eight_days_more():
    assert non_contestation_day(RULES, day("2026-10-31")) == day("2026-12-08")


def test_the_creditor_never_counts_on_an_extension():
    found = time_limit(RULES, "ip_service", day("2026-11-30"))
    assert (found.rule.side, found.keep) == (Side.MUST_ACT, day("2027-02-28"))


def test_whoever_waits_grants_the_extension():
    found = time_limit(RULES, "ip_opposition", day("2026-11-25"))
    assert (found.rule.side, found.keep, found.first_day_after) == (
        Side.MUST_WAIT,
        day("2026-12-28"),
        day("2026-12-29"),
    )


def test_the_day_of_the_order_chooses_between_six_and_three_months():
    assert time_limit(RULES, "ip_service", day("2026-08-31")).rule.length.value == 6
    assert time_limit(RULES, "ip_service", day("2026-09-01")).rule.length.value == 3


def test_a_debtor_overseas_has_a_month_more_and_abroad_two():
    ends = [time_limit(RULES, "ip_opposition", day("2026-10-05"), extra_months=n).raw_end for n in (1, 2)]
    assert ends == [day("2026-12-05"), day("2027-01-05")]


def test_local_holidays_extend_too():
    good_friday = day("2026-04-03")
    assert time_limit(RULES, "ip_opposition", day("2026-03-03")).extended_end == good_friday
    assert time_limit(RULES, "ip_opposition", day("2026-03-03"), region="alsace_moselle").extended_end > good_friday


@pytest.mark.parametrize(("key", "start"), [("never_heard", "2026-01-01"), ("l126_reply", "2026-04-24")])
def test_a_limit_that_is_unknown_or_not_yet_in_force(key, start):
    found = time_limit(RULES, key, day(start))
    assert isinstance(found, Refused)
    assert "known limits" in found.remedy
