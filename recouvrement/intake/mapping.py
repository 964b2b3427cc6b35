"""Mappings: TOML files that say which column of a stranger's table is which field of ours."""

import fnmatch
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from recouvrement.intake.fields import FIELDS, REQUIRED

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "mappings"
CONTENTS = ("snapshot", "increment")
KEYS = frozenset(
    [
        "name",
        "target",
        "content",
        "scope",
        "files",
        "separator",
        "encoding",
        "decimal",
        "dates",
        "optional",
        "repeated",
        "sign",
        "columns",
        "constants",
        "values",
        "description",
    ]
)


class MappingError(ValueError):
    """A mapping file that says something impossible; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One layout: where each field of a target stands and how its values are written."""

    name: str
    target: str
    columns: AbstractMapping[str, tuple[str, ...]]
    content: str = "increment"
    scope: str = "all"
    files: tuple[str, ...] = ()
    separator: str = "auto"
    encoding: str = "auto"
    decimal: str = "auto"
    dates: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    repeated: str = "refuse"
    sign: str = "as_written"
    constants: AbstractMapping[str, str] = field(default_factory=dict)
    values: AbstractMapping[str, AbstractMapping[str, str]] = field(default_factory=dict)

    def placed(self, header: Sequence[str]) -> dict[str, int]:
        """Field → position of its column in this header; fields whose column is absent are left out."""
        positions: dict[str, int] = {}
        for position, heading in enumerate(header):
            positions.setdefault(plain_heading(heading), position)
        return {
            name: next(positions[heading] for heading in headings if heading in positions)
            for name, headings in self.columns.items()
            if any(heading in positions for heading in headings)
        }

    def missing(self, placed: AbstractMapping[str, int]) -> list[tuple[str, ...]]:
        """The groups of alternative fields of which no one is placed, constant or optional."""
        return [
            group
            for group in REQUIRED[self.target]
            if not any(name in placed or name in self.constants or name in self.optional for name in group)
        ]

    def fits_name(self, file_name: str) -> bool:
        """True when the mapping names this file by one of its patterns."""
        return any(fnmatch.fnmatch(file_name.casefold(), pattern.casefold()) for pattern in self.files)


@dataclass(frozen=True, slots=True)
class Mappings:
    """The mappings in force, in order of preference."""

    entries: tuple[Mapping, ...] = ()

    @classmethod
    def shipped(cls) -> "Mappings":
        """Those of data/mappings."""
        return cls.of_folders((SHIPPED,))

    @classmethod
    def of_folders(cls, folders: Iterable[Path]) -> "Mappings":
        """Every `*.toml` of these folders; a name met again replaces the earlier one. Raises MappingError."""
        found: dict[str, Mapping] = {}
        for folder in folders:
            for path in sorted(folder.glob("*.toml")):
                mapping = loaded(path)
                found[mapping.name] = mapping
        return cls(tuple(found.values()))

    def named(self, name: str) -> Mapping:
        """The mapping of that name; KeyError when there is none."""
        return next((entry for entry in self.entries if entry.name == name), None) or _absent(name)


def _absent(name: str) -> Mapping:
    raise KeyError(name)


def plain_heading(text: str) -> str:
    """A heading without case, accents or punctuation.

    >>> plain_heading(" N° de  Facture "), plain_heading("Date d'échéance"), plain_heading("invoice_number")
    ('n de facture', 'date d echeance', 'invoice number')
    """
    return _plain(text[:200])


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("°", " ")).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def loaded(path: Path) -> Mapping:
    """The mapping in a TOML file; MappingError when it is not one."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: {error}") from None
    return built(table, path.name)


def built(table: dict[str, Any], origin: str) -> Mapping:
    """A mapping from a parsed TOML table; `origin` names it in errors."""
    _checked(table, origin)
    values = {
        name: {plain_heading(str(theirs)): str(ours) for theirs, ours in words.items()}
        for name, words in table.get("values", {}).items()
    }
    return Mapping(
        name=str(table["name"]),
        target=str(table["target"]),
        columns={
            name: tuple(plain_heading(h) for h in ([headings] if isinstance(headings, str) else headings))
            for name, headings in table["columns"].items()
        },
        content=str(table.get("content", "increment")),
        scope=str(table.get("scope", "all")),
        files=tuple(table.get("files", ())),
        separator=str(table.get("separator", "auto")),
        encoding=str(table.get("encoding", "auto")),
        decimal=str(table.get("decimal", "auto")),
        dates=tuple(table.get("dates", ())),
        optional=frozenset(table.get("optional", ())),
        repeated=str(table.get("repeated", "refuse")),
        sign=str(table.get("sign", "as_written")),
        constants={name: str(value) for name, value in table.get("constants", {}).items()},
        values=values,
    )


def _checked(table: dict[str, Any], origin: str) -> None:
    if unknown := sorted(set(table) - KEYS):
        raise MappingError(f"{origin}: unknown key {unknown[0]}")
    if absent := [key for key in ("name", "target", "columns") if key not in table]:
        raise MappingError(f"{origin}: the key {absent[0]} is missing")
    target = table["target"]
    if target not in FIELDS:
        raise MappingError(f"{origin}: target is {target}, not one of {', '.join(FIELDS)}")
    for part in ("columns", "constants", "values"):
        if strange := sorted(set(table.get(part, {})) - FIELDS[target]):
            raise MappingError(f"{origin}: [{part}] has no field {strange[0]} for {target}")
    choices = {
        "content": CONTENTS,
        "decimal": ("auto", ",", "."),
        "repeated": ("refuse", "instalments"),
        "sign": ("as_written", "reversed"),
    }
    for key, allowed in choices.items():
        if table.get(key, allowed[0]) not in allowed:
            raise MappingError(f"{origin}: {key} is {table[key]}, not one of {', '.join(allowed)}")
