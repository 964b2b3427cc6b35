"""Formal notices that were sent although the money was there: found from what was learned after they were frozen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.clock import PARIS
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.policy import WITHDRAWAL
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.contacts import contact, contact_item

MONEY = ("payment",)
# a withdrawal that stands, or that a person refused, is not proposed again; one that lapsed or was cancelled is
ANSWERED_BY = frozenset(ContactState) - {ContactState.CANCELLED, ContactState.EXPIRED}


@dataclass(frozen=True, slots=True)
class Early:
    """A notice with the items whose money came before it: (item, cycle, cents of that money), and the day it was all there."""

    notice: Any
    items: tuple[tuple[str, int, int], ...]
    paid_on: date


def early_paid(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Early]:
    """The notices that left with items whose payment, learned since, was effective before the day they left; oldest first.

    A notice may wait for its approval: money that came in meanwhile was there before it.
    """
    c, i = contact, contact_item
    query = (
        select(c, i.c.open_item_id, i.c.ladder_cycle)
        .join(i, i.c.contact_id == c.c.id)
        .where(
            c.c.creditor_id == creditor_id, c.c.deadline_on.is_not(None), c.c.origin == "run",
            c.c.state.in_([state.value for state in LEFT]), c.c.business_day <= as_of.on,
        )
        .order_by(c.c.business_day, c.c.id, i.c.id)
    )  # fmt: skip
    rows = connection.execute(query).all()
    paid = _payments(connection, sorted({row.open_item_id for row in rows}), as_of)
    answered = _answered(connection)
    found: dict[str, list[tuple[Any, list[Any]]]] = defaultdict(list)
    for row in rows:
        left = row.sent_at.astimezone(PARIS).date() if row.sent_at else row.business_day
        early = [a for a in paid.get(row.open_item_id, ()) if a.value_on < left and a.act_id > row.act_id]
        if early and (row.open_item_id, row.ladder_cycle) not in answered:
            found[row.id].append((row, early))
    return [_early(pairs) for pairs in found.values()]


def _early(pairs: list[tuple[Any, list[Any]]]) -> Early:
    items = tuple((row.open_item_id, row.ladder_cycle, sum(a.amount_cents for a in early)) for row, early in pairs)
    return Early(pairs[0][0], items, max(a.value_on for _, early in pairs for a in early))


def _payments(connection: Connection, item_ids: list[str], as_of: AsOf) -> dict[str, list[Any]]:
    """Standing payments of items."""
    a = allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None), seen(a, as_of))
    found: dict[str, list[Any]] = defaultdict(list)
    for start in range(0, len(item_ids), 500):
        query = select(a).where(
            a.c.open_item_id.in_(item_ids[start : start + 500]), a.c.kind.in_(MONEY), a.c.amount_cents > 0,
            seen(a, as_of), a.c.undoes.is_(None), a.c.id.not_in(undone),
        )  # fmt: skip
        for row in connection.execute(query.order_by(a.c.value_on, a.c.id)):
            found[row.open_item_id].append(row)
    return found


def _answered(connection: Connection) -> set[tuple[str, int]]:
    i, c = contact_item, contact
    query = select(i.c.open_item_id, i.c.ladder_cycle).join(c, c.c.id == i.c.contact_id)
    states = [state.value for state in ANSWERED_BY]
    rows = connection.execute(query.where(i.c.step == WITHDRAWAL, c.c.state.in_(states)))
    return {(item, cycle) for item, cycle in rows}


def still_early(connection: Connection, row: Any, items: list[Any], as_of: AsOf) -> bool:
    """Whether each item of a withdrawal still has a payment: one that was undone meanwhile withdraws nothing."""
    paid = _payments(connection, [item.open_item_id for item in items], as_of)
    return all(any(a.value_on < row.business_day for a in paid.get(item.open_item_id, ())) for item in items)
