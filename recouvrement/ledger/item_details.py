"""What letters and statements of account print about items: numbers, days, and every amount applied to them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.contacts import contact, contact_item
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_version, open_item

CHUNK = 500


def item_details(connection: Connection, item_ids: Sequence[str], as_of: AsOf) -> dict[str, Any]:
    """Number, kind, days, amount and references of some items, as they held."""
    v, iv = item_version, invoice_version
    found: dict[str, Any] = {}
    for start in range(0, len(item_ids), CHUNK):
        query = (
            select(
                open_item.c.id, open_item.c.rank, open_item.c.invoice_id, open_item.c.debtor_id, invoice.c.number, invoice.c.kind,
                iv.c.issue_on, iv.c.delivery_on, iv.c.order_reference, v.c.due_on, v.c.amount_cents, v.c.currency,
            )
            .join(v, v.c.open_item_id == open_item.c.id)
            .join(invoice, invoice.c.id == open_item.c.invoice_id)
            .join(iv, iv.c.invoice_id == invoice.c.id)
            .where(open_item.c.id.in_(item_ids[start : start + CHUNK]), newest(v, "open_item_id", as_of), newest(iv, "invoice_id", as_of))
        )  # fmt: skip
        found |= {row.id: row for row in connection.execute(query)}
    return found


def applied_to(connection: Connection, item_ids: Sequence[str], as_of: AsOf) -> dict[str, list[Any]]:
    """Standing allocations of each item (undone ones and their undoing left out), by value day."""
    a = allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None), seen(a, as_of))
    found: dict[str, list[Any]] = defaultdict(list)
    for start in range(0, len(item_ids), CHUNK):
        query = select(a).where(
            a.c.open_item_id.in_(item_ids[start : start + CHUNK]),
            seen(a, as_of),
            a.c.undoes.is_(None),
            a.c.id.not_in(undone),
        )
        for row in connection.execute(query.order_by(a.c.value_on, a.c.id)):
            found[row.open_item_id].append(row)
    return found


def contacts_of_debtor(connection: Connection, debtor_id: str, as_of: AsOf) -> list[Any]:
    """Every contact of a debtor up to a day, oldest first."""
    query = select(contact).where(
        contact.c.debtor_id == debtor_id, contact.c.business_day <= as_of.on, contact.c.act_id <= as_of.known_to
    )
    return list(connection.execute(query.order_by(contact.c.business_day, contact.c.id)))


def items_of_contacts(connection: Connection, debtor_id: str) -> dict[str, list[Any]]:
    """The items of each contact of a debtor."""
    query = (
        select(contact_item)
        .join(contact, contact.c.id == contact_item.c.contact_id)
        .where(contact.c.debtor_id == debtor_id)
        .order_by(contact_item.c.id)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.contact_id].append(row)
    return found
