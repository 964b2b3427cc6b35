"""A payment made twice: evidence that a line repeats one that was already applied."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from recouvrement.matching.book import Book
from recouvrement.matching.payers import PayerEvidence
from recouvrement.matching.weighing import REFERENCE_CAP, Weigher

REPEATED = -200
NEVER = -1000
SAME_WORDS = 100
OTHER_WORDS = -150
OTHER_WORDS_LATER = -220
SOON_DAYS = 15


def repetition(book: Book, weigher: Weigher, payers: Sequence[PayerEvidence]) -> tuple[int, str]:
    """The best evidence that the line repeats a payment of one of these debtors, and whose; `NEVER` when none may be."""
    credit = weigher.credit
    scores = {p.debtor_id: p.score for p in payers}
    best = max(_named_again(book, weigher, scores), default=(NEVER, ""))
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
        best = max(best, (score, past.debtor_id))
    return best


def _named_again(book: Book, weigher: Weigher, scores: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """Debtors of whom the text names invoices, a settled one among them, that as issued sum to the receipt.

    Either they are paid twice, or the settled one was never paid and an earlier match was wrong.
    """
    credit, named = weigher.credit, defaultdict[str, dict[str, int]](dict)
    for span in weigher.mentions.spans:
        for item in [book.items[i] for i in span.exact]:
            if item.debtor_id in scores and item.currency == credit.currency:
                named[item.debtor_id].setdefault(item.id, span.weight)
    for debtor, weights in named.items():
        total = sum(book.items[i].amount_cents for i in weights)
        if all(book.open_cents[i] for i in weights) or abs(total - credit.amount_cents) > book.rules.rounding_cents:
            continue
        reference = min(sum(weights.values()), REFERENCE_CAP)
        yield weigher.debtor_prior + scores[debtor] + reference + REPEATED + weigher.amount(), debtor
