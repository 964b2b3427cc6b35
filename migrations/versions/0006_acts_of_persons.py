"""acts of persons: waits moved, receipts under way, penalties waived, a new IBAN"""

import sqlalchemy as sa
from alembic import op

from recouvrement.ledger.guards import guard_statements

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GUARDED = ("fact_wait", "receipt_under_way", "penalty_waiver", "iban_change")


def upgrade() -> None:
    """Tables of what a person agreed or asked for, beside the facts."""
    op.create_table(
        "fact_wait",
        *_head("fact_wait"),
        sa.Column("fact_kind", sa.String(length=64), nullable=False),
        sa.Column("fact_id", sa.String(length=26), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
    )
    op.create_table(
        "receipt_under_way",
        *_head("receipt_under_way"),
        sa.Column("receipt_id", sa.String(length=26), nullable=False),
        sa.Column("open_item_id", sa.String(length=26), nullable=True),
        *_keys("receipt_under_way", receipt_id="receipt", open_item_id="open_item"),
    )
    op.create_table(
        "penalty_waiver",
        *_head("penalty_waiver"),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("open_item_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("note_id", sa.String(length=26), nullable=True),
        *_keys("penalty_waiver", debtor_id="debtor", open_item_id="open_item"),
    )
    op.create_table(
        "iban_change",
        *_head("iban_change"),
        sa.Column("creditor_id", sa.String(length=26), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=True),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        *_keys("iban_change", creditor_id="creditor"),
    )
    for table, columns in (
        ("fact_wait", ("act_id", "fact_id")),
        ("receipt_under_way", ("act_id", "receipt_id")),
        ("penalty_waiver", ("act_id", "debtor_id", "open_item_id")),
        ("iban_change", ("act_id", "creditor_id")),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    for statement in guard_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def _head(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *_keys(table, act_id="act"),
    ]


def _keys(table: str, **columns: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns.items()
    ]


def downgrade() -> None:
    """Nothing goes back: what was agreed is evidence."""
    raise RuntimeError("what was agreed is evidence: put back a backup instead")
