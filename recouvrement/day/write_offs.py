"""A person lets a sum go, or takes that back: a reason of the policy, a limit, and a role above the limit."""

from datetime import date

from recouvrement.day.acts_base import Done, Refusal, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.day.operators import operators
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.reopening import reopen
from recouvrement.ledger.write_offs import items_open, undo_write_off_rows, write_off_items, written_off_cents


def may_write_off(house: House, operator: str, cents: int) -> bool:
    """Whether an operator may let that much of one invoice go: within the policy's limit, or with the role `write_off`."""
    return cents <= house.policy.money.write_off_cents or "write_off" in operators(house.settings).get(operator, ())


def write_off(house: House, invoice: str, *, cents: int | None, reason: str, on: date, operator: str) -> Done:
    """Let `cents` of an invoice go, or all that is left of it; it leaves the balance and bears penalties no longer.

    The limit counts everything written off of the invoice, so that it is not passed in small parts. The id is that
    of the write-off, for `undo_write_off`. Nothing is remitted silently: a debt is remitted by a decision (Civil Code
    1350).
    """
    refusals = (
        (reason not in house.policy.money.write_off_reasons, "unknown_reason"),
        (cents is not None and cents <= 0, "amount_not_positive"),
    )
    if code := next((code for holds, code in refusals if holds), ""):
        return Done(refused=code)
    creditor_id = house.creditor()

    def written(act: Act) -> str:
        as_of = AsOf(on, act.id)
        items = items_open(act.connection, creditor_id, invoice, as_of)
        refuse_when(not items, "unknown_invoice")
        left = sum(max(item.open_cents, 0) for item in items)
        wanted = left if cents is None else cents
        refuse_when(left <= 0, "nothing_open")
        refuse_when(wanted > left, "more_than_is_open")
        before = written_off_cents(act.connection, [item.id for item in items], as_of)
        if not may_write_off(house, operator, before + wanted):
            raise Refusal("above_the_limit")
        write_off_id, parts = write_off_items(act, items, wanted, on=on, reason=reason)
        facts = {
            "write_off": write_off_id,
            "rows": [list(part) for part in parts],
            "reason": reason,
            "on": on.isoformat(),
        }
        journal.append(act, items[0].debtor_id, JournalEvent.WRITTEN_OFF, facts)
        return write_off_id

    return perform(house, "write_off", operator, written)


def undo_write_off(house: House, write_off_id: str, *, on: date, operator: str) -> Done:
    """Take a write-off back: the balance and the penalties are as if it had never been."""

    def undone(act: Act) -> str:
        rows = undo_write_off_rows(act, write_off_id, on=on)
        refuse_when(not rows, "nothing_to_undo")
        reopen(act, [row.open_item_id for row in rows], on=on, reason="write_off_undone")
        facts = {"write_off": write_off_id, "by": operator, "on": on.isoformat()}
        journal.append(act, rows[0].debtor_id, JournalEvent.WRITE_OFF_UNDONE, facts)
        return write_off_id

    return perform(house, "undo_write_off", operator, undone)
