"""What commands about law read and write: days, euros, and answers with their exit codes."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NoReturn

import typer

from recouvrement.domain.money import cents
from recouvrement.domain.rates import MissingRate
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law import Law, load_law
from recouvrement.policy.law_fields import LawDataError
from recouvrement.settings import Settings

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
EUROS = re.compile(r"-?\d{1,13}(\.\d{1,2})?")
REFUSED, USAGE = 1, 2


def day(text: str) -> date:
    """A day written 2026-07-31, of this century or the last; a usage error for anything else."""
    try:
        if DAY.fullmatch(text) and 1900 <= int(text[:4]) < 2100:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise typer.BadParameter(f"{text!r} is not a day from 1900 to 2099: write it like 2026-07-31")


def euros(text: str) -> int:
    """Cents from euros with a decimal point; a usage error for anything else."""
    if EUROS.fullmatch(text):
        return cents(text)
    raise typer.BadParameter(f"{text!r} is not an amount: write euros with a decimal point and no spaces, like 1234.56")


def day_and_euros(text: str) -> tuple[date, int]:
    """A day and an amount written 2026-08-10:5000."""
    on, colon, amount = text.partition(":")
    if not colon:
        raise typer.BadParameter(f"{text!r} is not DAY:AMOUNT: write it like 2026-08-10:5000")
    return day(on), euros(amount)


def data_folder(given: Path | None) -> Path:
    """The folder of data: the one given, or the setting."""
    return given if given is not None else Settings().data


def law_or_exit(given: Path | None, *, as_json: bool) -> Law:
    """The law as recorded; exit 2 with every problem when its data cannot be used."""
    try:
        return load_law(data_folder(given))
    except LawDataError as error:
        unusable(error, as_json=as_json)


def unusable(error: LawDataError, *, as_json: bool) -> NoReturn:
    """Say what is wrong with the data of law and exit 2."""
    say({"error": "law_data", "problems": list(error.problems)}, "\n".join(error.problems), as_json=as_json)
    raise typer.Exit(USAGE)


def refuse(answer: Refused | MissingRate, *, as_json: bool) -> NoReturn:
    """Say why nothing was computed or written and exit 1."""
    found: dict[str, object] = {"error": "missing_rate", "message": answer.message}
    if isinstance(answer, Refused):
        found = {"error": answer.code, "message": answer.message, "remedy": answer.remedy}
    else:
        found |= {"series": str(answer.series), "semester": str(answer.semester)}
    say(found, str(answer), as_json=as_json)
    raise typer.Exit(REFUSED)


def say(found: Mapping[str, object], text: str, *, as_json: bool) -> None:
    """One JSON object, or the text for a person (problems and refusals go to standard error)."""
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo(text, err="error" in found)
