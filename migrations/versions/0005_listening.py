"""replies, bounces and addresses learned from answers"""

import sqlalchemy as sa
from alembic import op

from recouvrement.ledger.guards import guard_statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GUARDED = ("reply", "reply_link", "address_event")


def upgrade() -> None:
    """Messages that came in, the debtors they belong to, and what is known of addresses."""
    op.create_table(
        "reply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("cut", sa.Integer(), nullable=False),
        sa.Column("cues", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("permanent", sa.Integer(), nullable=True),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("wait_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_reply_act_id_act")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("sha256", name=op.f("uq_reply_sha256")),
    )
    op.create_index(op.f("ix_reply_act_id"), "reply", ["act_id"], unique=False)
    op.create_table(
        "reply_link",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reply_id", sa.String(length=26), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("how", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_reply_link_act_id_act")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_link_reply_id_reply")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_reply_link_debtor_id_debtor")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_reply_link_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_link")),
    )
    for column in ("act_id", "contact_id", "debtor_id", "reply_id"):
        op.create_index(op.f(f"ix_reply_link_{column}"), "reply_link", [column], unique=False)
    op.create_table(
        "address_event",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("medium", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_address_event_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_address_event_debtor_id_debtor")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_address_event_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_event")),
    )
    op.create_index(op.f("ix_address_event_act_id"), "address_event", ["act_id"], unique=False)
    op.create_index("ix_address_event_debtor", "address_event", ["debtor_id", "act_id"], unique=False)
    for statement in guard_statements(op.get_bind().dialect.name, GUARDED):
        op.execute(statement)


def downgrade() -> None:
    """Nothing goes back: what was received is evidence."""
    raise RuntimeError("what was received is evidence: put back a backup instead")
