"""The firm's own history read for its reports: items with what was applied to them, and the payers' habits."""

from datetime import date

from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.report_items import moves_of_items, report_items
from recouvrement.reports.habits import Habits, Settled, habits
from recouvrement.reports.receivables import Item

MONEY = "payment"  # what settles an invoice by money; a credit note or a write-off says nothing of a habit


def items_of(house: House, *, on: date, known_to: int | None = None) -> dict[str, list[Item]]:
    """Every item by currency, with what was applied to it up to a day."""
    as_of = AsOf(on, house.ledger.known_to() if known_to is None else known_to)
    with house.ledger.reading() as connection:
        rows = report_items(connection, house.creditor(), as_of)
        moves = moves_of_items(connection, as_of)
    found: dict[str, list[Item]] = {}
    for row in rows:
        applied = moves.get(row.id, [])
        paid = bool(applied) and applied[-1][2] == MONEY
        item = Item(
            row.id, row.debtor_id, row.issue_on, row.due_on, int(row.amount_cents), tuple((m[0], m[1]) for m in applied), paid
        )  # fmt: skip
        found.setdefault(row.currency, []).append(item)
    return found


def settled_of(items: dict[str, list[Item]]) -> list[Settled]:
    """The invoices that money settled."""
    return [
        Settled(item.debtor, item.due_on, day)
        for some in items.values()
        for item in some
        if item.cents > 0 and item.paid and (day := item.settled_on) is not None
    ]


def habits_of(house: House, *, on: date) -> Habits:
    """The habit of every debtor, from what was paid up to a day. For forecasts and priorities: no decision reads it."""
    return habits(settled_of(items_of(house, on=on)), on=on)
