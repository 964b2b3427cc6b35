"""Which debts a sum pays when the debtor says nothing, in the order of the Civil Code; no cent is made or lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from recouvrement.domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Debt:
    """An open sum in minor units; `weight` ranks how much the debtor gains by paying it (higher rate, title, security).

    `certain_and_liquid` is False for what is disputed or not yet counted: it cannot be set off.
    """

    key: str
    cents: int
    due: date
    weight: int = 0
    certain_and_liquid: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """What one debt receives, and by which rule."""

    key: str
    cents: int
    rule: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """The shares of one sum, and what no debt could take; together they are the sum."""

    shares: tuple[Share, ...]
    left_cents: int


def allocate(
    cents: int, debts: Sequence[Debt], on: date, *, chosen: Sequence[str] = (), part_of_chosen: bool = False
) -> Allocation | Refused:
    """Share a sum among debts (C. civ. 1342-10).

    First the debts the debtor named, each in full (a part only where the creditor accepts it: `part_of_chosen`), then
    due debts before others, then those he gains most by paying, then the oldest, then in proportion.
    """
    refused = _refused(cents, debts, chosen)
    if refused is not None:
        return refused
    open_cents = {debt.key: debt.cents for debt in debts}
    shares: list[Share] = []
    left = cents
    for key in chosen:
        if left >= open_cents[key] or part_of_chosen:
            left -= _take(shares, open_cents, key, min(left, open_cents[key]), "chosen by the debtor")
    for _, group in groupby(sorted(debts, key=lambda debt: _rank(debt, on)), key=lambda debt: _rank(debt, on)[:3]):
        equals = [replace(debt, cents=open_cents[debt.key]) for debt in group]
        for key, part in _in_proportion(left, equals):
            left -= _take(shares, open_cents, key, part, "order of C. civ. 1342-10")
    return Allocation(tuple(shares), left)


def _refused(cents: int, debts: Sequence[Debt], chosen: Sequence[str]) -> Refused | None:
    keys = [debt.key for debt in debts]
    if cents <= 0 or any(debt.cents < 0 for debt in debts):
        return Refused("amount_not_positive", "the sum or a debt is not above zero", "give amounts above zero")
    if len(set(keys)) != len(keys) or not set(chosen) <= set(keys) or len(set(chosen)) != len(chosen):
        return Refused("unknown_debt", "a debt is named twice or not open", "name each open debt once")
    return None


def _rank(debt: Debt, on: date) -> tuple[bool, int, date, str]:
    return debt.due > on, -debt.weight, debt.due, debt.key


def _take(shares: list[Share], open_cents: dict[str, int], key: str, part: int, rule: str) -> int:
    if part:
        open_cents[key] -= part
        shares.append(Share(key, part, rule))
    return part


def _in_proportion(cents: int, debts: Sequence[Debt]) -> list[tuple[str, int]]:
    """Parts in proportion to equal-ranked debts; the cents that do not divide go to the largest remainders."""
    total = sum(debt.cents for debt in debts)
    if cents >= total:
        return [(debt.key, debt.cents) for debt in debts]
    parts = {debt.key: divmod(cents * debt.cents, total) for debt in debts}
    spare = cents - sum(whole for whole, _ in parts.values())
    first = sorted(parts, key=lambda key: (-parts[key][1], key))[:spare]
    return [(debt.key, parts[debt.key][0] + (debt.key in first)) for debt in debts]


def apply_credit_note(cents: int, debts: Sequence[Debt], on: date, *, invoice: str = "") -> Allocation | Refused:
    """A credit note reduces the invoice it names first, then others in the legal order."""
    named = [invoice] if invoice in {debt.key for debt in debts} else []
    return allocate(cents, debts, on, chosen=named, part_of_chosen=True)


@dataclass(frozen=True, slots=True)
class SetOff:
    """What is extinguished on both sides by set-off: the same total in both tuples."""

    ours: tuple[Share, ...]
    theirs: tuple[Share, ...]
    cents: int


def set_off(ours: Sequence[Debt], theirs: Sequence[Debt], on: date) -> SetOff | Refused:
    """Set off reciprocal debts that are certain, liquid and due, up to the lesser total (C. civ. 1347, 1347-1)."""
    we_are_owed, they_are_owed = _ready(ours, on), _ready(theirs, on)
    cents = min(sum(debt.cents for debt in we_are_owed), sum(debt.cents for debt in they_are_owed))
    if cents == 0:
        return Refused(
            "nothing_to_set_off",
            "no pair of reciprocal debts is certain, liquid and due that day",
            "wait for the later due date, or agree on the set-off in writing",
        )
    sides = [allocate(cents, side, on) for side in (we_are_owed, they_are_owed)]
    refused = [side for side in sides if isinstance(side, Refused)]
    shares = [side.shares for side in sides if isinstance(side, Allocation)]
    return refused[0] if refused else SetOff(shares[0], shares[1], cents)


def _ready(debts: Iterable[Debt], on: date) -> list[Debt]:
    return [debt for debt in debts if debt.certain_and_liquid and debt.due <= on and debt.cents > 0]
