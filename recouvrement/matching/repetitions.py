"""A payment made twice: evidence that a line repeats one that was already applied."""

from collections.abc import Sequence

from recouvrement.matching.book import Book
from recouvrement.matching.payers import PayerEvidence
from recouvrement.matching.weighing import Weigher

REPEATED = -200
NEVER = -1000
SAME_WORDS = 100
OTHER_WORDS = -150
OTHER_WORDS_LATER = -220
SOON_DAYS = 15


def repetition(book: Book, weigher: Weigher, payers: Sequence[PayerEvidence]) -> tuple[int, str]:
    """The best evidence that the line repeats a payment of one of these debtors, and which; `NEVER` when none may be."""
    best = (NEVER, "")
    credit = weigher.credit
    scores = {p.debtor_id: p.score for p in payers}
    for past_id in book.past_amount.get((credit.currency, credit.amount_cents), ()):
        past = book.past[past_id]
        days = (credit.booking_on - past.credit.booking_on).days
        if past.debtor_id not in scores or past_id == credit.id or not 0 <= days <= book.rules.duplicate_days:
            continue
        score = weigher.debtor_prior + scores[past.debtor_id] + REPEATED + weigher.amount()
        settled = {a.item_id for a in past.allocations}
        score += sum(s.weight for s in weigher.mentions.spans if s.exact & settled)
        same = book.same_words(past.credit, weigher.reading)
        score += SAME_WORDS if same else OTHER_WORDS if days <= SOON_DAYS else OTHER_WORDS_LATER
        best = max(best, (score, past_id))
    return best
