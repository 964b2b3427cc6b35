"""The wall between our exceptions and Prefect, which copies every message it sees to its database, logs and disk."""

import functools
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE

from recouvrement.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

WAITS: list[float] = [2, 10]  # seconds
TRANSIENT = frozenset({"OperationalError", "TimeoutError", "BlockingIOError", "InterfaceError"})


class StepBroke(Exception):
    """A step met an error nobody foresaw; its text stands in a file of this house, never in Prefect (law 10)."""

    def __init__(self, step: str, kind: str, reference: str) -> None:
        super().__init__(step, kind, reference)
        self.step, self.kind, self.reference = step, kind, reference

    def __str__(self) -> str:
        """A sentence of codes only."""
        return f"{self.step} broke on {self.kind}; the details are in log/errors/{self.reference}.txt of the house"


def broke(step: str, error: BaseException) -> StepBroke:
    """Write the whole error to `log/errors` of the house and give back what Prefect may know of it."""
    if isinstance(error, StepBroke):
        return error
    reference = secrets.token_hex(6)
    folder: Path = Settings().home / "log" / "errors"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / f"{reference}.txt").write_text("".join(traceback.format_exception(error)), "utf-8")
    except OSError:
        reference = "unwritten"
    return StepBroke(step, type(error).__name__, reference)


def _only_transient(_task: object, _task_run: object, state: Any) -> bool:
    """Retry what may pass by itself: a locked or distant database; never a bug, which stays one."""
    found = state.result(raise_on_failure=False)
    return isinstance(found, StepBroke) and found.kind in TRANSIENT


def house_task(
    name: str, *, retries: int = 0, run_name: str | Callable[[], str] | None = None
) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A Prefect task of this house: no cache, nothing persisted, errors as codes.

    `retries` is for steps that read or that may be repeated safely; each retry waits 2, then 10 seconds.
    """

    def wrap(function: Callable[P, R]) -> Task[P, R]:
        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 (whatever it is, its text must not reach Prefect)
                found = broke(name, error)
            raise found

        return Task(
            guarded, name=name, task_run_name=run_name or name, cache_policy=NO_CACHE, persist_result=False, log_prints=False,
            retries=retries, retry_delay_seconds=WAITS[:retries] or None, retry_condition_fn=_only_transient if retries else None,
        )  # fmt: skip

    return wrap
