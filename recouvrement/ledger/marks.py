"""What the ledger says of itself: its identity, its clock, whether it may send."""

from enum import StrEnum

from sqlalchemy import Connection, insert, select

from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.acts import ledger_mark


class Mark(StrEnum):
    """The keys a ledger keeps about itself."""

    LEDGER_ID = "ledger_id"
    CLOCK = "clock"  # real | simulated
    HOME = "home"  # firm | demo
    SENDING = "sending"  # rehearse | live
    PAUSED = "paused"  # why, or empty
    IBAN_CONFIRMED = "iban_confirmed"
    WITNESS_SEEN = "witness_seen"
    MAILBOX_READ = "mailbox_read"  # JSON: the last message read of each mailbox, and its day


def marked(connection: Connection, mark: Mark) -> str:
    """Return the newest value of a mark, or an empty string."""
    query = (
        select(ledger_mark.c.value).where(ledger_mark.c.key == mark.value).order_by(ledger_mark.c.id.desc()).limit(1)
    )
    return str(connection.scalar(query) or "")


def mark(act: Act, key: Mark, value: str) -> None:
    """Append a new value of a mark; the older ones stay."""
    act.connection.execute(insert(ledger_mark).values(act_id=act.id, key=key.value, value=value))
