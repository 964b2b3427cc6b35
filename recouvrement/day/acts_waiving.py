"""What a person gives up or explains: a step of the ladder, penalties, a difference with the accounts."""

from datetime import date

from recouvrement.day.acts_base import Done, items_named, noted, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import (
    close_fact,
    item_standing,
    mark_item,
    open_facts,
    record_fact,
    restore_step,
    waive_step,
)
from recouvrement.ledger.item_money import money_of
from recouvrement.ledger.waivers import PARTS

STEP_EVENTS = ("step_waived", "step_restored")
ACCOUNT_EVENTS = ("cleared_in_accounts", "explained")


def waive(house: House, invoice: str, step: str, *, reason: str, on: date, operator: str) -> Done:
    """Leave a step of the ladder out for an invoice, with a reason; the steps after it keep their order and gaps."""
    return _step(house, invoice, step, reason, on, operator, waived=True)


def restore(house: House, invoice: str, step: str, *, reason: str, on: date, operator: str) -> Done:
    """Put a step that was left out back on the ladder of an invoice."""
    return _step(house, invoice, step, reason, on, operator, waived=False)


def _step(house: House, invoice: str, step: str, reason: str, on: date, operator: str, *, waived: bool) -> Done:
    def write(act: Act) -> str:
        refuse_when(house.policy.step(step) is None, "unknown_step")
        items = items_named(act, house, invoice)
        wanted = [
            item
            for item in items
            if (item_standing(act.connection, item.id, STEP_EVENTS, step=step) == "step_waived") is not waived
        ]
        refuse_when(not wanted, "waived_already" if waived else "not_waived")
        for item in wanted:
            (waive_step if waived else restore_step)(act, item.id, item.debtor_id, step, on=on, reason=reason)
        return str(wanted[0].id)

    return perform(house, "waive_step" if waived else "restore_step", operator, write)


def waive_penalties(
    house: House, invoice: str, *, part: str, reason: str, on: date, operator: str, cents: int | None = None,
    note_id: str | None = None,
) -> Done:  # fmt: skip
    """Give up what an invoice bears beside its principal: `all`, `penalties` (or `cents` of them), or the `indemnity`.

    The claim balance follows; the accounting balance never held them. `restore_penalties` takes it back.
    """

    def write(act: Act) -> str:
        refuse_when(part not in PARTS, "unknown_part")
        refuse_when(cents is not None and part != "penalties", "no_amount_expected")
        refuse_when(cents is not None and cents <= 0, "amount_not_positive")
        items = items_named(act, house, invoice)
        refuse_when(cents is not None and len(items) > 1, "amount_for_several_instalments")
        standing = {row.open_item_id for row in open_facts(act.connection, "penalty_waiver", items[0].debtor_id)}
        refuse_when(standing & {item.id for item in items}, "waived_already")
        told = {"part": part, "amount_cents": cents, "reason": reason, "note_id": noted(act, note_id)}
        ids = [
            record_fact(act, "penalty_waiver", i.debtor_id, effective_on=on, open_item_id=i.id, **told) for i in items
        ]
        return ids[0]

    return perform(house, "waive_penalties", operator, write)


def restore_penalties(house: House, invoice: str, *, reason: str, on: date, operator: str) -> Done:
    """Take a waiver of penalties back: the claim balance is as if it had never been given."""

    def write(act: Act) -> str:
        items = items_named(act, house, invoice)
        ids = {item.id for item in items}
        rows = [r for r in open_facts(act.connection, "penalty_waiver", items[0].debtor_id) if r.open_item_id in ids]
        refuse_when(not rows, "not_waived")
        for row in rows:
            close_fact(act, "penalty_waiver", row.id, effective_on=on, event="taken_back", reason=reason)
        return str(rows[0].id)

    return perform(house, "restore_penalties", operator, write)


def explain_cleared(house: House, invoice: str, *, reason: str, on: date, operator: str) -> Done:
    """Say that an invoice which the accounts show as settled is owed all the same: it is back on the ladder.

    When the money did come in, match its bank line or note the receipt instead.
    """

    def write(act: Act) -> str:
        items = items_named(act, house, invoice)
        held = [
            item for item in items if item_standing(act.connection, item.id, ACCOUNT_EVENTS) == "cleared_in_accounts"
        ]
        refuse_when(not held, "not_cleared_in_accounts")
        money = {m.id: m.open_cents for m in money_of(act.connection, [i.id for i in held], AsOf(on, act.id))}
        for item in held:
            mark_item(act, item.id, on=on, event="explained", reason=reason)
            told = {"item": item.id, "reason": reason, "open": money[item.id]}
            journal.append(act, item.debtor_id, JournalEvent.FACT_CLOSED, {"kind": "cleared_in_accounts", **told})
        return str(held[0].id)

    return perform(house, "explain_cleared", operator, write)
