"""What a person may type into a form: patterns that the server checks before a run exists."""

import re
from collections.abc import Callable
from datetime import date
from inspect import Parameter, Signature, signature
from typing import Annotated

from pydantic import BeforeValidator, Field

from recouvrement.clock import today_in_paris
from recouvrement.domain.ladder import StepCode
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
Step = Annotated[str, Field(json_schema_extra={"enum": [code.value for code in StepCode]})]
OptionalReason = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{WORD}"})]

TITLES = {  # of a field whose own name would puzzle whoever fills a form in; of one form alone with its name before
    "on": "Day", "operator": "Operator code", "subject": "Debtor or invoice", "debtor": "Debtor code", "invoice": "Invoice number",
    "reason": "Reason code", "note": "Note", "case": "Case code", "line": "Receipt", "contact": "Message", "contacts": "Messages",
    "reply": "Message", "start": "First day", "end": "Last day", "close-case.end": "How it ends", "due": "Promised by",
    "event": "What came of it", "outcome": "What came of it", "source": "How it is known", "what": "What happened",
    "state": "What happened", "record-receipt.state": "Where the money is", "category": "What is contested", "kind": "What it is",
    "end-fact.kind": "What ends", "left": "Did it leave?", "knowledge": "As known", "instead_of": "In place of",
    "candidate": "Candidate policy", "letters": "Print letters too", "fees": "Fees kept", "fact": "Question",
    "requirement": "Paper", "withdraw": "Take the waiver back", "acceleration": "A missed payment makes all due",
    "instalments": "Payments", "credit_by": "Credit note by", "owner": "Who looks at it", "part": "What is given up",
    "expected": "Expected by", "judgment": "Day of the judgment", "iban_note": "Note with the IBAN", "number": "Registered number",
    "meaning": "What it means", "medium": "Which address", "share": "Share of debtors (%)", "seed": "Start of the draw",
}  # fmt: skip


def title_of(form: str, name: str) -> str:
    """What a field is called in a form.

    >>> title_of("close-case", "end"), title_of("backfill", "end"), title_of("set-direct-debit", "mandate")
    ('How it ends', 'Last day', 'Mandate')
    """
    return TITLES.get(f"{form}.{name}") or TITLES.get(name) or name.replace("_", " ").capitalize()


def titled(form: str, function: Callable[..., object]) -> Signature:
    """The signature of a form with a title for each field: Prefect would show the names of the parameters."""
    found = signature(function, eval_str=True)

    def named(one: Parameter) -> Parameter:
        title = Field(json_schema_extra={"title": title_of(form, one.name)})
        return one.replace(annotation=Annotated[one.annotation, title])

    return found.replace(parameters=[named(one) for one in found.parameters.values()])


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
