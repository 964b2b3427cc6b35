"""What becomes of a dispute: looked at again later, or settled; what was accepted waits for its credit note."""

from datetime import date
from typing import Any

from recouvrement.day.acts_base import Done, items_named, not_before, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, move_wait, open_facts, record_fact
from recouvrement.ledger.following import AWAITED
from recouvrement.ledger.item_money import money_of

OUTCOMES = ("accepted", "rejected", "withdrawn", "part")


def settle_dispute(
    house: House, invoice: str, *, outcome: str, on: date, operator: str, cents: int | None = None,
    credit_by: date | None = None,
) -> Done:  # fmt: skip
    """Settle the dispute of an invoice: `accepted`, `rejected`, `withdrawn`, or `part` (of which `cents` are accepted).

    What is accepted stays out of every demand until its credit note has come, and is looked at again on `credit_by`;
    the rest is back on the ladder at once.
    """

    def write(act: Act) -> str:
        refuse_when(outcome not in OUTCOMES, "unknown_outcome")
        rows = _disputes(act, house, invoice)
        accepted = _accepted(act, rows, outcome, cents, on)
        if accepted:
            refuse_when(credit_by is None, "credit_note_day_missing")
            not_before(credit_by or on, on)
        for row in rows:
            close_fact(act, "dispute", row.id, effective_on=on, event=outcome, amount_cents=accepted.get(row.id))
        for row in rows:
            if part := accepted.get(row.id):
                record_fact(
                    act, "dispute", row.debtor_id, effective_on=on, open_item_id=row.open_item_id, disputed_cents=part,
                    category=AWAITED, owner=operator, wait_until=credit_by, note_id=row.note_id,
                )  # fmt: skip
        return str(rows[0].id)

    return perform(house, "settle_dispute", operator, write)


def _disputes(act: Act, house: House, invoice: str) -> list[Any]:
    items = items_named(act, house, invoice)
    ids = {item.id for item in items}
    rows = [r for r in open_facts(act.connection, "dispute", items[0].debtor_id) if r.open_item_id in ids]
    refuse_when(not rows, "not_disputed")
    return rows


def _accepted(act: Act, rows: list[Any], outcome: str, cents: int | None, on: date) -> dict[str, int]:
    """What is accepted of each dispute, in minor units; nothing when it is rejected or withdrawn."""
    if outcome in {"rejected", "withdrawn"}:
        refuse_when(cents is not None, "no_amount_expected")
        return {}
    held = {
        i.id: max(i.open_cents, 0) for i in money_of(act.connection, [r.open_item_id for r in rows], AsOf(on, act.id))
    }
    contested = {r.id: min(r.disputed_cents or held[r.open_item_id], held[r.open_item_id]) for r in rows}
    if outcome == "accepted":
        refuse_when(cents is not None, "no_amount_expected")
        return contested
    refuse_when(cents is None or not 0 < cents < sum(contested.values()), "part_not_usable")
    left = cents or 0
    parts = {}
    for row_id, most in contested.items():
        parts[row_id] = min(left, most)
        left -= parts[row_id]
    return {row_id: part for row_id, part in parts.items() if part}


def extend_dispute(house: House, invoice: str, *, until: date, on: date, operator: str, owner: str = "") -> Done:
    """Look at a dispute again on a later day, by its owner or another operator."""

    def write(act: Act) -> str:
        not_before(until, on)
        rows = _disputes(act, house, invoice)
        for row in rows:
            move_wait(act, "dispute", row.id, row.debtor_id, owner=owner or operator, due_on=until, on=on)
        return str(rows[0].id)

    return perform(house, "extend_dispute", operator, write)
