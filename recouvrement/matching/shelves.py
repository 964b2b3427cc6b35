"""What one debtor has open for the lines of some days, prepared once and kept until something of it changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from recouvrement.matching.sums import Sums
from recouvrement.matching.types import OpenItem

# Up to so many open items a receipt may be a plain part of one of them.
FEW_ITEMS = 8

Priced = tuple[int, OpenItem]  # open cents, item
Group = tuple[tuple[OpenItem, ...], int]


class Shelf:
    """The open items of one debtor, oldest due first, with what every explanation asks of them; `cents` are theirs."""

    def __init__(self, items: Sequence[OpenItem], cents: Sequence[int]) -> None:
        self.items, self.cents = items, cents
        self.has_notes = min(cents, default=1) < 0
        self._groups: dict[int, list[Group]] = {}
        self._sums: Sums | None = None

    def __len__(self) -> int:
        return len(self.items)

    @cached_property
    def by_id(self) -> dict[str, OpenItem]:
        """The items by their ids."""
        return {i.id: i for i in self.items}

    @cached_property
    def _invoices(self) -> list[Priced]:
        return [priced for priced in zip(self.cents, self.items, strict=True) if priced[0] > 0]

    @cached_property
    def _rising(self) -> tuple[list[int], list[Priced]]:
        ordered = sorted(self._invoices, key=lambda priced: priced[0])
        return [cents for cents, _ in ordered], ordered

    def around(self, windows: Sequence[tuple[int, int]]) -> Iterator[Priced]:
        """Invoices whose open cents lie in one of these closed windows; of a short shelf all of them, oldest first."""
        if len(self.items) <= FEW_ITEMS:
            yield from self._invoices
            return
        cents, ordered = self._rising
        for low, high in windows:
            yield from ordered[bisect_left(cents, low) : bisect_right(cents, high)]

    def sums(self, most: int) -> Sums:
        """What the first items sum up to, at most so many of them: always the same bound."""
        if self._sums is None:
            self._sums = Sums(self.items[:most], self.cents[:most])
        return self._sums

    def groups(self, on: date) -> list[Group]:
        """All that is due, all that is open, all of a month of issue, with and without credit notes; each with its sum."""
        due = bisect_right(self.items, on, key=lambda i: i.due_on)
        known = self._groups.get(due)
        if known is None:
            first = self._group(range(due)) if due < len(self.items) else ()
            known = self._groups[due] = [*first, *self._whole]
        return known

    @cached_property
    def _whole(self) -> list[Group]:
        """All that is open, and each month's when there are several."""
        months: dict[tuple[int, int], list[int]] = {}
        for position, item in enumerate(self.items):
            months.setdefault((item.issue_on.year, item.issue_on.month), []).append(position)
        groups = [range(len(self.items)), *(months.values() if len(months) > 1 else ())]
        return [group for positions in groups for group in self._group(positions)]

    def _group(self, positions: Sequence[int]) -> Iterator[Group]:
        if len(positions) < 2:
            return
        yield tuple([self.items[p] for p in positions]), sum([self.cents[p] for p in positions])
        if self.has_notes:
            invoices = [p for p in positions if self.cents[p] > 0]
            if 2 <= len(invoices) < len(positions):
                yield tuple([self.items[p] for p in invoices]), sum([self.cents[p] for p in invoices])
