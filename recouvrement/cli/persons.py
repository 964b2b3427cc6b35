"""Commands about a person's data: a copy of all of it, and its erasure."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.acts import opened, told
from recouvrement.cli.files import Json, On
from recouvrement.cli.printing import Refused, answer, day_or_today
from recouvrement.cli.running import Operator
from recouvrement.day.house import open_house
from recouvrement.day.person_data import erase_person, export_person
from recouvrement.settings import Settings

person = typer.Typer(no_args_is_help=True, help="A person's data: export and erasure.")


def register(app: typer.Typer) -> None:
    """Add `person export` and `person erase`."""
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
    done = erase_person(opened(on, operator, "erase"), code, reason=reason, on=today, operator=operator)
    told(done, as_json=as_json)
