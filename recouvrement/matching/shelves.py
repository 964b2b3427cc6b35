"""What one debtor has open for the lines of one day and currency, prepared once and kept until something of it changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from recouvrement.matching.types import OpenItem

# Up to so many open items a receipt may be a plain part of one of them.
FEW_ITEMS = 8


class Shelf:
    """The open items of one debtor, oldest due first, with what every explanation asks of them."""

    __slots__ = ("_by_cents", "_by_id", "_groups", "_opens", "cents", "has_notes", "invoices", "items")

    def __init__(self, items: Sequence[OpenItem], opens: Mapping[str, int]) -> None:
        self.items = items
        cents = [opens[i.id] for i in items]
        self.cents = frozenset(cents)
        self.invoices = items if min(cents, default=1) > 0 else [i for i in items if opens[i.id] > 0]
        self._by_id: dict[str, OpenItem] | None = None
        self.has_notes = len(self.invoices) < len(items)
        self._opens = opens
        self._by_cents: tuple[list[int], list[OpenItem]] | None = None
        self._groups: list[tuple[tuple[OpenItem, ...], int]] | None = None

    @property
    def by_id(self) -> dict[str, OpenItem]:
        """The items by their ids."""
        if self._by_id is None:
            self._by_id = {i.id: i for i in self.items}
        return self._by_id

    def __len__(self) -> int:
        return len(self.items)

    def around(self, windows: Sequence[tuple[int, int]]) -> Iterator[OpenItem]:
        """Invoices whose open cents lie in one of these closed windows; of a short shelf all of them, oldest first."""
        if len(self.items) <= FEW_ITEMS:
            yield from self.invoices
            return
        if self._by_cents is None:
            ordered = sorted(self.invoices, key=lambda i: self._opens[i.id])
            self._by_cents = [self._opens[i.id] for i in ordered], ordered
        cents, ordered = self._by_cents
        for low, high in windows:
            yield from ordered[bisect_left(cents, low) : bisect_right(cents, high)]

    def groups(self, on: date) -> list[tuple[tuple[OpenItem, ...], int]]:
        """All that is due, all that is open, all of a month of issue, with and without credit notes; each with its sum."""
        if self._groups is None:
            self._groups = [(g, sum(self._opens[i.id] for i in g)) for g in self._made_groups(on)]
        return self._groups

    def _made_groups(self, on: date) -> Iterator[tuple[OpenItem, ...]]:
        months: dict[tuple[int, int], list[OpenItem]] = {}
        for item in self.items:
            months.setdefault((item.issue_on.year, item.issue_on.month), []).append(item)
        due = [i for i in self.items if i.due_on <= on]
        for group in (due, self.items, *months.values()):
            if len(group) < 2:
                continue
            yield tuple(group)
            invoices = tuple(i for i in group if self._opens[i.id] > 0)
            if 2 <= len(invoices) < len(group):
                yield invoices
