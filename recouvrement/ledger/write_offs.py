"""Sums let go by a person: allocations of kind `write_off`, each with its reason, undone by negative rows."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import invoice, item_version, open_item

KIND = "write_off"


def items_open(connection: Connection, creditor_id: str, number: str, as_of: AsOf) -> list[Any]:
    """The instalments of an invoice with what is left open of each, oldest first: id, debtor_id, currency, open_cents."""
    a, v = allocation, item_version
    applied = (
        select(func.coalesce(func.sum(a.c.amount_cents), 0))
        .where(a.c.open_item_id == open_item.c.id, seen(a, as_of))
        .scalar_subquery()
    )
    used = (
        select(func.coalesce(func.sum(a.c.amount_cents), 0))
        .where(a.c.credit_item_id == open_item.c.id, seen(a, as_of))
        .scalar_subquery()
    )
    query = (
        select(open_item.c.id, open_item.c.debtor_id, v.c.currency, (v.c.amount_cents - applied + used).label("open_cents"))
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .join(v, v.c.open_item_id == open_item.c.id)
        .where(invoice.c.creditor_id == creditor_id, invoice.c.number == number, newest(v, "open_item_id", as_of))
        .order_by(v.c.due_on, open_item.c.rank)
    )  # fmt: skip
    return list(connection.execute(query))


def written_off_cents(connection: Connection, item_ids: list[str], as_of: AsOf) -> int:
    """What stands written off of some items, by persons or beside receipts."""
    a = allocation
    query = select(func.coalesce(func.sum(a.c.amount_cents), 0)).where(
        a.c.open_item_id.in_(item_ids), a.c.kind.in_((KIND, "adjustment")), seen(a, as_of)
    )
    return int(connection.scalar(query) or 0)


def write_off_items(
    act: Act, items: list[Any], cents: int, *, on: date, reason: str
) -> tuple[str, list[tuple[str, int]]]:
    """Write some cents off the items, oldest first; return the id of the first row, and what each item lost."""
    left, rows = cents, []
    for item in items:
        part = min(left, item.open_cents)
        if part > 0:
            rows.append(
                NewAllocation(
                    item.debtor_id, item.id, KIND, part, item.currency, on, on, "person", 1000, act.actor, reason=reason
                )
            )
            left -= part
    ids = write_allocations(act, rows)
    return ids[0], [(str(row.open_item_id), row.amount_cents) for row in rows]


def undo_write_off_rows(act: Act, write_off_id: str, *, on: date) -> list[Any]:
    """Undo the write-off that an id belongs to, with all rows of its act; return the rows undone, none when there are none."""
    a = allocation
    origin = act.connection.execute(select(a).where(a.c.id == write_off_id, a.c.kind == KIND)).one_or_none()
    if origin is None or origin.undoes is not None:
        return []
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None))
    query = select(a).where(
        a.c.act_id == origin.act_id, a.c.kind == KIND, a.c.debtor_id == origin.debtor_id, a.c.reason == origin.reason
    )
    rows = act.connection.execute(query.where(a.c.undoes.is_(None), a.c.id.not_in(undone)).order_by(a.c.id)).all()
    write_allocations(
        act,
        [
            NewAllocation(
                r.debtor_id, r.open_item_id, KIND, -r.amount_cents, r.currency, max(on, r.effective_on), on, "undo", 0, act.actor,
                reason="undone_by_person", undoes=r.id,
            )
            for r in rows
        ],
    )  # fmt: skip
    return list(rows)
