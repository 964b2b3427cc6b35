"""data/law/due_dates.toml, limitation.toml and time_limits.toml as frozen objects."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from recouvrement.domain.due_dates import Base, TermRule
from recouvrement.domain.limitation import ClaimNature, Effect, EventRule, LimitationLaw
from recouvrement.domain.provenance import Parameter
from recouvrement.domain.time_limits import LimitRule, Side
from recouvrement.policy.law_fields import (
    LawFile,
    flag_of,
    new_key,
    parameter_of,
    provenance_of,
    read_law_file,
    text_of,
    whole_of,
    without_overlap,
)


def load_term_rules(folder: Path) -> Mapping[str, TermRule]:
    """The statutory terms by name."""
    file = read_law_file(folder / "due_dates.toml")
    found: dict[str, TermRule] = {}
    for place, entry in file.entries("rule"):
        with file.entry(place):
            key = new_key(entry, found)
            found[key] = TermRule(
                key,
                Base(text_of(entry, "base")),
                whole_of(entry, "days"),
                flag_of(entry, "end_of_month", default=False),
                provenance_of(entry),
            )
    file.check()
    return MappingProxyType(found)


def load_limitation(folder: Path) -> LimitationLaw:
    """Periods and events of limitation; every nature of claim must have its period."""
    file = read_law_file(folder / "limitation.toml")
    periods: dict[str, Parameter] = {}
    for place, entry in file.entries("period"):
        with file.entry(place):
            key = new_key(entry, periods)
            periods[key] = parameter_of(entry)
            if periods[key].unit != "years":
                raise ValueError("a period of limitation is in years")
    absent = sorted({*ClaimNature, "title", "cap"} - set(periods))
    file.problems += [f"{file.path.name}: the period {key} is missing" for key in absent]
    events = _events(file)
    file.check()
    return LimitationLaw(MappingProxyType(periods), MappingProxyType(events))


def _events(file: LawFile) -> dict[str, EventRule]:
    events: dict[str, EventRule] = {}
    for place, entry in file.entries("event"):
        with file.entry(place):
            key = new_key(entry, events)
            effect, public = Effect(text_of(entry, "effect")), Effect(text_of(entry, "effect_public"))
            events[key] = EventRule(key, effect, public, provenance_of(entry))
    return events


def load_time_limits(folder: Path) -> tuple[LimitRule, ...]:
    """The named limits; several versions of one name must not hold on the same day."""
    file = read_law_file(folder / "time_limits.toml")
    found: list[LimitRule] = []
    for place, entry in file.entries("limit"):
        with file.entry(place):
            found.append(LimitRule(parameter_of(entry), text_of(entry, "start"), Side(text_of(entry, "side"))))
    overlaps = without_overlap([rule.length for rule in found])
    file.problems += [f"{file.path.name}: {problem}" for problem in overlaps]
    file.check()
    return tuple(found)
