"""The database behind the ledger: SQLite in WAL mode, or PostgreSQL; and the rules both keep."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

# the last: room for 64 MiB of pages, not SQLite's two: the items of a range of debtors lie all over their tables
SQLITE_RULES = (
    "journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=FULL", "recursive_triggers=ON", "cache_size=-65536",
)  # fmt: skip


class SeveralMachinesOnSqlite(Exception):
    """A SQLite file cannot be shared by several machines: the ledger asks for PostgreSQL."""


def _rules(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for rule in SQLITE_RULES:
        cursor.execute(f"PRAGMA {rule}")
    cursor.close()


def _begin(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def open_engine(url: str, *, workers: int = 1) -> Engine:
    """Open the engine for a URL; every SQLite connection obeys SQLITE_RULES and writers begin IMMEDIATE.

    Raises SeveralMachinesOnSqlite when `workers` > 1 with a SQLite URL: file locks do not cross machines.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if workers > 1:
        raise SeveralMachinesOnSqlite("several workers need RECOUVREMENT_DATABASE_URL=postgresql://…")
    engine = create_engine(url)
    event.listen(engine, "connect", _rules)
    event.listen(engine, "begin", _begin)
    return engine


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL, or None for another database."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
