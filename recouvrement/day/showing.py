"""What a person asks to see: balances by debtor, and why an invoice is or is not chased."""

from datetime import date
from typing import Any

from recouvrement.day.decisions import decided
from recouvrement.day.held_up import held_up
from recouvrement.day.house import House
from recouvrement.domain.escalation import Decision, ItemDecision
from recouvrement.domain.lateness import bucket, days_late
from recouvrement.domain.money import printed
from recouvrement.domain.position import DebtorPosition, StepTaken
from recouvrement.domain.reasons import sentence
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.item_details import applied_to, item_details
from recouvrement.ledger.parties import debtor_rows
from recouvrement.ledger.positions import Range, debtor_ranges, read_positions


def balances(house: House, *, on: date) -> list[dict[str, Any]]:
    """Open principal by debtor and currency with its buckets, largest first; credits are negative and stand in `not_due`."""
    creditor_id, known_to = house.creditor(), house.ledger.known_to()
    rows: dict[tuple[str, str], dict[str, int]] = {}
    with house.ledger.reading() as connection:
        for part in debtor_ranges(connection, creditor_id, known_to, house.settings.decision_batch):
            for position in read_positions(connection, creditor_id, part, house.policy, AsOf(on, known_to)):
                _add(rows, position, house, on)
        names = debtor_rows(connection, sorted({debtor for debtor, _ in rows}), AsOf(on, known_to))
    found = [
        {
            "debtor": names[debtor].code,
            "name": names[debtor].name,
            "currency": currency,
            "total_cents": sum(cells.values()),
            "buckets": cells,
        }
        for (debtor, currency), cells in rows.items()
    ]
    return sorted(found, key=lambda r: (-r["total_cents"], r["debtor"]))


def _add(rows: dict[tuple[str, str], dict[str, int]], position: DebtorPosition, house: House, on: date) -> None:
    for item in position.items:
        name = (
            "not_due"
            if item.open_cents < 0
            else bucket(days_late(item.due_on, on=on), soon=house.policy.due_soon, edges=house.policy.edges)
        )
        cells = rows.setdefault((position.id, item.currency), {})
        cells[name] = cells.get(name, 0) + item.open_cents
    for currency, cents in position.credit_cents:
        cells = rows.setdefault((position.id, currency), {})
        cells["not_due"] = cells.get("not_due", 0) - cents


def explain(house: House, number: str, *, on: date) -> list[dict[str, Any]]:
    """The decision of each item of an invoice on a day, what was applied to it, what was done to it."""
    house = house.on_day(on)
    creditor_id, known_to = house.creditor(), house.ledger.known_to()
    with house.ledger.reading() as connection:
        items = find_items(connection, creditor_id, number)
    if not items:
        return []
    debtor_id = items[0].debtor_id
    pairs = list(decided(house, creditor_id, Range(debtor_id, debtor_id), on=on, known_to=known_to))
    return [_told(house, item.id, number, pairs[0] if pairs else None, on, known_to) for item in items]


def _told(
    house: House, item_id: str, number: str, pair: tuple[DebtorPosition, Decision] | None, on: date, known_to: int
) -> dict[str, Any]:
    with house.ledger.reading() as connection:
        as_of = AsOf(on, known_to)
        detail = item_details(connection, [item_id], as_of).get(item_id)
        applied = applied_to(connection, [item_id], as_of)[item_id]
    found = next((d for d in pair[1].items if d.item_id == item_id), None) if pair else None
    position = next((i for i in pair[0].items if i.id == item_id), None) if pair else None
    paid = [
        {"on": a.value_on.isoformat(), "cents": a.amount_cents, "kind": a.kind, "method": a.method, "reason": a.reason}
        for a in applied
    ]
    steps = [_step(house, t, on) for t in position.taken] if position else []
    head = {"invoice": number, "on": on.isoformat(), "applied": paid, "steps": steps}
    if found is None:
        what = "not_known_then" if detail is None else "nothing_open"
        return {
            **head,
            "action": "none",
            "reason": what,
            "open_cents": 0,
            "lines": [f"{number} on {on}: {what.replace('_', ' ')}", *_applied_lines(paid)],
        }
    return {**head, **_decision(found), "lines": _lines(number, found, on, paid, steps)}


def _step(house: House, t: StepTaken, on: date) -> dict[str, Any]:
    told: dict[str, Any] = {"on": t.on.isoformat(), "step": t.step, "channel": t.channel.value, "state": t.state.value}
    held = held_up(house, t, on=on)
    return told if held is None else {**told, "waits": held.as_json(), "sentence": held.sentence}


def _decision(d: ItemDecision) -> dict[str, Any]:
    return {
        "action": d.action.value, "reason": d.reason.value, "bucket": d.bucket, "stage": d.stage.value, "step": d.step,
        "channel": d.channel.value if d.channel else None, "open_cents": d.open_cents, "currency": d.currency, "days_late": d.days_late,
        "next_on": d.next_on.isoformat() if d.next_on else None,
    }  # fmt: skip


def _lines(
    number: str, d: ItemDecision, on: date, paid: list[dict[str, Any]], steps: list[dict[str, Any]]
) -> list[str]:
    lines = [
        f"{number} on {on}: {d.action.value}, because {d.reason.value}: {sentence(d.reason, 'en')}",
        f"  open {printed(d.open_cents, d.currency, 'en')}, {d.days_late} days late, bucket {d.bucket}, stage {d.stage.value}"
        + (f", next step {d.step} from {d.next_on}" if d.step else ""),
    ]
    return [*lines, *map(_step_line, steps), *_applied_lines(paid)]


def _step_line(s: dict[str, Any]) -> str:
    waits = f"; {s['sentence']}" if "sentence" in s else ""
    return f"  {s['on']} {s['step']} by {s['channel']}: {s['state']}{waits}"


def _applied_lines(paid: list[dict[str, Any]]) -> list[str]:
    return [f"  {p['on']} {p['kind']} {printed(p['cents'], language='en')} by {p['method']}" for p in paid]
