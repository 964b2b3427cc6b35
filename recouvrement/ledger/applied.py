"""What payments and credit notes did to items: the two sums that make an item's open amount."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, Subquery, func, select

from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import open_item


@dataclass(frozen=True, slots=True)
class Applied:
    """Two subqueries (item, cents, last day): `to` what an item received, `of` what a credit note gave to other items."""

    to: Subquery
    of: Subquery

    def left(self, amount: ColumnElement[int]) -> Label[int]:
        """What is open of an amount, as `open_cents`; a credit note's amount is negative and rises as it is used."""
        received, given = func.coalesce(self.to.c.cents, 0), func.coalesce(self.of.c.cents, 0)
        return (amount - received + given).label("open_cents")

    def beside_items(self, query: Select[Any]) -> Select[Any]:
        """The query of open items with both sums beside each."""
        query = query.outerjoin(self.to, self.to.c.item == open_item.c.id)
        return query.outerjoin(self.of, self.of.c.item == open_item.c.id)


def applied(as_of: AsOf, *where: ColumnElement[bool]) -> Applied:
    """The sums of the allocations seen on a day, of all or of those that conditions name."""
    items = (allocation.c.open_item_id, allocation.c.credit_item_id)
    to, of = (_sums(item, seen(allocation, as_of), *where) for item in items)
    return Applied(to, of)


def _sums(item: ColumnElement[Any], *where: ColumnElement[bool]) -> Subquery:
    cents, last = func.sum(allocation.c.amount_cents), func.max(allocation.c.effective_on)
    query = select(item.label("item"), cents.label("cents"), last.label("last"))
    return query.where(*where, item.is_not(None)).group_by(item).subquery()
