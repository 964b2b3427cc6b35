"""Recording what a person or a file tells about a debtor, and closing it: facts are rows, ends are events."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, insert, select

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import EVERYTHING, AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables import agreed, bank, facts
from recouvrement.ledger.tables.invoices import invoice, item_event, open_item
from recouvrement.ledger.tables.parties import debtor

KINDS: dict[str, Table] = {
    "hold": facts.hold, "dispute": facts.dispute, "promise": facts.promise, "plan": facts.plan, "insolvency": facts.insolvency,
    "party_status": facts.party_status, "call": facts.call, "title": facts.title, "receipt": bank.receipt,
    "penalty_waiver": agreed.penalty_waiver, "assignment": facts.assignment,
}  # fmt: skip
ON_ITS_WAY = ("banked",)  # events after which a fact goes on


def record_fact(act: Act, fact: str, debtor_id: str, *, effective_on: date, **values: object) -> str:
    """Record a fact (its kind first) about a debtor; amounts in minor units; return its id."""
    fact_id = act.new_id()
    row = {"id": fact_id, "act_id": act.id, "effective_on": effective_on, **values}
    table = KINDS[fact]
    act.connection.execute(insert(table).values(**row, **({"debtor_id": debtor_id} if "debtor_id" in table.c else {})))
    told = {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items() if v is not None}
    head = {"fact_kind": fact, "fact": fact_id, "on": effective_on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.FACT_RECORDED, head | told)
    return fact_id


def close_fact(
    act: Act, kind: str, fact_id: str, *, effective_on: date, event: str, reason: str | None = None,
    amount_cents: int | None = None,
) -> str | None:  # fmt: skip
    """End a fact (settled, withdrawn, kept…); return why not, or None when done.

    `amount_cents` is what the end says in money: what came in of a promise, what was missed of a plan.
    """
    debtor_id = _debtor_of(act.connection, kind, fact_id)
    if debtor_id is None:
        return "unknown_fact"
    if act.connection.scalar(select(facts.fact_event.c.id).where(_ends(), facts.fact_event.c.fact_id == fact_id)):
        return "already_closed"
    write_event(
        act, kind, fact_id, debtor_id, effective_on=effective_on, event=event, reason=reason, amount_cents=amount_cents
    )
    return None


def write_event(
    act: Act, kind: str, fact_id: str, debtor_id: str, *, effective_on: date, event: str, reason: str | None = None,
    amount_cents: int | None = None,
) -> None:  # fmt: skip
    """Append an event of a fact, with its journal line; `close_fact` is the one that checks."""
    told = {"fact_kind": kind, "fact_id": fact_id, "event": event, "reason": reason, "amount_cents": amount_cents}
    row = {"id": act.new_id(), "act_id": act.id, "effective_on": effective_on}
    act.connection.execute(insert(facts.fact_event).values(**row, **told))
    line: dict[str, object] = {"kind": kind, "fact": fact_id, "event": event, "reason": reason}
    amount = {} if amount_cents is None else {"cents": amount_cents}
    journal.append(act, debtor_id, JournalEvent.FACT_CLOSED, line | amount | {"on": effective_on.isoformat()})


def _ends() -> ColumnElement[bool]:
    return facts.fact_event.c.event.not_in(ON_ITS_WAY)


def ended(as_of: AsOf = EVERYTHING) -> Select[tuple[str]]:
    """The ids of every fact that has come to an end."""
    return select(facts.fact_event.c.fact_id).where(_ends(), seen(facts.fact_event, as_of))


def _debtor_of(connection: Connection, kind: str, fact_id: str) -> str | None:
    table = KINDS[kind]
    query = select(table.c.debtor_id) if "debtor_id" in table.c else select(invoice.c.debtor_id).join(table)
    return connection.scalar(query.where(table.c.id == fact_id))


def open_facts(connection: Connection, kind: str, debtor_id: str, as_of: AsOf = EVERYTHING) -> list[Any]:
    """The facts of a kind about a debtor that nothing has ended, oldest first."""
    query = _facts_of(kind, debtor_id, as_of).where(KINDS[kind].c.id.not_in(ended(as_of)))
    return list(connection.execute(query))


def facts_of(connection: Connection, kind: str, debtor_id: str, as_of: AsOf) -> list[Any]:
    """The facts of a kind about a debtor, ended or not, oldest first."""
    return list(connection.execute(_facts_of(kind, debtor_id, as_of)))


def _facts_of(kind: str, debtor_id: str, as_of: AsOf) -> Select[Any]:
    table = KINDS[kind]
    query = select(table) if "debtor_id" in table.c else select(table).join(invoice)
    owner = table.c.debtor_id if "debtor_id" in table.c else invoice.c.debtor_id
    return query.where(owner == debtor_id, seen(table, as_of)).order_by(table.c.act_id, table.c.id)


def events_of_facts(connection: Connection, fact_ids: Sequence[str], as_of: AsOf) -> list[Any]:
    """What closed or moved some facts, oldest first."""
    e = facts.fact_event
    query = select(e).where(e.c.fact_id.in_(fact_ids), seen(e, as_of))
    return list(connection.execute(query.order_by(e.c.act_id, e.c.id)))


def move_wait(act: Act, kind: str, fact_id: str, debtor_id: str, *, owner: str, due_on: date, on: date) -> None:
    """Say who waits for a fact, and until when; the newest holds."""
    row = {"fact_kind": kind, "fact_id": fact_id, "owner": owner, "due_on": due_on, "effective_on": on}
    act.connection.execute(insert(agreed.fact_wait).values(id=act.new_id(), act_id=act.id, **row))
    told = {"kind": kind, "fact": fact_id, "owner": owner, "until": due_on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.WAIT_MOVED, told)


def waits_moved(connection: Connection) -> dict[str, Any]:
    """The newest wait (owner, due_on) of each fact that has one."""
    w = agreed.fact_wait
    return {row.fact_id: row for row in connection.execute(select(w).order_by(w.c.act_id, w.c.id))}


def mark_item(act: Act, item_id: str, *, on: date, event: str, step: str | None = None, reason: str | None) -> None:
    """Append an event of an item (`explained`, `reopened`…); the caller tells the journal."""
    row = {"open_item_id": item_id, "effective_on": on, "event": event, "step": step, "reason": reason}
    act.connection.execute(insert(item_event).values(id=act.new_id(), act_id=act.id, **row))


def item_standing(
    connection: Connection, item_id: str, events: tuple[str, ...], *, step: str | None = None
) -> str | None:
    """The newest of some events of an item (of a step, when one is named), or None."""
    e = item_event
    query = select(e.c.event).where(e.c.open_item_id == item_id, e.c.event.in_(events))
    if step is not None:
        query = query.where(e.c.step == step)
    return connection.scalar(query.order_by(e.c.act_id.desc(), e.c.id.desc()).limit(1))


def waive_step(act: Act, item_id: str, debtor_id: str, step: str, *, on: date, reason: str) -> None:
    """Leave a step out for an item, with a reason code."""
    mark_item(act, item_id, on=on, event="step_waived", step=step, reason=reason)
    journal.append(act, debtor_id, JournalEvent.STEP_WAIVED, {"item": item_id, "step": step, "reason": reason})


def restore_step(act: Act, item_id: str, debtor_id: str, step: str, *, on: date, reason: str) -> None:
    """Put a step that was left out back on an item's ladder."""
    mark_item(act, item_id, on=on, event="step_restored", step=step, reason=reason)
    journal.append(act, debtor_id, JournalEvent.STEP_RESTORED, {"item": item_id, "step": step, "reason": reason})


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
