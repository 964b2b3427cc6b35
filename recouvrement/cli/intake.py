"""`recouvrement mapping guess FILE`: a mapping proposed for a table."""

import json
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.intake.guess import guess_file
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings

mapping_app = typer.Typer(help="Mappings: which column of a table is which field.", no_args_is_help=True)


@mapping_app.callback()
def mapping() -> None:
    """Mappings: which column of a table is which field."""


@mapping_app.command("guess")
def guess(
    file: Annotated[Path, typer.Argument(help="A CSV, Excel or ODS file.", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of TOML.")] = False,
) -> None:
    """Propose a mapping for this table; exit code 1 when its columns say nothing to us."""
    limits = Limits()
    if file.stat().st_size > limits.sheet_bytes:
        typer.echo(f"{file.name} is larger than {limits.sheet_bytes} bytes: give its first lines.", err=True)
        raise typer.Exit(1)
    found = guess_file(file.name, file.read_bytes(), Mappings.shipped(), limits=limits)
    if found is None:
        typer.echo(f"No column of {file.name} looks like a field we know.", err=True)
        raise typer.Exit(1)
    if as_json:
        proposal = {
            "file": file.name,
            "target": found.target,
            "columns": found.columns,
            "missing": list(found.missing),
            "unused": list(found.unused),
            "toml": found.toml,
        }
        typer.echo(json.dumps(proposal, ensure_ascii=False))
    else:
        typer.echo(found.toml, nl=False)


def register(app: typer.Typer) -> None:
    """Add the commands of intake to the console script."""
    app.add_typer(mapping_app, name="mapping")
