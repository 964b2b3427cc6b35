"""Allocations and write-offs of a period as the accountant asks for them: every row, undone ones with their undoing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from recouvrement.ledger.tables.acts import act
from recouvrement.ledger.tables.bank import allocation, bank_account, bank_line
from recouvrement.ledger.tables.invoices import invoice, open_item
from recouvrement.ledger.tables.parties import debtor

WRITE_OFFS = ("write_off", "adjustment")


def allocation_rows(connection: Connection, creditor_id: str, first: date, last: date) -> Iterator[Any]:
    """Every allocation that takes effect in a period, both days included, in order of act and id."""
    yield from connection.execute(_query(creditor_id, first, last))


def write_off_rows(connection: Connection, creditor_id: str, first: date, last: date) -> Iterator[Any]:
    """What was let go in a period, by a person or beside a receipt, in order of act and id."""
    yield from connection.execute(_query(creditor_id, first, last).where(allocation.c.kind.in_(WRITE_OFFS)))


def _query(creditor_id: str, first: date, last: date) -> Any:
    a, b, note = allocation, bank_line, open_item.alias()
    billed, noted = invoice.alias(), invoice.alias()
    return (
        select(
            a.c.id, a.c.act_id, act.c.at, act.c.kind.label("act_kind"), a.c.effective_on, a.c.value_on, a.c.kind, a.c.amount_cents,
            a.c.currency, a.c.method, a.c.score, a.c.reason, a.c.author, a.c.undoes, a.c.receipt_id, debtor.c.code,
            billed.c.number, noted.c.number.label("credit_note"), a.c.bank_line_id, bank_account.c.number.label("account"),
            b.c.effective_on.label("booked_on"), b.c.amount_cents.label("line_cents"),
        )
        .join(act, act.c.id == a.c.act_id)
        .join(debtor, debtor.c.id == a.c.debtor_id)
        .outerjoin(open_item, open_item.c.id == a.c.open_item_id)
        .outerjoin(billed, billed.c.id == open_item.c.invoice_id)
        .outerjoin(note, note.c.id == a.c.credit_item_id)
        .outerjoin(noted, noted.c.id == note.c.invoice_id)
        .outerjoin(b, b.c.id == a.c.bank_line_id)
        .outerjoin(bank_account, bank_account.c.id == b.c.account_id)
        .where(debtor.c.creditor_id == creditor_id, a.c.effective_on.between(first, last))
        .where(or_(bank_account.c.id.is_(None), bank_account.c.creditor_id == creditor_id))
        .order_by(a.c.act_id, a.c.id)
    )  # fmt: skip
