"""How a sum received fits what is open: exactly, less a fee, less a discount, in part, or over."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from recouvrement.domain.money import rounded_half_up
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Applied, OpenItem, Reason


class Mode(StrEnum):
    """The relation between the sum received and the sum open."""

    EXACT = "exact"
    ROUNDING = "rounding"
    BANK_FEE = "bank_fee"
    ESCOMPTE = "escompte"
    PARTIAL = "partial"
    OVER = "over"


REASON_OF = {
    Mode.EXACT: Reason.AMOUNT_EXACT,
    Mode.ROUNDING: Reason.AMOUNT_ROUNDING,
    Mode.BANK_FEE: Reason.AMOUNT_BANK_FEE,
    Mode.ESCOMPTE: Reason.AMOUNT_ESCOMPTE,
    Mode.PARTIAL: Reason.AMOUNT_PARTIAL,
    Mode.OVER: Reason.AMOUNT_OVER,
}


# A discount rounded by the payer may be a cent and a half off, in ten-thousandths of a cent.
DISCOUNT_SLACK = 15_000
# One receipt in seventy or so is an even share of an invoice, and nothing says so.
EVEN_PART = 180


class Fit(NamedTuple):
    """One way in which a receipt pays a set: what is written off, what is left over, what it costs in evidence.

    `telling` says that the amount itself is evidence; a plain part or a plain excess is none.
    """

    mode: Mode
    adjustment_cents: int
    excess_cents: int
    penalty: int
    telling: bool


def fit(
    items: Sequence[OpenItem], opens: Mapping[str, int], total: int, received: int, booked: date, rules: MatchingRules
) -> Fit | None:
    """The likeliest relation between what was received and the `total` that a set leaves open; None when none is worth naming."""
    short = total - received
    if total <= 0:
        return None
    if short == 0:
        return Fit(Mode.EXACT, 0, 0, 0, telling=True)
    if abs(short) <= rules.rounding_cents:
        return Fit(Mode.ROUNDING, short, 0, 110 if abs(short) <= 5 else 140, telling=True)
    if short < 0:
        return _over(-short, total, rules)
    return _discount(short, total, items, opens, booked, rules) or _fee(short, total, rules) or _part(total, received)


def windows(received: int, rules: MatchingRules, highest_bp: int) -> list[tuple[int, int]]:
    """Closed ranges of open cents, rising and apart, outside which one item tells nothing of this receipt: see `fit`."""
    rate = min(max((highest_bp, *rules.usual_discounts_bp)), 9_999)
    upper = max(
        received + rules.rounding_cents,
        received + rules.bank_fee_cents,
        (received * 10_000 + DISCOUNT_SLACK) // (10_000 - rate) + 3,
    )
    found = [(received - rules.overpayment_cents, upper)]
    for parts, share in _WHOLES:
        whole = received * parts + parts // 2
        low, high = max((whole - parts) // share, found[-1][1] + 1), whole // share
        if low <= high:
            found.append((low, high))
    return found


def _over(excess: int, total: int, rules: MatchingRules) -> Fit | None:
    if excess > rules.overpayment_cents or excess * 2 > total:
        return None
    even = (excess % 1_000 == 0 and excess * 4 <= total) or excess < 100
    return Fit(Mode.OVER, 0, excess, 200 if even else 60, telling=even)


def _discount(
    short: int, total: int, items: Sequence[OpenItem], opens: Mapping[str, int], booked: date, rules: MatchingRules
) -> Fit | None:
    agreed = 0
    for item in items:
        if item.discount_bp and item.discount_until and booked <= item.discount_until:
            agreed += rounded_half_up(Fraction(opens[item.id] * item.discount_bp, 10_000))
    if agreed and abs(short - agreed) <= 2:
        return Fit(Mode.ESCOMPTE, short, 0, 80, telling=True)
    rates = rules.usual_discounts_bp
    gross = sum([opens[i.id] for i in items if opens[i.id] > 0]) if len(items) > 1 else total
    if not rates or short * 10_000 > gross * max(rates) + DISCOUNT_SLACK:
        return None
    oldest = min([i.issue_on for i in items])
    if (booked - oldest).days > rules.discount_days_from_issue:
        return None
    for rate in rates:
        if abs(short * 10_000 - total * rate) <= DISCOUNT_SLACK or abs(short * 10_000 - gross * rate) <= DISCOUNT_SLACK:
            granted = short if rules.grants_usual_discounts else 0
            return Fit(Mode.ESCOMPTE, granted, 0, 150, telling=True)
    return None


def _fee(short: int, total: int, rules: MatchingRules) -> Fit | None:
    if short > rules.bank_fee_cents or short * 10_000 > total * rules.bank_fee_bp:
        return None
    return Fit(Mode.BANK_FEE, short, 0, 170 if short % 50 == 0 else 260, telling=True)


def _part(total: int, received: int) -> Fit:
    if _even_share(received, total, 20, _USUAL) or _even_share(received, total, 3, _THIRDS):
        return Fit(Mode.PARTIAL, 0, 0, EVEN_PART, telling=True)
    even = _even_share(received, total, 20, _TWENTIETHS)
    return Fit(Mode.PARTIAL, 0, 0, EVEN_PART + 40 if even else 60, telling=even)


# Shares that people agree on: tenths, quarters, thirds.
_TWENTIETHS = frozenset({2, 4, 5, 6, 8, 10, 12, 14, 15, 16})
_USUAL = frozenset({6, 8, 10, 12})  # 30 to 60 %
_THIRDS = frozenset({1, 2})
# All of them, the largest share first: the sums that they are shares of rise.
_WHOLES = sorted([(20, s) for s in _TWENTIETHS] + [(3, s) for s in _THIRDS], key=lambda w: Fraction(*w))


def _even_share(received: int, total: int, parts: int, shares: frozenset[int]) -> bool:
    """Whether a receipt is, to the cent, one of these shares of the total."""
    whole, rest = divmod(received * parts + parts // 2, total)
    return rest <= parts and whole in shares


def allocate(items: Sequence[OpenItem], opens: Mapping[str, int], received: int, found: Fit) -> tuple[Applied, ...]:
    """Spread a receipt over its items: credit notes netted, oldest due first, write-offs on the largest invoice."""
    ordered = sorted(items, key=lambda i: (opens[i.id] > 0, i.due_on, i.issue_on, i.id)) if len(items) > 1 else items
    largest = max(ordered, key=lambda i: (opens[i.id], i.id))
    left = received - found.excess_cents - sum([min(opens[i.id], 0) for i in items])
    made = []
    for item in ordered:
        due = opens[item.id]
        adjustment = found.adjustment_cents if item is largest else 0
        cents = due if due < 0 else max(min(due - adjustment, left), 0)
        left -= cents if due > 0 else 0
        if cents:
            closes = cents + adjustment == due
            adjustment = adjustment if closes else 0
            made.append(Applied(item.id, cents, adjustment, found.mode.value if adjustment else "", closes=closes))
    return tuple(made)
