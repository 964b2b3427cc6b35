"""The book: payers, open items, past payments and their indexes, held in memory for one creditor."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from math import log10
from typing import TYPE_CHECKING

from recouvrement.cycles import without_cycles
from recouvrement.matching.names import NameIndex
from recouvrement.matching.numbers import NumberIndex
from recouvrement.matching.reading import Reading, read_line
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.shelves import Shelf
from recouvrement.matching.spans import Mentions
from recouvrement.matching.types import Credit, OpenItem, Outcome, PastPayment, Payer

if TYPE_CHECKING:  # an explainer reads the book that keeps it
    from recouvrement.matching.hypotheses import Explainer
    from recouvrement.matching.payers import PayerEvidence

AMOUNT_CAP = 350

NOBODY: frozenset[str] = frozenset()


class Book:
    """What matching knows. Load payers, items and past payments in any order; `advance` opens the items of a day.

    `receipts` are the credits that wait, `looked` their kept outcomes, `clear` those of them that are automatic and not
    applied; `stale` names the debtors of which something changed since an outcome was kept, `moved` the lines to look at.

    To rebuild a book another day, load: every item that is open or was issued within `rules.memory_days`, with its open
    cents; every payer with confirmed IBANs and aliases; every past payment booked within `rules.reversal_days`.
    """

    def __init__(self, rules: MatchingRules | None = None) -> None:
        self.rules = rules or MatchingRules()
        self._tolerance = timedelta(days=self.rules.issue_tolerance_days)
        self._memory = timedelta(days=self.rules.memory_days)
        self.payers: dict[str, Payer] = {}
        self.by_iban: dict[str, set[str]] = defaultdict(set)
        self.by_identifier: dict[str, str] = {}
        self.names = NameIndex()
        self.said: dict[tuple[tuple[str, ...], bool, bool, str, bool], list[PayerEvidence]] = {}
        self.numbers = NumberIndex()
        self.items: dict[str, OpenItem] = {}
        self.ids_of: dict[str, set[str]] = defaultdict(set)
        self.open_cents: dict[str, int] = {}
        self._by_debtor: dict[str, list[tuple[date, date, str, int, OpenItem]]] = defaultdict(list)
        self.by_open: dict[tuple[str, int], list[tuple[date, str]]] = defaultdict(list)
        self.by_due: dict[date, set[str]] = defaultdict(set)
        self.highest_discount_bp = 0
        self.issues: list[date] = []
        self._known_items: dict[date, int] = {}
        self.amount_issues: dict[tuple[str, int], list[date]] = defaultdict(list)
        self.past: dict[str, PastPayment] = {}
        self.past_amount: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self.receipts: dict[str, Credit] = {}
        self.receipts_of: dict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self.clear: set[str] = set()
        self.read: dict[str, tuple[Reading, Mentions]] = {}
        self.looked: dict[str, Outcome] = {}
        self.stale: dict[str, set[str]] = {}
        self.explainers: dict[str, Explainer] = {}
        self.moved: set[str] = set()
        self._watchers: dict[str, set[str]] = defaultdict(set)
        self._payers: dict[str, frozenset[str] | None] = {}
        self._shelves: dict[tuple[str, str], tuple[date, date, Shelf]] = {}
        self._owed: dict[tuple[str, str, int], int] = defaultdict(int)
        self._advanced_to = date.min
        self._waiting: list[OpenItem] = []
        self._fingerprints: dict[str, tuple[str, ...]] = {}

    def add_payer(self, payer: Payer) -> None:
        """Learn who a debtor is; IBANs and aliases are confirmed ones only."""
        self.payers[payer.debtor_id] = payer
        self.names.add(payer)
        self.said.clear()
        for iban in payer.ibans:
            self.by_iban[iban.replace(" ", "").upper()].add(payer.debtor_id)
        for identifier in (payer.siren, payer.vat_number):
            if identifier and identifier.strip("0"):
                self.by_identifier[identifier.replace(" ", "").upper()] = payer.debtor_id

    def add_item(self, item: OpenItem) -> None:
        """Hand in an item; it is used from its day of issue on."""
        self._waiting.append(item)

    def add_past(self, payment: PastPayment) -> None:
        """Remember a payment whose effect the loaded `open_cents` already carry."""
        line = payment.credit
        self.finish(line.id)
        self.past[line.id] = payment
        self.past_amount[line.currency, line.amount_cents][line.id] = None
        self._changed(payment.debtor_id, (line.currency, line.amount_cents))

    def wait_for(self, receipt: Credit) -> None:
        """Hold a receipt open until it is applied or finished."""
        if receipt.id not in self.receipts:
            self.receipts[receipt.id] = receipt
            self.receipts_of[receipt.currency, receipt.amount_cents][receipt.id] = None

    def finish(self, line_id: str) -> None:
        """Hold a receipt open no longer, and keep nothing of it."""
        receipt = self.receipts.pop(line_id, None)
        if receipt is not None:
            del self.receipts_of[receipt.currency, receipt.amount_cents][line_id]
        self.clear.discard(line_id)
        self.read.pop(line_id, None)
        self.forget(line_id)

    def waiting_items(self) -> tuple[OpenItem, ...]:
        """Items handed in whose day of issue has not come."""
        return tuple(self._waiting)

    @without_cycles()
    def advance(self, on: date) -> None:
        """Open the items issued by the end of this day."""
        limit = on + self._tolerance
        ready = [i for i in self._waiting if i.issue_on <= limit]
        self._waiting = [i for i in self._waiting if i.issue_on > limit]
        if any(i.issue_on <= self._advanced_to for i in ready):
            self.looked.clear()
            self.read.clear()
            self.stale.clear()
            self.explainers.clear()
        for item in sorted(ready, key=lambda i: (i.issue_on, i.id)):
            self._open(item)
        self._advanced_to = max(self._advanced_to, limit)

    def _open(self, item: OpenItem) -> None:
        self.items[item.id] = item
        self.ids_of[item.debtor_id].add(item.id)
        self.highest_discount_bp = max(self.highest_discount_bp, item.discount_bp)
        self.numbers.add(item)
        insort(self.issues, item.issue_on)
        self._known_items.clear()
        insort(self.amount_issues[item.currency, item.amount_cents], item.issue_on)
        self._set_open(item.id, item.open_cents)

    def _set_open(self, item_id: str, cents: int) -> None:
        item = self.items[item_id]
        debtor, currency = item.debtor_id, item.currency
        before = self.open_cents.get(item_id, 0)
        self._shelves.pop((debtor, currency), None)
        if item_id in self.open_cents:  # a newly issued item concerns no line already looked at
            self._changed(debtor, (currency, before), (currency, cents))
        self.open_cents[item_id] = cents
        if before:
            self._take_off(item, before)
        if cents:
            insort(self.by_open[currency, cents], (item.due_on, item_id))
            self._owed[debtor, currency, cents] += 1
        self._place(item, before, cents)
        if cents and not before:
            self.by_due[item.due_on].add(item_id)
        elif before and not cents:
            self.by_due[item.due_on].discard(item_id)

    def _place(self, item: OpenItem, before: int, cents: int) -> None:
        """Put an item where its debtor's open items stand by due day, take it away, or renew it."""
        mine, entry = self._by_debtor[item.debtor_id], (item.due_on, item.issue_on, item.id, cents, item)
        at = bisect_left(mine, entry[:3])
        mine[at : at + bool(before)] = [entry] if cents else []

    def _take_off(self, item: OpenItem, cents: int) -> None:
        same = self.by_open[item.currency, cents]
        del same[bisect_left(same, (item.due_on, item.id))]
        owed = item.debtor_id, item.currency, cents
        self._owed[owed] -= 1
        if not self._owed[owed]:
            del self._owed[owed]

    def shelf(self, debtor: str, currency: str, by: date) -> Shelf:
        """The open items of a debtor usable for a line booked on this day."""
        known = self._shelves.get((debtor, currency))
        if known is None or not known[0] <= by < known[1]:
            known = self._shelves[debtor, currency] = self._make_shelf(debtor, currency, by)
        return known[2]

    def _make_shelf(self, debtor: str, currency: str, by: date) -> tuple[date, date, Shelf]:
        """A shelf and the days, from the first to before the second, on which it holds the same items."""
        limit = by + self._tolerance
        mine = [entry for entry in self._by_debtor.get(debtor, ()) if entry[4].currency == currency]
        usable = [entry for entry in mine if entry[1] <= limit]
        first = max([issue for _, issue, *_ in usable], default=None)
        after = min([issue for _, issue, *_ in mine if issue > limit], default=date.max)
        early = first - self._tolerance if first else date.min
        return early, after - self._tolerance, Shelf([e[4] for e in usable], [e[3] for e in usable])

    def bar(self, item_id: str, reason: str) -> None:
        """Say from now on that an item is only proposed (a reason code), or is as any other (empty)."""
        item = self.items[item_id] = replace(self.items[item_id], never_automatic=reason)
        cents = self.open_cents[item_id]
        self._place(item, cents, cents)
        self._shelves.pop((item.debtor_id, item.currency), None)
        self.looked.clear()

    def owes_exactly(self, debtor: str, currency: str, cents: int) -> bool:
        """Whether a debtor has an open item of exactly this amount, issued or not on the day of a line."""
        return (debtor, currency, cents) in self._owed

    def exact_amount(self, currency: str, cents: int, by: date, most: int) -> list[OpenItem]:
        """The first open items of exactly this amount usable on this day, by due date."""
        limit = by + self._tolerance
        found = (self.items[i] for _, i in self.by_open.get((currency, cents), ()))
        return list(islice((i for i in found if i.issue_on <= limit), most))

    def known_items(self, by: date) -> int:
        """How many items were issued in the memory that ends on this day; the base of every rarity."""
        known = self._known_items.get(by)
        if known is None:
            known = self._known_items[by] = self._within(self.issues, by) or 1
        return known

    def _within(self, issues: list[date], by: date) -> int:
        return bisect_right(issues, by) - bisect_left(issues, by - self._memory)

    def visible(self, found: Iterable[str], by: date) -> list[str]:
        """Those items whose number a line booked on this day can know: issued, and still in memory."""
        oldest = by - self._memory
        limit = by + self._tolerance
        if not self.issues or (oldest <= self.issues[0] and self.issues[-1] <= limit):
            return list(found)
        return [i for i in found if oldest <= self.items[i].issue_on <= limit]

    def amount_evidence(self, currency: str, cents: int, own: int, by: date) -> int:
        """How much an amount tells: rare in the book tells much, a list price little; hundredths of a factor of ten."""
        total = self.known_items(by)
        others = max(self._within(self.amount_issues.get((currency, cents), []), by) - own, 0)
        density = 0.5 * others / total + 0.3 / total + 0.00001
        return min(round(100 * log10(0.75 / density)), AMOUNT_CAP)

    def watch(self, line_id: str, debtors: Iterable[str], payers: frozenset[str] | None, outcome: Outcome) -> None:
        """Keep the outcome of a receipt until items of one of the debtors change, or something of this very amount does.

        The amount counts as far as the payers go, or of anybody (None).
        """
        self.looked[line_id] = outcome
        self._payers[line_id] = payers
        for debtor in debtors:
            self._watchers[debtor].add(line_id)

    def lines_that_watch(self, debtor: str) -> frozenset[str]:
        """Lines whose kept outcome may name this debtor; some of them may be settled since."""
        return frozenset(self._watchers.get(debtor, NOBODY))

    def forget(self, line_id: str) -> None:
        """Keep nothing more of a line that is settled, or that must be read against the book anew."""
        self.looked.pop(line_id, None)
        self.stale.pop(line_id, None)
        self.explainers.pop(line_id, None)
        self._payers.pop(line_id, None)

    def _changed(self, debtor: str, *moneys: tuple[str, int]) -> None:
        watching = self._watchers.get(debtor)
        if watching:
            self._watchers[debtor] = watching = watching & self.looked.keys()
            for line_id in watching:
                self.stale.setdefault(line_id, set()).add(debtor)
            self.moved |= watching
        for money in moneys:
            for line_id in self.receipts_of.get(money, ()):
                payers = self._payers.get(line_id, NOBODY)
                if payers is None or debtor in payers:
                    self.forget(line_id)
                    self.moved.add(line_id)

    def same_words(self, past: Credit, reading: Reading) -> bool:
        """Whether a past line said the same, the bank's own numbers apart."""
        known = self._fingerprints.get(past.id)
        if known is None:
            known = self._fingerprints[past.id] = read_line(past).fingerprint
        return known == reading.fingerprint

    def apply(self, payment: PastPayment) -> None:
        """Apply a payment: reduce what is open and remember it."""
        self.finish(payment.credit.id)
        for allocation in payment.allocations:
            self._set_open(
                allocation.item_id,
                self.open_cents[allocation.item_id] - allocation.cents - allocation.adjustment_cents,
            )
        self.add_past(payment)

    def undo(self, line_id: str) -> PastPayment | None:
        """Take a payment back: restore what was open and forget it; None when the line is not known."""
        payment = self.past.pop(line_id, None)
        if payment is None:
            return None
        line = payment.credit
        self.past_amount[line.currency, line.amount_cents].pop(line_id, None)
        self._changed(payment.debtor_id, (line.currency, line.amount_cents))
        for allocation in payment.allocations:
            if allocation.item_id in self.items:
                cents = self.open_cents[allocation.item_id] + allocation.cents + allocation.adjustment_cents
                self._set_open(allocation.item_id, cents)
        return payment

    def state(self) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
        """What decisions depend on: open cents by item and the lines remembered; for comparing two books."""
        return tuple(sorted((k, v) for k, v in self.open_cents.items() if v)), tuple(sorted(self.past))
