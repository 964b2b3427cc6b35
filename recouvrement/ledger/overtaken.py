"""Whether what was learned since a message was decided makes it untrue, beyond the open sums that its items name."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, exists, func, select

from recouvrement.ledger.runs import DECIDES
from recouvrement.ledger.tables.agreed import penalty_waiver, receipt_under_way
from recouvrement.ledger.tables.bank import allocation, receipt
from recouvrement.ledger.tables.facts import assignment, dispute, plan
from recouvrement.ledger.tables.invoices import item_version, open_item
from recouvrement.ledger.tables.parties import creditor_version, debtor_version
from recouvrement.ledger.tables.runs import run_decisions, run_event

BALANCE_CHANGED: Final = "balance_changed"
DEBTOR_CHANGED: Final = "debtor_changed"
CREDITOR_CHANGED: Final = "creditor_changed"


def overtaken(connection: Connection, row: Any, items: Sequence[Any], known_to: int) -> str | None:
    """The reason code why a contact says what is no longer so, or None.

    Any money of the debtor counts, also on invoices that the message only lists for information; so do credit notes,
    disputes, plans, receipts under way and waivers of penalties. A debtor of another kind owes other sums, one with
    another address is written to there, and a creditor with another account is paid there.
    """
    since = decided_at(connection, row)
    ids = [item.open_item_id for item in items]
    asked = {
        BALANCE_CHANGED: _money(row.debtor_id, ids),
        DEBTOR_CHANGED: _debtor(row),
        CREDITOR_CHANGED: _creditor(row, ids),
    }
    found = connection.execute(select(*(_any(queries, since, known_to) for queries in asked.values()))).one()
    return next((reason for reason, so in zip(asked, found, strict=True) if so), None)


def decided_at(connection: Connection, row: Any) -> int:
    """The act up to which the decision of a contact knew: everything after it is news."""
    if not row.run_id:
        return int(row.act_id)
    e, d = run_event, run_decisions
    decides = select(func.min(e.c.act_id)).where(e.c.run_id == row.run_id, e.c.state == DECIDES)
    kept = select(func.min(d.c.act_id)).where(d.c.run_id == row.run_id)  # of runs before that event was written
    return int(
        connection.scalar(select(func.coalesce(decides.scalar_subquery(), kept.scalar_subquery()))) or row.act_id
    )


Facts = tuple[tuple[Table, ColumnElement[bool]], ...]


def _money(debtor_id: str, items: list[str]) -> Facts:
    credit_note = item_version.c.open_item_id.in_(select(open_item.c.id).where(open_item.c.debtor_id == debtor_id)) & (
        item_version.c.amount_cents < 0
    )
    under_way = receipt.c.id.in_(select(receipt_under_way.c.receipt_id))
    return (
        (allocation, allocation.c.debtor_id == debtor_id),
        (item_version, credit_note | item_version.c.open_item_id.in_(items)),
        (dispute, dispute.c.open_item_id.in_(items)),
        (plan, plan.c.debtor_id == debtor_id),
        (receipt, (receipt.c.debtor_id == debtor_id) & under_way),
        (penalty_waiver, penalty_waiver.c.debtor_id == debtor_id),
    )


def _debtor(row: Any) -> Facts:
    return ((debtor_version, debtor_version.c.debtor_id == row.debtor_id),)


def _creditor(row: Any, items: list[str]) -> Facts:
    invoices = select(open_item.c.invoice_id).where(open_item.c.id.in_(items))
    return (
        (creditor_version, creditor_version.c.creditor_id == row.creditor_id),
        (assignment, assignment.c.invoice_id.in_(invoices)),
    )


def _any(facts: Facts, since: int, known_to: int) -> ColumnElement[bool]:
    found: ColumnElement[bool] | None = None
    for table, where in facts:
        one = exists().where(where, table.c.act_id > since, table.c.act_id <= known_to)
        found = one if found is None else found | one
    assert found is not None
    return found
