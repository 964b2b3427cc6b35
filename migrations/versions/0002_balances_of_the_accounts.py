"""balances of the accounts, for the control sheet; no index on invoices that nothing reads by"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
LARGE = ("invoice", "invoice_version", "open_item", "item_version")


def upgrade() -> None:
    op.create_table(
        "account_balance",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), nullable=False),
        sa.Column("open_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("source", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_account_balance_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_account_balance_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_balance")),
    )
    op.create_index("ix_account_balance_act_id", "account_balance", ["act_id"], unique=False)
    op.create_index("ix_account_balance_debtor_id", "account_balance", ["debtor_id", "effective_on"], unique=False)
    for table in LARGE:
        op.drop_index(f"ix_{table}_act_id", table_name=table)
    op.drop_index("ix_invoice_creditor_id", table_name="invoice")
    op.drop_index("ix_open_item_invoice_id", table_name="open_item")


def downgrade() -> None:
    for table in LARGE:
        op.create_index(f"ix_{table}_act_id", table, ["act_id"], unique=False)
    op.create_index("ix_open_item_invoice_id", "open_item", ["invoice_id"], unique=False)
    op.create_index("ix_invoice_creditor_id", "invoice", ["creditor_id"], unique=False)
    op.drop_table("account_balance")
