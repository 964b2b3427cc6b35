"""Commands that make a ledger and take files in: init, import, match, problems."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day_or_today, in_words
from recouvrement.cli.progress import progress_bar
from recouvrement.day.house import init as make_ledger
from recouvrement.day.house import open_house
from recouvrement.day.intake import check_files
from recouvrement.day.intake_demo import with_demo_contact
from recouvrement.day.intake_folder import files_of, take_paths
from recouvrement.day.intake_taking import How
from recouvrement.day.matching import match as match_lines
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.migrate import upgrade
from recouvrement.ledger.single_flight import AlreadyRunning, single_flight
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command(name="import")(import_files)
    app.command()(match)
    app.command()(problems)


def init(
    name: Annotated[str, typer.Option(help="The creditor's name.")] = "Créancier à compléter",
    address: Annotated[str, typer.Option(help="Address, lines separated by |.")] = "",
    email: Annotated[str, typer.Option(help="Address that messages come from.")] = "",
    phone: str = "",
    contact_name: Annotated[str, typer.Option(help="The person debtors can reach.")] = "",
    iban: str = "",
    bic: str = "",
    siren: str = "",
    legal_form: str = "",
    registry: str = "",
    simulated_clock: Annotated[
        bool,
        typer.Option(
            "--simulated-clock", help="A ledger for trials: any day can be played, mail stays on this machine."
        ),
    ] = False,
    demo: Annotated[bool, typer.Option("--demo", hidden=True)] = False,
    upgrade_: Annotated[bool, typer.Option("--upgrade", help="Bring an existing ledger to this version.")] = False,
    as_json: Json = False,
) -> None:
    """Create the ledger under RECOUVREMENT_HOME (or RECOUVREMENT_DATABASE_URL)."""
    settings = Settings()
    if upgrade_:
        upgrade(settings.url)
        answer({"upgraded": True}, as_json=as_json, lines=["The ledger has the shape of this version."])
        return
    fields = {
        "address": address.replace("|", "\n"),
        "email": email,
        "phone": phone,
        "contact_name": contact_name,
        "iban": iban.replace(" ", ""),
        "bic": bic,
        "siren": siren,
        "legal_form": legal_form,
        "registry": registry,
    }
    try:
        make_ledger(
            settings,
            creditor={
                "name": name,
                **{k: v or None for k, v in fields.items() if k != "address"},
                "address": fields["address"],
            },
            simulated_clock_=simulated_clock,
            demo=demo,
        )
    except ValueError as error:
        raise Refused(str(error)) from error
    answer(
        {"home": str(settings.home), "simulated_clock": simulated_clock},
        as_json=as_json,
        lines=[f"Ledger created in {settings.home}"],
    )


def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="Files to take in, or folders of files and papers; kinds are detected.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Read and report, write nothing.")] = False,
    confirm_snapshot: Annotated[
        bool, typer.Option("--confirm-snapshot", help="Take a list that shrank, or a file held for its balances.")
    ] = False,
    account: Annotated[str, typer.Option(help="The account (IBAN) of bank tables that do not name theirs.")] = "",
    demo_contacts: Annotated[
        bool,
        typer.Option(
            "--demo-contacts", help="Give customers without one a made-up kind, language, e-mail and address."
        ),
    ] = False,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Take files into the ledger: invoices, customers, bank statements, past steps, documents."""
    missing = [path for path in files if not path.exists()]
    if missing:
        raise Refused(f"no such file: {missing[0]}", 2)
    account = account.replace(" ", "").upper()
    if check:
        verdicts = check_files(Settings(), [one for path in files for one in files_of(path)], account=account)
    else:
        house = opened(on, operator)
        if demo_contacts and not house.simulated:
            raise Refused("--demo-contacts is for ledgers made by `init --simulated-clock`: it invents addresses", 2)
        try:
            with single_flight(house.ledger), progress_bar(shown=not as_json) as progress:
                how = How(confirm_snapshot, account, with_demo_contact if demo_contacts else None, progress)
                results = take_paths(house, files, actor=operator, how=how)
        except AlreadyRunning as error:
            raise Refused("a run holds this ledger; nothing was taken in") from error
        verdicts = [result.as_json() for result in results]
    answer(verdicts, as_json=as_json, lines=[_told(v) for v in verdicts])
    if any(v["verdict"] == "rejected" for v in verdicts):
        raise typer.Exit(1)


def _told(v: dict[str, object]) -> str:
    reasons = v["reasons"]
    assert isinstance(reasons, list)
    head = f"{v['file']}: {v['kind']}, {v['verdict']}, {v['records']} records" + (
        f", {v['written']} written" if "written" in v else ""
    )
    return "\n  ".join([head, *map(str, reasons)])


def match(on: On = None, as_json: Json = False) -> None:
    """Match bank lines to open items."""
    today = day_or_today(on)
    house = open_house(Settings()).on_day(today)
    try:
        with single_flight(house.ledger):
            found = match_lines(house, on=today).as_json()
    except AlreadyRunning as error:
        raise Refused("a run holds this ledger; nothing was matched") from error
    answer(found, as_json=as_json, lines=in_words(found))


def problems(as_json: Json = False) -> None:
    """List what was wrong in files and has not been corrected."""
    house = open_house(Settings())
    fields = ("file", "line", "element", "field", "value_class", "reason", "message", "remedy")
    with house.ledger.reading() as connection:
        rows = [{name: getattr(p, name) for name in fields} for p in open_problems(connection)]
    answer(rows, as_json=as_json, lines=[_problem_told(row) for row in rows] or ["No open problem."])


def _problem_told(row: dict[str, object]) -> str:
    place = f"{row['file']}:{row['line'] or '-'} {row['element']}"
    what = " ".join(str(row[name]) for name in ("field", "value_class") if row[name])
    return f"{place}{f' ({what})' if what else ''} {row['reason']}: {row['message']} → {row['remedy']}"
