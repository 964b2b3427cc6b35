"""Explanations of a line: a debtor, a set of its items, a relation of amounts; each with its evidence and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import comb, log10

from recouvrement.matching.amounts import REASON_OF, Fit, Mode, fit, subsets
from recouvrement.matching.book import Book
from recouvrement.matching.deposits import deposits, near_due
from recouvrement.matching.payers import PayerEvidence, named_debtors
from recouvrement.matching.reading import LineKind, Reading
from recouvrement.matching.spans import Mentions
from recouvrement.matching.types import OpenItem, Reason

SEVERAL = 100
STRUCTURED = 60
STRUCTURE_ADVANTAGE = 80
UNEXPLAINED = -130
STRANGERS_AMOUNT = 300
NOT_NAMED = 120
NOT_NAMED_IN_CUT = 20
CONTRADICTION = 250
REFERENCE_CAP = 700
DUPLICATE = -200
FEW_ITEMS = 8
MANY_ITEMS = 6
SUMS_TRIED = 60
LESS_LIKELY = 200


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation; `total` is its evidence against "none of these"."""

    debtor_id: str
    items: tuple[OpenItem, ...]
    fit: Fit
    total: int
    payer: int
    reference: int
    covered: bool
    reasons: tuple[Reason, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanations:
    """All explanations of one line, best first, and the evidence of the best one that pays no open item."""

    reading: Reading
    mentions: Mentions
    payers: tuple[PayerEvidence, ...]
    ranked: tuple[Hypothesis, ...]
    unexplained: int
    duplicate_of: str
    duplicate: int
    bounded: frozenset[str]


class _Explainer:
    def __init__(self, book: Book, reading: Reading, mentions: Mentions) -> None:
        self.book, self.reading, self.mentions = book, reading, mentions
        self.credit = reading.credit
        self.received = self.credit.amount_cents
        self.payers = named_debtors(book, reading, mentions)
        self.best_payer = max((p.score for p in self.payers), default=0)
        self.debtor_prior = -round(100 * log10(max(len(book.payers), 1)))
        self.best: dict[tuple[str, ...], Hypothesis] = {}
        self.bounded: set[str] = set()
        self.settled = False
        self.mentioned = mentions.items()
        exact = book.exact_amount(self.credit.currency, self.received, self.credit.booking_on)
        self.reachable = {i.debtor_id for i in exact} | {book.items[i].debtor_id for i in self.mentioned}

    def run(self) -> Explanations:
        for payer in sorted(self.payers, key=lambda p: (-p.score, p.debtor_id)):
            self.explain(payer)
        if max((p.score for p in self.payers), default=0) < self.book.rules.payer_score:
            self.explain_by_amount()
        if self.reading.kind is LineKind.DEPOSIT:
            self.explain_deposit()
        ranked = sorted(self.best.values(), key=lambda h: (-h.total, len(h.items), h.items[0].due_on, h.key))
        amount = self.book.amount_evidence(self.credit.currency, self.received, 0, self.credit.booking_on)
        stranger = min(0, amount - STRANGERS_AMOUNT)
        unexplained = max((self.debtor_prior + p.score + UNEXPLAINED for p in self.payers), default=stranger)
        unexplained = max(unexplained, stranger)
        duplicate, of = max((self.duplicate(p) for p in self.payers), default=(-1000, ""))
        return Explanations(
            self.reading,
            self.mentions,
            tuple(self.payers),
            tuple(ranked),
            unexplained,
            of,
            duplicate,
            frozenset(self.bounded),
        )

    def explain_by_amount(self) -> None:
        """Items of exactly this amount, for a line that names nobody: proposals, never more."""
        known = {p.debtor_id for p in self.payers}
        for item in self.book.exact_amount(self.credit.currency, self.received, self.credit.booking_on)[:20]:
            if item.debtor_id not in known:
                nobody = PayerEvidence(item.debtor_id, 0, (Reason.AMOUNT_ALONE,))
                self.weigh(nobody, (item,), self.items_of(item.debtor_id))

    def explain_deposit(self) -> None:
        """Cheques of two or three customers that sum to a deposit: proposals, the nearest to their due days first."""
        near = near_due(self.book, self.credit)
        for chosen in deposits(near, self.book.open_cents, self.received, self.reading.count):
            days = sum(abs((i.due_on - self.credit.booking_on).days) for i in chosen) // len(chosen)
            found = Fit(Mode.EXACT, 0, 0, 0, telling=True)
            reasons = (Reason.CHEQUE_DEPOSIT, Reason.AMOUNT_SUM, Reason.AMOUNT_ALONE)
            key = tuple(sorted(i.id for i in chosen))
            total = 60 - 30 * len(chosen) - days
            deposit = Hypothesis(
                chosen[0].debtor_id, chosen, found, total, 0, 0, covered=False, reasons=reasons, key=key
            )
            self.best.setdefault(key, deposit)

    def items_of(self, debtor: str) -> list[OpenItem]:
        return self.book.items_of(debtor, self.credit.currency, self.credit.booking_on)

    def explain(self, payer: PayerEvidence) -> None:
        likely = payer.score > max(0, self.best_payer - LESS_LIKELY)
        if not likely and payer.debtor_id not in self.reachable:
            return
        items = self.items_of(payer.debtor_id)
        invoices = [i for i in items if self.book.open_cents[i.id] > 0]
        for item in invoices:
            if item.id in self.mentioned:
                self.weigh(payer, (item,), items)
        for chosen in self.named_sets(items):
            self.weigh(payer, chosen, items)
        if self.settled:
            return  # the number, the amount and the payer agree: what the text does not name cannot come near
        for item in invoices:
            if item.id not in self.mentioned and (likely or self.book.open_cents[item.id] == self.received):
                self.weigh(payer, (item,), items)
        if likely:
            self.explain_sums(payer, items)

    def explain_sums(self, payer: PayerEvidence, items: list[OpenItem]) -> None:
        """Sets that the text does not name: structured ones, then any that sums exactly, within bounds."""
        for chosen in self.structured_sets(items):
            self.weigh(payer, chosen, items, structured=True)
        single = any(self.book.open_cents[i.id] == self.received for i in items)
        if single and len(items) >= MANY_ITEMS:
            return  # one of so many sums is far less likely than the one item of this very amount
        limit = self.book.rules.subset_items
        found = 0
        for chosen in subsets(items[:limit], self.book.open_cents, self.received, SUMS_TRIED):
            self.weigh(payer, chosen, items)
            found += 1
        if len(items) > limit or found == SUMS_TRIED:
            self.bounded.add(payer.debtor_id)

    def named_sets(self, items: list[OpenItem]) -> Iterable[tuple[OpenItem, ...]]:
        """Sets made of one item for each span that names some of this debtor's."""
        by_id = {i.id: i for i in items}
        choices = []
        for span in self.mentions.spans:
            exact = sorted(i for i in span.exact if i in by_id)
            close = sorted(i for i in span.close if i in by_id and i not in span.exact)
            if exact or close:
                choices.append((exact + close)[:6])
        if len(choices) < 2:
            return
        for combination in list(product(*choices[:6]))[:60]:
            chosen = {i: by_id[i] for i in combination}
            if len(chosen) == len(combination):
                yield tuple(chosen.values())
        if self.mentions.ranged:
            ends = sorted((by_id[c[0]] for c in choices[:2]), key=lambda i: (i.issue_on, i.invoice_number))
            low, high = ends[0].invoice_number, ends[-1].invoice_number
            yield tuple(i for i in items if low <= i.invoice_number <= high)

    def structured_sets(self, items: list[OpenItem]) -> Iterable[tuple[OpenItem, ...]]:
        """All that is due, all that is open, all of a month of issue; with and without credit notes."""
        due = tuple(i for i in items if i.due_on <= self.credit.booking_on)
        months: dict[tuple[int, int], list[OpenItem]] = {}
        for item in items:
            months.setdefault((item.issue_on.year, item.issue_on.month), []).append(item)
        for group in (due, tuple(items), *(tuple(m) for m in months.values())):
            if len(group) >= 2:
                yield group
            invoices = tuple(i for i in group if self.book.open_cents[i.id] > 0)
            if 2 <= len(invoices) < len(group):
                yield invoices

    def weigh(
        self, payer: PayerEvidence, chosen: tuple[OpenItem, ...], items: list[OpenItem], *, structured: bool = False
    ) -> None:
        opens = self.book.open_cents
        total = sum(opens[i.id] for i in chosen)
        if total < self.received - self.book.rules.overpayment_cents:
            return
        found = fit(chosen, opens, self.received, self.credit.booking_on, self.book.rules)
        if found is None:
            return
        if (
            not found.telling
            and (len(items) > FEW_ITEMS or len(chosen) > 1)
            and not self.mentioned & {i.id for i in chosen}
        ):
            return
        if found.mode is Mode.PARTIAL and any(opens[i.id] == self.received - total for i in items):
            return  # a credit note explains what is missing to the cent
        reference, covered, reasons = self.reference(chosen)
        if (
            found.mode in {Mode.PARTIAL, Mode.OVER}
            and len(chosen) > 1
            and not covered
            and not (structured and found.telling)
        ):
            return
        amount = 0
        if found.telling:
            own = sum(1 for i in chosen if i.amount_cents == self.received)
            amount = self.book.amount_evidence(self.credit.currency, self.received, own, self.credit.booking_on)
        amount -= found.penalty
        if found.mode is Mode.PARTIAL and self.reading.part:
            amount += 80
        prior = self.debtor_prior - self.set_prior(chosen, len(items), structured=structured)
        evidence = prior + payer.score + reference + amount
        key = tuple(sorted(i.id for i in chosen))
        if key in self.best and self.best[key].total >= evidence:
            return
        hypothesis = Hypothesis(
            payer.debtor_id,
            chosen,
            found,
            evidence,
            payer.score,
            reference,
            covered,
            (*payer.reasons, *reasons, *self.amount_reasons(chosen, found, structured=structured)),
            key,
        )
        self.best[key] = hypothesis
        firm = covered and any(s.firm and s.exact.intersection(key) for s in self.mentions.spans)
        self.settled = self.settled or (firm and found.mode is Mode.EXACT and payer.score > 0)

    def amount_reasons(self, chosen: tuple[OpenItem, ...], found: Fit, *, structured: bool) -> list[Reason]:
        reasons = [REASON_OF[found.mode]]
        if len(chosen) > 1:
            reasons.append(Reason.AMOUNT_ALL_DUE if structured else Reason.AMOUNT_SUM)
        if any(self.book.open_cents[i.id] < 0 for i in chosen):
            reasons.append(Reason.AMOUNT_NET_OF_CREDIT_NOTE)
        return reasons

    def set_prior(self, chosen: tuple[OpenItem, ...], available: int, *, structured: bool) -> int:
        size = len(chosen)
        if size == 1:
            return round(100 * log10(max(available, 1)))
        choices = round(100 * log10(comb(available, size)))
        return SEVERAL + (max(min(choices, STRUCTURED), choices - STRUCTURE_ADVANTAGE) if structured else choices)

    def reference(self, chosen: tuple[OpenItem, ...]) -> tuple[int, bool, list[Reason]]:
        """Evidence of the numbers in the text for this set; whether every item of it is named; reasons."""
        ids = {i.id for i in chosen}
        score = 0
        reasons: list[Reason] = []
        named: set[str] = set()
        firm = False
        for span in self.mentions.spans:
            firm = firm or span.firm
            if span.exact & ids:
                score += span.weight
                named |= span.exact & ids
                reasons.append(span.reason)
            elif span.close & ids:
                score += span.close_weight
                named |= span.close & ids
                reasons.append(span.close_reason)
            elif span.firm:
                score -= CONTRADICTION
                reasons.append(Reason.REFERENCE_CONTRADICTED)
        if firm:
            loose = self.reading.list_cut or self.reading.text_cut or self.mentions.ranged
            for item_id in ids - named:
                score -= NOT_NAMED_IN_CUT if loose or self.book.open_cents[item_id] < 0 else NOT_NAMED
        if self.reading.count > 1:
            score += 60 if len(chosen) == self.reading.count else -60
        if self.mentions.ranged and len(named) > 1:
            reasons.append(Reason.REFERENCE_RANGE)
        return min(score, REFERENCE_CAP), bool(named) and named == ids, list(dict.fromkeys(reasons))

    def duplicate(self, payer: PayerEvidence) -> tuple[int, str]:
        """Evidence that the line repeats a payment of this debtor already applied."""
        best = (-1000, "")
        for past in self.book.past_payments(payer.debtor_id):
            days = (self.credit.booking_on - past.credit.booking_on).days
            if past.credit.amount_cents != self.received or not 0 <= days <= self.book.rules.duplicate_days:
                continue
            if past.credit.id == self.credit.id:
                continue
            amount = self.book.amount_evidence(self.credit.currency, self.received, 0, self.credit.booking_on)
            score = self.debtor_prior + payer.score + DUPLICATE + amount
            settled = {a.item_id for a in past.allocations}
            score += sum(s.weight for s in self.mentions.spans if s.exact & settled)
            score += 100 if self.book.same_words(past.credit, self.reading) else (-150 if days <= 15 else -220)
            best = max(best, (score, past.credit.id))
        return best


def explain(book: Book, reading: Reading, mentions: Mentions) -> Explanations:
    """Every explanation of a payment worth weighing; candidates come from indexes, never from all pairs."""
    return _Explainer(book, reading, mentions).run()
