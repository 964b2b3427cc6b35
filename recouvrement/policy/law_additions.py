"""Adding a rate to data/law/rates.toml: checked as a whole before the file is replaced."""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from recouvrement.domain.provenance import Confidence
from recouvrement.domain.rates import Category, RateTable, Semester, rate_text, rate_units
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law_fields import LawDataError
from recouvrement.policy.law_rates import load_rates

RECHECK_AFTER_DAYS = {"ecb": 45, "legal": 60}


class AddedSeries(StrEnum):
    """The three series that a person may add to."""

    ECB = "ecb"
    LEGAL_AUTRES = "legal-autres"
    LEGAL_PARTICULIERS = "legal-particuliers"


@dataclass(frozen=True, slots=True)
class NewRate:
    """A rate to add: percent as written, the day it takes effect, where it was read and when."""

    series: AddedSeries
    value: str
    on: date
    source: str
    checked_on: date
    confidence: Confidence = Confidence.SECONDARY
    article: str = ""


@dataclass(frozen=True, slots=True)
class RateAdded:
    """What was written: the lines appended and the semester concerned."""

    semester: Semester
    confirmed_only: bool
    lines: str


def add_rate(folder: Path, new: NewRate) -> RateAdded | Refused:
    """Append a rate to `folder`/rates.toml, or say why not; the file is replaced in one step or left as it was."""
    path = folder / "rates.toml"
    refused = _refused(new, table := load_rates(folder))
    if refused is not None:
        return refused
    confirmed = new.series is AddedSeries.ECB and _in_force(table, new.on) == rate_units(new.value)
    lines = _ecb_lines(new, confirmed=confirmed) if new.series is AddedSeries.ECB else _legal_lines(new)
    content = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" + lines
    problem = _replace_if_valid(path, content)
    if problem:
        return Refused("rate_does_not_fit", problem, "correct data/law/rates.toml by hand, or the value or date given")
    return RateAdded(Semester.of(new.on), confirmed, lines)


def _refused(new: NewRate, table: RateTable) -> Refused | None:
    try:
        units = rate_units(new.value)
    except ValueError as error:
        return Refused("not_a_rate", str(error), "give the rate in percent")
    if not new.source.strip():
        return Refused("no_source", "a rate without a source is not recorded", "say where it was read (an address)")
    known = _known(table, new)
    if known is not None:
        other = "the same value" if known == units else f"{rate_text(known)}"
        return Refused(
            "already_known",
            f"{new.series} is already recorded for {new.on} ({other})",
            "correct data/law/rates.toml by hand if it is wrong, and say why in its source",
        )
    return None


def _known(table: RateTable, new: NewRate) -> int | None:
    if new.series is AddedSeries.ECB:
        return _in_force(table, new.on) if new.on <= table.ecb_known_to else None
    category = _category(new)
    found = [r.units for r in table.legal if r.category is category and r.semester == Semester.of(new.on)]
    return found[0] if found else None


def _category(new: NewRate) -> Category:
    return Category.PARTICULIERS if new.series is AddedSeries.LEGAL_PARTICULIERS else Category.AUTRES


def _in_force(table: RateTable, on: date) -> int | None:
    return next((rate.units for rate in reversed(table.ecb) if rate.effective_on <= on), None)


def _ecb_lines(new: NewRate, *, confirmed: bool) -> str:
    head = ["[[ecb_confirmation]]", f"on = {new.on}"] if confirmed else ["[[ecb]]", f"value = {_quoted(new.value)}"]
    return "\n".join([*head, *_provenance_lines(new, new.on, None, "C. com. L441-10 II ; CCP R2192-31", "ecb")])


def _legal_lines(new: NewRate) -> str:
    semester = Semester.of(new.on)
    head = [
        "[[legal]]",
        f'semester = "{semester}"',
        f'category = "{_category(new)}"',
        f"value = {_quoted(new.value)}",
    ]
    tail = _provenance_lines(new, semester.first_day, semester.last_day, "CMF L313-2, D313-1-A", "legal")
    return "\n".join([*head, *tail])


def _provenance_lines(new: NewRate, first: date, last: date | None, article: str, series: str) -> list[str]:
    return [
        f"article = {_quoted(new.article or article)}",
        f"valid_from = {first}",
        *([f"valid_to = {last}"] if last else []),
        f"source = {_quoted(new.source)}",
        f"checked_on = {new.checked_on}",
        f'confidence = "{new.confidence}"',
        f"recheck_after_days = {RECHECK_AFTER_DAYS[series]}",
        "",
    ]


def _quoted(text: str) -> str:
    """A TOML basic string; JSON escapes are a subset of TOML's, which also forbids a bare delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace_if_valid(path: Path, content: str) -> str:
    """Write beside the file, read it back as a whole, then replace; the problem in words, or nothing."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".rates-") as folder:
        draft = Path(folder) / path.name
        draft.write_text(content, encoding="utf-8")
        try:
            load_rates(Path(folder))
        except LawDataError as error:
            return str(error)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    return ""
