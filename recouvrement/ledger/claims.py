"""Claiming contacts to send them: the balance is read again in the claim, `sending` is committed before DATA."""

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.policy import RECEIPT_IN_DOUBT, Policy
from recouvrement.domain.protection import debtor_block, item_block
from recouvrement.domain.reasons import Reason
from recouvrement.ledger.approvals import standing_approval
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.content import keep
from recouvrement.ledger.marks import Mark, marked
from recouvrement.ledger.outbox import Fence, items_of, move
from recouvrement.ledger.positions import Range, read_positions
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.ledger.tables.facts import dispute
from recouvrement.ledger.tables.invoices import item_version, open_item
from recouvrement.ledger.tables.runs import run_decisions
from recouvrement.ledger.witness import Witness

S = ContactState
LEASE = timedelta(minutes=15)


def new_owner() -> str:
    """A name for this worker: host, process, and chance."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def owner_is_dead(owner: str | None) -> bool:
    """Say whether an owner was a process of this machine that is no more; other machines are judged by their lease."""
    host, _, rest = (owner or "").partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname()[:30] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A contact that this worker may send: identifiers, frozen bytes' name, where it goes."""

    id: str
    debtor_id: str
    channel: str
    recipient: str | None
    frozen_sha256: str
    message_id: str


PolicyOf = Callable[[str], Policy]


def claim(ledger: Ledger, owner: str, *, channel: Channel, on: date, policy: Policy, limit: int) -> list[Claimed]:
    """Claim up to `limit` contacts of a channel that may leave on that day.

    What was paid, blocked or changed since it was frozen is cancelled here, in the same transaction (law 1).
    """
    with ledger.act("claim", owner) as act:
        if marked(act.connection, Mark.PAUSED):
            return []
        query = (
            select(contact)
            .where(contact.c.state == S.READY.value, contact.c.channel == channel.value, _may_leave(on, act.at))
            .order_by(contact.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = act.connection.execute(query).all()
        items = items_of(act.connection, [row.id for row in rows])
        return [_claimed(row) for row in rows if _still_right(act, row, items[row.id], owner, on, policy)]


def _may_leave(on: date, moment: datetime) -> ColumnElement[bool]:
    today = or_(contact.c.business_day == on, contact.c.needs_approval == 1)
    return today & or_(contact.c.retry_at.is_(None), contact.c.retry_at <= moment)


def _claimed(row: Any) -> Claimed:
    return Claimed(row.id, row.debtor_id, row.channel, row.recipient, row.frozen_sha256, row.message_id)


def _still_right(act: Act, row: Any, items: list[Any], owner: str, on: date, policy: Policy) -> bool:
    reason = why_not(act.connection, row, items, on, policy, known_to=act.id)
    ready = Fence((S.READY,))
    if reason:
        move(act, row.id, S.CANCELLED, fence=ready, reason=reason)
        return False
    changes = {"owner": owner, "lease_until": act.at + LEASE, "attempts": row.attempts + 1}
    return move(act, row.id, S.CLAIMED, fence=ready, changes=changes)


def why_not(
    connection: Connection, row: Any, items: list[Any], on: date, policy: Policy, *, known_to: int
) -> str | None:
    """The reason why a frozen contact must not leave any more, or None: what is open changed, a block appeared."""
    part = Range(row.debtor_id, row.debtor_id)
    positions = list(read_positions(connection, row.creditor_id, part, policy, AsOf(on, known_to)))
    if not positions:
        return "paid"
    position = positions[0]
    now = {item.id: item for item in position.items}
    for item in items:
        held = now.get(item.open_item_id)
        if held is None:
            return "paid"
        if held.open_cents != item.open_cents:
            return "balance_changed"
        blocked = item_block(held, position, on=on)
        if blocked:
            return blocked[1].value
    block = debtor_block(position, policy, on=on)
    if block:
        return block[1].value
    if position.doubts and row.step != RECEIPT_IN_DOUBT.code:
        return Reason.MONEY_IN_DOUBT.value
    if _netted_otherwise(connection, row, items, known_to):
        return "balance_changed"
    if row.needs_approval and not standing_approval(connection, row, items, on):
        return "approval_lapsed"
    return None


def _netted_otherwise(connection: Connection, row: Any, items: list[Any], known_to: int) -> bool:
    """Whether what is taken off the items changed since they were decided: money on account, credit notes, disputes in part."""
    since = row.act_id
    if row.run_id:
        decided = select(func.min(run_decisions.c.act_id)).where(run_decisions.c.run_id == row.run_id)
        since = connection.scalar(decided) or since
    a, v, d = allocation, item_version, dispute
    on_account = select(a.c.id).where(
        a.c.debtor_id == row.debtor_id, a.c.kind == "customer_credit", a.c.act_id.between(since, known_to)
    )
    credit_notes = (
        select(v.c.id)
        .join(open_item, open_item.c.id == v.c.open_item_id)
        .where(open_item.c.debtor_id == row.debtor_id, v.c.amount_cents < 0, v.c.act_id.between(since, known_to))
    )
    disputes = select(d.c.id).where(
        d.c.open_item_id.in_([item.open_item_id for item in items]), d.c.act_id.between(since, known_to)
    )
    return any(connection.scalar(query.limit(1)) is not None for query in (on_account, credit_notes, disputes))


def begin_sending(ledger: Ledger, witness: Witness, claimed: Claimed, owner: str, *, reason: str | None = None) -> bool:
    """Commit `sending` with the next send number, then tell the witness; False when the claim was lost.

    `reason` is kept with the move (the batch of a letter). The witness hears after the commit and before anything
    leaves: a ledger put back from a backup is behind it.
    """
    with ledger.act("begin_sending", owner) as act:
        number = 1 + max(
            int(act.connection.scalar(select(func.coalesce(func.max(contact.c.send_number), 0))) or 0), witness.last()
        )
        changes = {"send_number": number, "lease_until": act.at + LEASE}
        if not move(act, claimed.id, S.SENDING, fence=Fence((S.CLAIMED,), owner), reason=reason, changes=changes):
            return False
    witness.record(number, claimed.message_id)
    return True


def settle(
    ledger: Ledger,
    claimed: Claimed,
    owner: str,
    to: ContactState,
    *,
    reason: str | None,
    evidence: bytes = b"",
    retry_in: timedelta | None = None,
) -> bool:
    """Record what became of an attempt; False when another worker has taken the row over meanwhile."""
    with ledger.act("settle_sending", owner) as act:
        name = keep(act, evidence, "text/plain") if evidence else None
        changes: dict[str, object] = {}
        if to is S.READY:
            changes = {"owner": None, "lease_until": None, "retry_at": act.at + (retry_in or timedelta())}
        elif to is S.SENT:
            changes = {"sent_at": act.at}
        return move(
            act,
            claimed.id,
            to,
            fence=Fence((S.CLAIMED, S.SENDING) if to in {S.READY, S.FAILED} else (S.SENDING,), owner),
            reason=reason,
            evidence=name,
            changes=changes,
        )


Printed = Callable[[str, str], bool]


def recover(ledger: Ledger, actor: str, *, printed: Printed | None = None) -> dict[str, int]:
    """Take back what dead workers left: `claimed` returns to `ready`, `sending` becomes `unknown` and waits for a person.

    A letter's fate can be known: `printed(batch, contact)` says whether its batch was published; if not, nothing left.
    """
    counts = {"ready": 0, "unknown": 0, "sent": 0}
    with ledger.act("recover", actor) as act:
        query = select(contact).where(contact.c.state.in_([S.CLAIMED.value, S.SENDING.value])).order_by(contact.c.id)
        for row in act.connection.execute(query).all():
            if not (row.lease_until is None or row.lease_until <= act.at or owner_is_dead(row.owner)):
                continue
            before = S(row.state)
            after = S.READY if before is S.CLAIMED else _fate(act.connection, row, printed)
            changes: dict[str, object] = {"owner": None, "lease_until": None} if after is S.READY else {}
            if move(act, row.id, after, fence=Fence((before,), row.owner), reason="worker_died", changes=changes):
                counts[after.value] += 1
    return counts


def _fate(connection: Connection, row: Any, printed: Printed | None) -> ContactState:
    """What became of a row that its worker left in `sending`."""
    if printed is None or row.channel not in {Channel.LETTER.value, Channel.REGISTERED_LETTER.value}:
        return S.UNKNOWN
    query = select(contact_event.c.reason).where(
        contact_event.c.contact_id == row.id, contact_event.c.state == S.SENDING.value
    )
    batch = connection.scalar(query.order_by(contact_event.c.act_id.desc()).limit(1))
    return S.SENT if batch and printed(batch, row.id) else S.READY
