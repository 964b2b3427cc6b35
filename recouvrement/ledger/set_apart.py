"""Parts of items that nobody is asked for though nothing is wrong with them: money under way, instalments to come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.plans import BROKEN, FAILED, PlanRead, plans_with
from recouvrement.ledger.receipts import receipts_under_way
from recouvrement.ledger.tables.facts import plan

UNKEPT = ("broken", "part_kept")  # what a promise can come to that brings the next step forward


@dataclass(slots=True)
class Apart:
    """What is set apart of one item, in minor units; `broken_on` is the newest word that was not kept."""

    under_way: int = 0
    to_come: int = 0
    broken_on: date | None = None

    def breaks(self, on: date) -> None:
        """Note a promise or plan broken on a day."""
        self.broken_on = max(self.broken_on or on, on)


@dataclass(slots=True)
class SetApart:
    """Money under way and plans of a range of debtors; `spread` gives each open item its part."""

    receipts: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    running: set[str] = field(default_factory=set)  # items on a plan
    to_come: dict[str, list[tuple[frozenset[str], int]]] = field(default_factory=lambda: defaultdict(list))
    broken: dict[str, date] = field(default_factory=dict)  # by item, or by debtor
    marked: set[str] = field(default_factory=set)  # debtors that any of it concerns

    def word_broken(self, subject: str, on: date) -> None:
        """Note that a promise or plan about an item, or a whole debtor, was broken."""
        self.broken[subject] = max(on, self.broken.get(subject, on))

    def spread(self, debtor_id: str, rows: Sequence[Any]) -> dict[str, Apart]:
        """The parts of a debtor's open items (rows of `positions._open_items`, oldest due first) that are set apart."""
        if debtor_id not in self.marked:
            return {}
        found: dict[str, Apart] = defaultdict(Apart)
        for row in rows:
            for subject in (row[0], debtor_id):
                if subject in self.broken:
                    found[row[0]].breaks(self.broken[subject])
        for receipt in self.receipts.get(debtor_id, ()):
            _fill(found, receipt, rows)
        for items, cents in self.to_come.get(debtor_id, ()):
            _leave_last(found, items, cents, rows)
        return found


def _fill(found: dict[str, Apart], receipt: Any, rows: Sequence[Any]) -> None:
    """A receipt covers the item that it is for, or the oldest ones of its currency."""
    left = receipt.amount_cents
    for item_id, _, _, _, _, currency, open_cents in rows:
        if currency != receipt.currency or receipt.open_item_id not in {None, item_id}:
            continue
        part = max(min(left, int(open_cents) - found[item_id].under_way), 0)
        found[item_id].under_way += part
        left -= part


def _leave_last(found: dict[str, Apart], items: frozenset[str], cents: int, rows: Sequence[Any]) -> None:
    """Instalments to come belong to the items of the plan that fall due last: the oldest are asked for first."""
    for row in reversed(rows):
        if row[0] in items and cents > 0:
            part = max(min(cents, int(row[6]) - found[row[0]].under_way), 0)
            found[row[0]].to_come += part
            cents -= part


def read_apart(connection: Connection, first: str, last: str, events: Mapping[str, Any], as_of: AsOf) -> SetApart:
    """Read the receipts under way and the plans of a range of debtors; `events` has the newest event of each fact."""
    found = SetApart()
    for row in receipts_under_way(connection, as_of, within=(first, last)):
        if row.id not in events or events[row.id].event == "banked":
            found.receipts[row.debtor_id].append(row)
            found.marked.add(row.debtor_id)
    query = select(plan).where(seen(plan, as_of), plan.c.debtor_id.between(first, last)).order_by(plan.c.id)
    for one in plans_with(connection, connection.execute(query).all()):
        _plan(found, one, events.get(one.row.id), as_of.on)
    return found


def _plan(found: SetApart, one: PlanRead, event: Any, on: date) -> None:
    found.marked.add(one.row.debtor_id)
    if event is None:
        found.running |= set(one.items)
        return
    if event.event in FAILED:
        for item_id in one.items:
            found.word_broken(item_id, event.effective_on)
    if event.event == BROKEN and (cents := one.to_come(on)):
        found.to_come[one.row.debtor_id].append((frozenset(one.items), cents))
