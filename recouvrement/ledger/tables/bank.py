"""Money that came in: accounts, statements, lines, and what each line was applied to."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

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

bank_account = Table(
    "bank_account",
    metadata,
    identity(),
    act_column(),
    reference("creditor_id", "creditor"),
    Column("number", String(34), nullable=False),  # IBAN, or the national number as the file gave it
    Column("currency", CURRENCY, nullable=False),
    Column("primary_feed", CODE),
    UniqueConstraint("creditor_id", "number"),
)

statement = Table(
    "statement",
    metadata,
    identity(),
    act_column(),
    reference("account_id", "bank_account"),
    Column("from_on", Date),
    Column("to_on", Date, nullable=False),
    Column("opening_cents", CENTS),
    Column("closing_cents", CENTS),
    Column("sequence", String(40)),
    Column("format", CODE, nullable=False),
    Column("source", ULID),
)

bank_line = Table(
    "bank_line",
    metadata,
    identity(),
    act_column(),
    effective_column(),  # the booking day
    reference("account_id", "bank_account", index=False),
    Column("value_on", Date, nullable=False),
    Column("amount_cents", CENTS, nullable=False),  # credits positive, debits negative
    Column("currency", CURRENCY, nullable=False),
    Column("rank", Integer, nullable=False),  # among equals of that account, day and amount, from 0
    Column("bank_reference", String(140)),
    Column("label", Text, nullable=False),
    Column("remittance", Text, nullable=False),
    Column("counterparty_name", String(200), nullable=False),
    Column("counterparty_iban", String(34), nullable=False),
    Column("end_to_end_id", String(140), nullable=False),
    Column("structured_reference", String(140), nullable=False),
    Column("is_reversal", Integer, nullable=False, default=0),
    Column("source", ULID),
    UniqueConstraint("account_id", "effective_on", "amount_cents", "rank"),
)

receipt = Table(
    "receipt",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("debtor_id", "debtor"),
    Column("kind", CODE, nullable=False),  # cheque | cash | card | bill | set_off | bailiff
    Column("amount_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False),
    Column("note_id", ULID),
)

# one row applies part of one source to one item (or to the debtor's credit); a negative row undoes another
allocation = Table(
    "allocation",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("debtor_id", "debtor", index=False),
    reference("open_item_id", "open_item", nullable=True, index=False),
    reference("bank_line_id", "bank_line", nullable=True),
    reference("receipt_id", "receipt", nullable=True, index=False),
    reference("credit_item_id", "open_item", nullable=True),
    Column("kind", CODE, nullable=False),  # payment | credit_note | customer_credit | adjustment | write_off
    Column("amount_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False),
    Column("value_on", Date, nullable=False),
    Column("method", CODE, nullable=False),
    Column("score", Integer, nullable=False),
    Column("reason", CODE),
    Column("author", CODE, nullable=False),
    reference("undoes", "allocation", nullable=True, index=False),
    CheckConstraint(
        "bank_line_id IS NOT NULL OR receipt_id IS NOT NULL OR credit_item_id IS NOT NULL OR kind = 'write_off'",
        name="has_a_source",
    ),
    Index("ix_allocation_item", "open_item_id", "act_id"),
    Index("ix_allocation_debtor", "debtor_id", "act_id"),
    Index("uq_allocation_undoes", "undoes", unique=True),
)

# what the matcher thinks of a line that it did not allocate; the newest act per line holds
line_opinion = Table(
    "line_opinion",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("bank_line_id", "bank_line"),
    Column("verdict", CODE, nullable=False),  # automatic | proposed | unknown | not_a_customer | reversal | confirmed
    Column("score", Integer, nullable=False),
    Column("method", CODE, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON list of codes
    Column("proposals", Text, nullable=False),  # JSON: [{items: [[item, cents]], score, reasons}]
    Column("author", CODE, nullable=False),
)

line_doubt = Table(
    "line_doubt",
    metadata,
    identity(),
    act_column(),
    reference("opinion_id", "line_opinion"),
    reference("bank_line_id", "bank_line"),
    reference("debtor_id", "debtor"),
    Column("reason", CODE, nullable=False),
)
