"""Sets of one debtor's items that a text names: a list, or all that lies between two bounds."""

from collections.abc import Iterator
from itertools import islice, product

from recouvrement.matching.shelves import Shelf
from recouvrement.matching.spans import Mentions
from recouvrement.matching.types import OpenItem

CHOICES_OF_A_SPAN = 6
SPANS_READ = 20
SETS_TRIED = 60


def named_sets(mentions: Mentions, shelf: Shelf) -> Iterator[tuple[OpenItem, ...]]:
    """Sets made of one item for each span that names some of this debtor's."""
    choices = []
    for span in mentions.spans:
        exact = sorted(i for i in span.exact if i in shelf.by_id)
        close = sorted(i for i in span.close if i in shelf.by_id and i not in span.exact)
        if exact or close:
            choices.append((exact + close)[:CHOICES_OF_A_SPAN])
    if len(choices) < 2:
        return
    for combination in islice(product(*choices[:SPANS_READ]), SETS_TRIED):
        chosen = dict.fromkeys(combination)
        if len(chosen) == len(combination):
            yield tuple(shelf.by_id[i] for i in chosen)
    if mentions.ranged:
        ends = sorted((shelf.by_id[c[0]] for c in choices[:2]), key=lambda i: (i.issue_on, i.invoice_number))
        low, high = ends[0].invoice_number, ends[-1].invoice_number
        yield tuple(i for i in shelf.items if low <= i.invoice_number <= high)
