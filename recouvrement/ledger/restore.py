"""After a restore: a ledger behind its witness is paused, and goes on only when what left is marked as sent."""

from collections.abc import Mapping
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
    """Pause a ledger that knows less than its witness; return why it is paused, or an empty string.

    The witness is read first: it hears of a number after the ledger's commit, so that a worker who sends meanwhile
    cannot make a ledger look behind.
    """
    told = seen.last()
    with ledger.reading() as connection:
        paused, known = marked(connection, Mark.PAUSED), last_sent(connection)
    if paused or told <= known:
        return paused
    with ledger.act("pause", "system") as act:
        mark(act, Mark.PAUSED, "behind_its_witness")
        journal.append(act, HOUSE, JournalEvent.LEDGER_PAUSED, {"witness": told, "ledger": known})
    return "behind_its_witness"


def left_unseen(connection: Connection, attempts: Mapping[str, int], message_id: str) -> bool:
    """Say whether the witness saw a message leave in an attempt that this ledger knows nothing of.

    What the ledger knows itself stands in its rows: an attempt that the relay put off, and whose contact expired, left
    nothing, and the message may be planned again under the same Message-ID.
    """
    if message_id not in attempts:
        return False
    known = connection.scalar(select(func.max(contact.c.send_number)).where(contact.c.message_id == message_id))
    return attempts[message_id] > int(known or 0)


@dataclass(frozen=True, slots=True)
class Resumption:
    """What `resume` did: rows marked as sent, and messages that left and that this ledger has not planned yet."""

    marked_sent: int
    not_in_ledger: int


def resume(act: Act, seen: Witness) -> Resumption:
    """Mark as sent what the witness saw leave in attempts that the ledger does not know, and let the ledger go on.

    Messages that this ledger has not planned yet are caught when they are planned: their Message-ID derives from
    debtor, items, step and cycle, so the witness knows them, and they are written as sent (design.md §5 Restore).
    """
    attempts = seen.attempts()
    count, here = 0, set()
    query = select(contact.c.id, contact.c.message_id, contact.c.state, contact.c.send_number)
    for contact_id, message_id, state, number in act.connection.execute(query.where(contact.c.void == 0)).all():
        if message_id not in attempts:
            continue
        here.add(message_id)
        if S(state) in PENDING | {S.UNKNOWN} and attempts[message_id] > (number or 0):
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
