"""Whether a frozen contact may still leave: what is open, what blocks, what was approved, read again in the claim."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.policy import RECEIPT_IN_DOUBT, WITHDRAWAL, Policy
from recouvrement.domain.position import DebtorPosition
from recouvrement.domain.protection import accounts_stand_against, debtor_block, item_block
from recouvrement.domain.reasons import Reason
from recouvrement.ledger.approvals import standing_approval
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.outbox import items_of
from recouvrement.ledger.overtaken import BALANCE_CHANGED, overtaken
from recouvrement.ledger.positions import Range, read_positions
from recouvrement.ledger.tables.parties import debtor
from recouvrement.ledger.withdrawals import still_early

CROWD = 50  # debtors read beside each one that is asked for, at most, before they are read one at a time


PolicyOf = Callable[[str], Policy]


def why_not_all(
    connection: Connection,
    rows: Sequence[Any],
    on: date,
    policy: Policy,
    *,
    known_to: int,
    policy_of: PolicyOf | None = None,
) -> dict[str, str | None]:
    """For each contact the reason why it must not leave any more, or None: what is open changed, a block appeared.

    `policy` is the firm's own; `policy_of` gives the one of a version that a contact names, whose limits it is held to.
    """
    items = items_of(connection, [row.id for row in rows])
    positions = _positions(connection, rows, on, policy, known_to)
    found: dict[str, str | None] = {}
    for row in rows:
        if row.step == WITHDRAWAL:
            found[row.id] = _against_a_withdrawal(connection, row, items[row.id], AsOf(on, known_to))
            continue
        position = positions.get(row.debtor_id)
        found[row.id] = (
            "paid"
            if position is None
            else _against(position, row, items[row.id], on, policy_of(row.policy_sha256) if policy_of else policy)
        )
        found[row.id] = found[row.id] or _against_the_ledger(connection, row, items[row.id], on, known_to)
    return found


def _positions(
    connection: Connection, rows: Sequence[Any], on: date, policy: Policy, known_to: int
) -> dict[str, DebtorPosition]:
    """The positions of some debtors: in one reading where they are neighbours, else one by one."""
    found: dict[str, DebtorPosition] = {}
    for creditor_id in {row.creditor_id for row in rows}:
        wanted = sorted({row.debtor_id for row in rows if row.creditor_id == creditor_id})
        parts = [Range(wanted[0], wanted[-1])]
        if _crowd(connection, parts[0]) > CROWD * len(wanted):
            parts = [Range(debtor_id, debtor_id) for debtor_id in wanted]
        for part in parts:
            read = read_positions(connection, creditor_id, part, policy, AsOf(on, known_to))
            found |= {position.id: position for position in read}
    return found


def _crowd(connection: Connection, part: Range) -> int:
    counted = select(func.count()).select_from(debtor).where(debtor.c.id.between(part.first, part.last))
    return int(connection.scalar(counted) or 0)


def _against(position: DebtorPosition, row: Any, items: list[Any], on: date, policy: Policy) -> str | None:
    """What the debtor's position says against a contact."""
    now = {item.id: item for item in position.items}
    for item in items:
        held = now.get(item.open_item_id)
        if held is None:
            return "paid"
        if held.open_cents != item.open_cents:
            return BALANCE_CHANGED
        if held.cycle != item.ladder_cycle or item.step in held.waived:
            return "step_withdrawn"  # the ladder began anew, or a person left the step out
        blocked = item_block(held, position, on=on)
        if blocked:
            return blocked[1].value
    block = debtor_block(position, policy, on=on)
    if block:
        return block[1].value
    if bool(position.doubts) is not (row.step == RECEIPT_IN_DOUBT.code):
        return Reason.MONEY_IN_DOUBT.value if position.doubts else "receipt_attributed"
    step = policy.step(row.step)
    if step is not None and accounts_stand_against(step, position):
        return Reason.ACCOUNTS_DIFFER.value
    return None


def _against_a_withdrawal(connection: Connection, row: Any, items: list[Any], as_of: AsOf) -> str | None:
    """A withdrawal asks for nothing: what blocks demands does not block it; it needs its approval and the payment."""
    if not still_early(connection, row, items, as_of):
        return "payment_undone"
    return None if standing_approval(connection, row, items, as_of.on) else "approval_lapsed"


def _against_the_ledger(connection: Connection, row: Any, items: list[Any], on: date, known_to: int) -> str | None:
    if reason := overtaken(connection, row, items, known_to):
        return reason
    if row.needs_approval and not standing_approval(connection, row, items, on):
        return "approval_lapsed"
    return None
