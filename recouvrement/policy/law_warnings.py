"""What the day's report must say about the data of law: figures to check again, rates that are missing or soon will be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from recouvrement.domain.provenance import Confidence, Provenance
from recouvrement.domain.rates import MissingRate, Semester
from recouvrement.policy.law import Law

# From the 15th of the last month of a semester somebody should fetch the rates of the next one.
WARNING_DAY = 15


@dataclass(frozen=True, slots=True)
class LawWarning:
    """One thing to do: a code for machines and a sentence for the person."""

    code: str
    message: str


def figures(law: Law) -> Iterator[tuple[str, Provenance]]:
    """Every figure and rule of the data of law with its provenance, named as a person would look for it."""
    for ecb in law.penalties.rates.ecb:
        yield f"rates.toml: ecb from {ecb.effective_on}", ecb.provenance
    for legal in law.penalties.rates.legal:
        yield f"rates.toml: legal {legal.category} {legal.semester}", legal.provenance
    for parameter in law.penalties.parameters:
        yield f"penalties.toml: {parameter.key}", parameter.provenance
    for term in law.terms.values():
        yield f"due_dates.toml: {term.key}", term.provenance
    for key, period in law.limitation.periods.items():
        yield f"limitation.toml: {key}", period.provenance
    for event in law.limitation.events.values():
        yield f"limitation.toml: {event.key}", event.provenance
    for limit in law.time_limits:
        yield f"time_limits.toml: {limit.key}", limit.length.provenance
    yield from _route_figures(law)
    for mandatory in law.wording.mandatory:
        yield f"wording.toml: {mandatory.key}", mandatory.provenance
    for forbidden in law.wording.forbidden:
        yield f"wording.toml: {forbidden.key}", forbidden.provenance


def _route_figures(law: Law) -> Iterator[tuple[str, Provenance]]:
    for threshold in law.routes.thresholds:
        yield f"routes.toml: {threshold.key}", threshold.provenance
    for route in law.routes.routes.values():
        yield f"routes.toml: {route.key}", route.provenance
    for situation in law.routes.situations:
        yield f"routes.toml: situation {situation.number} ({situation.title})", situation.provenance


def is_stale(name: str, provenance: Provenance, law: Law, on: date) -> bool:
    """Whether a figure in force was checked longer ago than its own limit allows; replaced ECB rates are history."""
    replaced = [rate.effective_on for rate in law.penalties.rates.ecb if rate.effective_on > provenance.valid_from]
    return provenance.is_stale_on(on) and not (
        name.startswith("rates.toml: ecb") and any(day <= on for day in replaced)
    )


def missing_now(law: Law, on: date) -> tuple[MissingRate, ...]:
    """Rates missing from 2015 to the semester of the day: figures that need them are blocked."""
    return law.penalties.rates.missing(Semester(2015, 1), Semester.of(on))


def missing_next(law: Law, on: date) -> tuple[MissingRate, ...]:
    """Rates of the next semester that are not recorded yet."""
    ahead = Semester.of(on).following
    return law.penalties.rates.missing(ahead, ahead)


def is_time_to_fetch(on: date) -> bool:
    """From 15 June and 15 December the rates of the next semester are expected.

    >>> is_time_to_fetch(date(2026, 12, 14)), is_time_to_fetch(date(2026, 12, 15)), is_time_to_fetch(date(2026, 6, 30))
    (False, True, True)
    """
    return on.month in {6, 12} and on.day >= WARNING_DAY


def law_warnings(law: Law, on: date) -> tuple[LawWarning, ...]:
    """The warnings of a day: missing rates first, then rates to fetch, then figures to check again."""
    found = [LawWarning("rate_missing", missing.message) for missing in missing_now(law, on)]
    if is_time_to_fetch(on):
        found += [LawWarning("rate_soon_missing", missing.message) for missing in missing_next(law, on)]
    for name, provenance in figures(law):
        if is_stale(name, provenance, law, on):
            doubt = "" if provenance.confidence is Confidence.VERIFIED else f", {provenance.confidence}"
            said = f"{name} was checked on {provenance.checked_on}{doubt}: check it again ({provenance.article})"
            found.append(LawWarning("figure_to_check", said))
    return tuple(found)
