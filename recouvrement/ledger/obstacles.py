"""What stands in the way of chasing: holds, disputes, promises, plans, cases… for a range of debtors on a day."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, select, union_all

from recouvrement.domain.lifecycle import NOT_RECEIVED
from recouvrement.domain.policy import Policy
from recouvrement.domain.position import Hold
from recouvrement.ledger.addresses import bad_addresses
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.papers import papers_held
from recouvrement.ledger.set_apart import UNKEPT, Apart, SetApart, read_apart
from recouvrement.ledger.tables.bank import allocation, bank_line, line_doubt, line_opinion, receipt
from recouvrement.ledger.tables.cases import case, case_event, case_item
from recouvrement.ledger.tables.facts import (
    assignment,
    dispute,
    fact_event,
    hold,
    insolvency,
    lifecycle,
    party_status,
    plan,
    promise,
)  # fmt: skip
from recouvrement.ledger.tables.invoices import invoice, item_event, open_item

OF_DEBTORS = (hold, dispute, promise, plan, receipt, party_status, insolvency)
CASE_OVER = frozenset({"taken_back", "paid", "settled", "lost", "withdrawn"})


@dataclass(slots=True)
class ItemObstacles:
    """What stands in the way of one item."""

    waived: frozenset[str] = frozenset()
    cycle: int = 1
    disputed_cents: int = 0
    promised_until: date | None = None
    on_plan: bool = False
    hold: Hold | None = None
    cleared: bool = False
    not_received: bool = False
    handed_over: bool = False
    assigned: bool = False
    documents: frozenset[str] = frozenset()
    insolvent: bool = False
    under_way_cents: int = 0
    broken_on: date | None = None


@dataclass(slots=True)
class Obstacles:
    """Obstacles of a range of debtors; `marked` names the debtors that have any."""

    holds: dict[str, Hold] = field(default_factory=dict)
    protected: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, tuple[tuple[str, date, int], ...]] = field(default_factory=dict)
    bad_addresses: dict[str, frozenset[str]] = field(default_factory=dict)
    promises: dict[str, date] = field(default_factory=dict)  # whole debtor
    insolvent: set[str] = field(default_factory=set)
    items: dict[str, ItemObstacles] = field(default_factory=lambda: defaultdict(ItemObstacles))
    disputes: dict[str, list[int | None]] = field(default_factory=lambda: defaultdict(list))
    documents: dict[str | None, set[str]] = field(default_factory=lambda: defaultdict(set))
    debtor_documents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: set[str] = field(default_factory=set)  # invoices
    apart: SetApart = field(default_factory=SetApart)
    assigned: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)

    def of_item(
        self, item_id: str, debtor_id: str, invoice_id: str, open_cents: int, apart: Apart | None = None
    ) -> ItemObstacles:
        """Put together what concerns one item; `apart` is what `SetApart.spread` gave it."""
        o = self.items[item_id]
        o.disputed_cents = sum(open_cents if d is None else min(d, open_cents) for d in self.disputes.get(item_id, ()))
        if apart is not None:
            o.under_way_cents, o.broken_on = apart.under_way, apart.broken_on
            o.on_plan = o.on_plan or 0 < open_cents <= apart.to_come
            o.disputed_cents += apart.under_way + (0 if o.on_plan else apart.to_come)
        whole = self.promises.get(debtor_id)
        if whole is not None:
            o.promised_until = max(o.promised_until or whole, whole)
        o.documents = frozenset(self.documents.get(invoice_id, set()) | self.debtor_documents.get(debtor_id, set()))
        o.insolvent = debtor_id in self.insolvent
        o.not_received = invoice_id in self.refused
        o.assigned = invoice_id in self.assigned
        return o


def read_obstacles(connection: Connection, first: str, last: str, policy: Policy, as_of: AsOf) -> Obstacles:
    """Read every obstacle of a range of debtors, effective on a day and known up to an act."""
    found = Obstacles()
    reader = _Reader(connection, first, last, as_of, found, policy, _events(connection, first, last, as_of))
    for read in (
        reader.plans, reader.holds, reader.disputes, reader.promises, reader.statuses, reader.doubts, reader.cases,
        reader.item_events, reader.documents, reader.lifecycles, reader.assignments, reader.bounces,
    ):  # fmt: skip
        read()
    return found


def _events(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, Any]:
    """The newest event per fact of a range of debtors; assignments, which are few, are not cut to the range."""
    facts = [select(t.c.id).where(t.c.debtor_id.between(first, last)) for t in OF_DEBTORS]
    ours = union_all(*facts, select(assignment.c.id))
    e = fact_event.c
    query = select(e.fact_id, e.event, e.effective_on).where(seen(fact_event, as_of), e.fact_id.in_(ours))
    return {row.fact_id: row for row in connection.execute(query.order_by(e.act_id, e.id)).all()}


@dataclass(slots=True)
class _Reader:
    connection: Connection
    first: str
    last: str
    as_of: AsOf
    found: Obstacles
    policy: Policy
    events: dict[str, Any]

    def _rows(self, table: Table) -> list[Any]:
        query = (
            select(table)
            .where(seen(table, self.as_of), table.c.debtor_id.between(self.first, self.last))
            .order_by(table.c.act_id, table.c.id)
        )
        rows = self.connection.execute(query).all()
        self.found.marked.update(row.debtor_id for row in rows)
        return list(rows)

    def holds(self) -> None:
        for row in self._rows(hold):
            if row.id in self.events or row.until_on < self.as_of.on:
                continue
            if row.open_item_id:
                self.found.items[row.open_item_id].hold = Hold(row.until_on, row.reason)
            else:
                self.found.holds[row.debtor_id] = Hold(row.until_on, row.reason)

    def disputes(self) -> None:
        for row in self._rows(dispute):
            if row.id not in self.events:
                self.found.disputes[row.open_item_id].append(row.disputed_cents)

    def promises(self) -> None:
        for row in self._rows(promise):
            if row.id in self.events:
                if self.events[row.id].event in UNKEPT:
                    self.found.apart.word_broken(row.open_item_id or row.debtor_id, self.events[row.id].effective_on)
                    self.found.apart.marked.add(row.debtor_id)
                continue
            until = row.due_on + timedelta(days=self.policy.promise_grace)
            if row.open_item_id:
                self.found.items[row.open_item_id].promised_until = until
            else:
                self.found.promises[row.debtor_id] = max(until, self.found.promises.get(row.debtor_id, until))

    def plans(self) -> None:
        """Plans, and receipts under way: read first, since a broken promise is told to them."""
        self.found.apart = read_apart(self.connection, self.first, self.last, self.events, self.as_of)
        self.found.marked |= self.found.apart.marked
        for item_id in self.found.apart.running:
            self.found.items[item_id].on_plan = True

    def statuses(self) -> None:
        for row in self._rows(party_status):
            if row.id not in self.events:
                self.found.protected[row.debtor_id] = row.status
        for row in self._rows(insolvency):
            if row.id not in self.events:
                self.found.insolvent.add(row.debtor_id)

    def doubts(self) -> None:
        newer = line_opinion.alias()
        # money that was applied meanwhile is no longer in doubt, whatever was thought of it on that day
        standing = (
            select(allocation.c.bank_line_id)
            .where(seen(allocation, self.as_of), allocation.c.bank_line_id.is_not(None))
            .group_by(allocation.c.bank_line_id)
            .having(func.sum(allocation.c.amount_cents) > 0)
        )
        query = (
            select(
                line_doubt.c.debtor_id, line_doubt.c.bank_line_id, bank_line.c.effective_on, bank_line.c.amount_cents
            )
            .join(line_opinion, line_opinion.c.id == line_doubt.c.opinion_id)
            .join(bank_line, bank_line.c.id == line_doubt.c.bank_line_id)
            .where(
                line_doubt.c.debtor_id.between(self.first, self.last),
                line_opinion.c.act_id <= self.as_of.known_to,
                line_opinion.c.effective_on <= self.as_of.on,
                line_doubt.c.bank_line_id.not_in(standing),
                ~select(newer.c.id)
                .where(
                    newer.c.bank_line_id == line_opinion.c.bank_line_id,
                    newer.c.effective_on <= self.as_of.on,
                    newer.c.act_id <= self.as_of.known_to,
                    (newer.c.act_id > line_opinion.c.act_id)
                    | ((newer.c.act_id == line_opinion.c.act_id) & (newer.c.id > line_opinion.c.id)),
                )
                .exists(),
            )
            .order_by(line_doubt.c.debtor_id, bank_line.c.effective_on, bank_line.c.id)
        )
        for debtor_id, line_id, on, cents in self.connection.execute(query):
            self.found.doubts[debtor_id] = (*self.found.doubts.get(debtor_id, ()), (line_id, on, cents))

    def cases(self) -> None:
        query = (
            select(case_item.c.case_id, case_item.c.open_item_id, case.c.debtor_id)
            .join(case, case.c.id == case_item.c.case_id)
            .where(case.c.debtor_id.between(self.first, self.last), seen(case, self.as_of))
        )
        rows = self.connection.execute(query).all()
        if not rows:
            return
        ours = select(case.c.id).where(case.c.debtor_id.between(self.first, self.last))
        events = self.connection.execute(
            select(case_event.c.case_id, case_event.c.state)
            .where(seen(case_event, self.as_of), case_event.c.case_id.in_(ours))
            .order_by(case_event.c.act_id, case_event.c.id)
        )
        state = {row.case_id: row.state for row in events}
        for case_id, item_id, debtor_id in rows:
            self.found.marked.add(debtor_id)
            if state.get(case_id, "proposed") not in CASE_OVER:
                self.found.items[item_id].handed_over = True

    def item_events(self) -> None:
        query = (
            select(item_event, open_item.c.debtor_id)
            .join(open_item, open_item.c.id == item_event.c.open_item_id)
            .where(seen(item_event, self.as_of), open_item.c.debtor_id.between(self.first, self.last))
            .order_by(item_event.c.act_id, item_event.c.id)
        )
        for row in self.connection.execute(query):
            self.found.marked.add(row.debtor_id)
            o = self.found.items[row.open_item_id]
            if row.event == "step_waived":
                o.waived |= {row.step}
            elif row.event == "step_restored":
                o.waived -= {row.step}
            elif row.event == "reopened":
                o.cycle += 1
            elif row.event in {"cleared_in_accounts", "explained"}:
                o.cleared = row.event == "cleared_in_accounts"

    def documents(self) -> None:
        for debtor_id, invoice_id, lines in papers_held(self.connection, self.first, self.last, self.as_of):
            self.found.marked.add(debtor_id)
            if invoice_id is None:
                self.found.debtor_documents[debtor_id] |= lines
            else:
                self.found.documents[invoice_id] |= lines

    def _any(self, table: Table) -> bool:
        """Whether a table that few firms fill has a row at all: looking there for each invoice costs when it has none."""
        return self.connection.scalar(select(table.c.id).limit(1)) is not None

    def lifecycles(self) -> None:
        if not self._any(lifecycle):
            return
        query = (
            select(lifecycle.c.invoice_id, lifecycle.c.status, invoice.c.debtor_id)
            .join(invoice, invoice.c.id == lifecycle.c.invoice_id)
            .where(seen(lifecycle, self.as_of), invoice.c.debtor_id.between(self.first, self.last))
            .order_by(lifecycle.c.effective_on, lifecycle.c.act_id)
        )
        for invoice_id, status, debtor_id in self.connection.execute(query):
            self.found.marked.add(debtor_id)
            (self.found.refused.add if status in NOT_RECEIVED else self.found.refused.discard)(invoice_id)

    def assignments(self) -> None:
        if not self._any(assignment):
            return
        query = (
            select(assignment, invoice.c.debtor_id)
            .join(invoice, invoice.c.id == assignment.c.invoice_id)
            .where(seen(assignment, self.as_of), invoice.c.debtor_id.between(self.first, self.last))
        )
        for row in self.connection.execute(query):
            self.found.marked.add(row.debtor_id)
            if row.id not in self.events and not row.under_mandate and (row.until_on or date.max) >= self.as_of.on:
                self.found.assigned.add(row.invoice_id)

    def bounces(self) -> None:
        self.found.bad_addresses = bad_addresses(self.connection, self.first, self.last, self.as_of)
