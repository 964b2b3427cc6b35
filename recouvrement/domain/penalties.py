"""Late-payment penalties of one invoice, from its due date to a day, with every payment imputed as it came."""

from datetime import date, timedelta

from recouvrement.domain.claim import STATUTORY_TERMS, Claim, CreditNote, Payment, PenaltyTerms
from recouvrement.domain.claim_checks import refused_claim
from recouvrement.domain.interest_plan import InterestPlan, interest_plan
from recouvrement.domain.money import plain
from recouvrement.domain.months import add_years
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_law import PenaltyLaw
from recouvrement.domain.penalty_ledger import Caveat, PenaltyLedger
from recouvrement.domain.penalty_walk import PenaltyWalk
from recouvrement.domain.provenance import Parameter
from recouvrement.domain.rates import MissingRate
from recouvrement.domain.refusals import Refused


def penalty_ledger(
    claim: Claim, until: date, law: PenaltyLaw, terms: PenaltyTerms = STATUTORY_TERMS
) -> PenaltyLedger | MissingRate | Refused:
    """The claim balance of one invoice at the end of the day `until`, with every figure behind it.

    Amounts are minor units, days are inclusive: the first counted day is the one after the due date, the last is
    `until`; a payment's own day still bears interest on the old base. Interest is exact between two payments and
    rounded half-up when a payment is imputed, when a year is capitalised and at the end. The year has 365 days, leap
    or not. Returns MissingRate when a day that bears interest has no known rate, Refused when the input makes no sense.

    Sources: C. com. L441-10 II and D441-5, CCP R2192-31 to -35, C. civ. 1231-6, 1343-1, 1343-2, CMF L313-2 and L313-3,
    C. com. L622-28.
    """
    refused = refused_claim(claim, until, terms)
    if refused is not None:
        return refused
    plan = interest_plan(claim, until, law, terms)
    walk = PenaltyWalk(claim.principal_cents, plan.stretches, terms.order, _divisor(law, claim.due))
    refused = _play_up_to_due(walk, claim)
    if refused is not None:
        return refused
    fee = _indemnity(claim, until, law, terms) if walk.principal else None
    walk.indemnity = fee.value if fee is not None else 0
    walk.penalty = claim.title.awarded_penalty_cents if claim.title is not None else 0
    answer = _play_after_due(walk, claim, until, terms)
    return answer if answer is not None else _ledger(walk, claim, until, terms, plan, fee)


def _divisor(law: PenaltyLaw, on: date) -> int:
    parameter = law.in_force("divisor", on)
    return parameter.value if parameter is not None else 365


def _indemnity(claim: Claim, until: date, law: PenaltyLaw, terms: PenaltyTerms) -> Parameter | None:
    """The flat fee, or None: per late invoice of a professional, never due on or after an opening judgment."""
    late = until > claim.due and claim.kind.is_professional and terms.claim_indemnity
    barred = claim.insolvency is not None and claim.insolvency <= claim.due
    key = "indemnite_forfaitaire_public" if claim.kind is DebtorKind.PUBLIC else "indemnite_forfaitaire"
    return law.in_force(key, claim.due) if late and not barred else None


def _play_up_to_due(walk: PenaltyWalk, claim: Claim) -> Refused | None:
    """Deposits and credit notes up to the due date reduce principal."""
    for credit in sorted((c for c in claim.credit_notes if c.on <= claim.due), key=_day):
        if credit.cents > walk.principal:
            return _credit_above(credit, walk.principal)
        walk.principal -= credit.cents
    for payment in sorted((p for p in claim.payments if p.on <= claim.due), key=_day):
        if payment.cents > walk.principal:
            return _payment_above(payment, walk.principal)
        walk.deposit(payment)
    return None


def _day(money: Payment | CreditNote) -> date:
    return money.on


def _play_after_due(walk: PenaltyWalk, claim: Claim, until: date, terms: PenaltyTerms) -> Refused | MissingRate | None:
    """Credit notes before payments of one day, then the end of a whole year of interest; then up to the last day."""
    events: list[tuple[int, int, int, Payment | CreditNote | None]] = []
    for rank, credit in enumerate(claim.credit_notes):
        if credit.on > claim.due:
            events.append((credit.on.toordinal(), 0, rank, credit))
    for rank, payment in enumerate(claim.payments):
        if payment.on > claim.due:
            events.append((payment.on.toordinal(), 1, rank, payment))
    if terms.capitalise_from is not None:
        events += [(day, 2, 0, None) for day in _ends_of_years(walk, terms.capitalise_from, until)]
    events.sort(key=lambda event: event[:3])
    for ordinal, _, _, money in events:
        walk.accrue(ordinal)
        if walk.missing is not None:
            return walk.missing
        refused = _apply(walk, ordinal, money)
        if refused is not None:
            return refused
    walk.accrue(until.toordinal())
    if walk.missing is None:
        walk.round_off(until.toordinal(), capitalised=False)
    return walk.missing


def _apply(walk: PenaltyWalk, ordinal: int, money: Payment | CreditNote | None) -> Refused | None:
    if isinstance(money, CreditNote):
        if money.cents > walk.principal:
            return _credit_above(money, walk.principal)
        walk.principal -= money.cents
    elif isinstance(money, Payment):
        walk.round_off(ordinal, capitalised=False)
        if money.cents > walk.due:
            return _payment_above(money, walk.due)
        walk.impute(money)
    else:
        walk.round_off(ordinal, capitalised=True)
    return None


def _ends_of_years(walk: PenaltyWalk, start: date, until: date) -> list[int]:
    """The last day of each whole year of interest that ends by `until`."""
    if not walk.stretches:
        return []
    first = max(start, date.fromordinal(walk.stretches[0].first))
    last = min(until, date.fromordinal(walk.stretches[-1].last))
    ends = [add_years(first, n) - timedelta(days=1) for n in range(1, last.year - first.year + 1)]
    return [end.toordinal() for end in ends if end <= last]


def _payment_above(payment: Payment, due: int) -> Refused:
    return Refused(
        "payment_above_due",
        f"the payment of {payment.on} ({plain(payment.cents)}) is {plain(payment.cents - due)} above what is due that "
        f"day ({plain(due)})",
        "impute the rest to another invoice or record it as a credit of the customer",
    )


def _credit_above(credit: CreditNote, principal: int) -> Refused:
    return Refused(
        "credit_note_above_principal",
        f"the credit note of {credit.on} ({plain(credit.cents)}) is above the open principal ({plain(principal)})",
        "impute the rest to another invoice or record it as a credit of the customer",
    )


def _caveats(walk: PenaltyWalk, claim: Claim, plan: InterestPlan) -> tuple[Caveat, ...]:
    found = list(plan.caveats)
    if walk.provisional:
        found.insert(0, Caveat.PROVISIONAL_RATE)
    if claim.insolvency is not None and any(payment.on >= claim.insolvency for payment in claim.payments):
        found.append(Caveat.PAYMENT_AFTER_JUDGMENT)
    if claim.credit_notes and sum(credit.cents for credit in claim.credit_notes) == claim.principal_cents:
        found.append(Caveat.CREDITED_IN_FULL)
    return tuple(found)


def _ledger(
    walk: PenaltyWalk, claim: Claim, until: date, terms: PenaltyTerms, plan: InterestPlan, fee: Parameter | None
) -> PenaltyLedger:
    awarded = claim.title.awarded_penalty_cents if claim.title is not None else 0
    return PenaltyLedger(
        claim=claim,
        terms=terms,
        until=until,
        segments=tuple(walk.segments),
        payments=tuple(walk.imputations),
        credit_notes=claim.credit_notes,
        roundings=tuple(walk.roundings),
        principal_due_cents=walk.principal,
        penalty_cents=walk.penalty,
        indemnity_cents=walk.indemnity,
        penalty_accrued_cents=awarded + sum(rounding.cents for rounding in walk.roundings),
        indemnity_accrued_cents=fee.value if fee is not None else 0,
        indemnity_article=fee.provenance.article if fee is not None else "",
        provisional=walk.provisional,
        caveats=_caveats(walk, claim, plan),
        semesters_under_floor=plan.under_floor,
    )
