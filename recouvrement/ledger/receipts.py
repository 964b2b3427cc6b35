"""Receipts outside the bank statement: announced, banked, then cleared or returned; while under way nobody is chased for them.

Money through a bank (cheque, card, bill of exchange) is applied by its bank line: the receipt ends when as much of it
was applied to the debtor, or by a person. Cash and set-off never show on a statement: clearing them applies them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, ended, move_wait, record_fact
from recouvrement.ledger.item_money import ItemMoney
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.tables.agreed import receipt_under_way
from recouvrement.ledger.tables.bank import allocation, receipt

ANNOUNCED, BANKED, CLEARED, RETURNED, WITHDRAWN = "announced", "banked", "cleared", "returned", "withdrawn"
WITHOUT_A_BANK = ("cash", "set_off")
KINDS = ("cheque", "cash", "card", "bill", "set_off")
SHOWN_BEFORE = timedelta(days=7)  # a cheque may be booked some days before a person notes it


def write_receipt(
    act: Act, debtor_id: str, kind: str, cents: int, currency: str, *, item_id: str | None, expected_on: date,
    owner: str, on: date, note_id: str | None = None,
) -> str:  # fmt: skip
    """Write a receipt under way, with who waits for it and until when; return its id."""
    told = {"kind": kind, "amount_cents": cents, "currency": currency, "note_id": note_id}
    receipt_id = record_fact(act, "receipt", debtor_id, effective_on=on, **told)
    row = {"receipt_id": receipt_id, "open_item_id": item_id, "effective_on": on}
    act.connection.execute(insert(receipt_under_way).values(id=act.new_id(), act_id=act.id, **row))
    move_wait(act, "receipt", receipt_id, debtor_id, owner=owner, due_on=expected_on, on=on)
    return receipt_id


def receipts_under_way(connection: Connection, as_of: AsOf, *, within: tuple[str, str] | None = None) -> list[Any]:
    """Receipts that have not ended, with the item each is for; of a range of debtors when given."""
    w = receipt_under_way
    query = select(receipt, w.c.open_item_id).join(w, w.c.receipt_id == receipt.c.id).where(seen(receipt, as_of))
    if within is not None:
        query = query.where(receipt.c.debtor_id.between(*within))
    return list(connection.execute(query.order_by(receipt.c.act_id, receipt.c.id)))


def end_receipts(act: Act, *, on: date) -> dict[str, int]:
    """End receipts whose money the bank has shown and matching has applied, oldest first; count them."""
    open_ones = select(receipt.c.id).where(receipt.c.id.not_in(ended()))
    waiting = set(act.connection.scalars(open_ones))
    rows = [r for r in receipts_under_way(act.connection, AsOf(on, act.id)) if r.id in waiting]
    rows = [r for r in rows if r.kind not in WITHOUT_A_BANK]
    shown = _shown(act.connection, rows, AsOf(on, act.id))
    count = 0
    for row in rows:
        key = (row.debtor_id, row.currency)
        cents = sum(c for day, c in shown[key] if day >= row.effective_on - SHOWN_BEFORE)
        if cents < row.amount_cents:
            continue
        _use(shown[key], row)
        close_fact(act, "receipt", row.id, effective_on=on, event=CLEARED, reason="bank_line")
        count += 1
    return {"receipts_cleared": count}


Shown = dict[tuple[str, str], list[tuple[date, int]]]


def _shown(connection: Connection, rows: Sequence[Any], as_of: AsOf) -> Shown:
    """What bank lines brought in of each debtor, day by day, newest last."""
    found: Shown = defaultdict(list)
    debtors = sorted({row.debtor_id for row in rows})
    a = allocation
    for start in range(0, len(debtors), 500):
        query = select(a.c.debtor_id, a.c.currency, a.c.effective_on, a.c.amount_cents).where(
            seen(a, as_of), a.c.debtor_id.in_(debtors[start : start + 500]), a.c.bank_line_id.is_not(None),
            a.c.kind.in_(("payment", "customer_credit")),
        )  # fmt: skip
        for debtor_id, currency, day, cents in connection.execute(query.order_by(a.c.effective_on, a.c.id)):
            found[debtor_id, currency].append((day, cents))
    return found


def _use(shown: list[tuple[date, int]], row: Any) -> None:
    """Take a receipt's amount out of what the bank showed, so that one line ends one receipt."""
    left = row.amount_cents
    for n, (day, cents) in enumerate(shown):
        part = min(left, cents) if day >= row.effective_on - SHOWN_BEFORE and cents > 0 else 0
        shown[n] = (day, cents - part)
        left -= part


def apply_receipt(act: Act, row: Any, items: Sequence[ItemMoney], *, on: date) -> int:
    """Apply a receipt that no bank line will carry to items, oldest first, the rest to the debtor's credit; its value day is its own."""
    common: dict[str, Any] = {
        "debtor_id": row.debtor_id, "currency": row.currency, "effective_on": on, "value_on": row.effective_on,
        "method": "receipt", "score": 1000, "author": act.actor, "receipt_id": row.id,
    }  # fmt: skip
    left, rows = row.amount_cents, []
    for item in items:
        part = min(left, item.open_cents) if item.currency == row.currency else 0
        if part > 0:
            rows.append(NewAllocation(open_item_id=item.id, kind="payment", amount_cents=part, **common))
            left -= part
    if left:
        rows.append(NewAllocation(open_item_id=None, kind="customer_credit", amount_cents=left, **common))
    write_allocations(act, rows)
    told = {"receipt": row.id, "rows": [[r.open_item_id, r.kind, r.amount_cents] for r in rows]}
    journal.append(act, row.debtor_id, JournalEvent.MONEY_ALLOCATED, told)
    return len(rows)
