"""Mandatory mentions and forbidden wordings of letters, as rules applied to a template or to a finished text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.provenance import Provenance


class SenderKind(StrEnum):
    """Who signs: the creditor, or somebody who recovers for others (CPCE L124-1)."""

    OWN = "own"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a rule applies; an empty tuple means everywhere, except `not_steps`."""

    languages: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    not_steps: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()

    def covers(self, step: str, language: str, sender: str, kind: str | None) -> bool:
        """Whether a text is in scope; a rule about some kinds of debtor only speaks of a text whose kind is known."""
        return (
            (not self.languages or language in self.languages)
            and (not self.steps or step in self.steps)
            and step not in self.not_steps
            and (not self.senders or sender in self.senders)
            and (not self.kinds or kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class MandatoryRule:
    """One of the patterns must be there: `source` in a template, `text` in a finished letter (none: not checked)."""

    key: str
    scope: Scope
    source: tuple[re.Pattern[str], ...]
    text: tuple[re.Pattern[str], ...]
    reason: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ForbiddenRule:
    """None of the patterns may be there; what `unless` matches is left out before looking."""

    key: str
    scope: Scope
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    reason: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class WordingRules:
    """All rules; built by `recouvrement.policy.law_wording` from data/law/wording.toml."""

    mandatory: tuple[MandatoryRule, ...]
    forbidden: tuple[ForbiddenRule, ...]


@dataclass(frozen=True, slots=True)
class WordingFinding:
    """What is wrong in one text: the rule, the words found (empty when something is missing), why, and the article."""

    rule: str
    step: str
    language: str
    kind: str
    words: str
    reason: str
    article: str

    def __str__(self) -> str:
        found = f"forbidden words “{self.words}”" if self.words else "mention missing"
        who = f" to {self.kind}" if self.kind else ""
        return f"{self.language}/{self.step}{who}: {self.rule}: {found}; {self.reason} ({self.article})"


def lint_source(
    source: str, rules: WordingRules, *, step: str, language: str, sender: SenderKind = SenderKind.OWN
) -> tuple[WordingFinding, ...]:
    """Findings in a template with its includes put in; every branch of it is read, so no kind of debtor is assumed."""
    return _lint(_flat(source), rules, step, language, sender, None)


def lint_text(
    text: str,
    rules: WordingRules,
    *,
    step: str,
    language: str,
    kind: DebtorKind,
    sender: SenderKind = SenderKind.OWN,
) -> tuple[WordingFinding, ...]:
    """Findings in a finished letter to a debtor of that kind."""
    return _lint(_flat(text), rules, step, language, sender, kind)


def _flat(text: str) -> str:
    """One line without emphasis marks or special spaces and apostrophes, so that line breaks hide nothing."""
    plain = text.replace("**", "").replace("\u2019", "'")
    return re.sub(r"[\s\u00a0\u202f]+", " ", plain)


def _lint(
    text: str, rules: WordingRules, step: str, language: str, sender: str, kind: DebtorKind | None
) -> tuple[WordingFinding, ...]:
    found: list[WordingFinding] = []
    for rule in rules.mandatory:
        wanted = rule.source if kind is None else rule.text
        if wanted and rule.scope.covers(step, language, sender, kind) and not _first(wanted, text):
            found.append(_finding(rule, step, language, kind, ""))
    for ban in rules.forbidden:
        if ban.scope.covers(step, language, sender, kind):
            words = _first(ban.patterns, _without(ban.unless, text))
            if words:
                found.append(_finding(ban, step, language, kind, words))
    return tuple(found)


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> str:
    return next((match.group(0) for pattern in patterns if (match := pattern.search(text))), "")


def _without(patterns: Sequence[re.Pattern[str]], text: str) -> str:
    for pattern in patterns:
        text = pattern.sub(" … ", text)
    return text


def _finding(
    rule: MandatoryRule | ForbiddenRule, step: str, language: str, kind: DebtorKind | None, words: str
) -> WordingFinding:
    return WordingFinding(rule.key, step, language, kind or "", words, rule.reason, rule.provenance.article)
