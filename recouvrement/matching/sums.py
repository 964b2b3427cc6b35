"""Sets of one debtor's items that sum to an amount exactly: the sums of two are prepared once, for every amount asked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from recouvrement.matching.types import OpenItem

NOTES_NETTED = 4
MOST_INVOICES = 4

Positions = tuple[int, ...]


class Sums:
    """The sets of some items, in the order of the items; `cents` is what each of them leaves open."""

    def __init__(self, items: Sequence[OpenItem], cents: Sequence[int]) -> None:
        given = list(zip(items, cents, strict=True))
        self._notes = [(item, open_cents) for item, open_cents in given if open_cents < 0][:NOTES_NETTED]
        self._invoices = [item for item, open_cents in given if open_cents > 0]
        self._cents = [open_cents for _, open_cents in given if open_cents > 0]
        rising = sorted(self._cents)
        self._highest = sum(rising[-MOST_INVOICES:])
        self._lowest = sum(rising[:2])

    def reaching(self, target: int, limit: int) -> Iterator[tuple[OpenItem, ...]]:
        """Sets of two to four invoices, or of one to four with credit notes, that sum to the target; at most `limit`."""
        return islice(self._reaching(target), limit)

    def _reaching(self, target: int) -> Iterator[tuple[OpenItem, ...]]:
        for notes, netted in self._note_sets():
            wanted = target - netted
            if notes:
                alone = zip(self._invoices, self._cents, strict=True)
                yield from ((item, *notes) for item, cents in alone if cents == wanted)
            if self._may_reach(wanted):
                for positions in self._adding_up(wanted):
                    yield (*[self._invoices[p] for p in positions], *notes)

    def _note_sets(self) -> Iterator[tuple[tuple[OpenItem, ...], int]]:
        """No note, then each alone and each two together, with their sum."""
        yield (), 0
        for b, (note, cents) in enumerate(self._notes):
            yield (note,), cents
            for first, other in self._notes[:b]:
                yield (first, note), other + cents

    def _may_reach(self, wanted: int) -> bool:
        """Whether two, three or four invoices may sum to this; a yes may be wrong, when one would count twice."""
        if not self._lowest <= wanted <= self._highest:
            return False
        two = self._sums_of_two
        missing = [wanted, *[wanted - one for one in self._cents], *[wanted - some for some in two]]
        return not two.isdisjoint(missing)

    @cached_property
    def _sums_of_two(self) -> frozenset[int]:
        cents = self._cents
        return frozenset([first + second for b, second in enumerate(cents) for first in cents[:b]])

    def _adding_up(self, wanted: int) -> Iterator[Positions]:
        singles, pairs = self._positions
        yield from pairs.get(wanted, ())
        for amount, firsts in singles.items():
            rest = pairs.get(wanted - amount)
            if rest:
                yield from ((a, b, c) for a in firsts for b, c in rest if a < b)
        for amount, low in pairs.items():
            rest = pairs.get(wanted - amount)
            if rest:
                yield from ((a, b, c, d) for a, b in low for c, d in rest if b < c)

    @cached_property
    def _positions(self) -> tuple[dict[int, list[int]], dict[int, list[tuple[int, int]]]]:
        """The positions of each amount, and of each sum of two amounts."""
        pairs, singles = defaultdict(list), defaultdict(list)
        for b, second in enumerate(self._cents):
            singles[second].append(b)
            for a, first in enumerate(self._cents[:b]):
                pairs[first + second].append((a, b))
        return dict(singles), dict(pairs)
