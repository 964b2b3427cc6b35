"""The statement of account that goes with a firm e-mail: every open line of the message on one PDF, for the debtor's file."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from recouvrement.domain.ladder import Stage
from recouvrement.letters.compose import compose
from recouvrement.letters.message import Message
from recouvrement.letters.printing import render_pdf
from recouvrement.letters.types import MessageCode
from recouvrement.typesetting import Attachment, UnsupportedCharacters

NAMES: Final = {"fr": "releve-de-compte", "en": "statement-of-account"}


def statement_with(message: Message, stage: Stage, moment: datetime, *, templates: Path) -> Attachment | None:
    """The statement of a firm reminder that shows several open invoices; None when there is no call for it.

    It shows the lines, credits and totals of the message itself, so that both say the same, and says what it goes with.
    Before that stage it would press too early; a formal notice is a registered letter, which says it all. A character that
    our fonts do not draw leaves it out: the e-mail says it all, and goes.
    """
    if stage is not Stage.FIRM or len(message.lines) + len(message.information) < 2:
        return None
    own = replace(message, code=MessageCode.STATEMENT, accompanies=message.code)
    composed = compose(own, templates=templates)
    try:
        pdf = render_pdf(own, moment, composed=composed, templates=templates)
    except UnsupportedCharacters:
        return None
    name = NAMES.get(composed.language.used, NAMES["fr"])
    return Attachment(f"{name}-{message.on.isoformat()}.pdf", pdf, "application/pdf", composed.subject)
