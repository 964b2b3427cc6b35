"""How a flow ends: always an explicit state, whose name tells the operator and automations what happened."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from prefect import Flow, State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner

from flows.parameters import NotUsable, named_day, titled
from recouvrement.clock import today_in_paris
from recouvrement.day.house import NoLedger
from recouvrement.day.operators import NotAllowed
from recouvrement.day.order import LiveRefused
from recouvrement.day.refusals import meaning
from recouvrement.day.sending import MayNotSend
from recouvrement.ledger.single_flight import AlreadyRunning
from tasks.guard import broke

P = ParamSpec("P")


def done(message: str, *, troubles: list[str] | None = None) -> State:
    """Completed; with troubles (codes) its name is `Partial`."""
    if troubles:
        return Completed(name="Partial", message=f"{message} To look at: {', '.join(troubles)}.")
    return Completed(message=message)


def holiday(day: str) -> State:
    """A closed day: nothing was done, and nothing is wrong."""
    return Completed(name="Holiday", message=f"{day} is closed: nothing was decided, nothing was sent.")


def refused(code: str) -> State:
    """A refusal with its code and what it means: nothing was written."""
    return Failed(name="Refused", message=f"Refused ({code}): {meaning(code)}. Nothing was written.")


def already_running() -> State:
    """Another run holds the ledger: nothing was started."""
    return Failed(name="AlreadyRunning", message="Another run holds this ledger; nothing was started. Try again later.")


def paused(code: str) -> State:
    """The ledger is behind its witness or stopped by a person: nothing was sent until `recouvrement resume`."""
    return Failed(
        name="Paused",
        message=f"Sending is paused ({code}): {meaning(code)}. Nothing was sent. See `recouvrement resume`.",
    )


def no_ledger() -> State:
    """There is no ledger where the worker looks."""
    return Failed(
        name="NoLedger",
        message=(
            "No ledger where RECOUVREMENT_HOME points, or one of another version: run `recouvrement init`, or after an upgrade "
            "`recouvrement init --upgrade`."
        ),
    )


def ended_by(error: Exception, name: str) -> State:
    """The state that an exception means; what nobody foresaw is `Broke`, its text kept in the house only."""
    match error:
        case NotUsable():
            return refused(str(error))
        case LiveRefused() | MayNotSend():
            return paused(error.reason) if isinstance(error, MayNotSend) else refused(error.reason)
        case NotAllowed():
            return refused("operator_not_allowed")
        case AlreadyRunning():
            return already_running()
        case NoLedger():
            return no_ledger()
    return Failed(name="Broke", message=str(broke(name, error)))


def run_name(name: str) -> Callable[[], str]:
    """Name a run by its flow, its day (or today) or its days, and the mode when it has one."""

    def named() -> str:
        given = flow_run.parameters or {}
        if "start" in given and "end" in given:
            return f"{name} {named_day(given['start'])} to {named_day(given['end'])}"
        day = named_day(given["on"]) if given.get("on") else today_in_paris().isoformat()
        mode = f" {given['mode']}" if given.get("mode") in {"rehearse", "live"} else ""
        return f"{name} {day}{mode}"

    return named


def house_flow(name: str, *, runner: TaskRunner[Any] | None = None) -> Callable[[Callable[P, State]], Flow[P, State]]:
    """A Prefect flow of this house: its function returns its final state, and no exception text leaves it."""

    def wrap(function: Callable[P, State]) -> Flow[P, State]:
        @functools.wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> State:
            try:
                return function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 (whatever it is, its text must not reach Prefect)
                return ended_by(error, name)

        guarded.__signature__ = titled(name, function)  # type: ignore[attr-defined]
        return Flow(
            guarded, name=name, flow_run_name=run_name(name), task_runner=runner, persist_result=False,
            log_prints=False, validate_parameters=True,
        )  # fmt: skip

    return wrap
