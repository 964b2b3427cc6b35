"""limits of credit, hold-out comparisons"""

import sqlalchemy as sa
from alembic import op

from recouvrement.ledger.guards import OPERATIONS, guard_statements

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _of_an_act() -> list[sa.Column]:
    return [
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "credit_limit",
        *_of_an_act(),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_credit_limit_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_credit_limit_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_limit")),
    )
    op.create_index("ix_credit_limit_debtor_id", "credit_limit", ["debtor_id", "kind"], unique=False)
    op.create_table(
        "hold_out",
        *_of_an_act(),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("candidate", sa.String(length=64), nullable=False),
        sa.Column("candidate_sha256", sa.String(length=64), nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_hold_out_act_id_act")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_out")),
        sa.UniqueConstraint("code", name=op.f("uq_hold_out_code")),
    )
    op.create_table(
        "hold_out_member",
        *_of_an_act(),
        sa.Column("hold_out_id", sa.String(length=26), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("arm", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_hold_out_member_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_hold_out_member_debtor_id_debtor")),
        sa.ForeignKeyConstraint(["hold_out_id"], ["hold_out.id"], name=op.f("fk_hold_out_member_hold_out_id_hold_out")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_out_member")),
        sa.UniqueConstraint("hold_out_id", "debtor_id", name=op.f("uq_hold_out_member_hold_out_id_debtor_id")),
    )
    op.create_index(op.f("ix_hold_out_member_debtor_id"), "hold_out_member", ["debtor_id"], unique=False)
    for table in OPERATIONS:
        op.create_index(op.f(f"ix_{table}_act_id"), table, ["act_id"], unique=False)
    for statement in guard_statements(op.get_bind().dialect.name, OPERATIONS):
        op.execute(statement)


def downgrade() -> None:
    """Drop them; their guards go with them."""
    for table in ("hold_out_member", "hold_out", "credit_limit"):
        op.drop_table(table)
