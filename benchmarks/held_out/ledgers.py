"""One ledger: sales, receipts and strangers as lines in the order of booking."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.held_out.firms import Customer, customers
from benchmarks.held_out.kinds import NUMBERS, Kind
from benchmarks.held_out.lines import HEADS, Line, Words, of_foreign, of_receipt, of_reversal
from benchmarks.held_out.receipts import Receipt, receipts
from benchmarks.held_out.sales import Sale, sales
from benchmarks.held_out.strangers import foreign


@dataclass(frozen=True, slots=True)
class Ledger:
    """All of a made-up firm."""

    kind: Kind
    numbers: str
    seed: int
    customers: list[Customer]
    sales: list[Sale]
    lines: list[Line]


def ledger(kind: Kind, numbers: str, seed: int) -> Ledger:
    """The ledger of one kind, one way of numbering and one seed: always the same."""
    chance = random.Random(f"{kind.name}|{numbers}|{seed}")
    bank = tuple(chance.sample(HEADS["fr"], 2))
    firms = customers(chance, kind)
    sold = sales(chance, kind, NUMBERS[numbers], firms)
    paid = receipts(chance, sold)
    lines = [*_written(chance, kind, paid, bank)]
    for one in foreign(chance, kind, sold, NUMBERS[numbers]):
        lines.append(Line(one.on, one.cents, of_foreign(chance, kind, one, bank), None, one.kind))
    lines.sort(key=lambda line: (line.on, line.cents, line.words.label))
    return Ledger(kind, numbers, seed, firms, sold, lines)


def _written(chance: random.Random, kind: Kind, paid: list[Receipt], bank: tuple[str, ...]) -> Iterator[Line]:
    before = Words("")
    for one in paid:
        if one.kind == "reversal":
            words = of_reversal(chance, before)
        elif one.repeats and chance.random() < 0.7:
            words = before
        else:
            words = of_receipt(chance, kind, one, bank)
        third = one.kind == "payment" and words.name_mode == "third"
        yield Line(one.on, one.cents, words, one, "third_party" if third else one.kind)
        before = words
