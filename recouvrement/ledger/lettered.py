"""Receipts known from the accounts alone, and the bank line that turns out to be one: the line takes the receipt's place."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.settled import IN_ACCOUNTS
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.parties import debtor

METHOD = "lettering"
STOOD_IN = "settled_in_accounts"
FOUND = "found_in_bank"  # why the accounts' own row is undone: the line stands for it from its day on


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the accounts lettered for a debtor on a day: the standing rows, and what they come to in minor units."""

    debtor_id: str
    on: date
    currency: str
    cents: int
    rows: tuple[Any, ...]

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Cents by item."""
        return [(row.open_item_id, row.amount_cents) for row in self.rows]


def settlements(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Settlement]:
    """Each lettered invoice that no bank line stands for, and all those of one debtor and day together, as known."""
    a = allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None), a.c.act_id <= as_of.known_to)
    query = (
        select(a)
        .join(debtor, debtor.c.id == a.c.debtor_id)
        .where(
            debtor.c.creditor_id == creditor_id, a.c.method == METHOD, a.c.author == IN_ACCOUNTS, a.c.kind == "payment"
        )
        .where(seen(a, as_of), a.c.undoes.is_(None), a.c.id.not_in(undone))
        .order_by(a.c.value_on, a.c.id)
    )
    single: dict[str, list[Any]] = defaultdict(list)
    together: dict[tuple[str, date, str], list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        single[row.receipt_id].append(row)
        together[row.debtor_id, row.value_on, row.currency].append(row)
    groups = [*single.values(), *(rows for rows in together.values() if len({row.receipt_id for row in rows}) > 1)]
    return [
        Settlement(
            rows[0].debtor_id, rows[0].value_on, rows[0].currency, sum(r.amount_cents for r in rows), tuple(rows)
        )
        for rows in groups
    ]


def stand_in(act: Act, settlement: Settlement, line: Any, *, author: str, score: int) -> list[NewAllocation]:
    """Undo the accounts' rows and apply the bank line to the same items for the same sums; return the new rows.

    The balance stays; what was paid when, and the money of the line, are the bank's from now on.
    """
    undo = [
        NewAllocation(
            r.debtor_id, r.open_item_id, r.kind, -r.amount_cents, r.currency, max(line.effective_on, r.effective_on), r.value_on,
            "undo", 0, author, receipt_id=r.receipt_id, reason=FOUND, undoes=r.id,
        )
        for r in settlement.rows
    ]  # fmt: skip
    rows = [
        NewAllocation(
            settlement.debtor_id, item, "payment", cents, line.currency, line.effective_on, line.value_on, METHOD, score, author,
            bank_line_id=line.id, reason=STOOD_IN,
        )
        for item, cents in settlement.parts
    ]  # fmt: skip
    write_allocations(act, [*undo, *rows])
    return rows


def restore(act: Act, undone: list[Any], *, on: date) -> set[str]:
    """Put back what the accounts had lettered where a line stood in for it; return the items that are settled again."""
    a, u = allocation, allocation.alias()
    stood_in = [row for row in undone if row.reason == STOOD_IN]
    if not stood_in:
        return set()
    items = {row.open_item_id for row in stood_in}
    query = (
        select(a)
        .join(u, u.c.undoes == a.c.id)
        .where(u.c.act_id.in_({row.act_id for row in stood_in}), u.c.reason == FOUND, a.c.open_item_id.in_(items))
        .order_by(a.c.id)
    )
    rows = [
        NewAllocation(
            r.debtor_id, r.open_item_id, r.kind, r.amount_cents, r.currency, max(on, r.effective_on), r.value_on, METHOD, r.score,
            IN_ACCOUNTS, receipt_id=r.receipt_id, reason=r.reason,
        )
        for r in act.connection.execute(query)
    ]  # fmt: skip
    write_allocations(act, rows)
    return items
