"""Cheque deposits: which open invoices of several customers sum to one deposit; for proposals only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from recouvrement.matching.book import Book
from recouvrement.matching.types import Credit, OpenItem

BEFORE_DUE = 45
AFTER_DUE = 75
PAIRED = 600
TRIPLED = 80
QUADRUPLED = 40
KEPT = 40


def near_due(book: Book, line: Credit) -> list[OpenItem]:
    """Open invoices due around the day of a deposit, the nearest first."""
    found: list[OpenItem] = []
    for days in range(max(BEFORE_DUE, AFTER_DUE) + 1):
        after = {line.booking_on + timedelta(days=days)} if days <= BEFORE_DUE else set()
        before = {line.booking_on - timedelta(days=days)} if days <= AFTER_DUE else set()
        ids = [i for due in before | after for i in book.by_due.get(due, ())]
        found += [book.items[i] for i in sorted(ids) if _may_be_paid(book, book.items[i], line)]
        if len(found) >= PAIRED:
            break
    return found[:PAIRED]


def _may_be_paid(book: Book, item: OpenItem, line: Credit) -> bool:
    return item.issue_on <= line.booking_on and item.currency == line.currency and book.open_cents[item.id] > 0


def deposits(
    items: Sequence[OpenItem], opens: Mapping[str, int], received: int, cheques: int
) -> list[tuple[OpenItem, ...]]:
    """Sets of two to four items, of as many customers as there are cheques when that is known, that sum exactly.

    Four are tried only when the slip says four cheques: so many sums of four exist that they tell nothing otherwise.
    """
    first_at: dict[int, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        first_at[opens[item.id]].append(position)
    found: list[tuple[OpenItem, ...]] = []
    for b, item in enumerate(items):
        for a in first_at.get(received - opens[item.id], ()):
            if a < b:
                found.append((items[a], item))
    near = items[:TRIPLED] if cheques in {0, 3} else []
    for c, third in enumerate(near):
        for b in range(c):
            rest = received - opens[third.id] - opens[near[b].id]
            found.extend((near[a], near[b], third) for a in first_at.get(rest, ()) if a < b)
    if cheques == 4:
        found.extend(_fours(items[:QUADRUPLED], opens, received))
    customers = [len({i.debtor_id for i in chosen}) for chosen in found]
    fitting = [f for f, n in zip(found, customers, strict=True) if not cheques or n == cheques]
    return (fitting or found)[:KEPT]


def _fours(items: Sequence[OpenItem], opens: Mapping[str, int], received: int) -> Iterator[tuple[OpenItem, ...]]:
    """Sets of four items that sum exactly, the nearest first."""
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for c in range(len(items)):
        for d in range(c + 1, len(items)):
            rest = received - opens[items[c].id] - opens[items[d].id]
            yield from ((items[a], items[b], items[c], items[d]) for a, b in pairs.get(rest, ()))
        for b in range(c):
            pairs[opens[items[b].id] + opens[items[c].id]].append((b, c))
