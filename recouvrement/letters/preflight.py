"""Before a message is frozen: what a person must correct first, instead of a letter that is cut or cannot arrive."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from recouvrement.domain.parties import DebtorKind
from recouvrement.letters.compose import Composed, compose
from recouvrement.letters.iban import normal_iban
from recouvrement.letters.message import Message
from recouvrement.letters.printing import pages_of, render_pdf
from recouvrement.letters.types import MessageCode, Recipient
from recouvrement.typesetting import TEMPLATES, UnsupportedCharacters, presentable

MAX_LINES = 6  # AFNOR NF Z10-011: six lines of 38 characters
MAX_LENGTH = 38
MAX_PAGES = 5  # what a DL envelope holds, printed on one side
STRICT = {MessageCode.MISE_EN_DEMEURE}


class Flaw(StrEnum):
    """What is wrong with the data, by name."""

    CHARACTERS = "characters_not_printable"
    ADDRESS_MISSING = "address_missing"
    ADDRESS_TOO_TALL = "address_too_many_lines"
    ADDRESS_TOO_WIDE = "address_line_too_long"
    ADDRESS_NOT_LATIN = "address_not_latin"
    POSTCODE_MISSING = "postcode_missing"
    EMAIL_MISSING = "email_missing"
    EMAIL_WRONG = "email_wrong"
    IBAN_WRONG = "iban_wrong"
    KIND_UNKNOWN = "kind_unknown"
    SENDER_INCOMPLETE = "sender_incomplete"
    TOO_MANY_PAGES = "too_many_pages"
    RATE_PROVISIONAL = "rate_provisional"


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing to correct: where, and a detail that shows no personal data (a rank, a length, a character)."""

    flaw: Flaw
    where: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToCorrect:
    """The refusal of a message whose data need a person."""

    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to freeze."""

    pdf: bytes
    pages: int
    composed: Composed


def ready_letter(
    message: Message, moment: datetime, *, max_pages: int = MAX_PAGES, templates: Path = TEMPLATES
) -> Letter | ToCorrect:
    """Return the letter, or everything that stands in its way.

    Raises:
        TextFault, LayoutFault: the texts are at fault, not the data.
    """
    corrections = list(for_post(message))
    composed = compose(message, templates=templates)
    try:
        pdf = render_pdf(message, moment, composed=composed, templates=templates)
    except UnsupportedCharacters as refusal:
        detail = " ".join(f"U+{ord(point):04X}" for each in refusal.characters for point in each)
        return ToCorrect((*corrections, Correction(Flaw.CHARACTERS, "message", detail)))
    pages = pages_of(pdf)
    if pages > max_pages:
        corrections.append(Correction(Flaw.TOO_MANY_PAGES, "message", f"{pages} pages, at most {max_pages}"))
    return ToCorrect(tuple(corrections)) if corrections else Letter(pdf, pages, composed)


def for_post(message: Message) -> tuple[Correction, ...]:
    """What must be corrected before the message can go by post; characters and pages are seen when it is set."""
    return (*_always(message), *_address(message.recipient))


def for_email(message: Message) -> tuple[Correction, ...]:
    """What must be corrected before the message can go by e-mail."""
    return (*_always(message), *_email(message.recipient))


def _always(message: Message) -> Iterator[Correction]:
    if normal_iban(message.sender.account.iban) is None:
        yield Correction(Flaw.IBAN_WRONG, "sender.account.iban", "fails its check digits")
    if message.code in STRICT:
        if message.recipient.kind is DebtorKind.UNKNOWN:
            yield Correction(Flaw.KIND_UNKNOWN, "recipient.kind", "no formal notice before it is known")
        if message.is_provisional:
            yield Correction(Flaw.RATE_PROVISIONAL, "segments", "a formal notice rests on published rates")
        for name in ("siren", "legal_form"):
            if not getattr(message.sender, name):
                yield Correction(Flaw.SENDER_INCOMPLETE, f"sender.{name}", "C. com. R123-237")


def _email(recipient: Recipient) -> Iterator[Correction]:
    if not recipient.email:
        yield Correction(Flaw.EMAIL_MISSING, "recipient.email")
        return
    try:
        validate_email(recipient.email, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        yield Correction(Flaw.EMAIL_WRONG, "recipient.email")


def _address(recipient: Recipient) -> Iterator[Correction]:
    lines = [presentable(line).strip() for line in recipient.window]
    if not lines[0] or len([line for line in lines if line]) < 2:
        yield Correction(Flaw.ADDRESS_MISSING, "recipient.address")
        return
    if len(lines) > MAX_LINES:
        yield Correction(Flaw.ADDRESS_TOO_TALL, "recipient.address", f"{len(lines)} lines, at most {MAX_LINES}")
    for rank, line in enumerate(lines, start=1):
        if len(line) > MAX_LENGTH:
            yield Correction(Flaw.ADDRESS_TOO_WIDE, f"line {rank}", f"{len(line)} characters, at most {MAX_LENGTH}")
        if not all(_is_postal(character) for character in line):
            yield Correction(Flaw.ADDRESS_NOT_LATIN, f"line {rank}")
    if recipient.country == "FR" and not any(re.match(r"\d{5} \S", line) for line in lines[-2:]):
        yield Correction(Flaw.POSTCODE_MISSING, "recipient.address")


def _is_postal(character: str) -> bool:
    return not character.isalpha() or unicodedata.name(character, "").startswith("LATIN") or character in "ªº"
