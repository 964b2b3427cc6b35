"""An item that a returned payment had settled is open again: it starts a new ladder cycle."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, insert, select

from recouvrement.ledger.as_of import AsOf, newest
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import item_event, item_version


def reopen(act: Act, item_ids: Iterable[str], *, on: date, reason: str) -> list[str]:
    """Start a new cycle for those items that were settled before the allocations undone in this act; return them."""
    ids = sorted(set(item_ids))
    if not ids:
        return []
    a = allocation
    before = (
        select(a.c.open_item_id, func.sum(a.c.amount_cents))
        .where(a.c.open_item_id.in_(ids), (a.c.undoes.is_(None)) | (a.c.act_id < act.id))
        .group_by(a.c.open_item_id)
    )
    applied = {item: int(cents) for item, cents in act.connection.execute(before)}
    v = item_version
    query = select(v.c.open_item_id, v.c.amount_cents).where(
        v.c.open_item_id.in_(ids), newest(v, "open_item_id", AsOf.whenever(act.id))
    )
    settled = sorted(item for item, cents in act.connection.execute(query) if applied.get(item, 0) >= cents)
    if settled:
        rows = [
            {
                "id": act.new_id(),
                "open_item_id": item,
                "act_id": act.id,
                "effective_on": on,
                "event": "reopened",
                "step": None,
                "reason": reason,
            }
            for item in settled
        ]
        act.connection.execute(insert(item_event), rows)
    return settled
