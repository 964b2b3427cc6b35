"""Everything that waits for a person: whose turn it is, until when, and the money behind it (design, "Waits end").

Each source is a short function that yields waits; an owner is an operator's code or, for what anybody with a role may do,
`role:` and that role. What has no day of its own gets working days from the policy, or five.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.domain.ladder import Channel
from recouvrement.domain.policy import Policy
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.calls import calls_waiting
from recouvrement.ledger.day_report import case_states, cases_standing, contacts_waiting
from recouvrement.ledger.facts import ended, waits_moved
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.iban_changes import pending_iban
from recouvrement.ledger.item_money import items_of_debtor, money_of
from recouvrement.ledger.money_in import open_lines
from recouvrement.ledger.outbox import items_of
from recouvrement.ledger.receipts import receipts_under_way
from recouvrement.ledger.replies import unread_replies
from recouvrement.ledger.tables.acts import act
from recouvrement.ledger.tables.contacts import contact, contact_item, postal_proof
from recouvrement.ledger.tables.facts import dispute
from recouvrement.ledger.tables.invoices import item_event

SOON, USUAL = 1, 5  # working days
EVERY = 1_000_000
RECORD, APPROVE = "role:record", "role:approve"
PROOFS = ("delivered", "refused", "unclaimed", "undeliverable")


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits: its kind and id, whose it is, the last day, cents behind it (0: not known in money)."""

    kind: str
    id: str
    debtor_id: str | None
    owner: str
    due_on: date
    cents: int = 0
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Asking:
    """What every source needs: a connection, the creditor, the policy and the day."""

    connection: Connection
    creditor_id: str
    policy: Policy
    as_of: AsOf


def waits(asking: Asking) -> list[Wait]:
    """Everything that waits, by day due, then by the money behind it, largest first."""
    sources = (_messages, _calls, _replies, _disputes, _receipts, _lines, _files, _cleared, _cases, _proofs, _iban)
    found = [wait for source in sources for wait in source(asking)]
    return sorted(found, key=lambda w: (w.due_on, -w.cents, w.kind, w.id))


def _messages(a: Asking) -> Iterator[Wait]:
    for row in contacts_waiting(a.connection, limit=EVERY):
        unknown = row.state == ContactState.UNKNOWN.value
        days = SOON if unknown else a.policy.approval_days
        kind = "sending_unknown" if unknown else "approval"
        due = add_working_days(row.business_day, days)
        yield Wait(kind, row.id, row.debtor_id, APPROVE, due, int(row.cents), row.currency or "EUR")


def _calls(a: Asking) -> Iterator[Wait]:
    rows = calls_waiting(a.connection, upto=a.as_of.on)
    carried = items_of(a.connection, [row.id for row in rows])
    for row in rows:
        due = add_working_days(row.business_day, a.policy.call_days)
        yield Wait("call", row.id, row.debtor_id, RECORD, due, sum(i.open_cents for i in carried[row.id]))


def _replies(a: Asking) -> Iterator[Wait]:
    for row in unread_replies(a.connection, a.as_of):
        cents, currency = owed(a, row.debtor_id)
        yield Wait("reply", row.id, row.debtor_id, row.owner or RECORD, row.wait_until, cents, currency)


def owed(a: Asking, debtor_id: str | None) -> tuple[int, str]:
    """What a debtor owes, in the currency in which it owes most."""
    sums: dict[str, int] = {}
    for item in items_of_debtor(a.connection, debtor_id, a.as_of) if debtor_id else ():
        sums[item.currency] = sums.get(item.currency, 0) + item.open_cents
    currency = max(sums, key=lambda code: sums[code], default="EUR")
    return sums.get(currency, 0), currency


def _disputes(a: Asking) -> Iterator[Wait]:
    query = select(dispute).where(seen(dispute, a.as_of), dispute.c.id.not_in(ended()))
    rows = a.connection.execute(query).all()
    moved = waits_moved(a.connection)
    money = {m.id: m for m in money_of(a.connection, [row.open_item_id for row in rows], a.as_of)}
    for row in rows:
        item, last = money.get(row.open_item_id), moved.get(row.id)
        owner, due = (last.owner, last.due_on) if last else (row.owner, row.wait_until)
        most = max(item.open_cents, 0) if item else 0
        cents = most if row.disputed_cents is None else min(row.disputed_cents, most)
        kind = "credit_note" if row.category == "credit_note_awaited" else "dispute"
        yield Wait(kind, row.id, row.debtor_id, owner, due, cents, item.currency if item else "EUR")


def _receipts(a: Asking) -> Iterator[Wait]:
    moved, over = waits_moved(a.connection), set(a.connection.scalars(ended()))
    for row in receipts_under_way(a.connection, a.as_of):
        if row.id not in over and row.id in moved:
            wait = moved[row.id]
            yield Wait("receipt", row.id, row.debtor_id, wait.owner, wait.due_on, row.amount_cents, row.currency)


def _lines(a: Asking) -> Iterator[Wait]:
    for row in open_lines(a.connection, a.creditor_id, upto=a.as_of.on):
        if row.amount_cents > 0:
            due = row.effective_on + timedelta(days=a.policy.doubt_overdue_days)
            yield Wait("receipt_in_doubt", row.id, None, RECORD, due, row.amount_cents, row.currency)


def _files(a: Asking) -> Iterator[Wait]:
    """One wait for each file with something to correct."""
    files: dict[str, Any] = {row.source: row for row in open_problems(a.connection)}
    acts = {row.act_id for row in files.values()}
    query = select(act.c.id, act.c.at).where(act.c.id.in_(sorted(acts)))
    days = {number: at.date() for number, at in a.connection.execute(query)}
    for source, row in files.items():
        yield Wait("file_to_correct", source, None, RECORD, add_working_days(days[row.act_id], USUAL))


def _cleared(a: Asking) -> Iterator[Wait]:
    e = item_event
    query = select(e).where(e.c.event.in_(("cleared_in_accounts", "explained")), seen(e, a.as_of))
    last = {row.open_item_id: row for row in a.connection.execute(query.order_by(e.c.act_id, e.c.id))}
    held = {item: row for item, row in last.items() if row.event == "cleared_in_accounts"}
    for item in money_of(a.connection, sorted(held), a.as_of):
        if item.open_cents > 0:
            due = add_working_days(held[item.id].effective_on, USUAL)
            yield Wait("cleared_in_accounts", item.id, item.debtor_id, RECORD, due, item.open_cents, item.currency)


def _cases(a: Asking) -> Iterator[Wait]:
    """Cases whose route nobody has chosen, or that nobody has handed over."""
    states = case_states(a.connection)
    for row in cases_standing(a.connection, a.creditor_id):
        if states.get(row.id) in {"proposed", "chosen"}:
            due = add_working_days(row.effective_on, USUAL)
            yield Wait("case", row.id, row.debtor_id, "role:route", due, int(row.cents or 0), row.currency or "EUR")


def _proofs(a: Asking) -> Iterator[Wait]:
    """Registered letters whose posting, or whose outcome once the deadline is over, is not recorded."""
    p, c = postal_proof, contact
    told: dict[str, set[str]] = {}
    for contact_id, kind in a.connection.execute(select(p.c.contact_id, p.c.kind).where(p.c.on <= a.as_of.on)):
        told.setdefault(contact_id, set()).add(kind)
    sums = select(contact_item.c.contact_id, func.sum(contact_item.c.open_cents).label("cents"))
    cents = sums.group_by(contact_item.c.contact_id).subquery()
    query = (
        select(c.c.id, c.c.debtor_id, c.c.business_day, c.c.post_by, c.c.deadline_on, cents.c.cents)
        .join(cents, cents.c.contact_id == c.c.id)
        .where(
            c.c.channel == Channel.REGISTERED_LETTER.value, c.c.state == ContactState.SENT.value, c.c.origin == "run",
            c.c.business_day <= a.as_of.on,
        )
    )  # fmt: skip
    for row in a.connection.execute(query):
        known = told.get(row.id, set())
        if "deposited" not in known:
            due = row.post_by or add_working_days(row.business_day, SOON)
            yield Wait("posting", row.id, row.debtor_id, RECORD, due, int(row.cents))
        elif not known & set(PROOFS) and row.deadline_on and row.deadline_on < a.as_of.on:
            due = add_working_days(row.deadline_on, USUAL)
            yield Wait("proof_of_delivery", row.id, row.debtor_id, RECORD, due, int(row.cents))


def _iban(a: Asking) -> Iterator[Wait]:
    change = pending_iban(a.connection)
    if change is not None:
        due = add_working_days(change.effective_on, SOON)
        yield Wait("iban_change", change.id, None, "role:creditor_iban", due)
