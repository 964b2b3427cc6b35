"""The outbox: one row per contact under a unique key, its items, its history, its approvals."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, text

from recouvrement.ledger.tables.base import CENTS, CODE, SHA, ULID, Moment, act_column, identity, metadata, reference

contact = Table(
    "contact",
    metadata,
    identity(),
    act_column(),
    reference("creditor_id", "creditor", index=False),
    reference("debtor_id", "debtor"),
    Column("business_day", Date, nullable=False),
    Column("channel", CODE, nullable=False),
    Column("step", CODE, nullable=False),  # the highest: it sets tone and channel
    Column("template", CODE, nullable=False),
    Column("language", String(2), nullable=False),
    Column("policy_sha256", SHA, nullable=False),
    Column("place", CODE, nullable=False, server_default="metropole"),  # where the debtor is: its hours, in its zone
    Column("run_id", ULID),
    Column("origin", CODE, nullable=False),  # run | history | operator
    Column("recipient", String(254)),
    Column("message_id", String(200), nullable=False, index=True),
    Column("frozen_sha256", SHA),
    Column("deadline_on", Date),
    Column("post_by", Date),  # the last day on which posting keeps the printed deadline true
    Column("needs_approval", Integer, nullable=False, default=0),
    Column("void", Integer, nullable=False, default=0),
    Column("state", CODE, nullable=False),  # a cache of the newest event, moved in the same transaction under a fence
    Column("owner", CODE),
    Column("lease_until", Moment),
    Column("retry_at", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Column("send_number", Integer),
    Column("sent_at", Moment),
    Index("uq_contact_day", "creditor_id", "debtor_id", "business_day", "channel", unique=True,
          sqlite_where=text("void = 0"), postgresql_where=text("void = 0")),
    Index("uq_contact_send_number", "send_number", unique=True),
    Index("ix_contact_state", "state", "business_day"),
    Index("ix_contact_outbox", "state", "channel", "id"),  # a claim walks it in order and stops at its limit
)  # fmt: skip

contact_item = Table(
    "contact_item",
    metadata,
    identity(),
    reference("contact_id", "contact"),
    reference("open_item_id", "open_item", index=False),
    Column("ladder_cycle", Integer, nullable=False),
    Column("step", CODE, nullable=False),
    Column("channel", CODE, nullable=False),
    Column("open_cents", CENTS, nullable=False),
    Column("void", Integer, nullable=False, default=0),
    Index("uq_contact_item_step", "open_item_id", "ladder_cycle", "step", "channel", unique=True,
          sqlite_where=text("void = 0"), postgresql_where=text("void = 0")),
)  # fmt: skip

contact_event = Table(
    "contact_event",
    metadata,
    identity(),
    act_column(),
    reference("contact_id", "contact"),
    Column("at", Moment, nullable=False),
    Column("state", CODE, nullable=False),
    Column("reason", CODE),
    Column("owner", CODE),
    Column("evidence_sha256", SHA),
)

approval = Table(
    "approval",
    metadata,
    identity(),
    act_column(),
    reference("contact_id", "contact"),
    Column("verdict", CODE, nullable=False),  # approved | refused
    Column("operator", CODE, nullable=False),
    Column("bytes_sha256", SHA, nullable=False),
    Column("principal_set", Text, nullable=False),  # canonical JSON [[item, cents]…]
    Column("expires_on", Date, nullable=False),
    Column("reason", CODE),
)

# tokens of a rate limit, shared by every worker: one row per message that an account may still be charged for
rate_token = Table(
    "rate_token",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account", CODE, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_rate_token_account_at", "account", "at"),
)

# the limit of a day, shared likewise: how many messages an account was charged for on a day of Paris
account_day = Table(
    "account_day",
    metadata,
    Column("account", CODE, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("used", Integer, nullable=False),
)

postal_batch = Table(
    "postal_batch",
    metadata,
    identity(),
    act_column(),
    Column("key", String(80), nullable=False, unique=True),
    Column("folder", String(400), nullable=False),
    Column("posted_on", Date),
)

postal_proof = Table(
    "postal_proof",
    metadata,
    identity(),
    act_column(),
    reference("contact_id", "contact"),
    Column("kind", CODE, nullable=False),  # deposited | delivered | refused | unclaimed | undeliverable
    Column("on", Date, nullable=False),
    Column("registered_number", String(40)),
    Column("document_id", ULID),
)
