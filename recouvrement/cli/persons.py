"""Commands about a person's data: a copy of all of it, and its erasure."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened, outcome
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day_or_today
from recouvrement.day.house import open_house
from recouvrement.day.person_data import erase_person, export_person
from recouvrement.day.person_files import files_naming, words_of
from recouvrement.settings import Settings

person = typer.Typer(no_args_is_help=True, help="A person's data: export and erasure.")


def register(app: typer.Typer) -> None:
    """Add `person export`, `person erase` and `person traces`."""
    app.add_typer(person, name="person")


@person.command()
def export(
    code: Annotated[str, typer.Argument(help="A debtor code.")],
    out: Annotated[Path, typer.Option(help="The ZIP to write; it must not exist.")],
    as_json: Json = False,
) -> None:
    """Write everything that is held about a debtor to a ZIP: data by table, and every message and document."""
    if out.exists():
        raise Refused(f"{out} exists: nothing is overwritten", 2)
    found = export_person(open_house(Settings()), code)
    if found is None:
        raise Refused(f"no debtor {code} in this ledger")
    out.write_bytes(found)
    out.chmod(0o600)
    answer({"file": str(out), "bytes": len(found)}, as_json=as_json, lines=[f"{out}: {len(found)} bytes"])


@person.command()
def erase(
    code: Annotated[str, typer.Argument(help="A debtor code.")],
    reason: Annotated[str, typer.Option(help="A reason code.")],
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Erase what retention no longer covers of a debtor's data; refused while something is owed, runs or waits."""
    today = day_or_today(on)
    house = opened(on, operator, "erase")
    words = words_of(house, code)
    done = erase_person(house, code, reason=reason, on=today, operator=operator)
    left = [] if done.refused else files_naming(house, words)
    lines = [outcome(done), *_told(left)]
    answer(done.as_json() | {"files_naming": left}, as_json=as_json, lines=lines)
    if done.refused:
        raise typer.Exit(1)


@person.command()
def traces(code: Annotated[str, typer.Argument(help="A debtor code.")], as_json: Json = False) -> None:
    """List the files of this home that name a debtor: they are for you to clear, as are sent mail and backups."""
    house = open_house(Settings())
    words = words_of(house, code)
    if not words:
        raise Refused(f"nothing names a debtor {code} in this ledger")
    left = files_naming(house, words)
    answer({"files_naming": left}, as_json=as_json, lines=_told(left) or ["No file of this home names that debtor."])


def _told(left: list[str]) -> list[str]:
    """What stays, and where nobody looked."""
    if not left:
        return []
    head = "These files name the person, with others perhaps; text inside PDFs, sent mail and backups were not looked into:"
    return [head, *(f"  {path}" for path in left)]
