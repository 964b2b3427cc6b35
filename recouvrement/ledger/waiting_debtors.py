"""Debtors about whom a person must decide before anything goes: protected ones, and those whose kind nobody has said."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.domain.ladder import Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.ledger.as_of import newest, seen
from recouvrement.ledger.facts import ended
from recouvrement.ledger.item_money import ItemMoney, money_of
from recouvrement.ledger.tables.facts import party_status
from recouvrement.ledger.tables.invoices import item_version, open_item
from recouvrement.ledger.tables.parties import debtor, debtor_version
from recouvrement.ledger.waiting_list import RECORD, USUAL, Asking, Wait, owed

ASKS_THE_KIND = frozenset({Stage.FIRM, Stage.FORMAL_NOTICE, Stage.HAND_OFF})


def protected_debtors(a: Asking) -> Iterator[Wait]:
    """Debtors who owe and must not be chased (over-indebted, deceased, a protected adult, struck off): what now?"""
    p = party_status
    query = select(p).join(debtor, debtor.c.id == p.c.debtor_id).where(debtor.c.creditor_id == a.creditor_id)
    query = query.where(seen(p, a.as_of), p.c.id.not_in(ended())).order_by(p.c.act_id, p.c.id)
    for row in a.connection.execute(query).all():
        cents, currency = owed(a, row.debtor_id)
        if cents:
            due = add_working_days(row.effective_on, USUAL)
            yield Wait("protected_debtor", row.id, row.debtor_id, RECORD, due, cents, currency)


def kinds_unknown(a: Asking) -> Iterator[Wait]:
    """Debtors whose ladder stands still until somebody says what they are in law, one wait for each; its id is the debtor's."""
    first = min((s.offset for s in a.policy.steps if s.needs_known_kind or s.stage in ASKS_THE_KIND), default=None)
    if first is None:
        return
    held: dict[str, list[ItemMoney]] = {}
    for item in money_of(a.connection, _items(a, a.as_of.on - timedelta(days=first)), a.as_of):
        if item.open_cents > 0:
            held.setdefault(item.debtor_id, []).append(item)
    for debtor_id, items in held.items():
        currency = max(items, key=lambda item: item.open_cents).currency
        cents = sum(item.open_cents for item in items if item.currency == currency)
        due = add_working_days(items[0].due_on + timedelta(days=first), USUAL)
        yield Wait("kind_unknown", debtor_id, debtor_id, RECORD, due, cents, currency)


def _items(a: Asking, upto: date) -> list[str]:
    """Items due up to a day, of debtors of unknown kind."""
    v, d = item_version, debtor_version
    query = (
        select(v.c.open_item_id)
        .join(open_item, open_item.c.id == v.c.open_item_id)
        .join(debtor, debtor.c.id == open_item.c.debtor_id)
        .join(d, d.c.debtor_id == debtor.c.id)
        .where(debtor.c.creditor_id == a.creditor_id, d.c.kind == DebtorKind.UNKNOWN.value)
        .where(newest(d, "debtor_id", a.as_of), newest(v, "open_item_id", a.as_of), v.c.due_on <= upto)
    )
    return list(a.connection.scalars(query))
