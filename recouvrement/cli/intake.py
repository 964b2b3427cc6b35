"""Commands around intake: `mapping guess`, `insolvency fetch`, `accounts`, `validate`."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day, day_or_today
from recouvrement.day.house import open_house
from recouvrement.day.intake_accounts import control_sheet
from recouvrement.day.intake_insolvency import Unavailable, asked_about, fetch_notices
from recouvrement.domain.money import plain
from recouvrement.domain.records import Severity
from recouvrement.intake.bodacc_api import ADDRESS
from recouvrement.intake.guess import guess_file
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.validation import ValidatorAbsentError, findings
from recouvrement.settings import Settings

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


insolvency_app = typer.Typer(help="Insolvency notices about our debtors.", no_args_is_help=True)


@insolvency_app.callback()
def insolvency() -> None:
    """Insolvency notices about our debtors."""


@insolvency_app.command("fetch")
def fetch(
    since: Annotated[str | None, typer.Option(help="First day of publication; 30 days ago when absent.")] = None,
    address: Annotated[
        str, typer.Option(help="Where the portal's interface is.", envvar="RECOUVREMENT_BODACC_ADDRESS")
    ] = ADDRESS,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Ask the BODACC for notices about debtors with a SIREN, keep the answers and take them in."""
    today = day_or_today(on)
    house = opened(on, operator)
    sirens = asked_about(house)
    try:
        results = fetch_notices(house, since=day(since) or today - timedelta(days=30), actor=operator, address=address)
    except Unavailable as error:
        raise Refused(f"{error}; nothing is lost, ask again later") from error
    except ValueError as error:
        raise Refused(str(error), 2) from error
    found = {
        "asked": len(sirens),
        "answers": len(results),
        "notices": sum(result.records for result in results),
        "facts": sum(result.written for result in results),
    }
    answer(found, as_json=as_json, lines=[", ".join(f"{count} {name}" for name, count in found.items())])


def accounts(as_json: Json = False) -> None:
    """Compare each customer's balance in the accounts (newest FEC) with the ledger; exit code 1 when one differs."""
    sheet = control_sheet(open_house(Settings()))
    lines = [
        f"{c.debtor}: accounts {plain(c.accounts_cents)} on {c.on.isoformat()}, ledger {plain(c.ledger_cents)}"
        + (f", difference {plain(c.difference_cents)}" if c.difference_cents else "")
        for c in sheet
    ]
    answer([c.as_json() for c in sheet], as_json=as_json, lines=lines or ["No FEC was taken in."])
    if any(c.difference_cents for c in sheet):
        raise typer.Exit(1)


def validate(
    file: Annotated[Path, typer.Argument(help="An e-invoice: PDF, CII or UBL.", exists=True, dir_okay=False)],
    as_json: Json = False,
) -> None:
    """Run the official rules (EN 16931, French) over an e-invoice; exit code 1 when one is broken, 2 without the engine."""
    try:
        found = findings(file.name, file)
    except ValidatorAbsentError as error:
        raise Refused(str(error), 2) from error
    except FileRefusedError as error:
        raise Refused(str(error)) from error
    rows = [{"rule": f.element, "severity": f.severity.value, "place": f.field, "message": f.message} for f in found]
    answer(rows, as_json=as_json, lines=[f"{r['rule']}: {r['message']}" for r in rows] or ["No rule is broken."])
    if any(f.severity is Severity.REJECTED for f in found):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands of intake to the console script."""
    app.add_typer(mapping_app, name="mapping")
    app.add_typer(insolvency_app, name="insolvency")
    app.command()(accounts)
    app.command()(validate)
