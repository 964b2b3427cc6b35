"""The computed claim of one invoice as the row of a dossier: same figures, no new arithmetic."""

from datetime import date

from recouvrement.domain.money import printed
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import Caveat, Imputation, PenaltyLedger
from recouvrement.domain.statement_words import CAVEATS
from recouvrement.dossier.types import CreditRow, ItemRow, PaymentRow, RoundingRow, SegmentRow
from recouvrement.dossier.wording import day


def item_row(
    ledger: PenaltyLedger,
    *,
    invoice: str,
    issued_on: date,
    label: str = "",
    delivered_on: date | None = None,
    note: str = "",
) -> ItemRow:
    """The row of an invoice from its penalty ledger; a consumer's interest stands apart from professional penalties.

    Every caveat of the ledger is printed under the invoice after `note`. Source: C. com. L441-10 II (penalties),
    C. civ. 1231-6 (interest).
    """
    as_interest = ledger.claim.kind is DebtorKind.CONSUMER
    segments = tuple(
        SegmentRow(s.first, s.last, s.days, s.rate_units, s.base_cents, s.article, s.divisor, s.provisional)
        for s in ledger.segments
    )
    roundings = tuple(RoundingRow(r.on, r.exact_cents, r.cents, r.capitalised) for r in ledger.roundings)
    awarded = ledger.claim.title.awarded_penalty_cents if ledger.claim.title else 0
    return ItemRow(
        invoice=invoice,
        issued_on=issued_on,
        due_on=ledger.claim.due,
        original=ledger.claim.principal_cents,
        principal=ledger.principal_due_cents,
        penalties=0 if as_interest else ledger.penalty_cents,
        interest=ledger.penalty_cents if as_interest else 0,
        indemnity=ledger.indemnity_cents,
        indemnity_accrued=ledger.indemnity_accrued_cents,
        indemnity_article=ledger.indemnity_article,
        label=label,
        delivered_on=delivered_on,
        credits=tuple(CreditRow(c.on, c.cents, c.reference) for c in ledger.credit_notes),
        payments=tuple(_payment(each, as_interest=as_interest) for each in ledger.payments),
        segments=() if as_interest else segments,
        roundings=() if as_interest else roundings,
        interest_segments=segments if as_interest else (),
        interest_roundings=roundings if as_interest else (),
        note=" ".join(
            part for part in (note, *_waived(ledger), *(_caveat(ledger, each) for each in ledger.caveats)) if part
        ),
        awarded_penalties=0 if as_interest else awarded,
        awarded_interest=awarded if as_interest else 0,
        waived_penalties=0 if as_interest else ledger.waived_penalty_cents,
        waived_interest=ledger.waived_penalty_cents if as_interest else 0,
        waived_indemnity=ledger.waived_indemnity_cents,
    )


def _waived(ledger: PenaltyLedger) -> list[str]:
    """What the creditor gave up, said so that the figures can be added again by hand."""
    found = (("Pénalités", ledger.waived_penalty_cents), ("Indemnité forfaitaire", ledger.waived_indemnity_cents))
    return [f"{what} : remise de {printed(cents)} déduite." for what, cents in found if cents]


def _payment(paid: Imputation, *, as_interest: bool) -> PaymentRow:
    return PaymentRow(
        paid.on,
        paid.cents,
        to_principal=paid.to_principal_cents,
        to_penalties=0 if as_interest else paid.to_penalty_cents,
        to_interest=paid.to_penalty_cents if as_interest else 0,
        to_indemnity=paid.to_indemnity_cents,
        reference=paid.reference,
    )


def _caveat(ledger: PenaltyLedger, caveat: Caveat) -> str:
    semesters = ", ".join(str(semester) for semester in ledger.semesters_under_floor)
    return CAVEATS["fr"][caveat].format(semesters=semesters, insolvency=day(ledger.claim.insolvency))
