"""Decisions in shards: ranges of debtors, one task run for each share, whatever the number of invoices."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import date
from functools import lru_cache

from prefect import State
from prefect.context import FlowRunContext
from prefect.futures import PrefectConcurrentFuture, PrefectFuture
from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

from recouvrement.day.decisions import Shard, decide_range
from recouvrement.day.house import House, open_house
from recouvrement.day.order import decide_day
from recouvrement.ledger.positions import Range
from recouvrement.settings import Settings
from tasks.guard import house_task
from tasks.hand import DayInHand

MOST_TASKS = 40
Deciding = PrefectFuture[list[Shard]]


class Share:
    """Some ranges for one task run; opaque, so that Prefect does not walk through it, and picklable for processes."""

    def __init__(self, number: int, parts: list[Range], on: date, known_to: int) -> None:
        self.number, self.parts, self.on, self.known_to = number, parts, on, known_to


def shares_of(parts: list[Range], on: date, known_to: int) -> list[Share]:
    """Cut ranges, in order, into at most MOST_TASKS shares.

    >>> [len(s.parts) for s in shares_of([Range("a", "b")] * 90, date(2026, 11, 20), 7)][:3]
    [3, 3, 3]
    """
    size = max(1, -(-len(parts) // MOST_TASKS))
    cuts = range(0, len(parts), size)
    return [Share(n, parts[start : start + size], on, known_to) for n, start in enumerate(cuts)]


@lru_cache(maxsize=2)
def _house_of_this_process(settings: Settings) -> House:
    return open_house(settings)


@house_task("decisions", retries=2, run_name="decisions-{number}")
def decide_share(share: Share, number: int) -> list[Shard]:  # noqa: ARG001 (the number names the task run)
    """Decide for every debtor of a share; it only reads, so it may run in any thread or process, and again."""
    house = _house_of_this_process(Settings())
    creditor_id = house.creditor()
    return [decide_range(house, creditor_id, part, on=share.on, known_to=share.known_to) for part in share.parts]


def _ended(state: State) -> PrefectConcurrentFuture[object]:
    """A task that ended, as the future of it: the process runner waits for futures only."""
    inner: Future[object] = Future()
    inner.set_result(state)
    run_id = state.state_details.task_run_id
    assert run_id is not None
    future: PrefectConcurrentFuture[object] = PrefectConcurrentFuture(task_run_id=run_id, wrapped_future=inner)
    future.wait()
    return future


def _before(state: State) -> object:
    """What a task run waits for, in the kind that the runner of this run takes."""
    running = FlowRunContext.get()
    if running is not None and isinstance(running.task_runner, ThreadPoolTaskRunner | ProcessPoolTaskRunner):
        return _ended(state)
    return state.model_copy(update={"data": "ended"})  # it goes to other machines: ids only, never what the step found


def decide(day: DayInHand, after: Iterable[State]) -> list[Deciding]:
    """Decide for every open item, spread over task runs, and keep the decisions in the order of the ranges."""
    deciding: list[Deciding] = []
    before = [_before(state) for state in after]

    def spread(_one: Callable[[Range], Shard], parts: list[Range]) -> Iterator[Shard]:
        for share in shares_of(parts, day.on, day.run.known_to):
            deciding.append(decide_share.submit(share, share.number, return_state=False, wait_for=before))
        for future in deciding:
            yield from future.result()

    day.acting = decide_day(day.house, day.run, day.report, spread)
    return deciding
