"""Recording what a person or a file tells about a debtor, and closing it: facts are rows, ends are events."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables import facts
from recouvrement.ledger.tables.invoices import invoice, item_event, open_item
from recouvrement.ledger.tables.parties import debtor

KINDS: dict[str, Table] = {
    "hold": facts.hold, "dispute": facts.dispute, "promise": facts.promise, "plan": facts.plan, "insolvency": facts.insolvency,
    "party_status": facts.party_status, "call": facts.call, "title": facts.title,
}  # fmt: skip


def record_fact(act: Act, fact: str, debtor_id: str, *, effective_on: date, **values: object) -> str:
    """Record a fact (its kind first) about a debtor; amounts in minor units; return its id."""
    fact_id = act.new_id()
    row = {"id": fact_id, "act_id": act.id, "effective_on": effective_on, "debtor_id": debtor_id, **values}
    act.connection.execute(insert(KINDS[fact]).values(**row))
    told = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items() if v is not None}
    journal.append(
        act,
        debtor_id,
        JournalEvent.FACT_RECORDED,
        {"fact_kind": fact, "fact": fact_id, "on": effective_on.isoformat(), **told},
    )
    return fact_id


def close_fact(
    act: Act, kind: str, fact_id: str, *, effective_on: date, event: str, reason: str | None = None
) -> str | None:
    """End a fact (settled, withdrawn, kept…); return why not, or None when done."""
    table = KINDS[kind]
    debtor_id = act.connection.scalar(select(table.c.debtor_id).where(table.c.id == fact_id))
    if debtor_id is None:
        return "unknown_fact"
    e = facts.fact_event
    if act.connection.scalar(select(e.c.id).where(e.c.fact_id == fact_id)):
        return "already_closed"
    row = {"fact_kind": kind, "fact_id": fact_id, "event": event, "reason": reason, "effective_on": effective_on}
    act.connection.execute(insert(e).values(id=act.new_id(), act_id=act.id, **row))
    journal.append(
        act,
        debtor_id,
        JournalEvent.FACT_CLOSED,
        {"kind": kind, "fact": fact_id, "event": event, "reason": reason, "on": effective_on.isoformat()},
    )
    return None


def open_facts(connection: Connection, kind: str, debtor_id: str) -> list[Any]:
    """The facts of a kind about a debtor that nothing has closed, oldest first."""
    table = KINDS[kind]
    closed = select(facts.fact_event.c.fact_id)
    query = select(table).where(table.c.debtor_id == debtor_id, table.c.id.not_in(closed))
    return list(connection.execute(query.order_by(table.c.act_id, table.c.id)))


def mark_read(act: Act, contact_id: str, debtor_id: str, *, on: date) -> None:
    """A person has read the reply to a contact."""
    row = {"fact_kind": "reply", "fact_id": contact_id, "event": "read", "effective_on": on}
    act.connection.execute(insert(facts.fact_event).values(id=act.new_id(), act_id=act.id, **row))
    journal.append(
        act,
        debtor_id,
        JournalEvent.FACT_CLOSED,
        {"kind": "reply", "fact": contact_id, "event": "read", "on": on.isoformat()},
    )


def waive_step(act: Act, item_id: str, debtor_id: str, step: str, *, on: date, reason: str) -> None:
    """Leave a step out for an item, with a reason code."""
    row = {"open_item_id": item_id, "effective_on": on, "event": "step_waived", "step": step, "reason": reason}
    act.connection.execute(insert(item_event).values(id=act.new_id(), act_id=act.id, **row))
    journal.append(act, debtor_id, JournalEvent.STEP_WAIVED, {"item": item_id, "step": step, "reason": reason})


def find_debtor(connection: Connection, creditor_id: str, code: str) -> str | None:
    """The id of the debtor of that code."""
    return connection.scalar(select(debtor.c.id).where(debtor.c.creditor_id == creditor_id, debtor.c.code == code))


def find_items(connection: Connection, creditor_id: str, number: str) -> list[Any]:
    """The items (id, debtor_id, rank, invoice_id) of an invoice number."""
    query = (
        select(open_item.c.id, open_item.c.debtor_id, open_item.c.rank, open_item.c.invoice_id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .where(invoice.c.creditor_id == creditor_id, invoice.c.number == number)
        .order_by(open_item.c.rank)
    )
    return list(connection.execute(query))
