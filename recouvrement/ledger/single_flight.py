"""Single flight: one daily run at a time, by a lock that dies with its process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from recouvrement.ledger.book import Ledger
from recouvrement.ledger.engine import sqlite_file

RUN_LOCK = 7_305_002


class AlreadyRunning(Exception):
    """Another process holds the run; nothing was started."""


@contextmanager
def single_flight(ledger: Ledger) -> Iterator[None]:
    """Hold the run's lock; raise AlreadyRunning when another live process has it.

    `flock` beside a SQLite file, a session advisory lock on PostgreSQL: both vanish with the process, so a power cut
    leaves nothing to clean.
    """
    file = sqlite_file(str(ledger.engine.url.render_as_string(hide_password=False)))
    if file is None:
        with ledger.engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": RUN_LOCK}):
                raise AlreadyRunning
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": RUN_LOCK})
        return
    with file.with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning from error
        yield
