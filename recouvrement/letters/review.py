"""A review of the texts as edited: each is filled in for each kind of debtor, and must say what it must, no more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recouvrement.domain.parties import DebtorKind
from recouvrement.letters.compose import Composed, compose
from recouvrement.letters.message import Message
from recouvrement.letters.specimens import specimen
from recouvrement.letters.types import MessageCode
from recouvrement.letters.words import TextFault, words
from recouvrement.typesetting import TEMPLATES

FORBIDDEN = {
    r"à vos frais|frais à votre charge|at your (own )?expense": "recovery costs stay with the creditor (CPCE L111-8)",
    r"huissier|bailiff": "the profession is commissaire de justice; no letter looks like its acts (C. pén. 433-13)",
    r"\bsommation|\bcommandement|\bsignifi(er|é|cation)\b": "words of a bailiff's act (C. pén. 433-13)",
    r"saisi(e|r) (de vos|vos)|seiz(e|ure)": "a threat of what needs a title first",
    r"sous (8|huit) jours|within (8|eight) days": "a deadline is a date",
}
FEE = re.compile(r"(?<![\d,.])40[\s\u00a0]€|€40(?![.\d])")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with one text."""

    where: str
    what: str


def review(templates: Path = TEMPLATES) -> tuple[Remark, ...]:
    """Return the remarks on all texts of all languages, each once; none means they can be used."""
    found: dict[Remark, None] = {}
    for language in sorted(folder.name for folder in templates.iterdir() if (folder / "labels.toml").is_file()):
        for code in MessageCode:
            if (templates / language / f"{code}.md.j2").is_file():
                found.update(dict.fromkeys(_remarks(code, language, templates)))
    return tuple(found)


def _remarks(code: MessageCode, language: str, templates: Path) -> Iterator[Remark]:
    where = f"{language}/{code}.md.j2"
    for kind in DebtorKind:
        for rich in (True, False):
            message = specimen(code, kind, language, rich=rich)
            try:
                composed = compose(message, templates=templates)
            except TextFault as fault:
                yield Remark(where, str(fault))
                continue
            yield from (Remark(where, what) for what in _faults(message, composed, templates))


def _faults(message: Message, composed: Composed, templates: Path) -> Iterator[str]:
    said = f"{composed.subject}\n{composed.text}"
    for pattern, reason in FORBIDDEN.items():
        if match := re.search(pattern, said, re.IGNORECASE):
            yield f"says “{match.group()}”: {reason}"
    vocabulary = words(composed.language.used, templates)
    wanted = {"the day up to which bank statements were read": vocabulary.day(message.feed_read_to)}
    if message.code is not MessageCode.CALL:
        wanted["the contact's name"] = message.sender.contact.name
    if message.code.demands_money:
        wanted["the total"] = vocabulary.amount(message.totals.total_cents, message.currency)
    if message.code is MessageCode.MISE_EN_DEMEURE:
        wanted["the words mise en demeure"] = "mise en demeure"
        wanted["the deadline"] = vocabulary.day(message.deadline) if message.deadline else ""
    yield from (f"does not say {what}" for what, words_ in wanted.items() if words_ not in said)
    if not message.recipient.kind.is_professional and message.code is not MessageCode.CALL and FEE.search(said):
        yield f"speaks of 40 € to kind {message.recipient.kind}"
