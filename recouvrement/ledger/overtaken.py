"""Whether what was learned since a message was decided makes it untrue, beyond the open sums that its items name."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    bindparam,
    exists,
    func,
    or_,
    select,
)

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
    since = connection.scalar(_decided_at(), {"run": row.run_id}) if row.run_id else None
    named = {
        "debtor": row.debtor_id, "creditor": row.creditor_id, "items": [item.open_item_id for item in items],
        "since": since or row.act_id, "known_to": known_to,
    }  # fmt: skip
    found = connection.execute(_news(), named).one()
    return next((reason for reason, so in zip(_asked(), found, strict=True) if so), None)


@cache
def _decided_at() -> Select[Any]:
    """The act up to which the decisions of a run knew: everything after it is news."""
    e, d = run_event, run_decisions
    decides = select(func.min(e.c.act_id)).where(e.c.run_id == bindparam("run"), e.c.state == DECIDES)
    kept = select(func.min(d.c.act_id)).where(d.c.run_id == bindparam("run"))  # of runs before that event was written
    return select(func.coalesce(decides.scalar_subquery(), kept.scalar_subquery()))


@cache
def _news() -> Executable:
    """One truth for each reason; the statement is built once, as every message that leaves asks it."""
    return select(*(or_(*(_learned(table, where) for table, where in facts)) for facts in _asked().values()))


def _learned(table: Table, where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(where, table.c.act_id > bindparam("since"), table.c.act_id <= bindparam("known_to"))


@cache
def _asked() -> dict[str, tuple[tuple[Table, ColumnElement[bool]], ...]]:
    """By reason the tables of facts that it is read from, and which of their rows concern a contact."""
    of_debtor: BindParameter[str] = bindparam("debtor")
    items: BindParameter[Any] = bindparam("items", expanding=True)
    credit_note = item_version.c.open_item_id.in_(select(open_item.c.id).where(open_item.c.debtor_id == of_debtor)) & (
        item_version.c.amount_cents < 0
    )
    under_way = receipt.c.id.in_(select(receipt_under_way.c.receipt_id))
    invoices = select(open_item.c.invoice_id).where(open_item.c.id.in_(items))
    return {
        BALANCE_CHANGED: (
            (allocation, allocation.c.debtor_id == of_debtor),
            (item_version, credit_note),
            (item_version, item_version.c.open_item_id.in_(items)),
            (dispute, dispute.c.open_item_id.in_(items)),
            (plan, plan.c.debtor_id == of_debtor),
            (receipt, (receipt.c.debtor_id == of_debtor) & under_way),
            (penalty_waiver, penalty_waiver.c.debtor_id == of_debtor),
        ),
        DEBTOR_CHANGED: ((debtor_version, debtor_version.c.debtor_id == of_debtor),),
        CREDITOR_CHANGED: (
            (creditor_version, creditor_version.c.creditor_id == bindparam("creditor")),
            (assignment, assignment.c.invoice_id.in_(invoices)),
        ),
    }
