"""What is wrong in a file of policies, in words that need no knowledge of the software."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError

WHOLE_NUMBER: Final = "a whole number is expected"
BOUNDS: Final = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}
WORDS: Final = {
    "missing": "is missing",
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "finite_number": WHOLE_NUMBER,
    "bool_type": "true or false is expected",
    "bool_parsing": "true or false is expected",
    "tuple_type": 'a list is expected, like ["email", "letter"]',
    "string_type": 'a text between quotes is expected, like "15.00"',
    "dict_type": "a table is expected",
    "too_short": "it must not be empty",
}
TABLES: Final = "tables that begin with [[{}]] are expected"


def faults_of(error: ValidationError, written: Mapping[str, Any], *known: type[BaseModel]) -> str:
    """Every fault of a file, `;` between them, each with its place: the step's code rather than its number in the list.

    `known` are the tables a name may be from: a misspelt one is told with the nearest of theirs.
    """
    names = [name for model in known for name in model.model_fields]
    return "; ".join(_fault(dict(one), written, names) for one in error.errors())


def _fault(one: dict[str, Any], written: Mapping[str, Any], names: list[str]) -> str:
    place, told = _place(one["loc"], written), _told(one, names)
    return f"{place}: {told}" if place else told


def _place(loc: tuple[str | int, ...], written: Mapping[str, Any]) -> str:
    """Where a fault stands: `friendly_reminder: offset`, `minimum.EUR`, `rule 2: kinds`."""
    head, rest = "", loc
    if len(loc) > 1 and isinstance(loc[1], int):
        table, rest = written[str(loc[0])][loc[1]], loc[2:]
        code = table.get("code") if isinstance(table, Mapping) else None
        head = str(code or f"{loc[0]} {loc[1] + 1}")
    path = ".".join(part for part in rest if isinstance(part, str) and part != "[key]")
    return ": ".join(filter(None, (head, path)))


def _told(one: dict[str, Any], names: list[str]) -> str:
    kind, given, context = str(one["type"]), one["input"], one.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        near = get_close_matches(str(one["loc"][-1]), names, 1)
        return "there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
    if kind == "enum":
        return f"{given!r} is not one of {context['expected'].replace(' or ', ', ')}"
    if kind == "string_pattern_mismatch":
        return f"{given!r} is not one of {context['pattern'].strip('^$()').replace('|', ', ')}"
    if kind in BOUNDS:
        key, words = BOUNDS[kind]
        return f"{words} {context[key]}, not {given}"
    if kind in {"tuple_type", "model_type"} and len(one["loc"]) <= 2 and one["loc"][0] in {"step", "rule"}:
        return TABLES.format(one["loc"][0])
    return WORDS.get(kind) or str(one["msg"])
