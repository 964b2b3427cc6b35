"""Penalties and the flat fee that a person gave up for an item; each waiver is a row, its end an event."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.facts import ended
from recouvrement.ledger.tables.agreed import penalty_waiver
from recouvrement.ledger.tables.facts import fact_event

PARTS = ("all", "penalties", "indemnity")


def waivers_of(connection: Connection, item_ids: Sequence[str], as_of: AsOf) -> dict[str, list[Any]]:
    """The standing waivers of some items (part, amount_cents or None for all of it), oldest first."""
    w, found = penalty_waiver, defaultdict(list)
    undone = ended().where(seen(fact_event, as_of))
    for start in range(0, len(item_ids), 500):
        query = select(w).where(
            w.c.open_item_id.in_(item_ids[start : start + 500]), seen(w, as_of), w.c.id.not_in(undone)
        )
        for row in connection.execute(query.order_by(w.c.act_id, w.c.id)):
            found[row.open_item_id].append(row)
    return dict(found)


def without_waived(ledger: PenaltyLedger, waivers: Sequence[Any]) -> PenaltyLedger:
    """The claim balance less what was given up; what accrued and what payments took stay as they were.

    A waiver of an amount takes that much off the penalties still due, never more than they are.
    """
    penalty, indemnity = ledger.penalty_cents, ledger.indemnity_cents
    for waiver in waivers:
        if waiver.part in {"all", "penalties"}:
            penalty -= penalty if waiver.amount_cents is None else min(waiver.amount_cents, penalty)
        if waiver.part in {"all", "indemnity"} and waiver.amount_cents is None:
            indemnity = 0
    return replace(
        ledger,
        penalty_cents=penalty,
        indemnity_cents=indemnity,
        waived_penalty_cents=ledger.penalty_cents - penalty,
        waived_indemnity_cents=ledger.indemnity_cents - indemnity,
    )
