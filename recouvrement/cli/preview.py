"""The command that shows a message before it exists: `recouvrement preview STEP --debtor D`."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.options import Json, On
from recouvrement.cli.printing import Refused, answer, day_or_today
from recouvrement.day.house import open_house
from recouvrement.day.previewing import NothingToShow
from recouvrement.day.previewing import preview as written
from recouvrement.day.refusals import meaning
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(preview)


def preview(
    step: Annotated[str, typer.Argument(help="A step of the debtor's policy.")],
    debtor: Annotated[str, typer.Option(help="A debtor code.")],
    on: On = None,
    out: Annotated[Path | None, typer.Option(help="A folder; out/preview of the home when absent.")] = None,
    as_json: Json = False,
) -> None:
    """Write a step for a debtor as it would be frozen today (e-mail, its text and HTML, letter); the ledger is left as it is."""
    today = day_or_today(on)
    house = open_house(Settings()).on_day(today)
    try:
        found = written(house, step, debtor, on=today)
    except NothingToShow as error:
        raise Refused(f"{error}: {meaning(str(error))}") from error
    folder = out or house.settings.home / "out" / "preview"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for end, data in found.files.items():
        path = folder / f"{debtor.replace('/', '_')}-{step}.{end}"
        path.write_bytes(data)
        paths.append(str(path))
    told = {"policy": found.policy, "files": paths, "to_correct": found.to_correct}
    lines = [*paths, *(f"not by {channel}: {fault}" for channel, fault in found.to_correct.items())]
    answer(told, as_json=as_json, lines=lines)
    if not paths:
        raise typer.Exit(1)
