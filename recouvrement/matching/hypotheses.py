"""Explanations of a line: a debtor, a set of its items, a relation of amounts; each with its evidence and reasons."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from recouvrement.matching.amounts import Fit, Mode, windows
from recouvrement.matching.book import Book
from recouvrement.matching.deposits import deposits, near_due
from recouvrement.matching.named_sets import named_sets
from recouvrement.matching.payers import PayerEvidence, named_debtors
from recouvrement.matching.reading import LineKind, Reading
from recouvrement.matching.repetitions import repetition
from recouvrement.matching.shelves import Shelf
from recouvrement.matching.spans import Mentions
from recouvrement.matching.types import OpenItem, Reason
from recouvrement.matching.weighing import Hypothesis, Weigher

UNEXPLAINED = -130
STRANGERS_AMOUNT = 300
MANY_ITEMS = 6
SUMS_TRIED = 60
NEAR_DAYS = 60
AMOUNTS_SHOWN = 20
NEARLY = frozenset({Mode.ROUNDING, Mode.BANK_FEE, Mode.ESCOMPTE})


class Explanations(NamedTuple):
    """All explanations of one line, best first, and the evidence of the best one that pays no open item."""

    reading: Reading
    mentions: Mentions
    payers: tuple[PayerEvidence, ...]
    ranked: tuple[Hypothesis, ...]
    unexplained: int
    duplicate_of: str
    duplicate: int
    bounded: frozenset[str]
    looked_at: frozenset[str]


@dataclass(slots=True)
class Part:
    """What one debtor's items explain of a line, with the open cents it rests on; how many there are, and the payer's score."""

    score: int
    items: int
    found: dict[tuple[str, ...], tuple[Hypothesis, list[int]]] = field(default_factory=dict)
    bounded: bool = False


class Explainer:
    """Explains one line; kept while the line waits, it explains it once more when items of some debtors change."""

    def __init__(self, book: Book, reading: Reading, mentions: Mentions) -> None:
        self.book, self.reading, self.mentions = book, reading, mentions
        self.credit = reading.credit
        self.received = self.credit.amount_cents
        self.payers = named_debtors(book, reading, mentions)
        self.best_payer = max([p.score for p in self.payers], default=0)
        self.parts: dict[str, Part] = {}
        self.others: dict[tuple[str, ...], tuple[Hypothesis, list[int]]] = {}
        self.settled = False
        self.mentioned = mentions.items()
        self.weigher = Weigher(book, reading, mentions, self.mentioned)
        self.found = self.run()

    @cached_property
    def windows(self) -> list[tuple[int, int]]:
        """Where open cents must lie for one item to tell something of this receipt."""
        return windows(self.received, self.book.rules, self.book.highest_discount_bp)

    def names(self, debtor: str) -> bool:
        """Whether the text names an item of this debtor, open or not."""
        return not self.mentioned.isdisjoint(self.book.ids_of.get(debtor, ()))

    def run(self) -> Explanations:
        """Every explanation of the line worth weighing."""
        for payer in sorted(self.payers, key=lambda p: (-p.score, p.debtor_id)):
            self._explain(payer)
        if self.best_payer < self.book.rules.payer_score:
            self.explain_by_amount()
        if self.reading.kind is LineKind.DEPOSIT:
            self.explain_deposit()
        duplicate, of = repetition(self.book, self.weigher, self.payers)
        return Explanations(
            self.reading,
            self.mentions,
            tuple(self.payers),
            self.ranked(),
            self.unexplained(),
            of,
            duplicate,
            self.bounded(),
            frozenset(self.parts),
        )

    def again(self, changed: set[str]) -> Explanations | None:
        """The explanations once more, items of these debtors having changed: the very ones of before when nothing differs.

        None when who comes into question may have changed: the line names numbers, or a debtor was not looked at before.
        """
        if self.mentioned or not changed <= self.parts.keys():
            return None
        before = {debtor: self.parts[debtor] for debtor in changed}
        for payer in self.payers:
            if payer.debtor_id in changed:
                self.parts.pop(payer.debtor_id)
                self._explain(payer)
        unexplained = self.unexplained()
        if unexplained != self.found.unexplained or any(self.parts.get(d) != part for d, part in before.items()):
            looked_at = frozenset(self.parts)
            self.found = self.found._replace(
                ranked=self.ranked(), bounded=self.bounded(), looked_at=looked_at, unexplained=unexplained
            )
        return self.found

    def unexplained(self) -> int:
        """The evidence that somebody pays no open item: a likely payer something unknown, or a stranger."""
        stranger = min(0, self.weigher.amount() - STRANGERS_AMOUNT)
        priors = [self.weigher.prior(p.items) + p.score for p in self.parts.values()]
        return max(stranger, max(priors, default=stranger - UNEXPLAINED) + UNEXPLAINED)

    def ranked(self) -> tuple[Hypothesis, ...]:
        """The explanations by every debtor, best first; those by the amount alone as long as their items are open as they were."""
        best = {key: found for key, (found, opens) in self.others.items() if opens == self._opens(key)}
        for part in self.parts.values():
            best.update([(key, found) for key, (found, _) in part.found.items()])
        return tuple(sorted(best.values(), key=lambda h: (-h.total, len(h.items), *self._days_of(h.items[0]), h.key)))

    def _days_of(self, item: OpenItem) -> tuple[int, date]:
        """How two months apart an item is due and paid, then its due day: of equals the oldest of those lately due comes first."""
        return abs((self.credit.booking_on - item.due_on).days) // NEAR_DAYS, item.due_on

    def bounded(self) -> frozenset[str]:
        """The debtors not all of whose sums were tried."""
        return frozenset([debtor for debtor, part in self.parts.items() if part.bounded])

    def explain_by_amount(self) -> None:
        """Items of exactly this amount, for a line that names nobody: proposals, never more."""
        known = {p.debtor_id for p in self.payers}
        found = self.book.exact_amount(self.credit.currency, self.received, self.credit.booking_on, AMOUNTS_SHOWN)
        for item in found:
            if item.debtor_id not in known:
                nobody = PayerEvidence(item.debtor_id, 0, (Reason.AMOUNT_ALONE,))
                self._weigh(nobody, (item,), self._shelf_of(item.debtor_id))

    def explain_deposit(self) -> None:
        """Cheques of two or three customers that sum to a deposit: proposals, the nearest to their due days first."""
        near = near_due(self.book, self.credit)
        for chosen in deposits(near, self.book.open_cents, self.received, self.reading.counted):
            days = sum(abs((i.due_on - self.credit.booking_on).days) for i in chosen) // len(chosen)
            found = Fit(Mode.EXACT, 0, 0, 0, telling=True)
            reasons = (Reason.CHEQUE_DEPOSIT, Reason.AMOUNT_SUM, Reason.AMOUNT_ALONE)
            key = tuple(sorted(i.id for i in chosen))
            total = 60 - 30 * len(chosen) - days
            deposit = Hypothesis(
                chosen[0].debtor_id, chosen, found, total, 0, 0, covered=False, reasons=reasons, key=key
            )
            self.others.setdefault(key, (deposit, self._opens(key)))

    def _shelf_of(self, debtor: str) -> Shelf:
        return self.book.shelf(debtor, self.credit.currency, self.credit.booking_on)

    def _explain(self, payer: PayerEvidence) -> None:
        """Everything by one payer; one that the margin keeps away from the best has only what it owes exactly, or is named."""
        debtor = payer.debtor_id
        likely = payer.score > max(0, self.best_payer - self.book.rules.margin_score)
        named = self.names(debtor)
        if not likely and not named and not self.book.owes_exactly(debtor, self.credit.currency, self.received):
            return
        if self.settled and not named:
            return
        shelf = self._shelf_of(debtor)
        self.parts[debtor] = Part(payer.score, len(shelf))
        if named:
            for item_id in self.mentioned & shelf.by_id.keys():
                if self.book.open_cents[item_id] > 0:
                    self._weigh(payer, (shelf.by_id[item_id],), shelf)
            for chosen in named_sets(self.mentions, shelf):
                self._weigh(payer, chosen, shelf)
        if self.settled:
            return  # the number, the amount and the payer agree: what the text does not name cannot come near
        self.explain_singles(payer, shelf, likely=likely)
        if likely:
            self.explain_sums(payer, shelf)

    def explain_singles(self, payer: PayerEvidence, shelf: Shelf, *, likely: bool) -> None:
        """One item that the text does not name."""
        exact = ((self.received, self.received),)
        weigh = self.weigher.weigh
        least = self.weigher.least if likely else self.received
        for total, item in shelf.around(self.windows if likely else exact):
            if total >= least and (likely or total == self.received) and item.id not in self.mentioned:
                self.keep(weigh(payer, (item,), total, shelf))

    def tells(self, total: int) -> bool:
        """Whether a sum of open cents lies in one of the windows."""
        position = bisect_right(self.windows, total, key=itemgetter(0)) - 1
        return position >= 0 and total <= self.windows[position][1]

    def explain_sums(self, payer: PayerEvidence, shelf: Shelf) -> None:
        """Sets that the text does not name: structured ones, then any of the same sums, within bounds."""
        nearly = self._explain_groups(payer, shelf)
        if len(shelf) >= MANY_ITEMS and self.received in shelf.cents:
            return  # one of so many sums is far less likely than the one item of this very amount
        limit = self.book.rules.subset_items
        for total in (self.received, *nearly):
            tried = 0
            for chosen in shelf.sums(limit).reaching(total, SUMS_TRIED):
                self._weigh(payer, chosen, shelf)
                tried += 1
            if len(shelf) > limit or tried == SUMS_TRIED:
                self.parts[payer.debtor_id].bounded = True

    def _explain_groups(self, payer: PayerEvidence, shelf: Shelf) -> list[int]:
        """What is due, open or of a month; the sums of those nearly paid: other sets of that sum are paid as nearly."""
        named, nearly = self.names(payer.debtor_id), set()
        for group, total in shelf.groups(self.credit.booking_on):
            if named or shelf.has_notes or self.tells(total):
                found = self.weigher.weigh(payer, group, total, shelf, structured=True)
                self.keep(found)
                if found is not None and found.fit.mode in NEARLY:
                    nearly.add(total)
        return sorted(nearly)

    def _weigh(self, payer: PayerEvidence, chosen: Sequence[OpenItem], shelf: Shelf) -> None:
        opens = self.book.open_cents
        self.keep(self.weigher.weigh(payer, chosen, sum([opens[i.id] for i in chosen]), shelf))

    def _opens(self, items: Iterable[str]) -> list[int]:
        return [self.book.open_cents[i] for i in items]

    def keep(self, found: Hypothesis | None) -> None:
        """Keep the better of two explanations by the same items; note when one leaves no room for others."""
        if found is None:
            return
        part = self.parts.get(found.debtor_id)
        if part is None:
            self.others[found.key] = found, self._opens(found.key)
            return
        known = part.found.get(found.key)
        if known is not None and known[0].total >= found.total:
            return
        part.found[found.key] = found, self._opens(found.key)
        if self.mentioned and found.covered and found.fit.mode is Mode.EXACT and found.payer > 0:
            self.settled = self.settled or any(s.firm and s.exact.intersection(found.key) for s in self.mentions.spans)
