"""SIGKILL between every two file operations and ledger commits while a batch of letters is printed.

    python -m benchmarks.kill_letters [--letters 6] [--database sqlite|postgresql|URL]

The n-th child dies just before its n-th commit, file operation or line to the witness, for n from 0 until one gets to
its end. After each death a second drain goes on; then each letter is in exactly one published batch and `sent`, or it
is in none and `unknown`. Ends with 1 when a promise was broken.
"""

import argparse
import io
import itertools
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfWriter
from sqlalchemy import Connection, create_engine, event, select, text

from benchmarks.children import forked
from benchmarks.promises import Found, ended
from benchmarks.ready_outbox import MONDAY, database, ready_outbox
from recouvrement.channels.folder import Disk
from recouvrement.channels.post import read_batch
from recouvrement.day.house import House, open_house
from recouvrement.day.posting import post_folder
from recouvrement.day.sending import drain
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.witness import Witness
from recouvrement.settings import Settings

WINDOW = "Client\n1 rue du Client\n75001 Paris"


@dataclass(slots=True)
class Told(Found):
    """What a run of the test found."""

    letters: int
    deaths: int = 0
    states: Counter[str] = field(default_factory=Counter)


class Fuse:
    """Ends the process, as a power cut would, at its n-th step."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def burn(self) -> None:
        """One step nearer to the end."""
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def burn_at_commit(self, connection: Connection) -> None:
        """A step before each commit that writes."""
        if connection.get_execution_options().get("writing"):
            self.burn()

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, a step before it."""

        def burning(*args: object, **kwargs: object) -> Any:
            self.burn()
            return function(*args, **kwargs)

        return burning


def killed_at(settings: Settings, steps: int) -> bool:
    """Drain in a child that dies at step n; False when it got to the end before."""

    def burning(_: int) -> None:
        house = open_house(settings).on_day(MONDAY)
        fuse = Fuse(steps)
        event.listen(house.ledger.engine, "commit", fuse.burn_at_commit)
        for name in ("make_folder", "write", "sync_folder", "rename"):
            setattr(Disk, name, fuse.before(getattr(Disk, name)))
        Witness._append = fuse.before(Witness._append)  # type: ignore[method-assign]  # noqa: SLF001
        drain(house, on=MONDAY, pace=False)

    child = forked(burning)
    status = os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])
    os.close(child.told)
    if status not in {0, -signal.SIGKILL}:
        raise RuntimeError(f"the child ended with {status}")
    return status != 0


def judge(house: House, told: Told, step: int) -> None:
    """Hold what the ledger says against what the folder holds."""
    with house.ledger.reading() as connection:
        states = {row.id: row.state for row in connection.execute(select(contact.c.id, contact.c.state))}
    batches = [path for path in post_folder(house).glob("*") if not path.name.startswith(".")]
    printed = Counter(entry.key for path in batches for entry in read_batch(path).entries)
    told.states.update(states.values())
    judged = {
        "printed twice": [key for key, times in printed.items() if times > 1],
        "printed and not sent": [key for key in printed if states.get(key) != "sent"],
        "sent and not printed": [key for key, state in states.items() if state == "sent" and key not in printed],
        "in no final state": [key for key, state in states.items() if state not in {"sent", "unknown"}],
    }
    told.violations += [f"step {step}: {what}: {len(keys)}" for what, keys in judged.items() if keys]


def copies(home: Path, url: str, letters: int) -> Callable[[], Settings]:
    """Fill one outbox with letters; each call gives a fresh copy of its home, its witness and its database."""
    first = _settings(home / "first", url)
    blank = one_page()
    house = ready_outbox(
        first, letters, lambda n, _: blank + b"%%%d\n" % n, channel="registered_letter", recipient=WINDOW
    )
    house.ledger.engine.dispose()
    numbers = itertools.count(1)

    def copy() -> Settings:
        place = home / f"copy-{next(numbers)}"
        shutil.copytree(home / "first", place)
        return _settings(place, _copied_database(url, place.name.replace("-", "_")))

    return copy


def _settings(place: Path, url: str) -> Settings:
    return Settings(home=place / "home", witness=place / "witness", database_url=url)


def _copied_database(url: str, name: str) -> str:
    """A copy of a PostgreSQL database beside it; SQLite's went with its folder."""
    if not url:
        return ""
    address, _, options = url.partition("?")
    server, _, template = address.rpartition("/")
    name = f"{template}_{name}"
    with create_engine(
        Settings(database_url=f"{server}/template1?{options}").url, isolation_level="AUTOCOMMIT"
    ).connect() as c:
        gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        c.execute(text(gone), {"name": template})
        c.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    return f"{server}/{name}?{options}"


def one_page() -> bytes:
    """A small PDF."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def run(home: Path, letters: int, url: str) -> Told:
    """Kill at every step, each time in a fresh copy."""
    told, copy = Told(letters), copies(home, url, letters)
    while True:
        settings = copy()
        died = killed_at(settings, told.deaths)
        house = open_house(settings).on_day(MONDAY)
        drain(house, on=MONDAY, pace=False)
        judge(house, told, told.deaths)
        house.ledger.engine.dispose()
        if not died:
            return told
        told.deaths += 1


def main() -> int:
    """Run it and print what was found as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=6)
    parser.add_argument("--database", default="sqlite")
    given = parser.parse_args()
    start = time.perf_counter()
    with database(given.database) as url, tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), given.letters, url)
    return ended(told, given.database, start)


if __name__ == "__main__":
    sys.exit(main())
