"""What dead workers left: a claim returns to ready; what was being sent is known to a folder, or waits for a person."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.outbox import Fence, lease_over, move
from recouvrement.ledger.owners import owner_is_dead
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.ledger.witness import Witness

S = ContactState
LETTERS = frozenset({Channel.LETTER.value, Channel.REGISTERED_LETTER.value})

Printed = Callable[[str, str], bool]


def recover(
    ledger: Ledger, actor: str, *, printed: Printed | None = None, witness: Witness | None = None
) -> dict[str, int]:
    """Take back what dead workers left: `claimed` returns to `ready`, `sending` becomes `unknown` and waits for a person.

    A letter's fate can be known where it was printed: `printed(batch, contact)` says whether its batch was published.
    If so it is `sent`; if not, and the worker is known to be dead, nothing left and it is `ready` again. A worker whose
    lease is over may only be asleep, or of another machine with a folder of its own: then `unknown`. The `witness` is
    told what did not leave after all.
    """
    counts = {"ready": 0, "unknown": 0, "sent": 0}
    held = select(contact).where(contact.c.state.in_([S.CLAIMED.value, S.SENDING.value])).order_by(contact.c.id)
    with ledger.reading() as connection:
        if not any(_abandoned(row, ledger.now()) for row in connection.execute(held)):
            return counts
    not_left: list[Any] = []
    with ledger.act("recover", actor) as act:
        for row in act.connection.execute(held).all():
            after = _taken_back(act, row, printed) if _abandoned(row, act.at) else None
            if after is not None:
                counts[after.value] += 1
            if after is S.READY and row.state == S.SENDING.value:
                not_left.append(row)
    if witness is not None:
        for row in not_left:
            witness.take_back(row.send_number, row.message_id)
    return counts


def _abandoned(row: Any, moment: Any) -> bool:
    return lease_over(row, moment) or owner_is_dead(row.owner)


def _taken_back(act: Act, row: Any, printed: Printed | None) -> ContactState | None:
    before = S(row.state)
    after = S.READY if before is S.CLAIMED else _fate(act.connection, row, printed)
    changes: dict[str, object] = {"owner": None, "lease_until": None} if after is S.READY else {}
    if after is S.SENT:
        changes = {"sent_at": act.at}
    fence = Fence((before,), row.owner)
    return after if move(act, row.id, after, fence=fence, reason="worker_died", changes=changes) else None


def _fate(connection: Connection, row: Any, printed: Printed | None) -> ContactState:
    """What became of a row that its worker left in `sending`."""
    if printed is None or row.channel not in LETTERS:
        return S.UNKNOWN
    query = select(contact_event.c.reason).where(
        contact_event.c.contact_id == row.id, contact_event.c.state == S.SENDING.value
    )
    batch = connection.scalar(query.order_by(contact_event.c.act_id.desc()).limit(1))
    if batch and printed(batch, row.id):
        return S.SENT
    return S.READY if owner_is_dead(row.owner) else S.UNKNOWN
