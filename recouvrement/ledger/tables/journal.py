"""The journal: one chain per debtor and one for the house; lines refer to payloads by salted hash."""

from sqlalchemy import Column, Date, Integer, PrimaryKeyConstraint, String, Table, Text

from recouvrement.ledger.tables.base import SHA, Moment, act_column, metadata

journal = Table(
    "journal",
    metadata,
    Column("chain", String(40), nullable=False),
    Column("seq", Integer, nullable=False),
    act_column(),
    Column("at", Moment, nullable=False),
    Column("event", String(64), nullable=False),
    Column("line", Text, nullable=False),
    PrimaryKeyConstraint("chain", "seq"),
)

# the head is locked by whoever appends; it can always be rebuilt from the lines
chain_head = Table(
    "chain_head",
    metadata,
    Column("chain", String(40), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("sha256", SHA, nullable=False),
)

# hash = SHA-256(salt ‖ bytes of the content); erasing salt and content leaves the chain whole
payload = Table(
    "payload",
    metadata,
    Column("hash", SHA, primary_key=True),
    Column("salt", String(64)),
    Column("content_sha256", SHA, index=True),
    act_column(),
)

anchor = Table(
    "anchor",
    metadata,
    Column("on", Date, primary_key=True),
    act_column(),
    Column("sheet_sha256", SHA, nullable=False),
    Column("token_sha256", SHA),
    Column("salts_sha256", SHA, nullable=False),
)
