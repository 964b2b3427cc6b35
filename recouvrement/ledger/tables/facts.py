"""Facts about a debtor or an invoice that block, move or end its recovery; each has events that close it."""

from sqlalchemy import Column, Date, Integer, String, Table, Text, UniqueConstraint

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    CURRENCY,
    ULID,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

# open_item_id NULL = all the debtor's items; owner and wait_until: every wait ends (design "Waits end")
hold = Table(
    "hold", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("open_item_id", "open_item", nullable=True), Column("until_on", Date, nullable=False),
    Column("reason", CODE, nullable=False), Column("owner", CODE, nullable=False), Column("note_id", ULID),
)  # fmt: skip

dispute = Table(
    "dispute", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("open_item_id", "open_item"), Column("disputed_cents", CENTS), Column("category", CODE, nullable=False),
    Column("owner", CODE, nullable=False), Column("wait_until", Date, nullable=False), Column("note_id", ULID),
)  # fmt: skip

promise = Table(
    "promise", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("open_item_id", "open_item", nullable=True), Column("amount_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False), Column("due_on", Date, nullable=False), Column("note_id", ULID),
)  # fmt: skip

plan = Table(
    "plan", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("acceleration_clause", Integer, nullable=False, default=0), Column("note_id", ULID),
)  # fmt: skip

plan_instalment = Table(
    "plan_instalment", metadata, identity(), act_column(), reference("plan_id", "plan"),
    Column("due_on", Date, nullable=False), Column("amount_cents", CENTS, nullable=False),
)  # fmt: skip

plan_item = Table(
    "plan_item", metadata, identity(), act_column(), reference("plan_id", "plan"), reference("open_item_id", "open_item"),
    UniqueConstraint("plan_id", "open_item_id"),
)  # fmt: skip

insolvency = Table(
    "insolvency", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("kind", CODE, nullable=False), Column("judgment_on", Date, nullable=False), Column("published_on", Date),
    Column("source", CODE, nullable=False),
)  # fmt: skip

party_status = Table(
    "party_status", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("status", CODE, nullable=False), Column("source", CODE, nullable=False),
)  # fmt: skip

call = Table(
    "call", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("contact_id", "contact", nullable=True), Column("outcome", CODE, nullable=False),
    Column("cause", CODE), Column("note_id", ULID),
)  # fmt: skip

assignment = Table(
    "assignment", metadata, identity(), act_column(), effective_column(), reference("invoice_id", "invoice"),
    Column("kind", CODE, nullable=False), Column("under_mandate", Integer, nullable=False), Column("iban", String(34)),
    Column("until_on", Date),
)  # fmt: skip

title = Table(
    "title", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("kind", CODE, nullable=False), Column("enforceable_on", Date), Column("served_on", Date),
    Column("principal_cents", CENTS, nullable=False), Column("costs_cents", CENTS, nullable=False),
    Column("rate", String(20), nullable=False), Column("currency", CURRENCY, nullable=False),
)  # fmt: skip

# life-cycle of an e-invoice, acceptance, documents missing…
lifecycle = Table(
    "lifecycle", metadata, identity(), act_column(), effective_column(), reference("invoice_id", "invoice"),
    Column("status", CODE, nullable=False), Column("reason", CODE), Column("source", ULID),
    UniqueConstraint("invoice_id", "status", "effective_on"),
)  # fmt: skip

# what closes or changes a fact: dispute settled, promise withdrawn, hold ended, receipt cleared…
fact_event = Table(
    "fact_event", metadata, identity(), act_column(), effective_column(), Column("fact_kind", CODE, nullable=False),
    Column("fact_id", ULID, nullable=False, index=True), Column("event", CODE, nullable=False), Column("reason", CODE),
    Column("amount_cents", CENTS),
)  # fmt: skip

note = Table(
    "note", metadata, identity(), act_column(), Column("sha256", String(64), nullable=False),
    Column("debtor_id", ULID), Column("title", Text, nullable=False),
)  # fmt: skip
