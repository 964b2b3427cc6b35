"""The content-addressed store: bytes under their SHA-256, kept once, readable by every worker."""

from hashlib import sha256

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.acts import content


class BytesAltered(Exception):
    """Stored bytes no longer hash to their name."""


def keep(act: Act, data: bytes, media_type: str) -> str:
    """Keep bytes and return their SHA-256; keeping the same bytes again changes nothing."""
    name = sha256(data).hexdigest()
    dialect_insert = insert_postgresql if act.connection.dialect.name == "postgresql" else insert_sqlite
    row = {"sha256": name, "size": len(data), "media_type": media_type, "bytes": data, "act_id": act.id}
    act.connection.execute(dialect_insert(content).values(**row).on_conflict_do_nothing(index_elements=["sha256"]))
    return name


def kept_by(connection: Connection, name: str) -> int:
    """The act that first kept the bytes of that SHA-256; KeyError when unknown."""
    act_id = connection.scalar(select(content.c.act_id).where(content.c.sha256 == name))
    if act_id is None:
        raise KeyError(name)
    return int(act_id)


def fetch(connection: Connection, name: str) -> bytes:
    """Return the bytes of that SHA-256; KeyError when unknown, BytesAltered when they were changed."""
    data = connection.scalar(select(content.c.bytes).where(content.c.sha256 == name))
    if data is None:
        raise KeyError(name)
    if sha256(data).hexdigest() != name:
        raise BytesAltered(name)
    return bytes(data)
