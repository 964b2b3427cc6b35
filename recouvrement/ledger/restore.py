"""After a restore: a ledger behind its witness is paused, and goes on only when what left is marked as sent."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from recouvrement.domain.contact_states import PENDING, ContactState
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.marks import Mark, mark, marked
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.witness import Witness, witness_of

S = ContactState


def witness(ledger: Ledger, folder: Path) -> Witness:
    """The witness of this ledger on this machine."""
    with ledger.reading() as connection:
        return witness_of(folder, marked(connection, Mark.LEDGER_ID))


def last_sent(connection: Connection) -> int:
    """The highest send number the ledger knows, by its rows or by its last resumption."""
    seen = int(marked(connection, Mark.WITNESS_SEEN) or 0)
    return max(seen, int(connection.scalar(select(func.coalesce(func.max(contact.c.send_number), 0))) or 0))


def pause_when_behind(ledger: Ledger, seen: Witness) -> str:
    """Pause a ledger that knows less than its witness; return why it is paused, or an empty string."""
    with ledger.reading() as connection:
        paused, known = marked(connection, Mark.PAUSED), last_sent(connection)
    if paused or seen.last() <= known:
        return paused
    with ledger.act("pause", "system") as act:
        mark(act, Mark.PAUSED, "behind_its_witness")
        journal.append(act, HOUSE, JournalEvent.LEDGER_PAUSED, {"witness": seen.last(), "ledger": known})
    return "behind_its_witness"


@dataclass(frozen=True, slots=True)
class Resumption:
    """What `resume` did: rows marked as sent, and messages that left and that this ledger has not planned yet."""

    marked_sent: int
    not_in_ledger: int


def resume(act: Act, seen: Witness) -> Resumption:
    """Mark as sent what the witness saw leave, and let the ledger go on.

    Messages that this ledger has not planned yet are caught when they are planned: their Message-ID derives from
    debtor, items, step and cycle, so the witness knows them, and they are written as sent (design.md §5 Restore).
    """
    attempts = seen.attempts()
    count, here = 0, set()
    query = select(contact.c.id, contact.c.message_id, contact.c.state).where(contact.c.void == 0)
    for contact_id, message_id, state in act.connection.execute(query).all():
        if message_id not in attempts:
            continue
        here.add(message_id)
        if S(state) in PENDING | {S.UNKNOWN}:
            count += _mark_sent(act, contact_id, S(state))
    mark(act, Mark.WITNESS_SEEN, str(seen.last()))
    mark(act, Mark.PAUSED, "")
    outcome = Resumption(count, len(attempts.keys() - here))
    journal.append(
        act,
        HOUSE,
        JournalEvent.LEDGER_RESUMED,
        {"marked_sent": outcome.marked_sent, "not_in_ledger": outcome.not_in_ledger},
    )
    return outcome


def _mark_sent(act: Act, contact_id: str, state: ContactState) -> bool:
    path = [S.PLANNED, S.APPROVED, S.READY, S.CLAIMED, S.SENDING, S.SENT]
    steps = path[path.index(state) + 1 :] if state in path else [S.SENT]
    before, done = state, True
    for after in steps:
        changes = {"sent_at": act.at} if after is S.SENT else {}
        done = done and move(act, contact_id, after, fence=Fence((before,)), reason="seen_by_witness", changes=changes)
        before = after
    return done
