"""Identifiers: two forked processes never make the same one, even at one moment of a simulated clock."""

import os
from datetime import UTC, datetime

from recouvrement.ledger.ulid import ulids

MOMENT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def ids_of_a_child() -> list[str]:
    """What a forked child makes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, " ".join(ulids(MOMENT, 50)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        found = told.read().split()
    os.waitpid(child, 0)
    return found


def test_forked_processes_make_different_identifiers() -> None:
    ulids(MOMENT, 10)

    made = [*ids_of_a_child(), *ids_of_a_child(), *ulids(MOMENT, 50)]

    assert len(set(made)) == len(made) == 150
