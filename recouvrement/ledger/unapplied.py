"""Money that the accounts hold for a customer and apply to nothing: kept as the customer's credit, brought to date by each FEC."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select

from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import wanted
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.settled import IN_ACCOUNTS, ITEMS
from recouvrement.ledger.tables.bank import allocation, receipt

METHOD = "unlettered"


def take_unapplied(
    act: Act, creditor_id: str, balances: Mapping[str, tuple[int, Sequence[str]]], *, on: date
) -> set[str]:
    """Bring each debtor's credit to what the accounts hold; return the debtors whose credit changed.

    `balances` gives, by debtor, the balance of accounts 411 in cents and the pieces that make it up. The credit is what
    the ledger leaves open of those pieces, less what it already holds as credit from the bank, less the balance: never
    below nothing, so that a payment found in the bank feed is not counted twice.
    """
    opens = _open_by_debtor(act, creditor_id, [number for _, numbers in balances.values() for number in numbers])
    standing, others = _credits(act)
    changed: set[str] = set()
    for debtor_id, (balance, _) in balances.items():
        rows = standing.get(debtor_id, [])
        held = sum(row.amount_cents for row in rows)
        cents = max(0, opens.get(debtor_id, 0) - others.get(debtor_id, 0) - balance)
        if cents == held:
            continue
        _undo(act, rows, on)
        if cents:
            _credit(act, debtor_id, cents, on)
        changed.add(debtor_id)
    return changed


def _open_by_debtor(act: Act, creditor_id: str, numbers: list[str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for start in range(0, len(numbers), 5_000):
        for row in wanted(act.connection, ITEMS, numbers[start : start + 5_000], creditor_id):
            found[row[2]] += int(row[5])
    return found


def _credits(act: Act) -> tuple[dict[str, list[Any]], dict[str, int]]:
    """Standing credit rows of ours by debtor, and the sum of other credits."""
    a = allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None))
    ours = select(a).where(
        a.c.kind == "customer_credit", a.c.method == METHOD, a.c.undoes.is_(None), a.c.id.not_in(undone)
    )
    standing: dict[str, list[Any]] = defaultdict(list)
    for row in act.connection.execute(ours.order_by(a.c.id)):
        standing[row.debtor_id].append(row)
    theirs = select(a.c.debtor_id, func.sum(a.c.amount_cents)).where(
        a.c.kind == "customer_credit", a.c.receipt_id.is_(None)
    )
    others = {debtor: int(cents) for debtor, cents in act.connection.execute(theirs.group_by(a.c.debtor_id))}
    return standing, others


def _undo(act: Act, rows: Sequence[Any], on: date) -> None:
    write_allocations(
        act,
        [
            NewAllocation(
                row.debtor_id, None, row.kind, -row.amount_cents, row.currency, max(on, row.effective_on), on, METHOD, 0,
                IN_ACCOUNTS, receipt_id=row.receipt_id, reason="accounts_changed", undoes=row.id,
            )
            for row in rows
        ],
    )  # fmt: skip


def _credit(act: Act, debtor_id: str, cents: int, on: date) -> None:
    receipt_id = act.new_id()
    row = {"debtor_id": debtor_id, "kind": IN_ACCOUNTS, "amount_cents": cents, "currency": "EUR", "effective_on": on}
    act.connection.execute(insert(receipt).values(id=receipt_id, act_id=act.id, **row))
    new = NewAllocation(
        debtor_id, None, "customer_credit", cents, "EUR", on, on, METHOD, 1000, IN_ACCOUNTS, receipt_id=receipt_id,
        reason="unlettered",
    )  # fmt: skip
    write_allocations(act, [new])
