"""Complete lists of open items, exported every day: what is gone from them was cleared in the accounts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, insert, select

from recouvrement.ledger.as_of import AsOf, newest
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import invoice, item_event, item_version, open_item
from recouvrement.ledger.tables.runs import snapshot


def newest_snapshot(connection: Connection, scope: str) -> Any:
    """The last complete snapshot taken for a scope, or None."""
    query = select(snapshot).where(snapshot.c.scope == scope, snapshot.c.verdict == "taken")
    return connection.execute(query.order_by(snapshot.c.act_id.desc()).limit(1)).one_or_none()


def shrunk_too_much(connection: Connection, scope: str, items: int, *, floor_percent: int) -> int | None:
    """The count of the snapshot before, when `items` is under the floor (a setting) of it; None when all is well."""
    before = newest_snapshot(connection, scope)
    return before.items if before is not None and items * 100 < before.items * floor_percent else None


def note_snapshot(act: Act, scope: str, *, items: int, source: str, taken: bool) -> None:
    """Record that a snapshot came, and whether it was taken."""
    verdict = "taken" if taken else "refused"
    row = {
        "id": act.new_id(),
        "act_id": act.id,
        "scope": scope,
        "on": act.day,
        "items": items,
        "source": source,
        "verdict": verdict,
    }
    act.connection.execute(insert(snapshot).values(**row))


def clear_absent(
    act: Act, creditor_id: str, present: set[str], *, explained_elsewhere: Collection[str] = ()
) -> tuple[int, int, set[str]]:
    """Mark open items whose invoice is absent as cleared in the accounts, and those that came back as explained.

    Returns (cleared, come back, debtors touched). Nothing is settled by this: the items are held and listed. The numbers
    `explained_elsewhere` are present and held for another reason, which being present does not end.
    """
    marks = _marks(act.connection, creditor_id)
    rows, debtors, counts = [], set(), [0, 0]
    for item_id, debtor_id, number, _ in _open(act.connection, creditor_id, act.id):
        marked = marks.get(item_id) == "cleared_in_accounts"
        if (number not in present) == marked or number in explained_elsewhere:
            continue
        event = "explained" if marked else "cleared_in_accounts"
        reason = "back_in_snapshot" if marked else "absent_from_snapshot"
        counts[marked] += 1
        debtors.add(debtor_id)
        rows.append(
            {
                "id": act.new_id(),
                "open_item_id": item_id,
                "act_id": act.id,
                "effective_on": act.day,
                "event": event,
                "step": None,
                "reason": reason,
            }
        )
    if rows:
        act.connection.execute(insert(item_event), rows)
    return counts[0], counts[1], debtors


def _marks(connection: Connection, creditor_id: str) -> dict[str, str]:
    query = (
        select(item_event.c.open_item_id, item_event.c.event)
        .join(open_item, open_item.c.id == item_event.c.open_item_id)
        .where(open_item.c.creditor_id == creditor_id, item_event.c.event.in_(("cleared_in_accounts", "explained")))
        .order_by(item_event.c.act_id, item_event.c.id)
    )
    return {item_id: event for item_id, event in connection.execute(query)}


def _open(connection: Connection, creditor_id: str, known_to: int) -> list[Any]:
    applied = select(allocation.c.open_item_id.label("item"), func.sum(allocation.c.amount_cents).label("cents"))
    applied = applied.where(allocation.c.open_item_id.is_not(None)).group_by(allocation.c.open_item_id)
    sums = applied.subquery()
    v = item_version
    query = (
        select(
            open_item.c.id,
            open_item.c.debtor_id,
            invoice.c.number,
            (v.c.amount_cents - func.coalesce(sums.c.cents, 0)).label("open_cents"),
        )
        .join(v, v.c.open_item_id == open_item.c.id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .outerjoin(sums, sums.c.item == open_item.c.id)
        .where(open_item.c.creditor_id == creditor_id, newest(v, "open_item_id", AsOf.whenever(known_to)))
        .where(v.c.amount_cents > func.coalesce(sums.c.cents, 0))
        .order_by(open_item.c.id)
    )
    return list(connection.execute(query))


def open_total(connection: Connection, creditor_id: str, known_to: int) -> tuple[int, int]:
    """How many items are open, and their open cents (all currencies added: a control figure, not a claim)."""
    rows = _open(connection, creditor_id, known_to)
    return len(rows), sum(int(row.open_cents) for row in rows)
