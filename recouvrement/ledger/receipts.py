"""Receipts outside the bank statement: announced, banked, then cleared or returned; while under way nobody is chased for them.

Money through a bank (cheque, card, bill of exchange) is applied by its bank line: the receipt ends when as much of it
was applied to the debtor, or by a person. Cash and set-off never show on a statement: clearing them applies them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, ended, move_wait, record_fact, write_event
from recouvrement.ledger.item_money import ItemMoney
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.tables.agreed import receipt_under_way
from recouvrement.ledger.tables.bank import allocation, receipt
from recouvrement.ledger.tables.facts import fact_event

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
    e, connection = fact_event, act.connection
    waiting = set(connection.scalars(select(receipt.c.id).where(receipt.c.id.not_in(ended()))))
    cleared = set(connection.scalars(select(e.c.fact_id).where(e.c.fact_kind == "receipt", e.c.event == CLEARED)))
    rows = [r for r in receipts_under_way(connection, AsOf(on, act.id)) if r.kind not in WITHOUT_A_BANK]
    debtors = {row.debtor_id for row in rows if row.id in waiting}
    shown = _shown(connection, [row for row in rows if row.debtor_id in debtors], AsOf(on, act.id))
    count = 0
    for row in rows:
        key = (row.debtor_id, row.currency)
        cents = sum(c for day, c in shown[key] if day >= row.effective_on - SHOWN_BEFORE)
        if row.id in cleared:
            _use(shown[key], row)
        if row.id not in waiting or cents < row.amount_cents:
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


def receipt_row(connection: Connection, receipt_id: str) -> Any:
    """One receipt."""
    return connection.execute(select(receipt).where(receipt.c.id == receipt_id)).one()


def is_banked(connection: Connection, receipt_id: str) -> bool:
    """Whether a receipt was taken to the bank."""
    e = fact_event
    return connection.scalar(select(e.c.id).where(e.c.fact_id == receipt_id, e.c.event == BANKED)) is not None


@dataclass(frozen=True, slots=True)
class UndoneReceipt:
    """A receipt that was taken back, and the items that it had been applied to."""

    id: str
    items: tuple[str, ...]


def undo_receipt(
    act: Act, debtor_id: str, item_ids: Collection[str], *, on: date, reason: str | None
) -> UndoneReceipt | None:
    """Take back what the newest receipt that a person cleared was applied to, by negative rows; None when there is none."""
    a = allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None))
    query = select(a).where(
        a.c.debtor_id == debtor_id, a.c.method == "receipt", a.c.receipt_id.is_not(None), a.c.undoes.is_(None),
        a.c.id.not_in(undone),
    )  # fmt: skip
    rows = act.connection.execute(query.order_by(a.c.act_id, a.c.id)).all()
    wanted = [row for row in rows if not item_ids or row.open_item_id in item_ids]
    if not wanted:
        return None
    mine = [row for row in rows if row.receipt_id == wanted[-1].receipt_id]
    write_allocations(act, [_undoing(act, row, on) for row in mine])
    write_event(act, "receipt", mine[0].receipt_id, debtor_id, effective_on=on, event=RETURNED, reason=reason)
    return UndoneReceipt(mine[0].receipt_id, tuple(row.open_item_id for row in mine if row.open_item_id))


def _undoing(act: Act, row: Any, on: date) -> NewAllocation:
    return NewAllocation(
        row.debtor_id, row.open_item_id, row.kind, -row.amount_cents, row.currency, max(on, row.effective_on), on, "undo", 0,
        act.actor, receipt_id=row.receipt_id, reason=RETURNED, undoes=row.id,
    )  # fmt: skip
