"""Penalties of one invoice: the vectors, cases worked by hand, and what is refused."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from recouvrement.domain.claim import (
    PRINCIPAL_FIRST,
    STATUTORY_TERMS,
    Claim,
    CreditNote,
    FixedRate,
    Payment,
    PenaltyTerms,
    Title,
    contract_rate,
)
from recouvrement.domain.money import rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import Caveat, PenaltyLedger
from recouvrement.domain.rates import MissingRate, Semester, Series
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law import load_law

LAW = load_law().penalties
BUSINESS, PUBLIC, CONSUMER = DebtorKind.BUSINESS, DebtorKind.PUBLIC, DebtorKind.CONSUMER


def day(text):
    return date.fromisoformat(text)


def paid(on, cents):
    return Payment(day(on), cents)


def claim(principal, due, kind=BUSINESS, **more):
    return Claim(principal, day(due), kind, **more)


def ledger(one, until, terms=STATUTORY_TERMS):
    answer = penalty_ledger(one, day(until), LAW, terms)
    assert isinstance(answer, PenaltyLedger), answer
    return answer


def refusal(one, until, terms=STATUTORY_TERMS):
    answer = penalty_ledger(one, day(until), LAW, terms)
    assert isinstance(answer, Refused), answer
    return answer


def shown(found):
    """Segments as (days, rate, base)."""
    return [(segment.days, segment.rate_pct, segment.base_cents) for segment in found.segments]


class TestVectors:
    def test_v1_one_semester(self):
        found = ledger(claim(1_200_000, "2026-07-31"), "2026-08-30")
        assert shown(found) == [(30, "12.40", 1_200_000)]
        assert (found.segments[0].first, found.segments[0].last) == (day("2026-08-01"), day("2026-08-30"))
        assert (found.penalty_cents, found.indemnity_cents, found.total_cents) == (12_230, 4_000, 1_216_230)
        assert found.segments[0].article == "C. com. L441-10 II"

    def test_v2_crosses_1_july(self):
        found = ledger(claim(600_000, "2026-05-31"), "2026-08-31")
        assert shown(found) == [(30, "12.15", 600_000), (62, "12.40", 600_000)]
        assert [rounded_half_up(segment.exact_cents) for segment in found.segments] == [5_992, 12_638]
        assert found.penalty_cents == 18_630

    def test_v5a_until_the_first_payment(self):
        assert ledger(claim(500_000, "2026-01-31"), "2026-04-15").penalty_cents == 12_316

    def test_v5b_interest_first(self):
        found = ledger(claim(500_000, "2026-01-31", payments=(paid("2026-04-15", 200_000),)), "2026-07-20")
        assert shown(found)[1:] == [(76, "12.15", 312_316), (20, "12.40", 312_316)]
        (share,) = found.payments
        assert (share.to_penalty_cents, share.to_principal_cents, share.to_indemnity_cents) == (12_316, 187_684, 0)
        assert (found.principal_due_cents, found.penalty_cents, found.indemnity_cents) == (312_316, 10_023, 4_000)
        assert found.total_cents == 326_339

    def test_v5c_principal_first_by_agreement(self):
        one = claim(500_000, "2026-01-31", payments=(paid("2026-04-15", 200_000),))
        found = ledger(one, "2026-07-20", PenaltyTerms(order=PRINCIPAL_FIRST))
        assert shown(found)[1:] == [(76, "12.15", 300_000), (20, "12.40", 300_000)]
        assert (found.penalty_cents, found.total_cents) == (12_316 + 9_628, 325_944)

    def test_v6_public_buyer_keeps_its_first_rate(self):
        found = ledger(claim(2_000_000, "2025-06-11", PUBLIC), "2026-09-15")
        assert shown(found) == [(461, "11.15", 2_000_000)]
        assert found.penalty_cents == 281_652
        assert found.penalty_cents not in {258_488, 258_487}  # V6bis WRONG: anchored anew each semester
        assert (found.indemnity_cents, found.indemnity_article) == (4_000, "CCP D2192-35")

    def test_v9_leap_year_still_has_365_days(self):
        found = ledger(claim(100_000, "2020-02-15"), "2020-03-16")
        assert shown(found) == [(30, "10.00", 100_000)]
        assert found.penalty_cents == 822

    def test_v10_the_day_of_payment_carries_its_own_semester(self):
        one = claim(3_650_000, "2026-06-30")
        assert shown(ledger(one, "2026-07-01")) == [(1, "12.40", 3_650_000)]
        assert ledger(one, "2026-07-01").penalty_cents == 1_240
        before = ledger(claim(3_650_000, "2026-06-29"), "2026-06-30")
        assert (shown(before), before.penalty_cents) == ([(1, "12.15", 3_650_000)], 1_215)

    def test_v12_half_a_cent_goes_up(self):
        found = ledger(claim(1_825, "2020-03-01"), "2020-03-06")
        assert found.segments[0].exact_cents == Fraction(5, 2)
        assert found.penalty_cents == 3

    def test_v13a_a_whole_year_of_interest(self):
        found = ledger(claim(1_000_000, "2025-06-30"), "2026-06-30")
        assert shown(found) == [(365, "12.15", 1_000_000)]
        assert found.penalty_cents == 121_500

    def test_v15_flat_fees(self):
        three = [ledger(claim(cents, "2026-06-30"), "2026-07-31") for cents in (10_000, 20_000, 30_000)]
        assert sum(found.indemnity_cents for found in three) == 12_000
        assert ledger(claim(3_000, "2026-06-30"), "2026-07-01").indemnity_cents == 4_000
        assert ledger(claim(3_000, "2026-06-30", CONSUMER), "2026-07-01").indemnity_cents == 0
        for judgment in ("2026-06-30", "2026-06-01"):
            barred = ledger(claim(3_000, "2026-06-30", insolvency=day(judgment)), "2026-07-31")
            assert (barred.indemnity_cents, barred.penalty_cents) == (0, 0)


def test_the_shared_vectors_come_out_and_the_wrong_ones_do_not(shared):
    vectors = json.loads((shared / "reference" / "penalty-vectors.json").read_text(encoding="utf-8"))
    for vector in vectors:
        due = date.fromordinal(day(vector["first_day"]).toordinal() - 1)
        kind = PUBLIC if "public" in vector["id"] or "WRONG" in vector["id"] else BUSINESS
        found = penalty_ledger(Claim(vector["base_cents"], due, kind), day(vector["last_day"]), LAW)
        expected = [
            (s["days"], s["rate_pct"], s["frm"], s["to"], Fraction(s["exact_cents"])) for s in vector["segments"]
        ]
        got = [(s.days, s.rate_pct, str(s.first), str(s.last), s.exact_cents) for s in found.segments]
        agrees = got == expected and found.penalty_cents == vector["total_cents_rounded_once"]
        assert agrees is ("WRONG" not in vector["id"]), vector["id"]
    assert len(vectors) >= 10


class TestWorkedByHand:
    def test_insolvency_stops_interest_the_day_before_the_judgment(self):
        # 10 000 x 12.15 % x 44 / 365 = 146.4657: 1 April to 14 May.
        found = ledger(claim(1_000_000, "2026-03-31", insolvency=day("2026-05-15")), "2026-08-31")
        assert shown(found) == [(44, "12.15", 1_000_000)]
        assert (found.penalty_cents, found.indemnity_cents) == (14_647, 4_000)
        assert Caveat.STOPPED_BY_INSOLVENCY in found.caveats

    def test_a_judgment_the_day_after_the_due_date_leaves_the_fee_and_no_interest(self):
        found = ledger(claim(1_000_000, "2026-05-14", insolvency=day("2026-05-15")), "2026-08-31")
        assert (found.penalty_cents, found.indemnity_cents) == (0, 4_000)

    def test_money_received_after_the_judgment_is_flagged(self):
        one = claim(1_000_000, "2026-03-31", insolvency=day("2026-05-15"), payments=(paid("2026-05-20", 10_000),))
        assert Caveat.PAYMENT_AFTER_JUDGMENT in ledger(one, "2026-05-31").caveats

    def test_title_at_the_legal_rate_rises_by_five_points_after_two_months(self):
        # 2.62 x 130 + 7.62 x 20 + 7.75 x 62 = 973.5; 10 000 x 973.5 / 36 500 = 266.712
        found = ledger(claim(1_000_000, "2026-01-31", title=Title(day("2026-04-10"))), "2026-08-31")
        assert shown(found) == [(130, "2.62", 1_000_000), (20, "7.62", 1_000_000), (62, "7.75", 1_000_000)]
        assert found.segments[1].first == day("2026-06-11")
        assert [segment.article for segment in found.segments] == ["titre exécutoire ; CMF L313-2", *["CMF L313-3"] * 2]
        assert found.penalty_cents == 26_671
        assert Caveat.TITLE_REPLACES_PENALTIES in found.caveats

    def test_title_at_another_rate_is_never_raised(self):
        # 10 000 x 15 % x 212 / 365 = 871.2329
        one = claim(1_000_000, "2026-01-31", title=Title(day("2026-04-10"), FixedRate(150_000)))
        found = ledger(one, "2026-08-31")
        assert (shown(found), found.penalty_cents) == ([(212, "15.00", 1_000_000)], 87_123)

    def test_title_with_its_own_first_day_and_a_sum_awarded(self):
        # 1 000 x 2.62 % x 30 / 365 = 2.1534 from 1 June, and 50.00 awarded before
        title = Title(day("2026-05-31"), interest_from=day("2026-06-01"), awarded_penalty_cents=5_000)
        found = ledger(claim(100_000, "2026-01-31", title=title), "2026-06-30")
        assert (shown(found), found.penalty_cents) == ([(30, "2.62", 100_000)], 5_215)

    def test_three_times_the_legal_rate(self):
        # 7.86 x 30 + 8.25 x 31 = 491.55; 10 000 x 491.55 / 36 500 = 134.6712
        found = ledger(claim(1_000_000, "2026-05-31"), "2026-07-31", PenaltyTerms(rate=contract_rate("3x")))
        assert shown(found) == [(30, "7.86", 1_000_000), (31, "8.25", 1_000_000)]
        assert found.penalty_cents == 13_467
        assert Caveat.CONTRACT_RATE_UNDER_FLOOR not in found.caveats

    def test_a_contractual_rate_under_the_floor_is_used_and_flagged(self):
        one = claim(1_000_000, "2023-12-31")
        found = ledger(one, "2024-03-31", PenaltyTerms(rate=contract_rate("15")))
        assert {segment.rate_pct for segment in found.segments} == {"15.00"}
        assert Caveat.CONTRACT_RATE_UNDER_FLOOR in found.caveats  # 15.21 in 2024-S1
        assert found.semesters_under_floor == (Semester(2024, 1),)

    def test_the_floor_does_not_raise_the_default_rate(self):
        found = ledger(claim(1_000_000, "2023-12-31"), "2024-03-31")
        assert (shown(found), found.caveats) == ([(91, "14.50", 1_000_000)], ())

    def test_consumer_from_the_day_after_the_notice(self):
        # 2.62 x 10 + 2.75 x 31 = 111.45; 1 000 x 111.45 / 36 500 = 3.0534
        found = ledger(claim(100_000, "2026-05-15", CONSUMER, notice_received=day("2026-06-20")), "2026-07-31")
        assert shown(found) == [(10, "2.62", 100_000), (31, "2.75", 100_000)]
        assert (found.penalty_cents, found.indemnity_cents, found.total_cents) == (305, 0, 100_305)

    def test_consumer_without_notice_owes_the_principal_only(self):
        found = ledger(claim(100_000, "2026-05-15", CONSUMER), "2026-07-31")
        assert (found.segments, found.total_cents) == ((), 100_000)
        assert found.caveats == (Caveat.CONSUMER_WITHOUT_NOTICE,)

    def test_a_notice_before_the_due_date_starts_nothing_early(self):
        found = ledger(claim(100_000, "2026-05-15", CONSUMER, notice_received=day("2026-05-01")), "2026-05-31")
        assert found.segments[0].first == day("2026-05-16")

    def test_credit_note_reduces_principal_from_the_day_after(self):
        # 12.40 % / 365 x (8 000 x 10 + 6 000 x 20) = 67.9452, rounded once
        found = ledger(
            claim(800_000, "2026-07-31", credit_notes=(CreditNote(day("2026-08-10"), 200_000),)), "2026-08-30"
        )
        assert shown(found) == [(10, "12.40", 800_000), (20, "12.40", 600_000)]
        assert (found.penalty_cents, found.principal_due_cents) == (6_795, 600_000)
        assert len(found.roundings) == 1

    def test_a_credit_note_for_the_whole_invoice_is_flagged(self):
        one = claim(800_000, "2026-07-31", credit_notes=(CreditNote(day("2026-08-10"), 800_000),))
        assert Caveat.CREDITED_IN_FULL in ledger(one, "2026-08-30").caveats

    def test_public_rate_is_that_of_the_semester_in_which_interest_began(self):
        assert shown(ledger(claim(100, "2025-06-29", PUBLIC), "2025-08-31"))[0][1] == "11.15"
        assert shown(ledger(claim(100, "2025-06-30", PUBLIC), "2025-08-31"))[0][1] == "10.15"

    def test_capitalised_interest_bears_interest_in_the_second_year(self):
        # year one 1 215.00; then 11 215 x 12.40 % x 31 / 365 = 118.1108
        terms = PenaltyTerms(capitalise_from=day("2025-07-01"))
        found = ledger(claim(1_000_000, "2025-06-30"), "2026-07-31", terms)
        assert shown(found) == [(365, "12.15", 1_000_000), (31, "12.40", 1_121_500)]
        assert (found.penalty_cents, found.principal_due_cents) == (121_500 + 11_811, 1_000_000)

    def test_without_a_clause_nothing_is_capitalised(self):
        assert shown(ledger(claim(1_000_000, "2025-06-30"), "2026-07-31"))[1] == (31, "12.40", 1_000_000)

    def test_capitalised_interest_is_still_paid_before_principal_and_then_bears_none(self):
        terms = PenaltyTerms(capitalise_from=day("2025-07-01"))
        one = claim(1_000_000, "2025-06-30", payments=(paid("2026-07-31", 133_311),))
        found = ledger(one, "2026-08-31", terms)
        assert found.payments[0].to_penalty_cents == 133_311
        assert shown(found)[-1] == (31, "12.40", 1_000_000)

    def test_a_deposit_reduces_principal_before_anything_is_late(self):
        found = ledger(claim(100_000, "2026-07-31", payments=(paid("2026-07-31", 40_000),)), "2026-08-30")
        assert shown(found) == [(30, "12.40", 60_000)]
        assert found.payments[0].to_principal_cents == 40_000

    def test_paid_in_full_on_the_due_date_owes_nothing_more(self):
        found = ledger(claim(100_000, "2026-07-31", payments=(paid("2026-07-31", 100_000),)), "2026-12-31")
        assert (found.total_cents, found.segments) == (0, ())

    def test_principal_paid_late_leaves_penalties_and_fee(self):
        one = claim(100_000, "2026-07-31", payments=(paid("2026-08-30", 100_000),))
        found = ledger(one, "2026-12-31", PenaltyTerms(order=PRINCIPAL_FIRST))
        assert (found.principal_due_cents, found.penalty_cents, found.indemnity_cents) == (0, 1_019, 4_000)

    def test_on_the_due_date_itself_nothing_is_late(self):
        found = ledger(claim(100_000, "2026-07-31"), "2026-07-31")
        assert (found.total_cents, found.segments, found.indemnity_cents) == (100_000, (), 0)

    def test_same_day_payments_are_one_sum_shared_in_their_order(self):
        two = (paid("2026-04-15", 150_000), paid("2026-04-15", 50_000))
        found = ledger(claim(500_000, "2026-01-31", payments=two), "2026-07-20")
        assert [(p.to_penalty_cents, p.to_principal_cents) for p in found.payments] == [(12_316, 137_684), (0, 50_000)]
        assert found.total_cents == 326_339

    def test_waived_penalties_leave_the_principal_even_of_an_unknown_kind(self):
        terms = PenaltyTerms(claim_penalties=False, claim_indemnity=False)
        found = ledger(claim(100_000, "2026-05-15", DebtorKind.UNKNOWN), "2026-07-31", terms)
        assert (found.total_cents, found.caveats) == (100_000, (Caveat.WAIVED,))


class TestRatesNotKnown:
    def test_the_missing_semester_is_named(self):
        answer = penalty_ledger(claim(100_000, "2026-11-30"), day("2027-01-01"), LAW)
        assert answer == MissingRate(Series.ECB, Semester(2027, 1))
        assert "2027-S1" in answer.message
        assert "rates add" in answer.message

    def test_a_later_semester_is_named_when_it_is_the_first_needed(self):
        assert penalty_ledger(claim(100, "2028-03-31"), day("2028-04-30"), LAW).semester == Semester(2028, 1)

    def test_a_day_before_the_table(self):
        assert penalty_ledger(claim(100, "2001-03-31"), day("2001-04-30"), LAW).semester == Semester(2001, 1)

    def test_an_invoice_paid_before_the_gap_needs_no_rate_in_it(self):
        one = claim(100_000, "2026-11-30", payments=(paid("2026-12-10", 100_000),))
        terms = PenaltyTerms(order=PRINCIPAL_FIRST)
        assert isinstance(penalty_ledger(one, day("2027-06-30"), LAW, terms), PenaltyLedger)

    def test_a_fixed_contractual_rate_needs_no_table_but_its_floor_is_unknown(self):
        found = ledger(claim(100_000, "2026-11-30"), "2027-01-31", PenaltyTerms(rate=contract_rate("15")))
        assert Caveat.FLOOR_NOT_KNOWN in found.caveats
        assert shown(found) == [(62, "15.00", 100_000)]

    def test_the_last_rate_carried_forward_is_provisional_and_forbids_a_formal_notice(self):
        found = ledger(claim(100_000, "2026-11-30"), "2027-01-31", PenaltyTerms(provisional_rates=True))
        assert shown(found) == [(31, "12.40", 100_000), (31, "12.65", 100_000)]
        assert [segment.provisional for segment in found.segments] == [False, True]
        assert found.provisional
        assert found.forbids_formal_notice
        assert found.caveats == (Caveat.PROVISIONAL_RATE,)

    def test_allowing_provisional_rates_changes_nothing_where_rates_are_known(self):
        found = ledger(claim(100_000, "2026-07-31"), "2026-08-30", PenaltyTerms(provisional_rates=True))
        assert not found.provisional

    def test_a_public_claim_begun_in_a_known_semester_runs_on_beyond_the_table(self):
        found = ledger(claim(100_000, "2026-07-31", PUBLIC), "2027-08-31")
        assert shown(found) == [(396, "10.40", 100_000)]


class TestRefusals:
    def test_until_before_due(self):
        assert refusal(claim(100, "2026-07-31"), "2026-07-30").code == "until_before_due"

    def test_negative_principal(self):
        assert refusal(claim(-1, "2026-07-31"), "2026-07-31").code == "negative_principal"

    @pytest.mark.parametrize("cents", [0, -5])
    def test_a_payment_that_is_no_money(self, cents):
        one = claim(100, "2026-07-31", payments=(paid("2026-07-31", cents),))
        assert refusal(one, "2026-08-31").code == "amount_not_positive"

    def test_a_payment_above_what_is_due_says_by_how_much(self):
        one = claim(10_000, "2026-07-31", payments=(paid("2026-08-30", 14_103),))
        found = refusal(one, "2026-08-30")  # 100.00 + 1.02 + 40.00 = 141.02
        assert found.code == "payment_above_due"
        assert "0.01 above" in found.message
        assert "credit of the customer" in found.remedy
        exact = claim(10_000, "2026-07-31", payments=(paid("2026-08-30", 14_102),))
        assert ledger(exact, "2026-08-30").total_cents == 0

    def test_a_deposit_above_the_principal(self):
        one = claim(10_000, "2026-07-31", payments=(paid("2026-07-30", 10_001),))
        assert refusal(one, "2026-08-30").code == "payment_above_due"

    @pytest.mark.parametrize("on", ["2026-07-30", "2026-08-10"])
    def test_a_credit_note_above_the_principal(self, on):
        one = claim(10_000, "2026-07-31", credit_notes=(CreditNote(day(on), 10_001),))
        assert refusal(one, "2026-08-30").code == "credit_note_above_principal"

    def test_money_after_the_last_day(self):
        one = claim(10_000, "2026-07-31", payments=(paid("2026-08-31", 1),))
        assert refusal(one, "2026-08-30").code == "event_after_until"

    def test_an_unknown_kind(self):
        found = refusal(claim(10_000, "2026-07-31", DebtorKind.UNKNOWN), "2026-08-30")
        assert (found.code, "record what the debtor is" in found.remedy) == ("unknown_kind", True)

    @pytest.mark.parametrize("kind", [PUBLIC, CONSUMER])
    def test_a_contractual_rate_where_the_law_fixes_it(self, kind):
        one = replace(claim(10_000, "2026-07-31"), kind=kind)
        assert refusal(one, "2026-08-30", PenaltyTerms(rate=FixedRate(150_000))).code == "rate_not_contractual"

    def test_an_order_that_forgets_a_part(self):
        terms = PenaltyTerms(order=PRINCIPAL_FIRST[:2])
        assert refusal(claim(10_000, "2026-07-31"), "2026-08-30", terms).code == "bad_order"


@pytest.mark.parametrize("text", ["", "x", "-1", "1,5", "12.34567", "0x", "1.234x", "NaN", "1e9"])
def test_a_rate_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="rate"):
        contract_rate(text)
