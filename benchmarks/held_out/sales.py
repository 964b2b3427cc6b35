"""Invoices and credit notes of a year, numbered as the firm does."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.held_out.firms import Customer
from benchmarks.held_out.kinds import Kind

START = date(2025, 12, 31)
DAYS = 330
TERMS = (0, 14, 30, 30, 30, 45, 60)


@dataclass(frozen=True, slots=True)
class Sale:
    """One invoice, or one credit note (negative cents)."""

    number: str
    customer: Customer
    issue_on: date
    due_on: date
    cents: int


def sales(chance: random.Random, kind: Kind, pattern: str, customers: list[Customer]) -> list[Sale]:
    """The sales of a year in the order of issue; one in twenty-five is followed by a credit note."""
    weights = [1 / (1 + rank % 20) for rank in range(len(customers))]
    terms = {c.code: chance.choice(TERMS) for c in customers}
    fees = {c.code: chance.choice(kind.prices or (0,)) for c in customers}
    dated = sorted(_dates(chance, kind, customers, weights), key=lambda d: (d[0], d[1].code))
    counts: Counter[str] = Counter()
    made, step = [], chance.randrange(10_000, 40_000)
    for n, (on, customer) in enumerate(dated, 1):
        step += chance.randint(1, 4)
        number = _number(pattern, n, on, customer, counts, step)
        cents = fees[customer.code] if kind.monthly_fee and chance.random() < 0.9 else _cents(chance, kind)
        made.append(Sale(number, customer, on, on + timedelta(days=terms[customer.code]), cents))
        if chance.random() < 0.04:
            note = cents if chance.random() < 0.2 else cents * chance.choice((10, 15, 20, 35)) // 100
            later = on + timedelta(days=chance.randint(1, 20))
            made.append(Sale(f"AV{on.year}-{n:04d}", customer, later, later, -note))
    return made


def _dates(
    chance: random.Random, kind: Kind, customers: list[Customer], weights: list[float]
) -> list[tuple[date, Customer]]:
    if kind.monthly_fee:
        first = [START + timedelta(days=1 + 30 * month) for month in range(kind.invoices // len(customers))]
        return [(day, customer) for day in first for customer in customers]
    owners = chance.choices(customers, weights, k=kind.invoices)
    return [(START + timedelta(days=chance.randrange(DAYS)), owner) for owner in owners]


def _number(pattern: str, n: int, on: date, customer: Customer, counts: Counter[str], step: int) -> str:
    month = f"{on.year}{on.month:02d}"
    counts[month] += 1
    counts[customer.code] += 1
    return pattern.format(
        y=on.year, yy=on.year % 100, m=on.month, month="ABCDEFGHIJKL"[on.month - 1], n=n, n6=104_000 + n,
        code=customer.code, own=counts[customer.code], of_month=counts[month], step=step,
    )  # fmt: skip


def _cents(chance: random.Random, kind: Kind) -> int:
    if kind.prices:
        return chance.choice(kind.prices)
    net = round(8_000 * 10 ** chance.uniform(0, 2))
    return (net // 100 * 120) if chance.random() < 0.5 else net * 6 // 5
