"""Sets of one debtor's items that sum to an amount exactly: the sums of pairs are prepared once, for every amount asked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from recouvrement.matching.types import OpenItem

NOTES_NETTED = 4
MOST_INVOICES = 4

Positions = tuple[int, ...]


class Sums:
    """The sets of some items, in the order of the items; what is open must not change while this is used."""

    __slots__ = ("_cents", "_highest", "_invoices", "_notes", "_opens", "_pairs", "_singles")

    def __init__(self, items: Sequence[OpenItem], opens: Mapping[str, int]) -> None:
        self._opens = opens
        self._notes = [i for i in items if opens[i.id] < 0][:NOTES_NETTED]
        self._invoices = [i for i in items if opens[i.id] > 0]
        self._cents = [opens[i.id] for i in self._invoices]
        self._highest = sum(sorted(self._cents)[-MOST_INVOICES:])
        self._pairs: dict[int, list[tuple[int, int]]] | None = None
        self._singles: dict[int, list[int]] = {}

    def reaching(self, target: int, limit: int) -> Iterator[tuple[OpenItem, ...]]:
        """Sets of two to four invoices, or of one to four with credit notes, that sum to the target; at most `limit`."""
        return islice(self._reaching(target), limit)

    def _reaching(self, target: int) -> Iterator[tuple[OpenItem, ...]]:
        for chosen in self._note_sets():
            wanted = target - sum([self._opens[n.id] for n in chosen])
            if wanted > self._highest:
                continue
            for positions in self._adding_up(wanted, with_single=bool(chosen)):
                yield (*[self._invoices[p] for p in positions], *chosen)

    def _note_sets(self) -> Iterator[tuple[OpenItem, ...]]:
        yield ()
        for b, note in enumerate(self._notes):
            yield (note,)
            for a in range(b):
                yield (self._notes[a], note)

    def _adding_up(self, wanted: int, *, with_single: bool) -> Iterator[Positions]:
        singles, pairs = self._prepared()
        if with_single:
            yield from ((a,) for a in singles.get(wanted, ()))
        yield from pairs.get(wanted, ())
        for amount, firsts in singles.items():
            rest = pairs.get(wanted - amount)
            if rest:
                yield from ((a, b, c) for a in firsts for b, c in rest if a < b)
        for amount, low in pairs.items():
            rest = pairs.get(wanted - amount)
            if rest:
                yield from ((a, b, c, d) for a, b in low for c, d in rest if b < c)

    def _prepared(self) -> tuple[dict[int, list[int]], dict[int, list[tuple[int, int]]]]:
        """The positions of each amount, and of each sum of two amounts."""
        if self._pairs is None:
            pairs, singles = defaultdict(list), defaultdict(list)
            for b, second in enumerate(self._cents):
                singles[second].append(b)
                for a, first in enumerate(self._cents[:b]):
                    pairs[first + second].append((a, b))
            self._pairs, self._singles = dict(pairs), dict(singles)
        return self._singles, self._pairs
