"""What a person may type into a form: patterns that the server checks before a run exists."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from recouvrement.clock import today_in_paris
from recouvrement.domain.money import cents

DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
CODE = r"^[A-Za-z0-9][A-Za-z0-9 ._/#-]{0,63}$"  # no @, no line break: an address is not a code
WORD = r"^[a-z][a-z0-9_]{0,40}$"
IDENTIFIER = r"^[0-9A-HJKMNP-TV-Z]{26}$"
OPERATOR = r"^[A-Za-z0-9_-]{1,20}$"
AMOUNT = r"^\d{1,11}([.,]\d{1,2})?$"
INSTALMENT = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) \d{1,11}([.,]\d{1,2})?$"
FILE = r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}$"  # a name in inbox/notes, no folder before it


def _written(value: object) -> object:
    """Callers in Python may give a date or None; the server always gives text."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else value


# An optional one is an empty text: the form of Prefect 3.8 refuses an empty date, and offers «None» as a type apart.
Day = Annotated[str, BeforeValidator(_written), Field(json_schema_extra={"pattern": DAY, "format": "date"})]
OptionalDay = Annotated[str, BeforeValidator(_written), Field(json_schema_extra={"pattern": f"^$|{DAY}"})]
Subject = Annotated[str, Field(json_schema_extra={"pattern": CODE})]
Reason = Annotated[str, Field(json_schema_extra={"pattern": WORD})]
Identifier = Annotated[str, Field(json_schema_extra={"pattern": IDENTIFIER})]
Operator = Annotated[str, Field(json_schema_extra={"pattern": OPERATOR})]
Amount = Annotated[str, Field(json_schema_extra={"pattern": AMOUNT})]
OptionalAmount = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{AMOUNT}"})]
OptionalIdentifier = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{IDENTIFIER}"})]
OptionalOperator = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{OPERATOR}"})]
Subjects = Annotated[
    list[str], Field(json_schema_extra={"items": {"type": "string", "pattern": CODE}, "minItems": 1, "maxItems": 200})
]
Instalments = Annotated[
    list[str],
    Field(json_schema_extra={"items": {"type": "string", "pattern": INSTALMENT}, "minItems": 1, "maxItems": 60}),
]
OptionalReason = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{WORD}"})]


class NotUsable(Exception):
    """A parameter that cannot be used; the message is a code and never repeats what was typed."""


def matching(pattern: str, value: str, code: str) -> str:
    """The value when it has the shape; NotUsable otherwise (a flow called without a server is not checked by one).

    >>> matching(CODE, "C-0042", "subject")
    'C-0042'
    """
    if not re.fullmatch(pattern, value):
        raise NotUsable(f"{code}_not_usable")
    return value


def day_of(value: str) -> date:
    """The day typed, or today in Paris when nothing was; NotUsable when there is no such day.

    >>> day_of("2026-11-20")
    datetime.date(2026, 11, 20)
    """
    if not value:
        return today_in_paris()
    try:
        return date.fromisoformat(matching(DAY, value, "day"))
    except ValueError:
        raise NotUsable("no_such_day") from None


def optional_day(value: str) -> date | None:
    """The day typed, None when nothing was."""
    return day_of(value) if value else None


def optional_cents(value: str) -> int | None:
    """The amount typed in minor units, None when nothing was."""
    return cents_of(value) if value else None


def note_named(value: str) -> str | None:
    """The id of a note, None when nothing was typed."""
    return matching(IDENTIFIER, value, "note") if value else None


def instalment_of(value: str) -> tuple[date, int]:
    """A day and an amount typed together.

    >>> instalment_of("2026-12-01 500,00")
    (datetime.date(2026, 12, 1), 50000)
    """
    when, _, amount = matching(INSTALMENT, value, "instalment").partition(" ")
    return day_of(when), cents_of(amount)


def cents_of(value: str) -> int:
    """An amount typed with a point or a comma, in minor units.

    >>> cents_of("1250,5")
    125050
    """
    return cents(matching(AMOUNT, value, "amount").replace(",", "."))


def named_day(value: object) -> str:
    """The day for the name of a run: never what was typed, unless it is a day."""
    try:
        return day_of(value if isinstance(value, str) else "").isoformat()
    except NotUsable:
        return "no-such-day"
