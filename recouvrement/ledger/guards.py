"""What the database itself refuses: the journal and the history of acts are never altered."""

from collections.abc import Sequence

FIRST = ("act", "journal", "contact_event", "fact_event", "case_event", "run_event", "item_event")
CASES = ("evidence_waiver", "document_mark", "case_payment", "erasure")
AGREED = ("fact_wait", "receipt_under_way", "penalty_waiver", "iban_change")
CHOOSING = ("policy_choice", "cause", "set_aside")
OPERATIONS = ("credit_limit", "hold_out", "hold_out_member")
NEVER_ALTERED = (
    *FIRST,
    *CASES,
    *OPERATIONS,
    *AGREED,
    *CHOOSING,
    "reply",
    "reply_link",
    "address_event",
    "account_piece",
    "explanation",
)


def guard_statements(dialect: str, tables: Sequence[str] = FIRST) -> list[str]:
    """The statements that make UPDATE and DELETE fail on tables, for `sqlite` or `postgresql`.

    A migration that adds a table to `NEVER_ALTERED` names it here; the default is what the first one guards.
    """
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in tables
            for verb in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION recouvrement_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION recouvrement_append_only()"
            for table in tables
        ),
    ]
