"""A payment made twice: evidence that a line repeats one that was already applied."""

from recouvrement.matching.book import Book
from recouvrement.matching.payers import PayerEvidence
from recouvrement.matching.weighing import Weigher

REPEATED = -200
NEVER = -1000
SAME_WORDS = 100
OTHER_WORDS = -150
OTHER_WORDS_LATER = -220
SOON_DAYS = 15


def repetition(book: Book, weigher: Weigher, payer: PayerEvidence) -> tuple[int, str]:
    """The evidence that the line repeats a payment of this debtor, and which; `NEVER` when none comes into question."""
    best = (NEVER, "")
    credit = weigher.credit
    for past in book.past_payments(payer.debtor_id):
        if past.credit.amount_cents != credit.amount_cents or past.credit.id == credit.id:
            continue
        days = (credit.booking_on - past.credit.booking_on).days
        if not 0 <= days <= book.rules.duplicate_days:
            continue
        score = weigher.debtor_prior + payer.score + REPEATED + weigher.amount()
        settled = {a.item_id for a in past.allocations}
        score += sum(s.weight for s in weigher.mentions.spans if s.exact & settled)
        same = book.same_words(past.credit, weigher.reading)
        score += SAME_WORDS if same else OTHER_WORDS if days <= SOON_DAYS else OTHER_WORDS_LATER
        best = max(best, (score, past.credit.id))
    return best
