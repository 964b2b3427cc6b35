"""What the demo prints of a day: who, which invoices, what was decided and why, one line each, in French."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from recouvrement.day.decisions import decided, ranges
from recouvrement.day.house import House
from recouvrement.domain.escalation import ItemDecision
from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.money import printed
from recouvrement.domain.reasons import Action, sentence
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.item_details import applied_to, item_details
from recouvrement.ledger.parties import debtor_rows
from recouvrement.reports.words import word

METHODS = {
    "reference": "par sa référence",
    "altered_reference": "par sa référence",
    "customer_reference": "par sa référence",
    "payer_and_amount": "par le payeur et le montant",
    "payer_and_sum": "par le payeur et la somme",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was decided for one item on one day, with the names that a person knows it by."""

    debtor: str
    name: str
    number: str
    item_id: str
    decision: ItemDecision


def seen_on(house: House, on: date, known_to: int) -> list[Seen]:
    """Every decision of a day as it was taken, by debtor code then number."""
    creditor_id = house.creditor()
    pairs = [
        pair
        for part in ranges(house, creditor_id, known_to)
        for pair in decided(house, creditor_id, part, on=on, known_to=known_to)
    ]
    as_of = AsOf(on, known_to)
    with house.ledger.reading() as connection:
        names = debtor_rows(connection, [position.id for position, _ in pairs], as_of)
        details = item_details(connection, [d.item_id for _, decision in pairs for d in decision.items], as_of)
    found = [
        Seen(names[position.id].code, names[position.id].name, details[d.item_id].number, d.item_id, d)
        for position, decision in pairs
        for d in decision.items
    ]
    return sorted(found, key=lambda one: (one.debtor, one.number))


def lines_of(seen: Iterable[Seen]) -> list[str]:
    """The decisions of a day by debtor: a line per debtor, one under it per thing decided."""
    by_debtor: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        by_debtor[one.debtor].append(one)
    lines = []
    for some in by_debtor.values():
        total = sum(one.decision.open_cents for one in some)
        lines.append(f"  {some[0].name} ({printed(total)})")
        groups: dict[tuple[Any, ...], list[Seen]] = defaultdict(list)
        for one in some:
            d = one.decision
            groups[d.action, d.reason, d.step, d.channel].append(one)
        lines += [_line(group) for group in groups.values()]
    return lines


def _line(group: list[Seen]) -> str:
    d = group[0].decision
    numbers = ", ".join(one.number for one in group)
    late = max(one.decision.days_late for one in group)
    when = f"{late} j de retard" if late > 0 else "échéance aujourd'hui" if late == 0 else f"échéance dans {-late} j"
    return f"     {_mark(d)} {numbers} ({when}) : {_what(d)}{sentence(d.reason)}"


def _mark(d: ItemDecision) -> str:
    return {Action.CONTACT: "→", Action.HAND_OFF: "⇒", Action.ASK: "?", Action.HOLD: "‖"}.get(d.action, "·")


def _what(d: ItemDecision) -> str:
    if d.action is Action.CONTACT and d.step and d.channel:
        step, channel = word(d.step, "fr"), word(d.channel.value, "fr")
        if d.step == StepCode.CALL and d.channel is not Channel.CALL:
            step = f"{word(StepCode.FRIENDLY_REMINDER, 'fr')}, faute de téléphone,"
        return f"{step}. " if step == channel else f"{step} par {channel}. "
    return ""


def closed_since(house: House, before: Iterable[Seen], now: Iterable[Seen], on: date) -> list[str]:
    """A line for each item that was open the day before of the story and is no more: which money closed it."""
    still = {one.item_id for one in now}
    gone = [one for one in before if one.item_id not in still]
    with house.ledger.reading() as connection:
        applied = applied_to(connection, [one.item_id for one in gone], AsOf(on, house.ledger.known_to()))
    netted = {
        row.bank_line_id: -row.amount_cents for rows in applied.values() for row in rows if row.kind == "credit_note"
    }
    told = [(one, _paid(applied[one.item_id], netted)) for one in gone]
    return [f"  {one.name} : {one.number}, {paid} ; plus rien à demander." for one, paid in told if paid]


def _paid(rows: list[Any], netted: dict[str, int]) -> str:
    """What paid an item: money by its day, and the credit note that the same transfer took off; nothing for a credit note."""
    parts = []
    for row in rows:
        note = netted.get(row.bank_line_id, 0)
        if row.kind == "payment":
            received = printed(row.amount_cents - note, row.currency)
            how = METHODS.get(row.method, row.method)
            parts.append(f"{received} reçus le {row.effective_on:%d/%m/%Y}, reconnus {how}")
            parts += [f"{printed(note, row.currency)} d'avoir déduits"] if note else []
        elif row.amount_cents > 0:
            parts.append(f"{printed(row.amount_cents, row.currency)} d'ajustement")
    return ", ".join(parts)
