"""Two lines for one item: the earlier poor text may be the payment and the later clear one its repetition; a person decides."""

from datetime import timedelta

from recouvrement.matching.book import Book
from recouvrement.matching.types import Credit, Outcome, Reason

VAGUE = frozenset({Reason.AMOUNT_PARTIAL.value, Reason.AMOUNT_OVER.value})
CLOSE_DAYS = 15
TWICE_DAYS = 21
FEW_HOMES = 2


def contested_lines(book: Book) -> set[str]:
    """Those of the automatic lines that another open line of the same weeks may already have paid."""
    if not book.clear:
        return set()
    first = min(book.receipts[i].booking_on for i in book.clear) - timedelta(days=book.rules.duplicate_days)
    found = set()
    for line_id in book.clear:
        line, outcome = book.receipts[line_id], book.looked[line_id]
        items = {a.item_id for a in outcome.allocations}
        rivals = [i for i in _rivals(book, outcome, items) if book.receipts[i].booking_on >= first]
        if any(_contests(book, line, outcome, items, book.receipts[i], book.looked[i]) for i in rivals):
            found.add(line_id)
    return found


def _rivals(book: Book, outcome: Outcome, items: set[str]) -> list[str]:
    """Open lines that point to the same debtor or propose one of the same items."""
    return [
        i
        for i in book.lines_that_watch(outcome.debtor_id)
        if i in book.receipts
        and (other := book.looked[i]).waits
        and (other.debtor_id == outcome.debtor_id or any(not items.isdisjoint(p.item_ids) for p in other.proposals))
    ]


def _contests(book: Book, line: Credit, outcome: Outcome, items: set[str], rival: Credit, other: Outcome) -> bool:
    """Whether an open line may be the payment that this one would repeat."""
    days = abs((line.booking_on - rival.booking_on).days)
    if days > book.rules.duplicate_days or line.currency != rival.currency:
        return False
    first = other.proposals[0] if other.proposals else None
    if first and first.score > 0 and not VAGUE.intersection(first.reasons) and items.intersection(first.item_ids):
        return True
    apart = abs(line.amount_cents - rival.amount_cents)
    if apart > book.rules.bank_fee_cents or (apart and days > CLOSE_DAYS):
        return False
    if not apart and days <= TWICE_DAYS and other.debtor_id == outcome.debtor_id:
        return True
    homes = [set(p.item_ids) for p in other.proposals if Reason.AMOUNT_EXACT.value in p.reasons]
    if items in homes and len(homes) <= FEW_HOMES:
        return True
    return other.debtor_id == outcome.debtor_id and all(home & items for home in homes)
