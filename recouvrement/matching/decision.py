"""From explanations to an outcome: automatic only above the threshold, with no rival near, and never on amount alone."""

from recouvrement.matching.amounts import Mode, allocate
from recouvrement.matching.book import Book
from recouvrement.matching.hypotheses import Explanations
from recouvrement.matching.reading import LineKind, Third
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Doubt, Method, Outcome, Proposal, Reason, Verdict
from recouvrement.matching.weighing import Hypothesis

HIGHEST = 1000


def decide(book: Book, found: Explanations) -> Outcome:
    """The outcome of one credit on its own; competing lines of the day are settled by the caller."""
    reading = found.reading
    refusals = _refusals(book, found)
    best = found.ranked[0] if found.ranked else None
    if best is not None and not refusals:
        return _automatic(book, found, best)
    if reading.kind is LineKind.OTHER and not (best and best.reference > 0):
        return Outcome(reading.credit.id, Verdict.NOT_A_CUSTOMER, reasons=(Reason.OTHER_INCOME.value,))
    proposals = _proposals(book, found)
    doubts = _doubts(book, found)
    verdict = Verdict.PROPOSED if proposals else Verdict.UNKNOWN
    return Outcome(
        reading.credit.id,
        verdict,
        debtor_id=doubts[0].debtor_id if doubts else "",
        score=proposals[0].score if proposals else 0,
        reasons=tuple(r.value for r in refusals),
        proposals=proposals,
        doubts=doubts,
    )


def demoted(outcome: Outcome, reason: Reason) -> Outcome:
    """An automatic outcome turned into a proposal for a person."""
    proposal = Proposal(
        outcome.debtor_id, outcome.allocations, outcome.score, outcome.reasons, outcome.customer_credit_cents
    )
    return Outcome(
        outcome.line_id,
        Verdict.PROPOSED,
        debtor_id=outcome.debtor_id,
        score=outcome.score,
        reasons=(reason.value,),
        proposals=(proposal,),
        doubts=(Doubt(outcome.debtor_id, outcome.reasons[0], proposal.item_ids),),
    )


def margin(found: Explanations, chosen: Hypothesis) -> int:
    """Evidence for one explanation against its best rival: other items, a repeated payment, an unknown cause, nothing."""
    rivals = [h.total for h in found.ranked[:2] if h.key != chosen.key][:1]
    return chosen.total - max(found.unexplained, found.duplicate, *rivals)


def _refusals(book: Book, found: Explanations) -> list[Reason]:
    """Why the best explanation may not be applied without a person; empty when it may."""
    rules = book.rules
    if not found.ranked:
        return [Reason.AMOUNT_ALONE] if found.payers else []
    best = found.ranked[0]
    refused = []
    if best.payer < rules.payer_score and best.reference < rules.reference_score:
        refused.append(Reason.AMOUNT_ALONE)
    if found.duplicate > best.total - rules.margin_score:
        refused.append(Reason.LOOKS_LIKE_A_DUPLICATE)
    if margin(found, best) < rules.automatic_score:
        refused.append(Reason.EQUAL_RIVAL)
    return refused + _refusals_of_kind(found, best)


def _refusals_of_kind(found: Explanations, best: Hypothesis) -> list[Reason]:
    """What is never automatic whatever the score."""
    reading = found.reading
    known = Reason.PAYER_ALIAS in best.reasons or Reason.PAYER_IBAN in best.reasons
    named = best.covered and best.fit.mode is not Mode.PARTIAL
    grounds = (
        (Reason.SUM_NOT_PROVEN_UNIQUE, len(best.items) > 1 and not best.covered and best.debtor_id in found.bounded),
        (Reason.LIST_TRUNCATED, reading.list_cut and best.covered),
        (Reason.THIRD_PARTY, reading.third is not Third.NOBODY and not known and not named),
        (Reason.CHEQUE_DEPOSIT, reading.kind is LineKind.DEPOSIT),
        (Reason.OTHER_INCOME, reading.kind is LineKind.OTHER and not (named and best.fit.mode is Mode.EXACT)),
        (Reason.BEFORE_JUDGMENT, any(i.never_automatic for i in best.items)),
    )
    return [reason for reason, holds in grounds if holds]


def _automatic(book: Book, found: Explanations, best: Hypothesis) -> Outcome:
    allocations = allocate(best.items, book.open_cents, found.reading.credit.amount_cents, best.fit)
    return Outcome(
        found.reading.credit.id,
        Verdict.AUTOMATIC,
        allocations,
        customer_credit_cents=best.fit.excess_cents,
        debtor_id=best.debtor_id,
        score=_shown(margin(found, best)),
        method=_method(best),
        reasons=tuple(r.value for r in best.reasons),
    )


def _method(best: Hypothesis) -> Method:
    if Reason.REFERENCE_CUSTOMER in best.reasons:
        return Method.CUSTOMER_REFERENCE
    if best.covered:
        return Method.REFERENCE if Reason.REFERENCE_EXACT in best.reasons else Method.ALTERED_REFERENCE
    return Method.PAYER_AND_SUM if len(best.items) > 1 else Method.PAYER_AND_AMOUNT


def _shown(score: int) -> int:
    return max(0, min(score, HIGHEST))


def _proposals(book: Book, found: Explanations) -> tuple[Proposal, ...]:
    received = found.reading.credit.amount_cents
    made: list[Proposal] = []
    for hypothesis in found.ranked:
        if hypothesis.total < book.rules.proposal_score or len(made) == book.rules.proposals_kept:
            break
        made.append(
            Proposal(
                hypothesis.debtor_id,
                allocate(hypothesis.items, book.open_cents, received, hypothesis.fit),
                _shown(margin(found, hypothesis)),
                tuple(r.value for r in hypothesis.reasons),
                hypothesis.fit.excess_cents,
            )
        )
    if found.duplicate > 0 and (not found.ranked or found.duplicate > found.ranked[0].total - book.rules.margin_score):
        made.insert(0, _repeated(found))
    return tuple(made[: book.rules.proposals_kept])


def _repeated(found: Explanations) -> Proposal:
    received = found.reading.credit.amount_cents
    return Proposal(found.duplicate_of, (), _shown(found.duplicate), (Reason.LOOKS_LIKE_A_DUPLICATE.value,), received)


def _doubts(book: Book, found: Explanations) -> tuple[Doubt, ...]:
    """Debtors that an account, an alias, a name, a number or an exact sum of due items points to; few and ranked."""
    rules = book.rules
    best = max((p.score for p in found.payers), default=0)
    made: dict[str, Doubt] = {}
    for payer in sorted(found.payers, key=lambda p: (-p.score, p.debtor_id)):
        if payer.score >= rules.doubt_payer_score and payer.score >= best - rules.margin_score:
            items = {i for h in found.ranked[:3] if h.debtor_id == payer.debtor_id and h.total > 0 for i in h.key}
            made[payer.debtor_id] = Doubt(payer.debtor_id, payer.reasons[0].value, tuple(sorted(items)))
    for hypothesis in found.ranked:
        if _points_at(hypothesis, rules, best):
            reason = hypothesis.reasons[0].value
            made.setdefault(hypothesis.debtor_id, Doubt(hypothesis.debtor_id, reason, hypothesis.key))
    return tuple(made.values())[: rules.doubted_debtors]


def _points_at(hypothesis: Hypothesis, rules: MatchingRules, best: int) -> bool:
    """Whether an explanation ties the line to its debtor: a number on the line, the payer, or an exact sum alone.

    An exact sum counts as long as the line does not clearly name somebody else as payer.
    """
    if hypothesis.reference >= rules.doubt_reference_score:
        return True
    if hypothesis.total > 0 and (hypothesis.covered or hypothesis.payer >= rules.payer_score):
        return True
    somebody_else = best >= rules.doubt_payer_score and hypothesis.payer < best - rules.margin_score
    return hypothesis.fit.mode is Mode.EXACT and not somebody_else
