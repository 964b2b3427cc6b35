"""policies per debtor, causes, messages set aside, the last day to post a notice"""

import sqlalchemy as sa
from alembic import op

from recouvrement.ledger.guards import guard_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDED = ("policy_choice", "cause", "set_aside")


def _head() -> list[sa.Column]:
    return [
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
    ]


def _keys(table: str, *others: tuple[str, str]) -> list[sa.Constraint]:
    pairs = (("act_id", "act"), ("debtor_id", "debtor"), *others)
    return [
        *(sa.ForeignKeyConstraint([c], [f"{to}.id"], name=op.f(f"fk_{table}_{c}_{to}")) for c, to in pairs),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    """Three fact tables that are never altered, and one column."""
    op.create_table(
        "policy_choice",
        *_head(),
        sa.Column("invoice_id", sa.String(length=26), nullable=True),
        sa.Column("policy", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        *_keys("policy_choice", ("invoice_id", "invoice")),
    )
    op.create_table(
        "cause",
        *_head(),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        *_keys("cause", ("contact_id", "contact")),
    )
    op.create_table(
        "set_aside",
        *_head(),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        *_keys("set_aside"),
    )
    for table, columns in (("policy_choice", ("invoice_id",)), ("cause", ("contact_id",)), ("set_aside", ())):
        for column in ("act_id", "debtor_id", *columns):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.add_column("contact", sa.Column("post_by", sa.Date(), nullable=True))
    for statement in guard_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    """The tables go with their guards."""
    for table in GUARDED:
        op.drop_table(table)
    op.drop_column("contact", "post_by")
