"""The settings that only flows read, beside those of the house."""

from typing import Any, Literal

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from recouvrement.settings import Settings


class FlowSettings(Settings):
    """How flows run: each is the environment variable `RECOUVREMENT_<NAME>`, as for every setting."""

    task_runner: Literal["threads", "processes", "dask"] = "threads"
    task_workers: int = 4
    dask_address: str = ""  # of a running scheduler; empty = a cluster of processes on this machine, for the run
    turn_wait: int = 120  # seconds to wait while another run holds the ledger
    drain_start_wait: int = 120  # seconds to wait for a worker to take up drain-outbox
    operator_language: Literal["fr", "en"] = "en"


def task_runner() -> TaskRunner[Any]:
    """The task runner that the settings ask for; decisions are the same under each (they only read)."""
    settings = FlowSettings()
    if settings.task_runner == "processes":
        return ProcessPoolTaskRunner(max_workers=settings.task_workers)
    if settings.task_runner == "dask":
        return _dask(settings)
    return ThreadPoolTaskRunner(max_workers=settings.task_workers)


def _dask(settings: FlowSettings) -> TaskRunner[Any]:
    """Dask on the scheduler of the settings, or on processes of this machine; the extra `dask` is needed."""
    from prefect_dask.task_runners import DaskTaskRunner

    if settings.dask_address:
        return DaskTaskRunner(address=settings.dask_address)
    local = {"n_workers": settings.task_workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    return DaskTaskRunner(cluster_kwargs=local)
