"""Payment plans: written with their instalments, followed against what comes in, ended when kept or broken.

What came in is read from the balances of the items covered, so that a payment that comes back is seen too. A plan that
breaks with an acceleration clause (decheance du terme) makes all of it due; without one only
the instalments whose day has come are asked for, and the rest stays out of every demand until its own day.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.policy import Policy
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, ended, record_fact, write_event
from recouvrement.ledger.item_money import money_of
from recouvrement.ledger.tables.facts import fact_event, plan, plan_instalment, plan_item

KEPT, MISSED, BROKEN, ACCELERATED = "kept", "missed", "broken", "accelerated"
FAILED = (BROKEN, ACCELERATED)
Instalment = tuple[date, int]


@dataclass(frozen=True, slots=True)
class PlanRead:
    """A plan with its items and its instalments in order of their days (id, day, cents)."""

    row: Any
    items: tuple[str, ...]
    instalments: tuple[tuple[str, date, int], ...]

    def due(self, on: date, *, grace: int = 0) -> int:
        """Cents of the instalments whose day, plus a grace, is over."""
        return sum(cents for _, day, cents in self.instalments if day + timedelta(days=grace) < on)

    def to_come(self, on: date) -> int:
        """Cents of the instalments whose day is not over."""
        return sum(cents for _, day, cents in self.instalments if day >= on)

    @property
    def total(self) -> int:
        """Cents of all instalments."""
        return sum(cents for _, _, cents in self.instalments)


def write_plan(
    act: Act,
    debtor_id: str,
    item_ids: Sequence[str],
    instalments: Sequence[Instalment],
    *,
    acceleration: bool,
    on: date,
    note_id: str | None = None,
) -> str:
    """Write a plan over items; the instalments are (day, cents). Returns its id."""
    told = {"acceleration_clause": int(acceleration), "note_id": note_id}
    plan_id = record_fact(act, "plan", debtor_id, effective_on=on, **told)
    rows = [
        {"id": act.new_id(), "act_id": act.id, "plan_id": plan_id, "due_on": day, "amount_cents": cents}
        for day, cents in sorted(instalments)
    ]
    covered = [{"id": act.new_id(), "act_id": act.id, "plan_id": plan_id, "open_item_id": i} for i in item_ids]
    act.connection.execute(insert(plan_instalment), rows)
    act.connection.execute(insert(plan_item), covered)
    return plan_id


def plans_with(connection: Connection, rows: Sequence[Any]) -> list[PlanRead]:
    """Those plan rows with their items and instalments."""
    ids = [row.id for row in rows]
    items: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[tuple[str, date, int]]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        query = select(plan_item).where(plan_item.c.plan_id.in_(some)).order_by(plan_item.c.id)
        for row in connection.execute(query):
            items[row.plan_id].append(row.open_item_id)
        due = select(plan_instalment).where(plan_instalment.c.plan_id.in_(some))
        for row in connection.execute(due.order_by(plan_instalment.c.due_on, plan_instalment.c.id)):
            parts[row.plan_id].append((row.id, row.due_on, row.amount_cents))
    return [PlanRead(row, tuple(items[row.id]), tuple(parts[row.id])) for row in rows]


def running_plans(connection: Connection, as_of: AsOf) -> list[PlanRead]:
    """Every plan that has not ended, oldest first."""
    query = select(plan).where(seen(plan, as_of), plan.c.id.not_in(ended())).order_by(plan.c.id)
    return plans_with(connection, connection.execute(query).all())


def running_plan_of(connection: Connection, item_id: str) -> str | None:
    """The id of the running plan that covers an item, or None."""
    query = select(plan_item.c.plan_id).where(plan_item.c.open_item_id == item_id, plan_item.c.plan_id.not_in(ended()))
    return connection.scalar(query.limit(1))


def follow_plans(act: Act, policy: Policy, *, on: date) -> dict[str, int]:
    """Say of each running plan's instalments whether they were kept or missed, and end plans kept or broken; count."""
    counts = {"instalments_kept": 0, "instalments_missed": 0, "plans_kept": 0, "plans_broken": 0}
    for one in running_plans(act.connection, AsOf(on, act.id)):
        left = sum(i.open_cents for i in money_of(act.connection, one.items, AsOf(on, act.id)))
        paid = one.total - left
        _tell_instalments(act, one, paid, on, counts)
        if left <= 0:
            close_fact(act, "plan", one.row.id, effective_on=on, event=KEPT)
            counts["plans_kept"] += 1
        elif paid < one.due(on, grace=policy.promise_grace):
            event = ACCELERATED if one.row.acceleration_clause and policy.accelerates_plans else BROKEN
            close_fact(act, "plan", one.row.id, effective_on=on, event=event, reason="instalment_missed",
                       amount_cents=one.due(on, grace=policy.promise_grace) - paid)  # fmt: skip
            counts["plans_broken"] += 1
    return counts


def _tell_instalments(act: Act, one: PlanRead, paid: int, on: date, counts: dict[str, int]) -> None:
    """Instalments are met in order: one is kept once all that fell due up to it came in, missed once its day is over."""
    ids = [i for i, _, _ in one.instalments]
    rows = act.connection.execute(
        select(fact_event.c.fact_id, fact_event.c.event).where(fact_event.c.fact_id.in_(ids))
    ).all()
    said = {(row.fact_id, row.event) for row in rows}
    owed = 0
    for instalment_id, day, cents in one.instalments:
        owed += cents
        event = KEPT if paid >= owed else MISSED if day < on else ""
        if event and (instalment_id, event) not in said and (instalment_id, KEPT) not in said:
            write_event(act, "plan_instalment", instalment_id, one.row.debtor_id, effective_on=on, event=event,
                        amount_cents=cents)  # fmt: skip
            counts[f"instalments_{event}"] += 1
