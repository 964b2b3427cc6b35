"""Reading figures of law out of TOML tables: what is missing or malformed is named, all of it at once."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

from recouvrement.domain.money import cents
from recouvrement.domain.provenance import Confidence, Parameter, Provenance
from recouvrement.domain.rates import rate_units


class LawDataError(Exception):
    """The data of law cannot be used; `problems` lists every reason with its file and place."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(slots=True)
class LawFile:
    """One TOML file and the problems found in it so far."""

    path: Path
    tables: Mapping[str, object]
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def entry(self, place: str) -> Iterator[None]:
        """Note a ValueError of one entry under its place and go on with the next."""
        try:
            yield
        except ValueError as error:
            self.problems.append(f"{self.path.name}: {place}: {error}")

    def entries(self, name: str) -> Iterator[tuple[str, dict[str, object]]]:
        """The tables of an array with their places, such as 'ecb[3]'."""
        found = self.tables.get(name, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.problems.append(f"{self.path.name}: {name} must be an array of tables, [[{name}]]")
            return
        for position, entry in enumerate(found):
            yield f"{name}[{position}]", entry

    def check(self) -> None:
        """Raise LawDataError when anything was wrong."""
        if self.problems:
            raise LawDataError(tuple(self.problems))


def read_law_file(path: Path) -> LawFile:
    """Parse one TOML file; raise LawDataError when it is absent or no TOML."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LawDataError((f"{path}: cannot be read ({error.strerror})",)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LawDataError((f"{path.name}: {error}",)) from error
    return LawFile(path, tables)


def text_of(entry: Mapping[str, object], key: str) -> str:
    """A text that is not empty; raise ValueError otherwise."""
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is missing or empty")
    return value


def new_key(entry: Mapping[str, object], known: Mapping[str, object]) -> str:
    """The key of an entry; ValueError when another one has it."""
    key = text_of(entry, "key")
    if key in known:
        raise ValueError(f"a second {key!r}")
    return key


def optional_text(entry: Mapping[str, object], key: str) -> str:
    """A text, or the empty text where the key is absent."""
    return text_of(entry, key) if key in entry else ""


def day_of(entry: Mapping[str, object], key: str) -> date:
    """A TOML date (not a date with a time); raise ValueError otherwise."""
    value = entry.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"{key} is missing or no date (write it without quotes, 2026-07-01)")


def whole_of(entry: Mapping[str, object], key: str) -> int:
    """A whole number of zero or more; raise ValueError otherwise."""
    value = entry.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{key} is missing or no whole number")
    return value


def flag_of(entry: Mapping[str, object], key: str, *, default: bool) -> bool:
    """True or false; raise ValueError for anything else."""
    value = entry.get(key, default)
    if isinstance(value, bool):
        return value
    raise ValueError(f"{key} must be true or false")


def texts_of(entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    """A list of texts, empty where the key is absent; raise ValueError otherwise."""
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"{key} must be a list of texts")
    return tuple(value)


def provenance_of(entry: Mapping[str, object]) -> Provenance:
    """Article, dates, source and confidence; raise ValueError naming the one that is missing."""
    valid_from = day_of(entry, "valid_from")
    valid_to = day_of(entry, "valid_to") if "valid_to" in entry else None
    if valid_to is not None and valid_to < valid_from:
        raise ValueError("valid_to is before valid_from")
    confidence = text_of(entry, "confidence")
    if confidence not in set(Confidence):
        raise ValueError(f"confidence {confidence!r} is none of {', '.join(Confidence)}")
    return Provenance(
        article=text_of(entry, "article"),
        valid_from=valid_from,
        valid_to=valid_to,
        source=text_of(entry, "source"),
        checked_on=day_of(entry, "checked_on"),
        confidence=Confidence(confidence),
        recheck_after_days=whole_of(entry, "recheck_after_days"),
    )


# How each written unit is kept: (unit inside, conversion of the written value).
_WHOLE_UNITS = {"days", "months", "years", "times", "count"}


def parameter_of(entry: Mapping[str, object]) -> Parameter:
    """One figure with its unit and provenance; the value is written as text; raise ValueError if anything is wrong."""
    key, written, unit = text_of(entry, "key"), text_of(entry, "value"), text_of(entry, "unit")
    if unit in {"points", "percent"}:
        return Parameter(key, rate_units(written), "rate", provenance_of(entry))
    if unit == "euros":
        return Parameter(key, _cents(written), "cents", provenance_of(entry))
    if unit not in _WHOLE_UNITS:
        raise ValueError(f"unit {unit!r} is none of points, percent, euros, {', '.join(sorted(_WHOLE_UNITS))}")
    if not (written.isascii() and written.isdigit()):
        raise ValueError(f"value {written!r} is no whole number")
    return Parameter(key, int(written), unit, provenance_of(entry))


def _cents(written: str) -> int:
    try:
        amount = cents(Decimal(written))
    except (InvalidOperation, OverflowError):
        raise ValueError(f"value {written!r} is no amount in euros") from None
    if amount < 0:
        raise ValueError(f"value {written!r} is negative")
    return amount


def without_overlap(parameters: list[Parameter]) -> list[str]:
    """Problems where two versions of one figure hold on the same day."""
    problems: list[str] = []
    ordered = sorted(parameters, key=lambda p: (p.key, p.provenance.valid_from))
    for one, two in pairwise(ordered):
        if one.key == two.key and one.provenance.holds_on(two.provenance.valid_from):
            problems.append(f"{one.key}: two versions hold on {two.provenance.valid_from}")
    return problems
