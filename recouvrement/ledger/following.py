"""What people agreed, held against what came in: promises, plans, receipts and credit notes that were awaited."""

from datetime import date

from sqlalchemy import func, select

from recouvrement.domain.policy import Policy
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, ended
from recouvrement.ledger.plans import follow_plans
from recouvrement.ledger.promises import end_promises
from recouvrement.ledger.receipts import end_receipts
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.facts import dispute

AWAITED = "credit_note_awaited"  # the category of what a settled dispute leaves out of the ladder until the credit note


def follow(act: Act, policy: Policy, *, on: date) -> dict[str, int]:
    """End what has come to its end on a day, by itself; count by what it was. Doing it again ends nothing more."""
    counts = end_promises(act, policy, on=on) | follow_plans(act, policy, on=on) | end_receipts(act, on=on)
    return counts | end_awaited_credit_notes(act, on=on)


def end_awaited_credit_notes(act: Act, *, on: date) -> dict[str, int]:
    """Close what waits for a credit note once credits of that amount were taken off the invoice."""
    as_of, d, a = AsOf(on, act.id), dispute, allocation
    query = select(d).where(seen(d, as_of), d.c.category == AWAITED, d.c.id.not_in(ended())).order_by(d.c.id)
    count = 0
    for row in act.connection.execute(query).all():
        credited = select(func.coalesce(func.sum(a.c.amount_cents), 0)).where(
            seen(a, as_of), a.c.open_item_id == row.open_item_id, a.c.effective_on >= row.effective_on,
            a.c.kind.in_(("credit_note", "adjustment", "write_off")),
        )  # fmt: skip
        if row.disputed_cents is not None and int(act.connection.scalar(credited) or 0) >= row.disputed_cents:
            close_fact(act, "dispute", row.id, effective_on=on, event="credited")
            count += 1
    return {"credit_notes_arrived": count}
