"""Notes: the free text that a person enters, kept as bytes that can be erased; forms and facts name it by its id."""

from sqlalchemy import Connection, insert, select

from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import fetch, keep
from recouvrement.ledger.tables.facts import note


def write_note(act: Act, data: bytes, *, debtor_id: str | None, title: str = "") -> str:
    """Keep a text about a debtor (or nobody yet) and return its id; the same text about the same one is one note."""
    name = keep(act, data, "text/plain; charset=utf-8")
    about = note.c.debtor_id.is_(None) if debtor_id is None else note.c.debtor_id == debtor_id
    found = act.connection.scalar(select(note.c.id).where(note.c.sha256 == name, about))
    if found:
        return str(found)
    note_id = act.new_id()
    act.connection.execute(
        insert(note).values(id=note_id, act_id=act.id, sha256=name, debtor_id=debtor_id, title=title)
    )
    journal.append(
        act, debtor_id or HOUSE, JournalEvent.NOTE_KEPT, {"note": note_id, "payload": journal.refer(act, name)}
    )
    return note_id


def note_exists(connection: Connection, note_id: str) -> bool:
    """Whether there is a note of that id."""
    return connection.scalar(select(note.c.id).where(note.c.id == note_id)) is not None


def note_text(connection: Connection, note_id: str) -> str | None:
    """The text of a note, or None when there is no such note or it was erased."""
    name = connection.scalar(select(note.c.sha256).where(note.c.id == note_id))
    if name is None:
        return None
    try:
        return fetch(connection, name).decode("utf-8")
    except KeyError:
        return None
