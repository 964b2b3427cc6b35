"""Messages: texts per step and language, composed once for e-mail, HTML and paper."""

from recouvrement.letters.compose import Composed, compose
from recouvrement.letters.mail import Correspondent, HeaderRefused, build_email
from recouvrement.letters.message import Message
from recouvrement.letters.preflight import (
    Correction,
    Flaw,
    Letter,
    ToCorrect,
    for_email,
    for_post,
    ready_letter,
)
from recouvrement.letters.printing import pages_of, render_pdf, render_pictures
from recouvrement.letters.review import Remark, review
from recouvrement.letters.specimens import specimen
from recouvrement.letters.types import MessageCode
from recouvrement.letters.words import LanguageChoice, TextFault, language_for

__all__ = [
    "Composed",
    "Correction",
    "Correspondent",
    "Flaw",
    "HeaderRefused",
    "LanguageChoice",
    "Letter",
    "Message",
    "MessageCode",
    "Remark",
    "TextFault",
    "ToCorrect",
    "build_email",
    "compose",
    "for_email",
    "for_post",
    "language_for",
    "pages_of",
    "ready_letter",
    "render_pdf",
    "render_pictures",
    "review",
    "specimen",
]
