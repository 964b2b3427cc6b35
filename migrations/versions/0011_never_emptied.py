"""history is not emptied (PostgreSQL) nor replaced (SQLite) either; sealed dossiers are never altered"""

from alembic import op

from recouvrement.ledger.guards import SEALED, emptying_statements, guard_statements

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GUARDED = (
    "act",
    "journal",
    "contact_event",
    "fact_event",
    "case_event",
    "run_event",
    "item_event",
    "evidence_waiver",
    "document_mark",
    "case_payment",
    "erasure",
    "credit_limit",
    "hold_out",
    "hold_out_member",
    "fact_wait",
    "receipt_under_way",
    "penalty_waiver",
    "iban_change",
    "policy_choice",
    "cause",
    "set_aside",
    "dossier",
    "reply",
    "reply_link",
    "address_event",
    "account_piece",
    "explanation",
)


def upgrade() -> None:
    """Add the guards."""
    dialect = op.get_bind().dialect.name
    for statement in (*guard_statements(dialect, SEALED), *emptying_statements(dialect, GUARDED)):
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("journal_never_replaced", "dossier_never_update", "dossier_never_delete"):
            op.execute(f"DROP TRIGGER {name}")
        return
    op.execute("DROP TRIGGER dossier_append_only ON dossier")
    for table in GUARDED:
        op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
