"""The ledger opened: reading transactions, and acts that write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, func, insert, select, text

from recouvrement.clock import PARIS
from recouvrement.ledger.tables.acts import act as act_table
from recouvrement.ledger.ulid import ulid, ulids

ACT_LOCK = 7_305_001  # the advisory lock under which acts are numbered on PostgreSQL


@dataclass(frozen=True, slots=True)
class Act:
    """A writing transaction under way: its connection, number, moment and author."""

    connection: Connection
    id: int
    at: datetime
    actor: str

    @property
    def day(self) -> date:
        """The business day of this act: the date it was in Paris."""
        return self.at.astimezone(PARIS).date()

    def new_id(self) -> str:
        """Make an identifier of this act's moment."""
        return ulid(self.at)

    def new_ids(self, count: int) -> list[str]:
        """Make `count` rising identifiers."""
        return ulids(self.at, count)


@dataclass(frozen=True, slots=True)
class Ledger:
    """An engine and the clock that dates its acts (injected: tests and the demo bring their own)."""

    engine: Engine
    now: Callable[[], datetime]

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a reading transaction; nothing is written in it."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def act(self, kind: str, actor: str) -> Iterator[Act]:
        """Open a writing transaction numbered as the next act; an exception leaves no trace.

        Numbers are given under one lock (SQLite BEGIN IMMEDIATE, PostgreSQL advisory lock), so that «known to act N»
        means the same rows for ever.
        """
        with self.engine.connect().execution_options(writing=True) as connection, connection.begin():
            if self.engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ACT_LOCK})
            number = connection.scalar(select(func.coalesce(func.max(act_table.c.id), 0))) + 1  # type: ignore[operator]
            moment = self.now()
            connection.execute(insert(act_table).values(id=number, at=moment, actor=actor, kind=kind))
            yield Act(connection, number, moment, actor)

    def known_to(self) -> int:
        """Return the number of the newest act."""
        with self.reading() as connection:
            return int(connection.scalar(select(func.coalesce(func.max(act_table.c.id), 0))) or 0)
