"""What the control of the money needs: pieces that the accounts leave open, and differences that a person explained."""

from sqlalchemy import Column, Date, Index, String, Table

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    CURRENCY,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

# one invoice or credit note that the accounts leave open at the end of a FEC; the newest act of a debtor and day holds
account_piece = Table(
    "account_piece",
    metadata,
    identity(),
    act_column(),
    effective_column(),  # the last day of the entries
    reference("debtor_id", "debtor", index=False),
    Column("number", String(100), nullable=False),
    Column("open_cents", CENTS, nullable=False),  # signed like the piece
    Index("ix_account_piece_debtor_id", "debtor_id", "effective_on"),
)

# a difference that a person explained: of a debtor's accounts (until the next accounts), or of a bank account's statements
explanation = Table(
    "explanation",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("debtor_id", "debtor", nullable=True),
    reference("account_id", "bank_account", nullable=True),
    Column("from_on", Date, nullable=False),  # the last day of the accounts, or the last day before the gap
    Column("to_on", Date, nullable=False),
    Column("difference_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False),
    Column("reason", CODE, nullable=False),
    Column("operator", CODE, nullable=False),
)
