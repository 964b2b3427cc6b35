"""control of the money: open pieces of the accounts, differences that were explained"""

import sqlalchemy as sa
from alembic import op

from recouvrement.ledger.guards import guard_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDED = ("account_piece", "explanation")


def upgrade() -> None:
    """What the accounts leave open by piece, and what persons explained of differences."""
    op.create_table(
        "account_piece",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("open_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_account_piece_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_account_piece_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_piece")),
    )
    op.create_index(op.f("ix_account_piece_act_id"), "account_piece", ["act_id"], unique=False)
    op.create_index("ix_account_piece_debtor_id", "account_piece", ["debtor_id", "effective_on"], unique=False)
    op.create_table(
        "explanation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=True),
        sa.Column("account_id", sa.String(length=26), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("difference_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_explanation_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_explanation_debtor_id_debtor")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.id"], name=op.f("fk_explanation_account_id_bank_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation")),
    )
    for column in ("act_id", "debtor_id", "account_id"):
        op.create_index(op.f(f"ix_explanation_{column}"), "explanation", [column], unique=False)
    for statement in guard_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    """Nothing goes back: what a person explained is evidence."""
    raise RuntimeError("what a person explained is evidence: put back a backup instead")
