"""data/law/wording.toml as frozen rules, and the reading of templates that they are applied to."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from recouvrement.domain.wording import (
    ForbiddenRule,
    MandatoryRule,
    Scope,
    SenderKind,
    WordingFinding,
    WordingRules,
    lint_source,
)
from recouvrement.policy.law_fields import LawFile, provenance_of, read_law_file, text_of, texts_of

INCLUDE = re.compile(r"\{%-?\s*include\s+[\"']([\w./-]+)[\"']\s*-?%\}")
MAX_DEPTH = 5


def load_wording(folder: Path) -> WordingRules:
    """The rules of wording; raise LawDataError for a rule without provenance or with a pattern that is no regex."""
    file = read_law_file(folder / "wording.toml")
    rules = WordingRules(tuple(_mandatory(file)), tuple(_forbidden(file)))
    file.check()
    return rules


def _mandatory(file: LawFile) -> list[MandatoryRule]:
    found: list[MandatoryRule] = []
    for place, entry in file.entries("mandatory"):
        with file.entry(place):
            source, text = _patterns(entry, "source_any"), _patterns(entry, "text_any")
            if not source and not text:
                raise ValueError("neither source_any nor text_any says what must be there")
            found.append(
                MandatoryRule(
                    text_of(entry, "key"), _scope(entry), source, text, text_of(entry, "reason"), provenance_of(entry)
                )
            )
    return found


def _forbidden(file: LawFile) -> list[ForbiddenRule]:
    found: list[ForbiddenRule] = []
    for place, entry in file.entries("forbidden"):
        with file.entry(place):
            patterns = _patterns(entry, "patterns")
            if not patterns:
                raise ValueError("patterns is missing or empty")
            unless = _patterns(entry, "unless")
            found.append(
                ForbiddenRule(
                    text_of(entry, "key"),
                    _scope(entry),
                    patterns,
                    unless,
                    text_of(entry, "reason"),
                    provenance_of(entry),
                )
            )
    return found


def _scope(entry: Mapping[str, object]) -> Scope:
    names = ("languages", "steps", "not_steps", "kinds", "senders")
    return Scope(**{name: texts_of(entry, name) for name in names})


def _patterns(entry: Mapping[str, object], key: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(text, re.IGNORECASE) for text in texts_of(entry, key))
    except re.error as error:
        raise ValueError(f"{key}: {error}") from None


def template_source(folder: Path, name: str, depth: int = 0) -> str:
    """A template with its includes put in; an include that is missing or too deep leaves its tag, as a finding shows."""
    try:
        source = (folder / name).read_text(encoding="utf-8")
    except OSError:
        return f"{{% include '{name}' is missing %}}" if depth else ""
    if depth >= MAX_DEPTH:
        return source
    return INCLUDE.sub(lambda match: template_source(folder, match.group(1), depth + 1), source)


def lint_templates(
    templates: Path, rules: WordingRules, *, steps: Iterable[str] = (), sender: SenderKind = SenderKind.OWN
) -> tuple[WordingFinding, ...]:
    """Findings in all texts of a folder `templates`/<language>/<step>.md.j2, or in those of the named steps.

    A policy must not activate a step for which this is not empty.
    """
    wanted = set(steps)
    found: list[WordingFinding] = []
    for path in sorted(templates.glob("*/*.md.j2")):
        step = path.name.removesuffix(".md.j2")
        if step.startswith("_") or (wanted and step not in wanted):
            continue
        source = template_source(path.parent, path.name)
        found += lint_source(source, rules, step=step, language=path.parent.name, sender=sender)
    return tuple(found)
