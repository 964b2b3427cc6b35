"""Items that no receipt pays without a person: claims older than an insolvency judgment, assigned invoices."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.ledger.as_of import AsOf, newest
from recouvrement.ledger.tables.facts import assignment, fact_event, insolvency
from recouvrement.ledger.tables.invoices import invoice, invoice_version, open_item
from recouvrement.ledger.tables.parties import debtor

BEFORE_JUDGMENT, ASSIGNED = "before_judgment", "assigned"


@dataclass(frozen=True, slots=True)
class Bar:
    """One item and the days from which and up to which it is only proposed (None: for good)."""

    item_id: str
    reason: str
    from_on: date
    to_on: date | None

    def holds(self, on: date) -> bool:
        """Whether it holds on a day."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


def bars(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Bar]:
    """Every bar that takes effect by a day, as known.

    A claim born before the judgment that opens proceedings may not be paid (C. com. L622-7); it is born when the
    goods are delivered or the service done, and the judgment counts from its own day (R621-4).
    """
    return [*_insolvent(connection, creditor_id, as_of), *_assigned(connection, creditor_id, as_of)]


def _insolvent(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Bar]:
    i, iv = insolvency, invoice_version
    ended = {
        row.fact_id: row.effective_on
        for row in connection.execute(
            select(fact_event.c.fact_id, fact_event.c.effective_on)
            .where(fact_event.c.fact_kind == "insolvency", fact_event.c.act_id <= as_of.known_to)
            .order_by(fact_event.c.act_id.desc())
        )
    }
    query = (
        select(i.c.id, i.c.effective_on, open_item.c.id.label("item"))
        .join(debtor, debtor.c.id == i.c.debtor_id)
        .join(open_item, open_item.c.debtor_id == i.c.debtor_id)
        .join(iv, iv.c.invoice_id == open_item.c.invoice_id)
        .where(debtor.c.creditor_id == creditor_id, i.c.effective_on <= as_of.on, i.c.act_id <= as_of.known_to)
        .where(newest(iv, "invoice_id", as_of), func.coalesce(iv.c.delivery_on, iv.c.issue_on) < i.c.judgment_on)
        .order_by(open_item.c.id, i.c.id)
    )
    return [
        Bar(row.item, BEFORE_JUDGMENT, row.effective_on, _before(ended.get(row.id)))
        for row in connection.execute(query)
    ]


def _before(ended_on: Any) -> date | None:
    return None if ended_on is None else date.fromordinal(ended_on.toordinal() - 1)


def _assigned(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Bar]:
    """Whoever collects, what is assigned is the assignee's: a person decides."""
    a = assignment
    query = (
        select(open_item.c.id, a.c.effective_on, a.c.until_on)
        .join(invoice, invoice.c.id == a.c.invoice_id)
        .join(open_item, open_item.c.invoice_id == invoice.c.id)
        .where(invoice.c.creditor_id == creditor_id, a.c.effective_on <= as_of.on, a.c.act_id <= as_of.known_to)
        .order_by(open_item.c.id, a.c.id)
    )
    return [Bar(row.id, ASSIGNED, row.effective_on, row.until_on) for row in connection.execute(query)]
