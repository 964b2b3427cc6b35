"""What a claim must not be before anything is computed from it."""

from datetime import date

from recouvrement.domain.claim import Claim, CreditNote, Part, Payment, PenaltyTerms
from recouvrement.domain.money import plain
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.refusals import Refused


def refused_claim(claim: Claim, until: date, terms: PenaltyTerms) -> Refused | None:
    """The first reason not to compute, or None."""
    return _refused_amounts(claim) or _refused_days(claim, until) or _refused_terms(claim, terms)


def _money(claim: Claim) -> tuple[Payment | CreditNote, ...]:
    return (*claim.payments, *claim.credit_notes)


def _refused_amounts(claim: Claim) -> Refused | None:
    if claim.principal_cents < 0:
        return Refused(
            "negative_principal",
            f"the principal is negative ({plain(claim.principal_cents)})",
            "give the gross amount of the invoice; a credit note is an event of its own",
        )
    for money in _money(claim):
        if money.cents <= 0:
            return Refused(
                "amount_not_positive",
                f"the payment or credit note of {money.on} is {plain(money.cents)}",
                "give amounts above zero; undo a payment that came back instead of entering a negative one",
            )
    return None


def _refused_days(claim: Claim, until: date) -> Refused | None:
    if until < claim.due:
        return Refused(
            "until_before_due",
            f"the last day {until} is before the due date {claim.due}",
            "give a last day on or after the due date: nothing is late before it",
        )
    for money in _money(claim):
        if money.on > until:
            return Refused(
                "event_after_until",
                f"the payment or credit note of {money.on} comes after the last day {until}",
                "leave it out or compute to a later day",
            )
    return None


def _refused_terms(claim: Claim, terms: PenaltyTerms) -> Refused | None:
    if claim.kind is DebtorKind.UNKNOWN and (terms.claim_penalties or terms.claim_indemnity):
        return Refused(
            "unknown_kind",
            "the kind of the debtor is unknown, so neither penalties nor the 40 € can be claimed",
            "record what the debtor is (business, sole_trader, artisan, non_trader, public or consumer)",
        )
    if sorted(terms.order) != sorted(Part):
        return Refused(
            "bad_order", "the order of imputation must name each part once", "list penalty, principal, indemnity"
        )
    if terms.rate is not None and claim.title is None and claim.kind in {DebtorKind.PUBLIC, DebtorKind.CONSUMER}:
        return Refused(
            "rate_not_contractual",
            f"a contractual penalty rate is not applied to a debtor of kind {claim.kind}",
            "leave the rate out: a public buyer owes the rate of CCP R2192-31, a consumer legal interest, "
            "and a penalty clause against a consumer is for a person to judge",
        )
    return None
