"""What a person agreed or asked for, beside the facts: waits moved, receipts under way, penalties waived, a new IBAN."""

from sqlalchemy import Column, Date, String, Table

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    ULID,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

# who waits for what until when, where the fact has no columns for it or they were moved; the newest act per fact holds
fact_wait = Table(
    "fact_wait", metadata, identity(), act_column(), effective_column(), Column("fact_kind", CODE, nullable=False),
    Column("fact_id", ULID, nullable=False, index=True), Column("owner", CODE, nullable=False),
    Column("due_on", Date, nullable=False), Column("reason", CODE),
)  # fmt: skip

# a receipt that a person announced, which the bank has not shown yet; no item = whatever the debtor owes, oldest first
receipt_under_way = Table(
    "receipt_under_way", metadata, identity(), act_column(), effective_column(), reference("receipt_id", "receipt"),
    reference("open_item_id", "open_item", nullable=True, index=False),
)  # fmt: skip

# amount NULL = all of it; ended by a fact_event of kind `penalty_waiver`
penalty_waiver = Table(
    "penalty_waiver", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("open_item_id", "open_item"), Column("part", CODE, nullable=False),  # all | penalties | indemnity
    Column("amount_cents", CENTS), Column("reason", CODE, nullable=False), Column("note_id", ULID),
)  # fmt: skip

# two persons: one asks, another confirms or refuses (a fact_event of kind `iban_change`)
iban_change = Table(
    "iban_change", metadata, identity(), act_column(), effective_column(), reference("creditor_id", "creditor"),
    Column("iban", String(34), nullable=False), Column("bic", String(11)), Column("asked_by", CODE, nullable=False),
)  # fmt: skip
