"""`recouvrement doctor`: what is wrong with the house, for a person or for a timer outside Prefect."""

from typing import Annotated

import typer

from recouvrement.cli.options import Json
from recouvrement.cli.printing import answer
from recouvrement.clock import now
from recouvrement.day.alerts import alert
from recouvrement.day.doctor import Finding, Level, examine
from recouvrement.day.house import House, open_house
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    quick: Annotated[bool, typer.Option(help="Leave the journals' chains unread.")] = False,
    mail: Annotated[bool, typer.Option(help="Mail the operator when something is bad.")] = False,
    as_json: Json = False,
) -> None:
    """Check runs, bank, rates, mail, mailbox, operators, outbox, chains, clock and disk; exit code 1 when something is bad."""
    house = open_house(Settings())
    found = examine(house, now(), quick=quick)
    answer([one.as_json() for one in found], as_json=as_json, lines=[_line(one) for one in found])
    bad = [one for one in found if one.level is Level.BAD]
    if bad and mail:
        _tell(house, bad)
    if bad:
        raise typer.Exit(1)


def _line(one: Finding) -> str:
    head = f"{one.level.value:<5} {one.check:<9} {one.facts}".rstrip()
    return f"{head}\n      {one.advice}" if one.advice else head


def _tell(house: House, bad: list[Finding]) -> None:
    trouble = alert(house, f"{len(bad)} things are wrong", [_line(one) for one in bad], at=now())
    if trouble:
        typer.echo(f"the alert did not leave: {trouble}", err=True)
