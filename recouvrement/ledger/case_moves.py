"""The history of cases: where each stands, the route chosen, facts that a person answered, money from who holds it."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.case_clocks import Moved
from recouvrement.domain.case_states import CaseState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.money_in import NewAllocation, NewOpinion, write_allocations, write_opinions
from recouvrement.ledger.tables.bank import allocation, receipt
from recouvrement.ledger.tables.cases import case_event
from recouvrement.ledger.tables.evidence import case_fact, case_payment


def case_events(connection: Connection, as_of: AsOf, case_id: str | None = None) -> dict[str, list[Any]]:
    """The events of cases (of one) in order, by case."""
    query = select(case_event).where(seen(case_event, as_of)).order_by(case_event.c.act_id, case_event.c.id)
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query if case_id is None else query.where(case_event.c.case_id == case_id)):
        found[row.case_id].append(row)
    return found


def moves_of(events: list[Any]) -> list[Moved]:
    """The events of one case as moves."""
    return [Moved(CaseState(row.state), row.effective_on) for row in events]


def route_of(events: list[Any]) -> str:
    """The route chosen last, or an empty text."""
    return next((str(row.route) for row in reversed(events) if row.route), "")


def state_of(events: list[Any]) -> CaseState:
    """Where a case stands."""
    return CaseState(events[-1].state) if events else CaseState.PROPOSED


def record_case_fact(act: Act, case_id: str, debtor_id: str, *, fact: str, value: str, on: date) -> str:
    """Record the answer to a fact of a case; the text itself stands in its row only, the journal names the fact."""
    row = {"case_id": case_id, "effective_on": on, "fact": fact, "value": value, "operator": act.actor}
    fact_id = act.new_id()
    act.connection.execute(insert(case_fact).values(id=fact_id, act_id=act.id, **row))
    told = {"fact_kind": "case_fact", "fact": fact_id, "case": case_id, "what": fact, "on": on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.FACT_RECORDED, told)
    return fact_id


def facts_of_case(connection: Connection, case_id: str, as_of: AsOf) -> dict[str, str]:
    """The newest answer to each fact of a case."""
    f = case_fact
    query = select(f).where(f.c.case_id == case_id, seen(f, as_of)).order_by(f.c.act_id, f.c.id)
    return {row.fact: row.value for row in connection.execute(query)}


def payments_of_case(connection: Connection, case_id: str, as_of: AsOf) -> list[Any]:
    """What came in through who holds the case and stands, oldest first: collected, fees kept, both in minor units."""
    p, a = case_payment, allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None), seen(a, as_of))
    standing = select(a.c.id).where(
        a.c.bank_line_id == p.c.bank_line_id,
        a.c.method == "case",
        seen(a, as_of),
        a.c.undoes.is_(None),
        a.c.id.not_in(undone),
    )
    query = select(p).where(p.c.case_id == case_id, seen(p, as_of), standing.exists())
    query = query.order_by(p.c.effective_on, p.c.id)
    return list(connection.execute(query))


def record_case_payment(
    act: Act, case: Any, line: Any, *, parts: list[tuple[str, int]], fees_cents: int, on: date
) -> str:
    """Book a credit of who holds the case: what the debtor paid lowers the items, the fees kept stand apart as a receipt.

    `parts` are (item, cents) that sum to what the debtor paid: the line's amount plus the fees. The line pays first,
    the receipt pays the rest, so that each source is used up exactly. The payer is not learned: it is not the debtor.
    """
    receipt_id = _fees(act, case.debtor_id, fees_cents, line, on) if fees_cents else None
    write_allocations(act, _rows(act, case.debtor_id, line, parts, receipt_id))
    write_opinions(act, [NewOpinion(line.id, on, "confirmed", 1000, "case", ["paid_through_case"], [], [], act.actor)])
    payment_id, collected = act.new_id(), sum(cents for _, cents in parts)
    row = {
        "case_id": case.id,
        "effective_on": line.effective_on,
        "collected_cents": collected,
        "fees_cents": fees_cents,
    }
    source = {"currency": line.currency, "bank_line_id": line.id, "receipt_id": receipt_id}
    act.connection.execute(insert(case_payment).values(id=payment_id, act_id=act.id, **row, **source))
    told = {"case": case.id, "line": line.id, "rows": [list(part) for part in parts], "fees": fees_cents}
    journal.append(act, case.debtor_id, JournalEvent.MONEY_ALLOCATED, told)
    return payment_id


def undo_fees(act: Act, line_id: str, *, on: date) -> list[Any]:
    """Undo what the fees kept beside a bank line had paid, when the line itself is taken back; return the rows undone."""
    a = allocation
    receipts = select(case_payment.c.receipt_id).where(case_payment.c.bank_line_id == line_id)
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None))
    query = select(a).where(a.c.receipt_id.in_(receipts), a.c.undoes.is_(None), a.c.id.not_in(undone)).order_by(a.c.id)
    rows = list(act.connection.execute(query))
    fields = ("debtor_id", "open_item_id", "kind", "currency", "value_on", "method", "score", "receipt_id")
    write_allocations(
        act,
        [
            NewAllocation(
                **{name: getattr(row, name) for name in fields}, amount_cents=-row.amount_cents, effective_on=on,
                author=act.actor, reason="unmatched_by_person", undoes=row.id,
            )
            for row in rows
        ],
    )  # fmt: skip
    return rows


def is_booked(connection: Connection, line_id: str) -> bool:
    """Whether a bank line was ever booked as money of a case."""
    return connection.scalar(select(case_payment.c.id).where(case_payment.c.bank_line_id == line_id)) is not None


def _fees(act: Act, debtor_id: str, cents: int, line: Any, on: date) -> str:
    """The part of the debtor's money that never reached the bank: a receipt of kind `bailiff`, on the line's day."""
    receipt_id = act.new_id()
    row = {"debtor_id": debtor_id, "kind": "bailiff", "amount_cents": cents, "currency": line.currency}
    act.connection.execute(insert(receipt).values(id=receipt_id, act_id=act.id, effective_on=on, note_id=None, **row))
    return receipt_id


def _rows(
    act: Act, debtor_id: str, line: Any, parts: list[tuple[str, int]], receipt_id: str | None
) -> list[NewAllocation]:
    left, rows = int(line.amount_cents), []
    for item, cents in parts:
        for amount, source in (
            (min(cents, left), {"bank_line_id": line.id}),
            (cents - min(cents, left), {"receipt_id": receipt_id}),
        ):
            if amount:
                rows.append(
                    NewAllocation(
                        debtor_id=debtor_id, open_item_id=item, kind="payment", amount_cents=amount, currency=line.currency,
                        effective_on=line.effective_on, value_on=line.value_on, method="case", score=1000, author=act.actor,
                        reason="fees_kept" if "receipt_id" in source else None, **source,
                    )
                )  # fmt: skip
        left -= min(cents, left)
    return rows
