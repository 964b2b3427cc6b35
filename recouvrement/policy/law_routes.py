"""data/law/routes.toml as a frozen table: thresholds, routes and situations."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from recouvrement.domain.facts import Comparison, Condition, Fact, Operator
from recouvrement.domain.provenance import Parameter
from recouvrement.domain.routes import Route, RouteTable, Situation
from recouvrement.policy.law_fields import (
    LawFile,
    new_key,
    optional_text,
    parameter_of,
    provenance_of,
    read_law_file,
    text_of,
    texts_of,
    whole_of,
    without_overlap,
)

# What a file may say of itself; a condition about anything else is a mistake in the table.
FACTS = frozenset(
    {
        "amount_cents",
        "claim_is_invoiced",
        "contested",
        "creditor_is_trader",
        "debtor_is_trader",
        "debtor_kind",
        "debtor_location",
        "enforceable_title",
        "evidence_complete",
        "goods_under_retention_of_title",
        "guarantor",
        "insolvency_open",
        "limitation_months_left",
        "local_authority",
        "opposition_likely",
        "recovery_threatened",
        "worth_pursuing",
    }
)


def load_routes(folder: Path) -> RouteTable:
    """The table of routes; raise LawDataError for a condition, route or threshold that does not exist."""
    file = read_law_file(folder / "routes.toml")
    thresholds = _thresholds(file)
    current = {parameter.key: parameter.value for parameter in thresholds if parameter.provenance.valid_to is None}
    routes: dict[str, Route] = {}
    for place, entry in file.entries("route"):
        with file.entry(place):
            key = new_key(entry, routes)
            routes[key] = _route(entry, current)
    situations = _situations(file, routes, current)
    file.check()
    return RouteTable(situations, MappingProxyType(routes), tuple(thresholds))


def _thresholds(file: LawFile) -> list[Parameter]:
    found: list[Parameter] = []
    for place, entry in file.entries("threshold"):
        with file.entry(place):
            found.append(parameter_of(entry))
    file.problems += [f"{file.path.name}: {problem}" for problem in without_overlap(found)]
    return found


def _route(entry: Mapping[str, object], thresholds: Mapping[str, int]) -> Route:
    return Route(
        key=text_of(entry, "key"),
        name=text_of(entry, "name"),
        court=optional_text(entry, "court"),
        forms=optional_text(entry, "forms"),
        cost=text_of(entry, "cost"),
        delay=text_of(entry, "delay"),
        conditions=_conditions(entry, thresholds),
        disabled=optional_text(entry, "disabled"),
        provenance=provenance_of(entry),
    )


def _situations(file: LawFile, routes: Mapping[str, Route], thresholds: Mapping[str, int]) -> tuple[Situation, ...]:
    found: list[Situation] = []
    for place, entry in file.entries("situation"):
        with file.entry(place):
            names = texts_of(entry, "routes")
            unknown = [name for name in names if name not in routes]
            if unknown or not names:
                raise ValueError(f"unknown route {unknown[0]!r}" if unknown else "routes is missing or empty")
            conditions = _conditions(entry, thresholds)
            title, number = text_of(entry, "title"), whole_of(entry, "number")
            found.append(Situation(number, title, conditions, names, provenance_of(entry)))
    return tuple(found)


def _conditions(entry: Mapping[str, object], thresholds: Mapping[str, int]) -> tuple[Condition, ...]:
    written = entry.get("conditions", [])
    if not isinstance(written, list):
        raise ValueError("conditions must be a list of tables")  # noqa: TRY004 - gathered with the other problems
    return tuple(_condition(one, thresholds) for one in written)


def _condition(written: object, thresholds: Mapping[str, int]) -> Condition:
    """`{ text, fact, is }` or `{ text, any = [{ fact, is }, ...] }`."""
    if not isinstance(written, dict):
        raise ValueError("a condition must be a table")  # noqa: TRY004 - gathered with the other problems
    tests = written.get("any", [written])
    if not isinstance(tests, list) or not tests:
        raise ValueError("any must be a list of tests")
    return Condition(text_of(written, "text"), tuple(_test(one, thresholds) for one in tests))


def _test(written: Mapping[str, object], thresholds: Mapping[str, int]) -> Comparison:
    fact = text_of(written, "fact")
    if fact not in FACTS:
        raise ValueError(f"no fact is called {fact!r}")
    operators = [operator for operator in Operator if operator in written]
    if len(operators) != 1:
        raise ValueError(f"the test of {fact} needs exactly one of {', '.join(Operator)}")
    values = written[operators[0]]
    listed = values if isinstance(values, list) else [values]
    return Comparison(fact, operators[0], tuple(_value(one, operators[0], thresholds) for one in listed))


def _value(written: object, operator: Operator, thresholds: Mapping[str, int]) -> Fact:
    """A text, number or flag; where numbers are compared a text names a threshold in force."""
    if operator in {Operator.AT_MOST, Operator.ABOVE, Operator.BELOW} and isinstance(written, str):
        if written not in thresholds:
            raise ValueError(f"no threshold in force is called {written!r}")
        return thresholds[written]
    if isinstance(written, (str, bool, int)):
        return written
    raise ValueError(f"{written!r} is no value of a test")
