"""Promises come to an end by themselves: kept when the money came in, part kept or broken when the day and the grace are over."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.policy import Policy
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, ended
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.facts import fact_event, promise

KEPT, PART_KEPT, BROKEN = "kept", "part_kept", "broken"


def end_promises(act: Act, policy: Policy, *, on: date) -> dict[str, int]:
    """Close the running promises that were kept, or whose day plus the grace has passed; count them by what came of them.

    What came in is written with the end: a promise of 1,000 of which 400 came is part kept, and quoted as such.
    """
    counts = {KEPT: 0, PART_KEPT: 0, BROKEN: 0}
    as_of = AsOf(on, act.id)
    query = select(promise).where(seen(promise, as_of), promise.c.id.not_in(ended())).order_by(promise.c.id)
    for row in act.connection.execute(query).all():
        last = row.due_on + timedelta(days=policy.promise_grace)
        received = _received(act.connection, row, last, as_of)
        if received >= row.amount_cents:
            event = KEPT
        elif on > last:
            event = PART_KEPT if received > 0 else BROKEN
        else:
            continue
        close_fact(act, "promise", row.id, effective_on=on, event=event, amount_cents=max(received, 0))
        counts[event] += 1
    return counts


def _received(connection: Connection, row: Any, last: date, as_of: AsOf) -> int:
    """Cents applied to what was promised (the item, or anything of the debtor) since the promise, credit notes left out."""
    a = allocation
    query = select(func.coalesce(func.sum(a.c.amount_cents), 0)).where(
        seen(a, as_of), a.c.debtor_id == row.debtor_id, a.c.currency == row.currency,
        a.c.kind.in_(("payment", "customer_credit")), a.c.effective_on.between(row.effective_on, last),
    )  # fmt: skip
    if row.open_item_id:
        query = query.where(a.c.open_item_id == row.open_item_id)
    return int(connection.scalar(query) or 0)


def ended_promises(connection: Connection, debtor_id: str, as_of: AsOf) -> list[tuple[Any, str]]:
    """The promises of a debtor that ended, with how (kept, broken, or what a person said), oldest first.

    Each row has `received_cents`, what came in of it (None where nobody counted).
    """
    query = (
        select(promise, fact_event.c.event, fact_event.c.amount_cents.label("received_cents"))
        .join(fact_event, fact_event.c.fact_id == promise.c.id)
        .where(seen(promise, as_of), seen(fact_event, as_of), promise.c.debtor_id == debtor_id)
        .order_by(promise.c.due_on, promise.c.id)
    )
    return [(row, row.event) for row in connection.execute(query)]


def broken_promises(connection: Connection, debtor_id: str, as_of: AsOf) -> list[Any]:
    """The promises of a debtor that were not kept, or in part only, oldest first."""
    return [row for row, event in ended_promises(connection, debtor_id, as_of) if event in {BROKEN, PART_KEPT}]
