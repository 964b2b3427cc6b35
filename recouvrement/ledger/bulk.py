"""Many rows at once, as the driver takes them: a million invoices go in at a few microseconds a row.

SQLAlchemy's own insert costs more than the database does at this size. What it would do to values is done here: SQLite
keeps days as ISO text, PostgreSQL takes rows by COPY.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table

from recouvrement.ledger.book import Act

CACHE_KIB = 128 * 1024  # of pages, while a large file goes in: every index of the tables is written at once
IDS_AT_ONCE = 4096
Day = Callable[[date | None], object]


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples in the order of `columns`; days must have passed through `stored_day`."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608 names are ours
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()


def stored_day(connection: Connection) -> Day:
    """How this database takes a day."""
    return _iso if connection.dialect.name == "sqlite" else _itself


@lru_cache(maxsize=20_000)
def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _itself(day: date | None) -> object:
    return day


def stored_moment(connection: Connection, moment: datetime) -> object:
    """How this database takes an aware moment (see `tables.base.Moment`)."""
    at = moment.astimezone(UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if connection.dialect.name == "sqlite" else at


def wanted(connection: Connection, query: str, values: Sequence[str], *more: object) -> list[Any]:
    """Rows of a driver-level query in which `{wanted}` is a table whose column `value` holds `values`.

    Further parameters stand as `{p}`, after it. One query for thousands of values, without a name for each.
    """
    if not values:
        return []
    if connection.dialect.name == "sqlite":
        text = query.format(wanted="json_each(?)", p="?")
        return list(connection.exec_driver_sql(text, (json.dumps(list(values)), *more)))
    text = query.format(wanted="unnest(%s::text[]) AS wanted(value)", p="%s")
    return list(connection.exec_driver_sql(text, (list(values), *more)))


def rising_ids(act: Act) -> Iterator[str]:
    """Identifiers without end, made many at a time."""
    while True:
        yield from act.new_ids(IDS_AT_ONCE)


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Give SQLite room for the pages of a large file while it goes in."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={before}")


@contextmanager
def indexes_after(connection: Connection, tables: Sequence[Table], *, when: bool) -> Iterator[None]:
    """Build the indexes of SQLite tables once their first million rows are in, not row by row: sorting is cheaper.

    Keys that keep rows unique stay. It is part of the writing transaction: what undoes the rows brings the indexes back.
    """
    if not when or connection.dialect.name != "sqlite":
        yield
        return
    names = json.dumps([table.name for table in tables])
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE %' "
        "AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY name"
    )
    found = list(connection.exec_driver_sql(query, (names,)))
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _, made in found:
        connection.exec_driver_sql(made)
