"""states of a case, evidence waived, erased persons"""

import sqlalchemy as sa
from alembic import op

from recouvrement.ledger.guards import CASES, guard_statements

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
TABLES = ("evidence_waiver", "document_mark", "case_fact", "case_payment", "erasure", "erased_content", "witness_mail")


def upgrade() -> None:
    """Waivers and marks, facts and money of cases, erasures, the mail to the witness; what is a fact is never altered."""
    _papers()
    _cases()
    _persons()
    _witness()
    for statement in guard_statements(op.get_bind().dialect.name, CASES):
        op.execute(statement)


def _papers() -> None:
    op.create_table(
        "evidence_waiver",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("invoice_id", sa.String(length=26), nullable=True),
        sa.Column("requirement", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_evidence_waiver_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_evidence_waiver_debtor_id_debtor")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_evidence_waiver_invoice_id_invoice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_waiver")),
    )
    op.create_index(op.f("ix_evidence_waiver_act_id"), "evidence_waiver", ["act_id"], unique=False)
    op.create_index(op.f("ix_evidence_waiver_debtor_id"), "evidence_waiver", ["debtor_id"], unique=False)
    op.create_index(op.f("ix_evidence_waiver_invoice_id"), "evidence_waiver", ["invoice_id"], unique=False)
    op.create_table(
        "document_mark",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.String(length=26), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_document_mark_act_id_act")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_mark_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_mark")),
        sa.UniqueConstraint("document_id", "mark", "detail", name=op.f("uq_document_mark_document_id_mark_detail")),
    )
    op.create_index(op.f("ix_document_mark_act_id"), "document_mark", ["act_id"], unique=False)
    op.create_index(op.f("ix_document_mark_document_id"), "document_mark", ["document_id"], unique=False)


def _cases() -> None:
    op.create_table(
        "case_fact",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("fact", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_case_fact_act_id_act")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_fact_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_fact")),
    )
    op.create_index(op.f("ix_case_fact_act_id"), "case_fact", ["act_id"], unique=False)
    op.create_index(op.f("ix_case_fact_case_id"), "case_fact", ["case_id"], unique=False)
    op.create_table(
        "case_payment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("collected_cents", sa.BigInteger(), nullable=False),
        sa.Column("fees_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("bank_line_id", sa.String(length=26), nullable=False),
        sa.Column("receipt_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_case_payment_act_id_act")),
        sa.ForeignKeyConstraint(
            ["bank_line_id"], ["bank_line.id"], name=op.f("fk_case_payment_bank_line_id_bank_line")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_payment_case_id_case")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_case_payment_receipt_id_receipt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_payment")),
        sa.UniqueConstraint("bank_line_id", name=op.f("uq_case_payment_bank_line_id")),
    )
    op.create_index(op.f("ix_case_payment_act_id"), "case_payment", ["act_id"], unique=False)
    op.create_index(op.f("ix_case_payment_bank_line_id"), "case_payment", ["bank_line_id"], unique=False)
    op.create_index(op.f("ix_case_payment_case_id"), "case_payment", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_payment_receipt_id"), "case_payment", ["receipt_id"], unique=False)


def _persons() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("debtor_id", sa.String(length=26), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_erasure_act_id_act")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtor.id"], name=op.f("fk_erasure_debtor_id_debtor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_act_id"), "erasure", ["act_id"], unique=False)
    op.create_index(op.f("ix_erasure_debtor_id"), "erasure", ["debtor_id"], unique=False)
    op.create_table(
        "erased_content",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_erased_content_act_id_act")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_erased_content")),
    )
    op.create_index(op.f("ix_erased_content_act_id"), "erased_content", ["act_id"], unique=False)


def _witness() -> None:
    op.create_table(
        "witness_mail",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_witness_mail_act_id_act")),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_witness_mail")),
    )
    op.create_index(op.f("ix_witness_mail_act_id"), "witness_mail", ["act_id"], unique=False)


def downgrade() -> None:
    """Drop them; their guards go with them."""
    for table in reversed(TABLES):
        op.drop_table(table)
