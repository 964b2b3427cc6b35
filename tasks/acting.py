"""Acts of a person as tasks: one rule for all of them, an act of the ledger or a refusal by code with nothing written."""

from collections.abc import Callable
from datetime import date
from typing import Concatenate, ParamSpec

from prefect import Task

from recouvrement.day.acts_base import Done
from recouvrement.day.house import House
from tasks.guard import house_task
from tasks.opening import house_on

P = ParamSpec("P")


def act_task(name: str, do: Callable[Concatenate[House, P], Done]) -> Task[P, Done]:
    """A task that does one act: `do(house, …, on=day)`; its arguments are those of the act after the house."""

    @house_task(name)
    def task(*args: P.args, **kwargs: P.kwargs) -> Done:
        on = kwargs["on"]
        assert isinstance(on, date)
        return do(house_on(on), *args, **kwargs)

    return task
