"""The settings that only flows read, beside those of the house."""

from typing import Any, Literal

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from recouvrement.settings import Settings


class FlowSettings(Settings):
    """How flows run: each is the environment variable `RECOUVREMENT_<NAME>`, as for every setting."""

    task_runner: Literal["threads", "processes"] = "threads"
    task_workers: int = 4
    turn_wait: int = 120  # seconds to wait while another run holds the ledger
    drain_start_wait: int = 120  # seconds to wait for a worker to take up drain-outbox
    operator_language: Literal["fr", "en"] = "en"


def task_runner() -> TaskRunner[Any]:
    """The task runner that the settings ask for; decisions are the same under each (they only read)."""
    settings = FlowSettings()
    if settings.task_runner == "processes":
        return ProcessPoolTaskRunner(max_workers=settings.task_workers)
    return ThreadPoolTaskRunner(max_workers=settings.task_workers)
