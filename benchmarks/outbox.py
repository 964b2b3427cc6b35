"""A full outbox drained by one or more workers: CPU a message with every commit, memory, and how the work was shared.

    python -m benchmarks.outbox [--messages 10000] [--workers 1] [--octets 85000] [--database sqlite|postgresql|URL]

The sink is a process of its own, so is each worker; CPU is a worker's own (user and system), commits and the witness's
fsync included. No rate limit. Ends with 1 unless each message was received exactly once and is `sent`.
"""

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.children import Child, forked
from benchmarks.kill_outbox import faulty_catcher
from benchmarks.ready_outbox import CREDITOR, MONDAY, BytesOf, database, ready_outbox, small
from benchmarks.smtp import sink
from recouvrement.channels.maildir import messages as stored_messages
from recouvrement.day.house import House, open_house
from recouvrement.day.sending import drain
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.tables.contacts import contact_event
from recouvrement.settings import Settings


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker did: messages, CPU seconds, and its memory in MB after a tenth of them and at the end."""

    messages: int
    cpu: float
    early_mb: int
    peak_mb: int


def large(octets: int) -> BytesOf:
    """Messages with an attachment, of about that many octets on the wire."""
    filling = bytes(range(256)) * (octets * 3 // 4 // 262)

    def made(number: int, message_id: str) -> bytes:
        message = EmailMessage(policy=SMTP_POLICY)
        message["Subject"], message["From"] = f"Facture {number}", CREDITOR["email"]
        message["To"], message["Message-ID"] = f"d{number}@client.example", message_id
        message.set_content("Bonjour,\n" + "Texte de la relance, assez long pour compter.\n" * 12)
        message.add_attachment(filling + b"%d" % number, maintype="application", subtype="pdf", filename="facture.pdf")
        return message.as_bytes()

    return made


def share(settings: Settings, start: Barrier) -> Child:
    """Fork a worker that drains once, when all of them are there, and tells its share on its pipe."""

    def draining(pipe: int) -> None:
        house = open_house(settings).on_day(MONDAY)
        start.wait()
        before, early = time.process_time(), [0]

        def watch(count: int) -> None:
            if count == 200:
                early[0] = peak()

        tally = drain(house, on=MONDAY, pace=False, on_sent=watch)
        done = Share(tally.outcomes.total(), time.process_time() - before, early[0] or peak(), peak())
        os.write(pipe, json.dumps(asdict(done)).encode())

    return forked(draining)


def peak() -> int:
    """The highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def shared_out(settings: Settings, workers: int) -> list[Share]:
    """Let workers drain one outbox at once; what each did."""
    start = multiprocessing.Barrier(workers)
    children = [share(settings, start) for _ in range(workers)]
    shares = []
    for child in children:
        with os.fdopen(child.told) as told:
            shares.append(Share(**json.loads(told.read() or '{"messages":0,"cpu":0,"early_mb":0,"peak_mb":0}')))
        os.waitpid(child.process, 0)
    return shares


def judged(house: House, received: Counter[str] | None, count: int) -> list[str]:
    """What went wrong, if anything."""
    with house.ledger.reading() as connection:
        states = counts_by_state(connection)
        tries = select(contact_event.c.contact_id).where(contact_event.c.state == "sending").group_by(
            contact_event.c.contact_id).having(func.count() > 1)  # fmt: skip
        again = len(connection.execute(tries).all())
    wrong = [] if states == {"sent": count} else [f"states: {states}"]
    wrong += [f"begun more than once: {again}"] if again else []
    if received is not None and (len(received) != count or set(received.values()) != {1}):
        wrong.append(f"received: {received.total()} of {len(received)} messages")
    return wrong


def main() -> int:
    """Run it and print what was found as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--octets", type=int, default=0)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument(
        "--keep", action="store_true", help="keep what arrives and count copies; else a sink without a disk"
    )
    given = parser.parse_args()
    with database(given.database) as url, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        catcher = faulty_catcher(home / "mail", 0, chance=0) if given.keep else sink("raw", folder)
        with catcher as port:
            settings = Settings(home=home / "home", witness=home / "witness", database_url=url, smtp_port=port)
            house = ready_outbox(settings, given.messages, large(given.octets) if given.octets else small)
            house.ledger.engine.dispose()
            start = time.perf_counter()
            shares = shared_out(settings, given.workers)
            wall = time.perf_counter() - start
        received = (
            Counter(_message_id(octets) for _, octets, _ in stored_messages(home / "mail")) if given.keep else None
        )
        wrong = judged(open_house(settings), received, given.messages)
    told = {
        "database": given.database.partition(":")[0],
        "messages": given.messages,
        "octets": given.octets or len(small(1, "<r.1@essai.example>")),
        "shares": [one.messages for one in shares],
        "cpu_ms_per_message": [round(1000 * one.cpu / max(one.messages, 1), 2) for one in shares],
        "memory_mb": [[one.early_mb, one.peak_mb] for one in shares],
        "wall_seconds": round(wall, 1),
        "load": round(os.getloadavg()[0], 1),
        "wrong": wrong,
    }
    print(json.dumps(told))
    return 1 if wrong else 0


def _message_id(octets: bytes) -> str:
    line = next(line for line in octets.split(b"\r\n") if line.lower().startswith(b"message-id:"))
    return line.partition(b":")[2].strip().decode()


if __name__ == "__main__":
    sys.exit(main())
