"""How commands answer: JSON for machines, lines for people."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

import typer

from recouvrement.clock import today_in_paris
from recouvrement.domain.money import cents, plain


class Refused(Exception):
    """A command refuses, with a sentence and an exit code (1: refused, 2: cannot run)."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def day(text: str | None) -> date | None:
    """Read an ISO day; Refused (exit 2) when it is not one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r} is not a day: write it like 2026-11-20", 2) from None


def day_or_today(text: str | None) -> date:
    """The day typed, or today in Paris when none was; Refused (exit 2) when it is not one."""
    return day(text) or today_in_paris()


def a_day(text: str) -> date:
    """A day that must be given; Refused (exit 2) when it is not one."""
    found = day(text)
    assert found is not None
    return found


def amount_of(text: str | None) -> int | None:
    """An amount in minor units, None when none was given; Refused (exit 2) when it is not one."""
    try:
        return None if text is None else cents(text.replace(",", "."))
    except (ValueError, ArithmeticError):
        raise Refused(f"{text!r} is not an amount: write it like 1250.00", 2) from None


def in_words(found: Mapping[str, object]) -> list[str]:
    """One line a figure, minor units as amounts.

    >>> in_words({"past_contacts": 3, "open_cents": 125050})
    ['past contacts: 3', 'open: 1250.50']
    """
    told = [
        (key, plain(value) if key.endswith("_cents") and isinstance(value, int) else value)
        for key, value in found.items()
    ]
    return [f"{key.removesuffix('_cents').replace('_', ' ')}: {value}" for key, value in told]


def answer(
    value: Mapping[str, object] | Iterable[Mapping[str, object]], *, as_json: bool, lines: Iterable[str]
) -> None:
    """Print the JSON objects, one a line, or the lines."""
    if as_json:
        for one in [value] if isinstance(value, Mapping) else value:
            typer.echo(json.dumps(one, ensure_ascii=False, sort_keys=False, default=str))
    else:
        for line in lines:
            typer.echo(line)
