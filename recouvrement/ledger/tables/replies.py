"""What came back: messages received, the debtor each belongs to, and what is known of addresses."""

from sqlalchemy import Column, Date, Index, Integer, String, Table

from recouvrement.ledger.tables.base import (
    CODE,
    SHA,
    Moment,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

# one row per message, by the SHA-256 of its bytes: the same message under another key of its mailbox adds nothing
reply = Table(
    "reply",
    metadata,
    identity(),
    act_column(),
    effective_column(),  # the day it came
    Column("received_at", Moment, nullable=False),
    Column("source", CODE, nullable=False),
    Column("sha256", SHA, nullable=False, unique=True),
    Column("kind", CODE, nullable=False),  # reply | out_of_office | bounce | receipt | unclassified
    Column("cut", Integer, nullable=False),  # too long: only its beginning was kept
    Column("cues", String(80), nullable=False),  # proposals, decided by a person: already_paid contested promise
    Column("status", String(20)),  # RFC 3463
    Column("permanent", Integer),
    Column("asks", Integer, nullable=False),  # a person must read it; until then its debtor is left alone
    Column("owner", CODE),
    Column("wait_until", Date),
)

# the newest act per message holds: a person may attach it elsewhere
reply_link = Table(
    "reply_link",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("reply_id", "reply"),
    reference("debtor_id", "debtor"),
    reference("contact_id", "contact", nullable=True),
    Column("how", CODE, nullable=False),
)

# an address is named by the contact that went there, so that erasing a person leaves no trace of it here
address_event = Table(
    "address_event",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("debtor_id", "debtor", index=False),
    Column("medium", CODE, nullable=False),  # email | phone | post
    Column("verdict", CODE, nullable=False),  # bad (that of the contact) | works (all of that medium until then)
    Column("reason", CODE, nullable=False),
    reference("contact_id", "contact", nullable=True, index=False),
    Index("ix_address_event_debtor", "debtor_id", "act_id"),
)
