"""What chooses a debtor's policy and words: names that a person gave, how it paid before, why it does not pay now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, insert, select

from recouvrement.domain.causes import Cause, cause_of
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.policy_choice import ChoiceRule
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.choosing import cause, policy_choice
from recouvrement.ledger.tables.facts import call, dispute, fact_event, plan, promise
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_version, open_item

LATE_PAYER_DAYS = 365
BROKEN_WORD_DAYS = 90
NEVER_LAPSE = frozenset({Cause.ADMINISTRATIVE}) | {c for c in Cause if c.is_a_dispute}


@dataclass(slots=True)
class Choices:
    """Names given by a person, by debtor and by open item; what the rules count, by debtor."""

    debtors: dict[str, str | None] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    invoices: dict[str, int] = field(default_factory=dict)
    paid_late: dict[str, int] = field(default_factory=dict)
    committed: set[str] = field(default_factory=set)


def choose_policy(
    act: Act, debtor_id: str, invoice_id: str | None, policy: str | None, *, on: date, reason: str
) -> None:
    """Give a debtor or one invoice a policy by name; None lets the rules choose again."""
    row = {"debtor_id": debtor_id, "invoice_id": invoice_id, "policy": policy, "reason": reason, "effective_on": on}
    act.connection.execute(insert(policy_choice).values(id=act.new_id(), act_id=act.id, **row))
    facts = {"invoice": invoice_id, "policy": policy, "reason": reason, "on": on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.POLICY_CHOSEN, facts)


def tell_cause(
    act: Act, debtor_id: str, told: Cause, *, on: date, source: str, contact_id: str | None = None,
    note_id: str | None = None,
) -> None:  # fmt: skip
    """Record why a debtor has not paid, from a call, a reply or a form; a note about it is named in the journal."""
    row = {"debtor_id": debtor_id, "cause": told.value, "source": source, "contact_id": contact_id, "effective_on": on}
    act.connection.execute(insert(cause).values(id=act.new_id(), act_id=act.id, **row))
    facts = {"cause": told.value, "source": source, "contact": contact_id, "on": on.isoformat()}
    facts |= {"note": note_id} if note_id else {}
    journal.append(act, debtor_id, JournalEvent.CAUSE_TOLD, facts)


def read_choices(connection: Connection, first: str, last: str, rules: Iterable[ChoiceRule], as_of: AsOf) -> Choices:
    """Read what the choice of a policy needs for a range of debtors; what no rule asks for is not counted."""
    found, rules = Choices(), tuple(rules)
    _named(connection, first, last, as_of, found)
    if any(rule.most_invoices is not None for rule in rules):
        found.invoices = _invoices(connection, first, last, as_of)
    if any(rule.least_paid_late is not None for rule in rules):
        found.paid_late = _paid_late(connection, first, last, as_of)
    if any(rule.committed is not None for rule in rules):
        found.committed = _broken_word(connection, first, last, as_of)
    return found


def _named(connection: Connection, first: str, last: str, as_of: AsOf, found: Choices) -> None:
    c = policy_choice
    query = (
        select(c.c.debtor_id, c.c.invoice_id, c.c.policy)
        .where(seen(c, as_of), c.c.debtor_id.between(first, last))
        .order_by(c.c.act_id, c.c.id)
    )
    invoices: dict[str, str | None] = {}
    for debtor_id, invoice_id, name in connection.execute(query):
        if invoice_id is None:
            found.debtors[debtor_id] = name
        else:
            invoices[invoice_id] = name
    named = {invoice_id: name for invoice_id, name in invoices.items() if name is not None}
    if named:
        items = select(open_item.c.id, open_item.c.invoice_id).where(open_item.c.debtor_id.between(first, last))
        found.items = {i: named[inv] for i, inv in connection.execute(items) if inv in named}


def _invoices(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, int]:
    v = invoice_version
    query = (
        select(invoice.c.debtor_id, func.count())
        .join(v, v.c.invoice_id == invoice.c.id)
        .where(invoice.c.debtor_id.between(first, last), invoice.c.kind == "invoice", newest(v, "invoice_id", as_of))
        .where(v.c.status == "issued", v.c.issue_on <= as_of.on)
        .group_by(invoice.c.debtor_id)
    )
    return {debtor_id: int(count) for debtor_id, count in connection.execute(query)}


def _paid_late(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, int]:
    """Items due in the last year, paid in full, whose last payment came in after their due date."""
    a, v = allocation, item_version
    paid = (
        select(
            a.c.open_item_id.label("item"),
            func.sum(a.c.amount_cents).label("cents"),
            func.max(case((a.c.kind == "payment", a.c.value_on))).label("last"),
        )
        .where(seen(a, as_of), a.c.debtor_id.between(first, last), a.c.open_item_id.is_not(None))
        .group_by(a.c.open_item_id)
        .subquery()
    )
    query = (
        select(open_item.c.debtor_id, func.count())
        .join(paid, paid.c.item == open_item.c.id)
        .join(v, v.c.open_item_id == open_item.c.id)
        .where(open_item.c.debtor_id.between(first, last), v.c.amount_cents > 0, paid.c.cents >= v.c.amount_cents)
        .where(paid.c.last > v.c.due_on, v.c.due_on >= as_of.on - timedelta(days=LATE_PAYER_DAYS))
        .where(newest(v, "open_item_id", as_of))
        .group_by(open_item.c.debtor_id)
    )
    return {debtor_id: int(count) for debtor_id, count in connection.execute(query)}


def _broken_word(connection: Connection, first: str, last: str, as_of: AsOf) -> set[str]:
    found: set[str] = set()
    for table in (promise, plan):
        query = (
            select(table.c.debtor_id)
            .join(fact_event, fact_event.c.fact_id == table.c.id)
            .where(table.c.debtor_id.between(first, last), seen(fact_event, as_of), fact_event.c.event == "broken")
            .where(fact_event.c.effective_on > as_of.on - timedelta(days=BROKEN_WORD_DAYS))
        )
        found |= set(connection.scalars(query))
    return found


def read_causes(connection: Connection, first: str, last: str, lasts: int, as_of: AsOf) -> dict[str, str]:
    """The newest known cause by debtor; it lapses after `lasts` days, unless something is owed to the debtor.

    A disagreement that was spoken of ends when a dispute is recorded, a request when it is said to be answered.
    """
    found: dict[str, tuple[date, int, Cause]] = {}
    for table, column in ((call, call.c.cause), (cause, cause.c.cause)):
        query = select(table.c.debtor_id, table.c.effective_on, table.c.act_id, column)
        query = query.where(seen(table, as_of), table.c.debtor_id.between(first, last), column.is_not(None))
        for debtor_id, on, act_id, code in connection.execute(query):
            told = cause_of(code)
            if told is not None and (debtor_id not in found or (on, act_id) >= found[debtor_id][:2]):
                found[debtor_id] = (on, act_id, told)
    recorded = _disputed_on(connection, [d for d, (_, _, told) in found.items() if told.is_a_dispute], as_of)
    standing = {
        debtor_id: told.value
        for debtor_id, (on, _, told) in found.items()
        if told in NEVER_LAPSE or (as_of.on - on).days <= lasts
        if not (told.is_a_dispute and recorded.get(debtor_id, date.min) >= on)
    }
    return {debtor_id: told for debtor_id, told in standing.items() if told != Cause.ANSWERED.value}


def _disputed_on(connection: Connection, debtors: list[str], as_of: AsOf) -> dict[str, date]:
    """The newest day on which a dispute of each debtor was recorded."""
    query = select(dispute.c.debtor_id, func.max(dispute.c.effective_on)).where(seen(dispute, as_of))
    rows: list[Any] = []
    for start in range(0, len(debtors), 500):
        part = query.where(dispute.c.debtor_id.in_(debtors[start : start + 500])).group_by(dispute.c.debtor_id)
        rows += connection.execute(part).all()
    return {debtor_id: on for debtor_id, on in rows}
