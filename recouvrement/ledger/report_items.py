"""What reports over time read: every item with its days and amount, and all that was ever applied to it."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, union_all

from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_version, open_item

Moves = dict[str, list[tuple[date, int, str]]]


def report_items(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Any]:
    """Every item as it held: id, debtor, number, issue and due days, amount (negative for credit notes), currency."""
    v, iv = item_version, invoice_version
    query = (
        select(
            open_item.c.id, open_item.c.debtor_id, invoice.c.number, iv.c.issue_on, v.c.due_on, v.c.amount_cents, v.c.currency
        )
        .join(v, v.c.open_item_id == open_item.c.id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .join(iv, iv.c.invoice_id == invoice.c.id)
        .where(open_item.c.creditor_id == creditor_id, newest(v, "open_item_id", as_of), newest(iv, "invoice_id", as_of))
        .order_by(open_item.c.id)
    )  # fmt: skip
    return list(connection.execute(query).all())


def moves_of_items(connection: Connection, as_of: AsOf) -> Moves:
    """By item, (day, cents, kind) of what was applied to it by rising day; what a credit note was used for counts negative."""
    a = allocation
    applied = select(a.c.open_item_id.label("item"), a.c.effective_on, a.c.amount_cents, a.c.kind).where(
        seen(a, as_of), a.c.open_item_id.is_not(None)
    )
    used = select(a.c.credit_item_id.label("item"), a.c.effective_on, -a.c.amount_cents, a.c.kind).where(
        seen(a, as_of), a.c.credit_item_id.is_not(None)
    )
    found: Moves = defaultdict(list)
    for item, on, cents, kind in connection.execute(union_all(applied, used).order_by("effective_on")).all():
        found[item].append((on, int(cents), kind))
    return found
