"""The evidence of one explanation of a line: payer, numbers and amount added up, each weighed by its rarity in the book."""

from collections.abc import Sequence
from functools import cache
from math import comb, log10
from typing import NamedTuple

from recouvrement.matching.amounts import REASON_OF, Fit, Mode, fit
from recouvrement.matching.book import Book
from recouvrement.matching.payers import PayerEvidence
from recouvrement.matching.reading import Reading
from recouvrement.matching.shelves import FEW_ITEMS, Shelf
from recouvrement.matching.spans import Mentions
from recouvrement.matching.types import OpenItem, Reason

SEVERAL = 100
STRUCTURED = 60
STRUCTURE_ADVANTAGE = 80
NOT_NAMED = 120
NOT_NAMED_IN_CUT = 20
CONTRADICTION = 250
REFERENCE_CAP = 700
PART_IS_SAID = 80
HOW_MANY = 60  # evidence in the number of items of one price
CENTS_OFF = 2
USUAL_ITEMS = 50  # about three open items a debtor

Named = tuple[int, bool, tuple[Reason, ...]]  # evidence of the numbers, whether every item is named, why


class Hypothesis(NamedTuple):
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


@cache
def _choices(available: int, size: int) -> int:
    """Hundredths of a factor of ten in the number of ways to choose so many items of those available."""
    return round(100 * log10(max(comb(available, size), 1)))


class Weigher:
    """Weighs sets of items as explanations of one line; what is the same for many sets is computed once."""

    def __init__(self, book: Book, reading: Reading, mentions: Mentions, mentioned: frozenset[str]) -> None:
        self.opens, self.rules = book.open_cents, book.rules
        self.reading, self.mentions, self.mentioned = reading, mentions, mentioned
        self.credit = reading.credit
        self.received = self.credit.amount_cents
        self.least = self.received - self.rules.overpayment_cents
        self.debtor_prior = -round(100 * log10(max(len(book.payers), 1)))
        self._book = book
        self._amounts: dict[int, int] = {}
        self._prices: dict[int, int] = {}
        self._unnamed: dict[tuple[int, int], Named] = {}

    def amount(self, own: int = 0) -> int:
        """Evidence of the amount received, `own` items of the set left out of the count."""
        known = self._amounts.get(own)
        if known is None:
            credit = self.credit
            known = self._book.amount_evidence(credit.currency, self.received, own, credit.booking_on)
            self._amounts[own] = known
        return known

    def prior(self, open_items: int) -> int:
        """How likely a debtor pays at all: any open item is as likely to be paid as another, whoever owes it."""
        return self.debtor_prior + _choices(open_items, 1) - USUAL_ITEMS

    def weigh(
        self, payer: PayerEvidence, chosen: Sequence[OpenItem], total: int, shelf: Shelf, *, structured: bool = False
    ) -> Hypothesis | None:
        """The explanation that this payer pays this set, whose open cents sum to `total`; None when it is not worth naming."""
        if total < self.least:
            return None
        found = fit(chosen, self.opens, total, self.received, self.credit.booking_on, self.rules)
        if found is None or not self._worth(found, chosen, total, shelf):
            return None
        named = self.named(chosen)
        reference, covered, reasons = named
        loose = found.mode in {Mode.PARTIAL, Mode.OVER} and not (structured and found.telling)
        if loose and len(chosen) > 1 and not covered:
            return None
        prior = self.prior(len(shelf)) - self._set_prior(len(chosen), len(shelf), structured=structured)
        return Hypothesis(
            payer.debtor_id,
            tuple(chosen),
            found,
            prior + payer.score + reference + self._amount_of(found, chosen),
            payer.score,
            reference,
            covered,
            (*payer.reasons, *reasons, *self._amount_reasons(chosen, found, structured=structured)),
            tuple(sorted([i.id for i in chosen])) if len(chosen) > 1 else (chosen[0].id,),
        )

    def _worth(self, found: Fit, chosen: Sequence[OpenItem], total: int, shelf: Shelf) -> bool:
        if (
            not found.telling
            and (len(shelf) > FEW_ITEMS or len(chosen) > 1)
            and self.mentioned.isdisjoint([i.id for i in chosen])
        ):
            return False
        # a credit note that explains what is missing to the cent explains it better than a part
        if not shelf.has_notes or found.mode is not Mode.PARTIAL:
            return True
        missing = self.received - total
        return not any(abs(cents - missing) <= CENTS_OFF for cents in shelf.cents)

    def _amount_of(self, found: Fit, chosen: Sequence[OpenItem]) -> int:
        evidence = -found.penalty
        if found.mode is Mode.PARTIAL and len(chosen) > 1:
            evidence -= SEVERAL
        if found.telling:
            evidence += self._telling(chosen)
        if self.reading.part and found.mode in {Mode.PARTIAL, Mode.EXACT}:
            evidence += PART_IS_SAID if found.mode is Mode.PARTIAL else -PART_IS_SAID
        return evidence

    def _telling(self, chosen: Sequence[OpenItem]) -> int:
        """Evidence of the amount received for a set: a sum of list prices tells no more than they do together."""
        evidence = self.amount(sum([i.amount_cents == self.received for i in chosen]))
        if len(chosen) == 1:
            return evidence
        prices = {abs(i.amount_cents) for i in chosen}
        together = sum([self._of_price(cents) for cents in prices])
        return min(evidence, together + (HOW_MANY if len(prices) < len(chosen) else 0))

    def _of_price(self, cents: int) -> int:
        known = self._prices.get(cents)
        if known is None:
            credit = self.credit
            known = self._prices[cents] = self._book.amount_evidence(credit.currency, cents, 1, credit.booking_on)
        return known

    def _amount_reasons(self, chosen: Sequence[OpenItem], found: Fit, *, structured: bool) -> list[Reason]:
        reasons = [REASON_OF[found.mode]]
        if len(chosen) > 1:
            reasons.append(Reason.AMOUNT_ALL_DUE if structured else Reason.AMOUNT_SUM)
        if any(self.opens[i.id] < 0 for i in chosen):
            reasons.append(Reason.AMOUNT_NET_OF_CREDIT_NOTE)
        return reasons

    def _set_prior(self, size: int, available: int, *, structured: bool) -> int:
        choices = _choices(available, size)
        if size == 1:
            return choices
        return SEVERAL + (max(min(choices, STRUCTURED), choices - STRUCTURE_ADVANTAGE) if structured else choices)

    def named(self, chosen: Sequence[OpenItem]) -> Named:
        """Evidence of the numbers in the text for this set; sets that the text does not name differ by size only."""
        ids = {i.id for i in chosen}
        if not self.mentioned.isdisjoint(ids):
            return self._named(ids)
        shape = len(ids), sum([self.opens[i] < 0 for i in ids])
        known = self._unnamed.get(shape)
        if known is None:
            known = self._unnamed[shape] = self._named(ids)
        return known

    def _named(self, ids: set[str]) -> Named:
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
                score -= NOT_NAMED_IN_CUT if loose or self.opens[item_id] < 0 else NOT_NAMED
        if self.reading.counted > 1:
            score += 60 if len(ids) == self.reading.counted else -60
        if self.mentions.ranged and len(named) > 1:
            reasons.append(Reason.REFERENCE_RANGE)
        return min(score, REFERENCE_CAP), bool(named) and named == ids, tuple(dict.fromkeys(reasons))
