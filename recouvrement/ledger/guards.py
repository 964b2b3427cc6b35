"""What the database itself refuses: the journal and the history of acts are never altered, and whether it still refuses it."""

from collections.abc import Sequence

from sqlalchemy import Connection

FIRST = ("act", "journal", "contact_event", "fact_event", "case_event", "run_event", "item_event")
CASES = ("evidence_waiver", "document_mark", "case_payment", "erasure")
AGREED = ("fact_wait", "receipt_under_way", "penalty_waiver", "iban_change")
CHOOSING = ("policy_choice", "cause", "set_aside")
OPERATIONS = ("credit_limit", "hold_out", "hold_out_member")
SEALED = ("dossier",)
NEVER_ALTERED = (
    *FIRST,
    *CASES,
    *OPERATIONS,
    *AGREED,
    *CHOOSING,
    *SEALED,
    "reply",
    "reply_link",
    "address_event",
    "account_piece",
    "explanation",
)

FUNCTION = (
    "CREATE OR REPLACE FUNCTION recouvrement_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)
# REPLACE deletes without the delete trigger on a connection that did not ask for recursive triggers (`engine`)
NEVER_REPLACED = (
    "CREATE TRIGGER journal_never_replaced BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal "
    "WHERE (chain = NEW.chain AND seq = NEW.seq) OR rowid = NEW.rowid) "
    "BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END"
)


def guard_statements(dialect: str, tables: Sequence[str] = FIRST) -> list[str]:
    """The statements that make UPDATE and DELETE fail on tables, for `sqlite` or `postgresql`.

    A migration that adds a table to `NEVER_ALTERED` names it here and in `emptying_statements`; the default is what the
    first one guards.
    """
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_never_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in tables
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        FUNCTION,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION recouvrement_append_only()"
            for table in tables
        ),
    ]


def emptying_statements(dialect: str, tables: Sequence[str]) -> list[str]:
    """The statements that make TRUNCATE fail on PostgreSQL, where row triggers do not see it, and REPLACE on SQLite's journal."""
    if dialect == "sqlite":
        return [NEVER_REPLACED] if "journal" in tables else []
    return [
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION recouvrement_append_only()"
        for table in tables
    ]


def lost_guards(connection: Connection) -> list[str]:
    """The names of guards that are gone, switched off or not what was written; empty when the database refuses as it should."""
    dialect = connection.dialect.name
    statements = [*guard_statements(dialect, NEVER_ALTERED), *emptying_statements(dialect, NEVER_ALTERED)]
    wanted = {words[2]: text for text in statements if (words := text.split())[1] == "TRIGGER"}
    if dialect == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = {str(name): str(text) for name, text in rows}
        return sorted(name for name, text in wanted.items() if kept.get(name) != text)
    on = connection.exec_driver_sql(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled IN ('O', 'A') "
        "AND p.proname = 'recouvrement_append_only' AND position('RAISE EXCEPTION' IN p.prosrc) > 0"
    )
    return sorted(set(wanted) - {str(name) for (name,) in on})
