"""What the accounts say is left of an invoice, against what the ledger thinks: history is settled, the rest is held."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import insert_rows, rising_ids, stored_day, wanted
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.tables.bank import receipt
from recouvrement.ledger.tables.invoices import item_event

IN_ACCOUNTS = "accounts"  # the kind of a receipt that is known from the accounts alone
LESS, AGREES = "open_is_less", "open_agrees"
ITEMS = (
    "SELECT i.number, o.id, o.debtor_id, v.due_on, v.currency, v.amount_cents"
    " - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.open_item_id = o.id), 0)"
    " + coalesce((SELECT sum(c.amount_cents) FROM allocation c WHERE c.credit_item_id = o.id), 0),"
    " (SELECT e.event FROM item_event e WHERE e.open_item_id = o.id AND e.event IN ('cleared_in_accounts', 'explained')"
    "  ORDER BY e.act_id DESC, e.id DESC LIMIT 1),"
    " (SELECT f.reason FROM item_event f WHERE f.open_item_id = o.id AND f.event IN ('cleared_in_accounts', 'explained')"
    "  ORDER BY f.act_id DESC, f.id DESC LIMIT 1)"
    " FROM {wanted} CROSS JOIN invoice i CROSS JOIN open_item o CROSS JOIN item_version v"
    " WHERE i.creditor_id = {p} AND i.number = value AND o.invoice_id = i.id AND v.open_item_id = o.id"
    " AND v.act_id = (SELECT max(w.act_id) FROM item_version w WHERE w.open_item_id = o.id)"
    " ORDER BY i.number, v.due_on, o.rank"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the accounts leave open of an invoice (cents, signed like it), and when the rest was settled (None: unknown)."""

    open_cents: int
    settled_on: date | None = None
    history: bool = False  # settle the difference; else it is held until explained


@dataclass(frozen=True, slots=True)
class Item:
    """One instalment, with what the ledger leaves open of it."""

    number: str
    id: str
    debtor_id: str
    due_on: date
    currency: str
    open_cents: int
    event: str | None
    reason: str | None


@dataclass(slots=True)
class SettledTally:
    """Invoices settled as history, held, and explained; debtors touched; numbers whose items are held."""

    settled: int = 0
    held: int = 0
    explained: int = 0
    debtors: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)


def compare_open(act: Act, creditor_id: str, stated: Mapping[str, Stated], *, method: str) -> SettledTally:
    """Bring items to what the accounts leave open of them, by invoice number; never above what the ledger thinks.

    The ledger may know of a payment before the accounts do, so a larger stated amount changes nothing. Doing it again
    with the same statement changes nothing.
    """
    tally, writer = SettledTally(), _Writer(act, method)
    by_number: dict[str, list[Item]] = defaultdict(list)
    for row in wanted(act.connection, ITEMS, list(stated), creditor_id):
        item = Item(row[0], row[1], row[2], _day(row[3]), row[4], int(row[5]), row[6], row[7])
        by_number[item.number].append(item)
    for number, items in by_number.items():
        _compare(stated[number], items, tally, writer)
    writer.write()
    return tally


def _compare(says: Stated, items: list[Item], tally: SettledTally, writer: "_Writer") -> None:
    ours = sum(item.open_cents for item in items)
    sign = 1 if ours >= 0 else -1
    excess = sign * ours - max(sign * says.open_cents, 0)
    marked = [item for item in items if item.event == "cleared_in_accounts" and item.reason == LESS]
    if excess <= 0:
        for item in marked:
            writer.event(item, "explained", AGREES)
        tally.explained += bool(marked)
    elif says.history:
        writer.settle(says, items, sign * excess)
        tally.settled += 1
    else:
        tally.short.add(items[0].number)
        unmarked = [item for item in items if item.open_cents and not _known_difference(item)]
        for item in unmarked:
            writer.event(item, "cleared_in_accounts", LESS)
        tally.held += bool(unmarked)
        marked = unmarked
    if marked or (excess > 0 and says.history):
        tally.debtors.add(items[0].debtor_id)


def _known_difference(item: Item) -> bool:
    """Marked already, or a person said that it is owed all the same (the reason is theirs, not ours)."""
    return item.event == "cleared_in_accounts" or (item.event == "explained" and item.reason not in {LESS, AGREES})


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


class _Writer:
    """Gathers receipts, allocations and events, then writes them together."""

    def __init__(self, act: Act, method: str) -> None:
        self.act, self.method, self.ids = act, method, rising_ids(act)
        self.day, self.today = stored_day(act.connection), act.day
        self.receipts: list[tuple[object, ...]] = []
        self.allocations: list[NewAllocation] = []
        self.events: list[tuple[object, ...]] = []

    def settle(self, says: Stated, items: list[Item], cents: int) -> None:
        """One receipt for what was settled (signed), applied to the oldest items first."""
        first, receipt_id = items[0], next(self.ids)
        on = says.settled_on or min(first.due_on, self.today)  # an unknown day of payment bears no penalty
        effective = self.day(on)
        self.receipts.append((receipt_id, self.act.id, effective, first.debtor_id, IN_ACCOUNTS, cents, first.currency))
        left = cents
        for item in items:
            part = min(left, item.open_cents) if cents > 0 else max(left, item.open_cents)
            if part:
                self.allocations.append(self._allocation(item, part, on, receipt_id))
                left -= part

    def _allocation(self, item: Item, cents: int, on: date, receipt_id: str) -> NewAllocation:
        kind = "payment" if cents > 0 else "adjustment"
        return NewAllocation(
            item.debtor_id, item.id, kind, cents, item.currency, on, on, self.method, 1000, IN_ACCOUNTS, receipt_id=receipt_id,
            reason="settled_in_accounts",
        )  # fmt: skip

    def event(self, item: Item, event: str, reason: str) -> None:
        """Mark an item."""
        self.events.append((next(self.ids), item.id, self.act.id, self.day(self.today), event, None, reason))

    def write(self) -> None:
        """Write what was gathered."""
        connection = self.act.connection
        columns = ("id", "act_id", "effective_on", "debtor_id", "kind", "amount_cents", "currency")
        insert_rows(connection, receipt, columns, self.receipts)
        write_allocations(self.act, self.allocations)
        columns = ("id", "open_item_id", "act_id", "effective_on", "event", "step", "reason")
        insert_rows(connection, item_event, columns, self.events)
