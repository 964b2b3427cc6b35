"""Opening the house for a flow, and taking one's turn at the ledger."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from flows.choices import FlowSettings
from recouvrement.day.house import House
from recouvrement.day.order import Mode, a_run
from recouvrement.ledger.runs import Run
from recouvrement.ledger.single_flight import AlreadyRunning
from tasks.hand import ACTOR
from tasks.opening import house_on

PAUSE = 2.0  # seconds between two tries


def opened(on: date) -> House:
    """The house that the settings name, its acts dated on the day when its clock is simulated. Raises NoLedger."""
    return house_on(on)


@contextmanager
def our_turn(house: House, *, on: date, mode: Mode) -> Iterator[Run]:
    """A run under single flight; waits `turn_wait` seconds for a short holder such as `watch-inbox`.

    Raises LiveRefused, and AlreadyRunning when the wait was not enough.
    """
    tries = int(FlowSettings().turn_wait / PAUSE)
    with ExitStack() as stack:
        for left in range(tries, -1, -1):
            try:
                run = stack.enter_context(a_run(house, on=on, mode=mode, actor=ACTOR))
                break
            except AlreadyRunning:
                if not left:
                    raise
                time.sleep(PAUSE)
        yield run
