"""What is left open of some items on a day, whatever it was paid with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import item_version, open_item


@dataclass(frozen=True, slots=True)
class ItemMoney:
    """One item: its debtor, due day, amount and what is left open of it, minor units of its currency."""

    id: str
    debtor_id: str
    due_on: date
    amount_cents: int
    open_cents: int
    currency: str


def money_of(connection: Connection, item_ids: Sequence[str], as_of: AsOf) -> list[ItemMoney]:
    """What is open of some items, in the order in which they fall due."""
    found = []
    for start in range(0, len(item_ids), 500):
        some = item_ids[start : start + 500]
        applied = _applied(connection, "open_item_id", some, as_of)
        used = _applied(connection, "credit_item_id", some, as_of)
        v = item_version
        query = (
            select(v.c.open_item_id, open_item.c.debtor_id, v.c.due_on, v.c.amount_cents, v.c.currency)
            .join(open_item, open_item.c.id == v.c.open_item_id)
            .where(newest(v, "open_item_id", as_of), v.c.open_item_id.in_(some))
        )
        for item, debtor_id, due_on, cents, currency in connection.execute(query):
            left = cents - applied.get(item, 0) + used.get(item, 0)
            found.append(ItemMoney(item, debtor_id, due_on, cents, left, currency))
    return sorted(found, key=lambda i: (i.due_on, i.id))


def items_of_debtor(connection: Connection, debtor_id: str, as_of: AsOf) -> list[ItemMoney]:
    """The items of a debtor with something left to pay, oldest due first."""
    ids = list(connection.scalars(select(open_item.c.id).where(open_item.c.debtor_id == debtor_id)))
    return [item for item in money_of(connection, ids, as_of) if item.open_cents > 0]


def _applied(connection: Connection, column: str, item_ids: Sequence[str], as_of: AsOf) -> dict[str, int]:
    a = allocation
    query = (
        select(a.c[column], func.sum(a.c.amount_cents))
        .where(a.c[column].in_(item_ids), seen(a, as_of))
        .group_by(a.c[column])
    )
    return {item: int(cents) for item, cents in connection.execute(query)}
