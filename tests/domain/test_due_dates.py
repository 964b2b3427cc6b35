"""Due dates: the published vectors, the sector limits, and what is flagged."""

from datetime import date

import pytest

from recouvrement.domain.due_dates import (
    DueCheck,
    InvoiceDays,
    Variant,
    check_due,
    end_of_month_term,
    legal_latest,
    net_term,
    rule_key,
)
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law import load_law

RULES = load_law().terms
A, B = Variant.DAYS_THEN_END_OF_MONTH, Variant.END_OF_MONTH_THEN_DAYS


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("invoice", "net", "a", "b"),
    [
        ("2026-01-15", "2026-03-16", "2026-03-31", "2026-03-17"),
        ("2024-01-15", "2024-03-15", "2024-02-29", "2024-03-16"),
        ("2026-01-31", "2026-04-01", "2026-03-31", "2026-03-17"),
        ("2025-02-15", "2025-04-16", "2025-04-30", "2025-04-14"),
        ("2026-11-22", "2027-01-21", "2027-01-31", "2027-01-14"),
    ],
)
def test_sixty_days_and_both_computations_of_45_days_end_of_month(invoice, net, a, b):
    assert net_term(day(invoice), 60) == day(net)
    assert (end_of_month_term(day(invoice), 45, A), end_of_month_term(day(invoice), 45, B)) == (day(a), day(b))


def test_a_published_error_is_not_repeated():
    assert end_of_month_term(day("2013-01-31"), 45, B) == day("2013-03-17")  # one site says 15/03


@pytest.mark.parametrize(
    ("key", "days", "latest"),
    [
        ("silent", InvoiceDays(day("2026-01-10"), delivery=day("2026-01-05")), "2026-02-04"),
        ("agreed_days", InvoiceDays(day("2026-01-15")), "2026-03-16"),
        ("agreed_end_of_month", InvoiceDays(day("2026-01-15")), "2026-03-31"),
        ("summary_invoice", InvoiceDays(day("2026-01-31")), "2026-03-17"),
        ("transport", InvoiceDays(day("2026-01-31")), "2026-03-02"),
        ("perishable_food", InvoiceDays(day("2026-01-31"), delivery=day("2026-01-12")), "2026-02-11"),
        ("perishable_food_summary", InvoiceDays(day("2026-01-31"), delivery=day("2026-01-12")), "2026-02-19"),
        ("live_cattle_and_meat", InvoiceDays(day("2026-01-31"), delivery=day("2026-01-12")), "2026-02-01"),
        ("alcoholic_drinks", InvoiceDays(day("2026-01-31"), delivery=day("2026-01-12")), "2026-03-02"),
        ("public_state", InvoiceDays(day("2025-05-10"), request=day("2025-05-12")), "2025-06-11"),
        ("public_health", InvoiceDays(day("2025-05-10"), request=day("2025-05-12")), "2025-07-01"),
        ("public_undertaking", InvoiceDays(day("2025-05-10"), request=day("2025-05-12")), "2025-07-11"),
    ],
)
def test_the_latest_legal_day_by_rule(key, days, latest):
    assert legal_latest(RULES[key], days) == day(latest)


def test_a_public_term_starts_at_performance_when_that_came_after_the_request():
    days = InvoiceDays(day("2025-05-10"), delivery=day("2025-05-20"), request=day("2025-05-12"))
    assert legal_latest(RULES["public_state"], days) == day("2025-06-19")


@pytest.mark.parametrize("key", ["silent", "perishable_food", "alcoholic_drinks", "public_state"])
def test_a_day_that_is_not_recorded_is_asked_for(key):
    found = legal_latest(RULES[key], InvoiceDays(day("2026-01-15")))
    assert isinstance(found, Refused)
    assert "record it" in found.remedy


def test_a_due_date_beyond_the_maximum_is_flagged_and_still_used():
    found = check_due(day("2026-04-30"), "agreed_days", RULES, InvoiceDays(day("2026-01-15")))
    assert isinstance(found, DueCheck)
    assert (found.due, found.legal_latest, found.days_beyond) == (day("2026-04-30"), day("2026-03-16"), 45)
    assert found.rule.provenance.article == "C. com. L441-10 I"


def test_a_due_date_within_the_maximum_is_not():
    assert check_due(day("2026-03-16"), "agreed_days", RULES, InvoiceDays(day("2026-01-15"))).days_beyond == 0


def test_without_an_agreed_date_the_rule_gives_it():
    days = InvoiceDays(day("2026-01-10"), delivery=day("2026-01-05"))
    assert check_due(None, "silent", RULES, days).due == day("2026-02-04")


def test_an_unknown_rule_lists_the_known_ones():
    found = check_due(None, "barter", RULES, InvoiceDays(day("2026-01-10")))
    assert "summary_invoice" in found.remedy


@pytest.mark.parametrize(
    ("kind", "more", "key"),
    [
        (DebtorKind.BUSINESS, {}, "agreed_days"),
        (DebtorKind.BUSINESS, {"end_of_month": True}, "agreed_end_of_month"),
        (DebtorKind.ARTISAN, {"agreed": False}, "silent"),
        (DebtorKind.BUSINESS, {"summary": True}, "summary_invoice"),
        (DebtorKind.BUSINESS, {"sector": "transport", "summary": True}, "transport"),
        (DebtorKind.BUSINESS, {"sector": "perishable_food", "summary": True}, "perishable_food_summary"),
        (DebtorKind.PUBLIC, {"buyer": "health"}, "public_health"),
        (DebtorKind.CONSUMER, {}, None),
    ],
)
def test_which_rule_limits_a_term(kind, more, key):
    assert rule_key(kind, **more) == key
    assert key is None or key in RULES
