"""The accounts' balances beside the ledger's: read only, for the control sheet."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.ledger.as_of import AsOf, newest
from recouvrement.ledger.tables.accounts import account_balance
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import invoice_version, item_version, open_item
from recouvrement.ledger.tables.parties import debtor

EVER = AsOf(date(9999, 12, 31), 2**31 - 1)
Figures = tuple[str, date, int, int]


def control_figures(connection: Connection, creditor_id: str) -> list[Figures]:
    """Per debtor of the newest FEC: code, its last day, the accounts' balance and the ledger's, in cents.

    The ledger's balance is what its items of invoices issued by that day come to, less every allocation of a day up to it.
    """
    b = account_balance
    on = connection.scalar(select(func.max(b.c.effective_on)))
    if on is None:
        return []
    query = select(debtor.c.code, b.c.debtor_id, b.c.balance_cents).join(debtor, debtor.c.id == b.c.debtor_id)
    query = query.where(debtor.c.creditor_id == creditor_id, b.c.effective_on == on).order_by(b.c.act_id, b.c.id)
    accounts = {row.debtor_id: (row.code, int(row.balance_cents)) for row in connection.execute(query)}
    ours = _ledger(connection, creditor_id, on)
    figures = [(code, on, cents, ours.get(debtor_id, 0)) for debtor_id, (code, cents) in accounts.items()]
    return sorted(figures)


def _ledger(connection: Connection, creditor_id: str, on: date) -> dict[str, int]:
    v, iv, a = item_version, invoice_version, allocation
    owed = (
        select(open_item.c.debtor_id, func.sum(v.c.amount_cents))
        .join(v, v.c.open_item_id == open_item.c.id)
        .join(iv, iv.c.invoice_id == open_item.c.invoice_id)
        .where(open_item.c.creditor_id == creditor_id, newest(v, "open_item_id", EVER), newest(iv, "invoice_id", EVER))
        .where(iv.c.issue_on <= on)
        .group_by(open_item.c.debtor_id)
    )
    # what one item of a debtor pays of another (a credit note) changes nothing of the sum
    paid = select(a.c.debtor_id, func.sum(a.c.amount_cents)).where(a.c.effective_on <= on, a.c.credit_item_id.is_(None))
    found: dict[str, Any] = {debtor_id: int(cents) for debtor_id, cents in connection.execute(owed)}
    for debtor_id, cents in connection.execute(paid.group_by(a.c.debtor_id)):
        found[debtor_id] = found.get(debtor_id, 0) - int(cents)
    return found
