"""data/law/rates.toml and penalties.toml as frozen objects."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from recouvrement.domain.penalty_law import PENALTY_KEYS, PenaltyLaw
from recouvrement.domain.provenance import Parameter
from recouvrement.domain.rates import Category, EcbRate, LegalRate, RateTable, Semester, rate_units
from recouvrement.policy.law_fields import (
    LawFile,
    day_of,
    parameter_of,
    provenance_of,
    read_law_file,
    text_of,
    without_overlap,
)


def load_rates(folder: Path) -> RateTable:
    """The table of rates; raise LawDataError naming every figure that cannot be used."""
    file = read_law_file(folder / "rates.toml")
    ecb = _ecb(file)
    legal = _legal(file)
    confirmed = [rate.effective_on for rate in ecb]
    for place, entry in file.entries("ecb_confirmation"):
        with file.entry(place):
            provenance_of(entry)
            confirmed.append(day_of(entry, "on"))
    if not ecb:
        file.problems.append(f"{file.path.name}: no [[ecb]] rate at all")
    file.check()
    return RateTable(tuple(ecb), max(confirmed), tuple(legal))


def _ecb(file: LawFile) -> list[EcbRate]:
    found: dict[object, EcbRate] = {}
    for place, entry in file.entries("ecb"):
        with file.entry(place):
            provenance = provenance_of(entry)
            day = provenance.valid_from
            if day in found:
                raise ValueError(f"a second rate from {day}")
            found[day] = EcbRate(day, rate_units(text_of(entry, "value")), provenance)
    ordered = sorted(found.values(), key=lambda rate: rate.effective_on)
    for one, two in pairwise(ordered):
        end = one.provenance.valid_to
        if end is not None and end + timedelta(days=1) != two.effective_on:
            file.problems.append(
                f"{file.path.name}: the rate from {one.effective_on} ends on {end}, "
                f"but the next one begins on {two.effective_on}"
            )
    return ordered


def _legal(file: LawFile) -> list[LegalRate]:
    found: dict[tuple[Semester, Category], LegalRate] = {}
    for place, entry in file.entries("legal"):
        with file.entry(place):
            rate = _legal_rate(entry)
            if (rate.semester, rate.category) in found:
                raise ValueError(f"a second rate of {rate.category} for {rate.semester}")
            found[rate.semester, rate.category] = rate
    return [found[key] for key in sorted(found)]


def _legal_rate(entry: dict[str, object]) -> LegalRate:
    semester, provenance = Semester.parse(text_of(entry, "semester")), provenance_of(entry)
    if (provenance.valid_from, provenance.valid_to) != (semester.first_day, semester.last_day):
        raise ValueError(f"valid_from and valid_to are not those of {semester}")
    category = text_of(entry, "category")
    if category not in set(Category):
        raise ValueError(f"category {category!r} is none of {', '.join(Category)}")
    return LegalRate(semester, Category(category), rate_units(text_of(entry, "value")), provenance)


def load_parameters(path: Path, units: dict[str, str]) -> tuple[Parameter, ...]:
    """The [[parameter]] tables of a file; every key of `units` must be there, in that unit, and no other."""
    file = read_law_file(path)
    found: list[Parameter] = []
    for place, entry in file.entries("parameter"):
        with file.entry(place):
            parameter = parameter_of(entry)
            if units.get(parameter.key) != parameter.unit:
                raise ValueError(f"{parameter.key!r} in {parameter.unit!r} is not a figure that is used")
            found.append(parameter)
    file.problems += [f"{path.name}: {problem}" for problem in without_overlap(found)]
    absent = sorted(set(units) - {parameter.key for parameter in found})
    file.problems += [f"{path.name}: {key} is missing" for key in absent]
    file.check()
    return tuple(found)


def load_penalty_law(folder: Path) -> PenaltyLaw:
    """Rates and the figures of penalties, from the folder `data/law`."""
    return PenaltyLaw(load_rates(folder), load_parameters(folder / "penalties.toml", PENALTY_KEYS))
