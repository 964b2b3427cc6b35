"""Acts: every write belongs to one; and what the ledger knows about itself."""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from recouvrement.ledger.tables.base import CODE, SHA, Moment, act_column, metadata

act = Table(
    "act",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", CODE, nullable=False),
    Column("kind", CODE, nullable=False),
)

# append-only: the newest act per key is the value
ledger_mark = Table(
    "ledger_mark",
    metadata,
    act_column(),
    Column("key", CODE, nullable=False, index=True),
    Column("value", Text, nullable=False),
    Column("id", Integer, primary_key=True, autoincrement=True),
)

content = Table(
    "content",
    metadata,
    Column("sha256", SHA, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    act_column(),
)
