"""data/law/courts.toml and retention.toml as frozen objects."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.provenance import Parameter, Provenance
from recouvrement.policy.law_fields import parameter_of, provenance_of, read_law_file, text_of, texts_of


@dataclass(frozen=True, slots=True)
class Courts:
    """The towns whose commercial court has another name for a time."""

    towns: frozenset[str]
    name: str
    provenance: Provenance


def load_courts(folder: Path) -> tuple[Courts, ...]:
    """The dated table of courts; raise LawDataError when it cannot be used."""
    file = read_law_file(folder / "courts.toml")
    found: list[Courts] = []
    for place, entry in file.entries("economic"):
        with file.entry(place):
            found.append(Courts(frozenset(texts_of(entry, "towns")), text_of(entry, "name"), provenance_of(entry)))
    file.check()
    return tuple(found)


def court_of(registry: str, kind: DebtorKind, courts: tuple[Courts, ...], on: date) -> str:
    """The court of a trader's seat when the table names it for that day, else an empty text (CPC 1406).

    The register where a debtor is enrolled ("RCS Lyon") is that of its seat. Only a business is surely enrolled for a
    commercial activity; for everybody else the registry of the court confirms.
    """
    if kind is not DebtorKind.BUSINESS:
        return ""
    words = _plain(registry).removeprefix("rcs").strip()
    for table in courts:
        town = next((town for town in sorted(table.towns) if _plain(town) == words), "")
        if town and table.provenance.holds_on(on):
            return f"{table.name} {town}".replace("de Le ", "du ")
    return ""


def _plain(text: str) -> str:
    """A name without case, accents or hyphens."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return " ".join(bare.replace("-", " ").replace(".", " ").split())


def load_retention(folder: Path) -> Mapping[str, Parameter]:
    """Years of retention by scope; raise LawDataError when a scope lacks or is not in years."""
    file = read_law_file(folder / "retention.toml")
    found: dict[str, Parameter] = {}
    for place, entry in file.entries("period"):
        with file.entry(place):
            period = parameter_of(entry)
            if period.unit != "years":
                raise ValueError("a period of retention is in years")
            found[period.key] = period
    file.problems += [f"{file.path.name}: the period {key} is missing" for key in {"contacts", "accounts"} - set(found)]
    file.check()
    return MappingProxyType(found)
