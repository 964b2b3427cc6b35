"""`recouvrement rates check` and `recouvrement rates add`."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.law_values import data_folder, day, law_or_exit, refuse, say, unusable
from recouvrement.clock import today_in_paris
from recouvrement.domain.provenance import Confidence
from recouvrement.domain.rates import MissingRate
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law_additions import AddedSeries, NewRate, add_rate
from recouvrement.policy.law_fields import LawDataError
from recouvrement.policy.law_warnings import is_time_to_fetch, law_warnings, missing_next, missing_now

rates = typer.Typer(help="Rates of interest: what is missing, and adding one.", no_args_is_help=True)


@rates.command("check")
def check(
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The day to look from; today by default.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List rates that are missing, soon missing, or to be checked again; exit 1 when something must be done now."""
    moment = today_in_paris() if on is None else day(on)
    law = law_or_exit(data, as_json=as_json)
    now, ahead = missing_now(law, moment), missing_next(law, moment)
    warnings = law_warnings(law, moment)
    found = {
        "on": moment.isoformat(),
        "missing": [_row(one, due=True) for one in now] + [_row(one, due=is_time_to_fetch(moment)) for one in ahead],
        "warnings": [{"code": warning.code, "message": warning.message} for warning in warnings],
    }
    lines = [one.message for one in (*now, *ahead)] + [w.message for w in warnings if w.code == "figure_to_check"]
    say(found, "\n".join(lines) or f"All rates that {moment} needs are known.", as_json=as_json)
    if now or warnings:
        raise typer.Exit(1)


def _row(missing: MissingRate, *, due: bool) -> dict[str, object]:
    return {
        "series": str(missing.series) + (f"-{missing.category}" if missing.category else ""),
        "semester": str(missing.semester),
        "needed_from": missing.semester.first_day.isoformat(),
        "due": due,
    }


@rates.command("add")
def add(
    series: Annotated[AddedSeries, typer.Argument(help="ecb, legal-autres or legal-particuliers.")],
    value: Annotated[str, typer.Argument(help="Percent, with a decimal point.")],
    date: Annotated[str, typer.Option(metavar="DAY", help="The day from which it holds.")],
    source: Annotated[str, typer.Option(help="Where it was read.")],
    checked_on: Annotated[str | None, typer.Option(metavar="DAY", help="When it was read; today by default.")] = None,
    confidence: Annotated[Confidence, typer.Option(help="How sure it is.")] = Confidence.SECONDARY,
    article: Annotated[str, typer.Option(help="Article of law, when not the usual one.")] = "",
    data: Annotated[Path | None, typer.Option(help="Folder of data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Record a rate in data/law/rates.toml; the same ECB rate on a later day confirms that it still holds."""
    read = today_in_paris() if checked_on is None else day(checked_on)
    new = NewRate(series, value, day(date), source, read, confidence, article)
    try:
        added = add_rate(data_folder(data) / "law", new)
    except LawDataError as error:
        unusable(error, as_json=as_json)
    if isinstance(added, Refused):
        refuse(added, as_json=as_json)
    verb = "confirmed" if added.confirmed_only else "recorded"
    found = {
        "series": str(series),
        "semester": str(added.semester),
        "value": value,
        "confirmed_only": added.confirmed_only,
    }
    say(found, f"{series} {value} % {verb} from {date} ({added.semester}).", as_json=as_json)
