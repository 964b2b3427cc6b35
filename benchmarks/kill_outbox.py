"""SIGKILL after SIGKILL while the outbox drains: nothing twice, nothing lost silently, what is in doubt `unknown`.

    python -m benchmarks.kill_outbox [--messages 1200] [--kills 30] [--database sqlite|postgresql|URL]

Two workers drain one outbox; each is killed at a moment of chance and another takes its place. The catcher, in a
process of its own, drops 2 % of the connections before it stores the message and 2 % after, and answers 2 % with 451.
Ends with 1 when a promise was broken, and says which.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from sqlalchemy import select

from benchmarks.children import Child, forked, served
from benchmarks.promises import Found, ended
from benchmarks.ready_outbox import MONDAY, database, ready_outbox
from recouvrement.channels.maildir import messages
from recouvrement.day.house import House, open_house
from recouvrement.day.sending import drain
from recouvrement.domain.journal import Intact
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.journal import verify_all
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.tables.contacts import contact
from recouvrement.settings import Settings

FAULTS = Path(__file__).resolve().parents[1] / "tests" / "channels" / "faults.py"
WORKERS = 2
ROUNDS = 8  # drains of the end, 25 minutes apart, so that what was answered 451 is tried again


@dataclass(slots=True)
class Told(Found):
    """What a run of the test found."""

    messages: int
    kills: int = 0
    lives: int = 0
    states: dict[str, int] = field(default_factory=dict)
    stored: int = 0
    unknown_stored: int = 0


def faulty_catcher(folder: Path, seed: int, chance: float = 0.02) -> AbstractContextManager[int]:
    """The fault-injecting server as a process, each of its three faults of that chance; yields its port."""
    faults = [word for name in ("--before", "--after", "--later") for word in (name, str(chance))]
    words = [sys.executable, str(FAULTS), str(folder), "--seed", str(seed), *faults]
    environment = os.environ | {"PYTHONPATH": str(FAULTS.parents[2])}
    return served(words, environment)


def later(house: House, minutes: int) -> House:
    """The same house some minutes later."""
    start = house.ledger.now()
    ledger = Ledger(house.ledger.engine, lambda: start + timedelta(minutes=minutes))
    return replace(house, ledger=ledger)


def worker(settings: Settings) -> Child:
    """Fork a worker that drains once, and says on its pipe that it begins to."""

    def draining(pipe: int) -> None:
        house = open_house(settings).on_day(MONDAY)
        os.write(pipe, b"!")
        drain(house, on=MONDAY, pace=False)

    return forked(draining)


def run(home: Path, count: int, kills: int, url: str, seed: int) -> Told:
    """Fill an outbox, drain it under fire, then in peace; count and judge."""
    mail = home / "mail"
    told = Told(count)
    with faulty_catcher(mail, seed) as port:
        settings = Settings(home=home / "home", witness=home / "witness", database_url=url, smtp_port=port)
        house = ready_outbox(settings, count)
        house.ledger.engine.dispose()  # no connection is shared with the children
        _under_fire(settings, told, kills, random.Random(seed))
        house = open_house(settings).on_day(MONDAY)
        for number in range(ROUNDS):
            drain(later(house, 25 * number), on=MONDAY, pace=False)
    _judge(house, mail, told)
    return told


def _under_fire(settings: Settings, told: Told, kills: int, chance: random.Random) -> None:
    """Keep two workers at it and kill one of them again and again, a moment of chance after it began."""
    longest = 0.015 * told.messages / kills  # so that the last kills still meet messages on their way
    alive = [worker(settings) for _ in range(WORKERS)]
    told.lives = WORKERS
    while told.kills < kills:
        place = chance.randrange(WORKERS)
        os.read(alive[place].told, 1)
        time.sleep(chance.uniform(0, longest))
        told.kills += _ended(alive[place], told, kill=True)
        alive[place] = worker(settings)
        told.lives += 1
    for one in alive:
        _ended(one, told, kill=False)


def _ended(one: Child, told: Told, *, kill: bool) -> bool:
    """Wait for a worker, or kill it if it has not ended yet; say whether it was killed."""
    ended, status = os.waitpid(one.process, os.WNOHANG if kill else 0)
    if not ended:
        os.kill(one.process, signal.SIGKILL)
        os.waitpid(one.process, 0)
    elif status:
        told.violations.append(f"a worker ended with {os.waitstatus_to_exitcode(status)}")
    os.close(one.told)
    return not ended


def _judge(house: House, mail: Path, told: Told) -> None:
    with house.ledger.reading() as connection:
        told.states = counts_by_state(connection)
        rows = connection.execute(select(contact.c.message_id, contact.c.state)).all()
        broken = [chain for chain, verdict in verify_all(connection).items() if not isinstance(verdict, Intact)]
    state = {message_id: found for message_id, found in rows}
    stored = Counter(str(message_from_bytes(octets)["Message-ID"]) for _, octets, _ in messages(mail))
    told.stored = stored.total()
    told.unknown_stored = sum(state.get(message_id) == "unknown" for message_id in stored)
    judged = {
        "duplicates": [name for name, times in stored.items() if times > 1],
        "stored and unheard of": [name for name in stored if name not in state],
        "sent and not stored": [name for name, found in state.items() if found == "sent" and name not in stored],
        "stored and neither sent nor unknown": [n for n in stored if state.get(n) not in {"sent", "unknown"}],
        "in no final state": [n for n, found in state.items() if found not in {"sent", "ready", "failed", "unknown"}],
        "chains broken": broken,
    }
    told.violations += [f"{what}: {len(names)}" for what, names in judged.items() if names]
    if len(state) != told.messages:
        told.violations.append(f"contacts: {len(state)} of {told.messages}")


def main() -> int:
    """Run it and print what was found as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    with database(given.database) as url, tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), given.messages, given.kills, url, given.seed)
    return ended(told, given.database, start)


if __name__ == "__main__":
    sys.exit(main())
