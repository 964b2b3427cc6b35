"""Claiming contacts to send them: the balance is read again in the claim, `sending` is committed before DATA."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.policy import Policy
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.content import keep
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.ready import Pairs, Window, Windows, all_stands_still, ready_rows
from recouvrement.ledger.standing import PolicyOf, why_not_all
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tokens import Rate, give_back_of_the_day, give_back_tokens, spend_tokens, tokens_left
from recouvrement.ledger.witness import Witness

S = ContactState
LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A contact that this worker may send: identifiers, frozen bytes' name, where it goes, whose hours, when it was claimed."""

    id: str
    debtor_id: str
    channel: str
    recipient: str | None
    frozen_sha256: str
    message_id: str
    window: Window
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worker asks for: a channel's contacts of a day, of some (creditor, policy) pairs or of all, at a rate.

    `windows` are the (policy, place) pairs whose hours are open now; None asks for no hours (letters do not ring).
    With a `rate`, a token is taken with each claim, in the same transaction: nobody holds a claim while waiting for one.
    """

    channel: Channel
    on: date
    policy: Policy
    pairs: Pairs | None = None
    windows: Windows | None = None
    rate: Rate | None = None
    policy_of: PolicyOf | None = None


def claim(
    ledger: Ledger,
    owner: str,
    *,
    channel: Channel,
    on: date,
    policy: Policy,
    limit: int,
    pairs: Pairs | None = None,
    windows: Windows | None = None,
    rate: Rate | None = None,
    policy_of: PolicyOf | None = None,
) -> list[Claimed]:
    """Claim up to `limit` contacts of a channel that may leave on that day; see `Wanted` for the rest.

    What was paid, blocked or changed since it was frozen is cancelled here, in the same transaction (law 1), and the
    next ones are looked at: an empty list means that nothing is ready, or that the rate allows nothing now. A business
    day that is over in Paris gives none: what it planned has expired.
    """
    wanted = Wanted(channel, on, policy, pairs, windows, rate, policy_of)
    while True:
        claimed, cancelled = _claim_some(ledger, owner, wanted, limit)
        if claimed or not cancelled:
            return claimed


def _claim_some(ledger: Ledger, owner: str, wanted: Wanted, limit: int) -> tuple[list[Claimed], int]:
    """One transaction: what was claimed, and how many were cancelled."""
    with ledger.act("claim", owner) as act:
        if all_stands_still(act.connection):
            return [], 0
        if wanted.rate is not None and wanted.rate.limited:
            limit = min(limit, tokens_left(act.connection, wanted.rate, act.at))
        query = ready_rows(wanted.channel, wanted.on, act.at, pairs=wanted.pairs, windows=wanted.windows)
        query = query.order_by(contact.c.id).limit(limit).with_for_update(skip_locked=True)
        rows = act.connection.execute(query).all() if limit else []
        reasons = why_not_all(
            act.connection, rows, wanted.on, wanted.policy, known_to=act.id, policy_of=wanted.policy_of
        )
        claimed = [row for row in rows if _moved(act, row, owner, reasons[row.id])]
        if wanted.rate is not None:
            spend_tokens(act, wanted.rate, len(claimed))
        return [_claimed(row, act.at) for row in claimed], len(rows) - len(claimed)


def _claimed(row: Any, moment: datetime) -> Claimed:
    window = (row.policy_sha256, row.place)
    return Claimed(row.id, row.debtor_id, row.channel, row.recipient, row.frozen_sha256, row.message_id, window, moment)


def _moved(act: Act, row: Any, owner: str, reason: str | None) -> bool:
    """Claim a ready row, or cancel it for a reason; say whether it was claimed."""
    ready = Fence((S.READY,))
    if reason:
        move(act, row.id, S.CANCELLED, fence=ready, reason=reason)
        return False
    changes = {"owner": owner, "lease_until": act.at + LEASE, "attempts": row.attempts + 1}
    return move(act, row.id, S.CLAIMED, fence=ready, changes=changes)


def release(ledger: Ledger, claimed: Sequence[Claimed], owner: str, *, rate: Rate | None = None) -> int:
    """Give back claims whose message never came near the wire, with the tokens they had taken; return how many."""
    if not claimed:
        return 0
    with ledger.act("release", owner) as act:
        changes = {"owner": None, "lease_until": None}
        fence = Fence((S.CLAIMED,), owner)
        count = sum(move(act, one.id, S.READY, fence=fence, reason="given_back", changes=changes) for one in claimed)
        if rate is not None:
            give_back_tokens(act, rate, count)
        return count


def begin_sending(
    ledger: Ledger,
    witness: Witness,
    claimed: Claimed,
    owner: str,
    *,
    reason: str | None = None,
    lease: timedelta = LEASE,
) -> bool:
    """Commit `sending` with the next send number, then tell the witness; False when the claim was lost or nothing may leave.

    `reason` is kept with the move (the batch of a letter). The witness hears after the commit and before anything
    leaves: a ledger put back from a backup is behind it. `lease` is longer than the relay may take to answer.
    """
    with ledger.act("begin_sending", owner) as act:
        if all_stands_still(act.connection):
            return False
        known = act.connection.scalar(select(func.coalesce(func.max(contact.c.send_number), 0)))
        number = 1 + max(int(known or 0), witness.last())
        changes = {"send_number": number, "lease_until": act.at + lease}
        if not move(act, claimed.id, S.SENDING, fence=Fence((S.CLAIMED,), owner), reason=reason, changes=changes):
            return False
    witness.record(number, claimed.message_id)
    return True


# What may be said of an attempt from where the row stands. A worker that slept past its lease finds its row `unknown`:
# what the relay answered it is then what was missing, and settles it.
FROM = {
    S.READY: (S.CLAIMED, S.SENDING),
    S.FAILED: (S.CLAIMED, S.SENDING),
    S.SENT: (S.SENDING, S.UNKNOWN),
    S.UNKNOWN: (S.SENDING,),
}


def settle(
    ledger: Ledger,
    claimed: Claimed,
    owner: str,
    to: ContactState,
    *,
    reason: str | None,
    evidence: bytes = b"",
    retry_in: timedelta | None = None,
    witness: Witness | None = None,
    charged: Rate | None = None,
) -> bool:
    """Record what became of an attempt; False when another worker has taken the row over meanwhile.

    A `witness` is told when nothing left although `sending` was committed; the `charged` account gets back its message of the
    day, when its provider saw nothing of it.
    """
    with ledger.act("settle_sending", owner) as act:
        name = keep(act, evidence, "text/plain") if evidence else None
        changes: dict[str, object] = {}
        if to is S.READY:
            changes = {"owner": None, "lease_until": None, "retry_at": act.at + (retry_in or timedelta())}
        elif to is S.SENT:
            changes = {"sent_at": act.at}
        fence = Fence(FROM[to], owner)
        moved = move(act, claimed.id, to, fence=fence, reason=reason, evidence=name, changes=changes)
        if moved and charged is not None:
            give_back_of_the_day(act, charged, 1)
        number = act.connection.scalar(select(contact.c.send_number).where(contact.c.id == claimed.id))
    if moved and number is not None and witness is not None and to in {S.READY, S.FAILED}:
        witness.take_back(number, claimed.message_id)
    return moved
