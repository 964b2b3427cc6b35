"""Invoices and credit notes, their instalments, and the documents that prove them."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    CURRENCY,
    SHA,
    ULID,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)


def _act() -> Column[int]:
    """The act that wrote the row, without an index of its own: a million invoices are looked for by owner, never by act."""
    return Column("act_id", Integer, ForeignKey("act.id"), nullable=False)


invoice = Table(
    "invoice",
    metadata,
    identity(),
    _act(),
    reference("creditor_id", "creditor", index=False),  # the unique key begins with it
    reference("debtor_id", "debtor"),
    Column("number", CODE, nullable=False),
    Column("kind", String(20), nullable=False),  # invoice | credit_note
    UniqueConstraint("creditor_id", "number"),
)

invoice_version = Table(
    "invoice_version",
    metadata,
    identity(),
    reference("invoice_id", "invoice", index=False),
    _act(),
    effective_column(),
    Column("status", String(20), nullable=False),  # issued | cancelled | draft
    Column("issue_on", Date, nullable=False),
    Column("delivery_on", Date),
    Column("received_on", Date),
    Column("gross_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False),
    Column("order_reference", String(100)),
    Column("customer_reference", String(100)),
    Column("discount_bp", Integer, nullable=False, default=0),  # early payment, basis points
    Column("discount_until", Date),
    Column("content_hash", String(64), nullable=False),
    Column("source", ULID),
    UniqueConstraint("invoice_id", "act_id"),
)

open_item = Table(
    "open_item",
    metadata,
    identity(),
    _act(),
    reference("creditor_id", "creditor"),
    reference("debtor_id", "debtor", index=False),
    reference("invoice_id", "invoice", index=False),  # the unique key begins with it
    Column("rank", Integer, nullable=False),  # instalment, from 1
    UniqueConstraint("invoice_id", "rank"),
    Index("ix_open_item_debtor_id_id", "debtor_id", "id"),
)

# amounts of credit notes are negative; a cancelled or draft invoice has items of amount 0
item_version = Table(
    "item_version",
    metadata,
    identity(),
    reference("open_item_id", "open_item", index=False),
    _act(),
    effective_column(),
    Column("due_on", Date, nullable=False),
    Column("amount_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False),
    UniqueConstraint("open_item_id", "act_id"),
)

# what happened to an item on the ladder: cleared_in_accounts, explained, reopened, step_waived
item_event = Table(
    "item_event",
    metadata,
    identity(),
    reference("open_item_id", "open_item"),
    act_column(),
    effective_column(),
    Column("event", CODE, nullable=False),
    Column("step", CODE),
    Column("reason", CODE),
)

document = Table(
    "document",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("debtor_id", "debtor"),
    reference("invoice_id", "invoice", nullable=True),
    Column("kind", CODE, nullable=False),  # quote, order, delivery_note, terms, invoice, reply, deposit_proof…
    Column("title", String(200), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("sha256", SHA, nullable=False, index=True),
    UniqueConstraint("debtor_id", "invoice_id", "kind", "sha256"),
)
