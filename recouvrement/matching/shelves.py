"""What one debtor has open for the lines of some days, prepared once and kept until something of it changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from recouvrement.matching.sums import Sums
from recouvrement.matching.types import OpenItem

# Up to so many open items a receipt may be a plain part of one of them.
FEW_ITEMS = 8

Group = tuple[tuple[OpenItem, ...], int]


class Shelf:
    """The open items of one debtor, oldest due first, with what every explanation asks of them."""

    def __init__(self, items: Sequence[OpenItem], opens: Mapping[str, int]) -> None:
        self.items = items
        cents = [opens[i.id] for i in items]
        self.cents = frozenset(cents)
        self.invoices = items if min(cents, default=1) > 0 else [i for i in items if opens[i.id] > 0]
        self._by_id: dict[str, OpenItem] | None = None
        self.has_notes = len(self.invoices) < len(items)
        self._opens = opens
        self._by_cents: tuple[list[int], list[OpenItem]] | None = None
        self._due_days = [i.due_on for i in items]
        self._months: list[Group] | None = None
        self._groups: dict[int, list[Group]] = {}
        self._sums: Sums | None = None

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

    def sums(self, most: int) -> Sums:
        """What the first items sum up to, at most so many of them: always the same bound."""
        if self._sums is None:
            self._sums = Sums(self.items[:most], self._opens)
        return self._sums

    def groups(self, on: date) -> list[Group]:
        """All that is due, all that is open, all of a month of issue, with and without credit notes; each with its sum."""
        due = bisect_right(self._due_days, on)
        known = self._groups.get(due)
        if known is None:
            if self._months is None:
                self._months = [*self._group(self.items), *self._by_month()]
            known = [*(self._group(self.items[:due]) if due < len(self.items) else ()), *self._months]
            self._groups[due] = known
        return known

    def _by_month(self) -> Iterator[Group]:
        months: dict[tuple[int, int], list[OpenItem]] = {}
        for item in self.items:
            months.setdefault((item.issue_on.year, item.issue_on.month), []).append(item)
        if len(months) > 1:
            for month in months.values():
                yield from self._group(month)

    def _group(self, items: Sequence[OpenItem]) -> Iterator[Group]:
        if len(items) < 2:
            return
        yield tuple(items), sum([self._opens[i.id] for i in items])
        if self.has_notes:
            invoices = tuple(i for i in items if self._opens[i.id] > 0)
            if 2 <= len(invoices) < len(items):
                yield invoices, sum([self._opens[i.id] for i in invoices])
