"""What the firm's accounts say, kept beside the ledger's own figures so that the two can be compared."""

from sqlalchemy import Column, Index, Table

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

# the balance of one customer's accounts 411 at the end of a FEC; the newest act of the newest day holds
account_balance = Table(
    "account_balance",
    metadata,
    identity(),
    act_column(),
    effective_column(),  # the last day of the entries
    reference("debtor_id", "debtor", index=False),
    Column("account", CODE, nullable=False),
    Column("balance_cents", CENTS, nullable=False),  # debits less credits
    Column("open_cents", CENTS, nullable=False),  # invoices and credit notes that nothing letters
    Column("currency", CURRENCY, nullable=False),
    Column("source", ULID),
    Index("ix_account_balance_debtor_id", "debtor_id", "effective_on"),
)
