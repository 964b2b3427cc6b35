"""What every command of a person does before and after its act: who asks, in which house, and what is told of it."""

import typer

from recouvrement.cli.printing import answer, day_or_today
from recouvrement.day.acts_base import Done
from recouvrement.day.house import House, open_house
from recouvrement.day.operators import checked_operator
from recouvrement.day.refusals import meaning
from recouvrement.settings import Settings


def opened(on: str | None, operator: str, role: str = "record") -> House:
    """Open the house for an act of an operator who has the role; NotAllowed, NoLedger or Refused otherwise."""
    settings, today = Settings(), day_or_today(on)
    checked_operator(settings, operator, role=role)
    return open_house(settings).on_day(today)


def outcome(done: Done) -> str:
    """What an act did, or why it was refused, in one line."""
    return f"refused ({done.refused}): {meaning(done.refused)}" if done.refused else f"recorded {done.id}"


def told(done: Done, *, as_json: bool) -> None:
    """Print what an act did, or why it was refused (exit 1)."""
    answer(done.as_json(), as_json=as_json, lines=[outcome(done)])
    if done.refused:
        raise typer.Exit(1)
