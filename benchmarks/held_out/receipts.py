"""What customers pay, when and how much of which invoice: the truth, before anybody writes a word of it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, zip_longest

from benchmarks.held_out.firms import Customer
from benchmarks.held_out.sales import Sale

UNPAID = 0.08
SHARES = (50, 50, 50, 30, 40, 60, 25)
FEES = (350, 500, 800, 1_200, 1_500, 1_750, 2_500)


@dataclass(frozen=True, slots=True)
class Part:
    """What a receipt settles of one invoice."""

    sale: Sale
    cents: int
    adjustment: int = 0
    reason: str = ""
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """One movement of the account; negative when it is taken back. `said` are the invoices whose numbers may be written."""

    on: date
    cents: int
    kind: str
    amount_mode: str
    customers: tuple[Customer, ...]
    parts: tuple[Part, ...] = ()
    said: tuple[str, ...] = ()
    excess: int = 0
    repeats: bool = False  # it follows the receipt whose words it mostly has


def receipts(chance: random.Random, made: list[Sale]) -> list[Receipt]:
    """Every payment of the customers, in no order."""
    found: list[Receipt] = []
    by_code = sorted(made, key=lambda s: (s.customer.code, s.issue_on, s.number))
    for _, mine in groupby(by_code, key=lambda s: s.customer.code):
        found += _of_customer(chance, list(mine))
    return _in_deposits(chance, found)


def _of_customer(chance: random.Random, mine: list[Sale]) -> Iterator[Receipt]:
    notes = [s for s in mine if s.cents < 0]
    invoices = [s for s in mine if s.cents > 0 and chance.random() > UNPAID]
    for group in _groups(chance, invoices):
        customer = group[0].customer
        on = max(s.due_on for s in group) + timedelta(days=round(chance.gauss(customer.delay, 4)))
        on = max(on, group[-1].issue_on + timedelta(days=1))
        usable = [n for n in notes if n.issue_on < on and chance.random() < 0.8]
        worth = sum(s.cents for s in group)
        if usable and worth > -2 * usable[0].cents and all(s.cents != -usable[0].cents for s in group):
            notes.remove(usable[0])
            group = [*group, usable[0]]
        yield from _paid(chance, group, on)


def _groups(chance: random.Random, invoices: list[Sale]) -> Iterator[list[Sale]]:
    """What is paid at once: all of a month by some customers, now and then two or three by the others."""
    if invoices and invoices[0].customer.batches:
        for _, month in groupby(invoices, key=lambda s: (s.issue_on.year, s.issue_on.month)):
            yield list(month)[:9]
        return
    while invoices:
        size = chance.choices((1, 2, 3), (94, 4, 2))[0]
        yield invoices[:size]
        invoices = invoices[size:]


def _paid(chance: random.Random, group: list[Sale], on: date) -> Iterator[Receipt]:
    single = len(group) == 1
    weights = (80, 7, 3, 4, 2, 2) if single else (92, 0, 0, 4, 3, 1)
    mode = chance.choices(("full", "partial_1", "escompte", "fee", "rounding", "over"), weights)[0]
    if mode == "partial_1":
        yield from _in_parts(chance, group[0], on)
        return
    if mode == "escompte":
        on = group[0].issue_on + timedelta(days=chance.randint(2, 12))
    short = _short(chance, mode, group)
    total = sum(s.cents for s in group)
    excess = max(-short, 0) if mode == "over" else 0
    largest = max(group, key=lambda s: s.cents)
    parts = tuple(
        Part(s, s.cents - short, short, mode) if s is largest and short and not excess else Part(s, s.cents)
        for s in group
    )
    one = Receipt(
        on, total - short, "payment", mode, (group[0].customer,), parts, tuple(s.number for s in group), excess
    )
    yield one
    yield from _afterwards(chance, one)


def _short(chance: random.Random, mode: str, group: list[Sale]) -> int:
    total = sum(s.cents for s in group)
    if mode == "escompte":
        return round(total * chance.choice((2, 2, 3, 5, 1)) / 100)
    if mode == "fee":
        return min(chance.choice(FEES), total // 20)
    if mode == "rounding":
        return chance.choice((total % 100, 1, -1, 2)) if total > 10_000 else 1
    return -chance.choice((1_000, 2_000, 10_000, 90, 5_000)) if mode == "over" else 0


def _in_parts(chance: random.Random, sale: Sale, on: date) -> Iterator[Receipt]:
    """A part, and mostly what is left of it some weeks later."""
    even = sale.cents * chance.choice(SHARES) // 100
    first = (
        even if chance.random() < 0.75 or sale.cents < 60_000 else chance.randrange(1, sale.cents // 10_000) * 10_000
    )
    common = ((sale.customer,), (sale.number,))
    yield Receipt(on, first, "payment", "partial_1", common[0], (Part(sale, first, closes=False),), common[1])
    if chance.random() < 0.8:
        rest, later = sale.cents - first, on + timedelta(days=chance.randint(10, 45))
        yield Receipt(later, rest, "payment", "partial_2", common[0], (Part(sale, rest),), common[1])


def _afterwards(chance: random.Random, one: Receipt) -> Iterator[Receipt]:
    """The same money twice, or taken back by the bank and mostly paid again."""
    luck = chance.random()
    if luck < 0.010:
        later = one.on + timedelta(days=chance.randint(1, 25))
        yield replace(
            one, on=later, kind="duplicate", amount_mode="duplicate", parts=(), excess=one.cents, repeats=True
        )
    elif luck < 0.018:
        back = one.on + timedelta(days=chance.randint(2, 9))
        yield replace(one, on=back, cents=-one.cents, kind="reversal", amount_mode="reversal", parts=(), repeats=True)
        if chance.random() < 0.8:
            yield replace(one, on=back + timedelta(days=chance.randint(3, 20)))


def _in_deposits(chance: random.Random, found: list[Receipt]) -> list[Receipt]:
    """One payment in twenty-five is a cheque; cheques of a week are banked together."""
    cheques, kept = [], []
    for one, following in zip_longest(found, found[1:]):
        simple = one.kind == "payment" and one.amount_mode == "full" and len(one.parts) == 1
        simple = simple and not (following and following.repeats)
        (cheques if simple and chance.random() < 0.04 else kept).append(one)
    cheques.sort(key=lambda r: r.on)
    while cheques:
        size = chance.randint(1, 4)
        slip, cheques = cheques[:size], cheques[size:]
        parts = tuple(p for c in slip for p in c.parts)
        payers = tuple(c.customers[0] for c in slip)
        kept.append(Receipt(slip[-1].on, sum(c.cents for c in slip), "cheque_deposit", "full", payers, parts))
    return kept
