"""The ledger agrees with counting day by day, and keeps the properties that a judge would expect."""

import random
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.claim import (
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    Claim,
    CreditNote,
    Payment,
    PenaltyTerms,
    TimesLegalRate,
    Title,
)
from recouvrement.domain.money import rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.policy.law import load_law

LAW = load_law().penalties
# Semester: legal "autres", ECB on its first day; hundredths of a percent, typed in from the official tables.
TABLE = {
    (2019, 1): (86, 0), (2019, 2): (87, 0), (2020, 1): (87, 0), (2020, 2): (84, 0), (2021, 1): (79, 0),
    (2021, 2): (76, 0), (2022, 1): (76, 0), (2022, 2): (77, 0), (2023, 1): (206, 250), (2023, 2): (422, 400),
    (2024, 1): (507, 450), (2024, 2): (492, 425), (2025, 1): (371, 315), (2025, 2): (276, 215), (2026, 1): (262, 215),
    (2026, 2): (275, 240),
}  # fmt: skip
FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
KINDS = (DebtorKind.BUSINESS, DebtorKind.PUBLIC, DebtorKind.CONSUMER)


def semester(on):
    return on.year, 1 if on.month < 7 else 2


RATES = {
    DebtorKind.BUSINESS: {
        FIRST + timedelta(days=n): TABLE[semester(FIRST + timedelta(days=n))][1] + 1000 for n in range(2922)
    },
    DebtorKind.CONSUMER: {
        FIRST + timedelta(days=n): TABLE[semester(FIRST + timedelta(days=n))][0] for n in range(2922)
    },
}


def rates_of(claim, begins):
    """The rate of each day: frozen for a public buyer, else that of the semester of the day."""
    if claim.kind is DebtorKind.PUBLIC:
        frozen = TABLE[semester(begins + timedelta(days=1))][1] + 800
        return lambda on: frozen
    return RATES[claim.kind].__getitem__


def day_by_day(claim, until, order):
    """(principal, penalty, fee, shares) by walking every single day; None when a payment is above what is due."""
    principal, exact, penalty, shares = claim.principal_cents, 0, 0, []
    begins = claim.due if claim.kind is not DebtorKind.CONSUMER else max(claim.due, claim.notice_received)
    money = sorted(claim.payments, key=lambda payment: payment.on)
    rate, moving = rates_of(claim, begins) if begins < LAST else None, {m.on for m in (*claim.credit_notes, *money)}
    fee, day = 0, min([claim.due, *(event.on for event in (*claim.credit_notes, *money))])
    while day <= until:
        stopped = claim.insolvency is not None and day >= claim.insolvency
        if day > begins and not stopped:
            exact += principal * rate(day)
        if day == claim.due + timedelta(days=1) and principal > 0 and claim.kind is not DebtorKind.CONSUMER:
            fee = 4000 if claim.insolvency is None or claim.insolvency > claim.due else 0
        if day not in moving:
            day += timedelta(days=1)
            continue
        principal -= sum(credit.cents for credit in claim.credit_notes if credit.on == day)
        received = [payment.cents for payment in money if payment.on == day]
        if received:
            penalty += rounded_half_up(Fraction(exact, 3_650_000))
            exact = 0
            left = sum(received)
            for part in order:
                owed = {"penalty": penalty, "principal": principal, "indemnity": fee}[part]
                share = min(left, owed)
                left -= share
                penalty -= share * (part == "penalty")
                principal -= share * (part == "principal")
                fee -= share * (part == "indemnity")
                shares.append(share)
            if left:
                return None
        if principal < 0:
            return None
        day += timedelta(days=1)
    return principal, penalty + rounded_half_up(Fraction(exact, 3_650_000)), fee, sum(shares)


def random_claim(dice):
    due = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days - 1))
    until = due + timedelta(days=dice.randrange(min((LAST - due).days, 900) + 1))
    principal = dice.choice([dice.randrange(1, 5000), dice.randrange(1, 3_000_000)])

    def when():
        return due + timedelta(days=dice.randrange(-20, (until - due).days + 1))

    payments = tuple(
        Payment(when(), dice.randrange(1, principal // 2 + 2)) for _ in range(dice.choice((0, 0, 1, 1, 2, 3)))
    )
    credit_notes = tuple(CreditNote(when(), dice.randrange(1, principal // 3 + 2)) for _ in range(dice.random() < 0.2))
    kind = dice.choice(KINDS)
    notice = due + timedelta(days=dice.randrange(-10, 60)) if kind is DebtorKind.CONSUMER else None
    insolvency = due + timedelta(days=dice.randrange(-5, 200)) if dice.random() < 0.15 else None
    return Claim(principal, due, kind, payments, credit_notes, insolvency, notice), until


def test_ten_thousand_random_claims_agree_with_counting_day_by_day():
    dice = random.Random(20_261_122)
    refused = leap = 0
    for _ in range(10_000):
        claim, until = random_claim(dice)
        order = dice.choice((INTEREST_FIRST, PRINCIPAL_FIRST))
        expected = day_by_day(claim, until, order)
        found = penalty_ledger(claim, until, LAW, PenaltyTerms(order=order))
        if expected is None:
            assert not isinstance(found, PenaltyLedger), claim
            refused += 1
            continue
        paid = sum(p.cents for p in found.payments)
        assert (found.principal_due_cents, found.penalty_cents, found.indemnity_cents, paid) == expected, claim
        leap += claim.due < date(2024, 2, 29) <= until
    assert refused < 2_000
    assert leap > 500


DAYS = st.dates(date(2019, 1, 1), date(2025, 12, 31))
CENTS = st.integers(1, 10_000_000)
KIND = st.sampled_from([DebtorKind.BUSINESS, DebtorKind.PUBLIC, DebtorKind.ARTISAN, DebtorKind.NON_TRADER])
ORDER = st.sampled_from([INTEREST_FIRST, PRINCIPAL_FIRST])


def interest(claim, until):
    found = penalty_ledger(claim, until, LAW)
    return sum((segment.exact_cents for segment in found.segments), Fraction(0))


@given(DAYS, CENTS, KIND, st.integers(0, 180), st.integers(0, 180))
def test_interest_over_two_stretches_is_that_of_the_whole(due, cents, kind, one, two):
    if kind is DebtorKind.PUBLIC:
        kind = (
            DebtorKind.BUSINESS
        )  # a public rate depends on the first day of all, so the second part has no claim of its own
    middle = due + timedelta(days=one)
    end = middle + timedelta(days=two)
    first, second = Claim(cents, due, kind), Claim(cents, middle, kind)
    assert interest(first, middle) + interest(second, end) == interest(first, end)


@given(
    DAYS, CENTS, KIND, ORDER, st.lists(st.tuples(st.integers(-30, 300), st.integers(1, 1000)), max_size=5), st.randoms()
)
def test_a_ledger_is_never_negative_and_its_parts_add_up(due, cents, kind, order, money, dice):
    until = due + timedelta(days=300)
    payments = tuple(Payment(due + timedelta(days=after), max(1, cents * part // 6000)) for after, part in money)
    found = penalty_ledger(Claim(cents, due, kind, payments), until, LAW, PenaltyTerms(order=order))
    if not isinstance(found, PenaltyLedger):
        assert found.code == "payment_above_due"
        return
    assert min(found.principal_due_cents, found.penalty_cents, found.indemnity_cents) >= 0
    for share in found.payments:
        parts = (share.to_penalty_cents, share.to_principal_cents, share.to_indemnity_cents)
        assert min(parts) >= 0
        assert sum(parts) == share.cents
    assert found.total_cents + sum(p.cents for p in payments) == (
        cents + found.penalty_accrued_cents + found.indemnity_accrued_cents
    )
    assert sum((s.exact_cents for s in found.segments), Fraction(0)) == sum(r.exact_cents for r in found.roundings)
    mixed = list(payments)
    dice.shuffle(mixed)
    again = penalty_ledger(Claim(cents, due, kind, tuple(mixed)), until, LAW, PenaltyTerms(order=order))
    assert (again.principal_due_cents, again.penalty_cents, again.indemnity_cents) == (
        found.principal_due_cents,
        found.penalty_cents,
        found.indemnity_cents,
    )


@given(DAYS, st.integers(1000, 10_000_000), KIND, ORDER, st.integers(-10, 200), st.integers(0, 200))
def test_a_payment_never_raises_what_is_due(due, cents, kind, order, when, later):
    until = due + timedelta(days=max(when, 0) + later)
    terms = PenaltyTerms(order=order)
    without = penalty_ledger(Claim(cents, due, kind), until, LAW, terms)
    payment = Payment(due + timedelta(days=when), cents // 3)
    assert penalty_ledger(Claim(cents, due, kind, (payment,)), until, LAW, terms).total_cents <= without.total_cents


def raised_from(enforceable):
    """The day after the same day number two months later, or the last day of that month."""
    month = enforceable.month + 2
    year, month = enforceable.year + (month > 12), (month - 1) % 12 + 1
    day = enforceable.day
    while True:
        try:
            return date(year, month, day) + timedelta(days=1)
        except ValueError:
            day -= 1


def test_random_titles_and_multiples_of_the_legal_rate_agree_with_counting_day_by_day():
    dice = random.Random(313)
    for _ in range(1_000):
        due = FIRST + timedelta(days=dice.randrange(2_000))
        until = min(LAST, due + timedelta(days=dice.randrange(500)))
        cents = dice.randrange(1, 3_000_000)
        days = [due + timedelta(days=n) for n in range(1, (until - due).days + 1)]
        legal = [TABLE[semester(day)][0] for day in days]
        if dice.random() < 0.5:
            enforceable = due + timedelta(days=dice.randrange(-100, 300))
            rise = raised_from(enforceable)
            rates = [rate + (500 if day >= rise else 0) for day, rate in zip(days, legal, strict=True)]
            found = penalty_ledger(Claim(cents, due, DebtorKind.BUSINESS, title=Title(enforceable)), until, LAW)
        else:
            rates = [3 * rate for rate in legal]
            terms = PenaltyTerms(rate=TimesLegalRate(300))
            found = penalty_ledger(Claim(cents, due, DebtorKind.BUSINESS), until, LAW, terms)
        assert found.penalty_cents == rounded_half_up(Fraction(cents * sum(rates), 3_650_000))
        assert sum(segment.days for segment in found.segments) == len(days)
