"""From a message to its words: one source for the e-mail's text, its HTML and the printed letter."""

from dataclasses import dataclass
from pathlib import Path

from recouvrement.letters.blocks import Block, Paragraph, Table
from recouvrement.letters.message import Message
from recouvrement.letters.plain import plain_text
from recouvrement.letters.tables import blocks_of
from recouvrement.letters.texts import Marker, written
from recouvrement.letters.values import values_of
from recouvrement.letters.web import web_page
from recouvrement.letters.words import LanguageChoice, language_for, words
from recouvrement.typesetting import TEMPLATES


@dataclass(frozen=True, slots=True)
class Composed:
    """A message in words: `stage` is its first line, `blocks` its body in order."""

    subject: str
    stage: str
    blocks: tuple[Block, ...]
    language: LanguageChoice
    text: str
    html: str

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs alone."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def compose(message: Message, *, templates: Path = TEMPLATES) -> Composed:
    """Write the message in its debtor's language, or in French when the text does not exist in it.

    Raises:
        TextFault: the text as edited cannot be used.
    """
    choice = language_for(message.code, message.recipient.language, templates)
    vocabulary = words(choice.used, templates)
    text = written(message.code, choice.used, values_of(message, vocabulary), templates)
    blocks: list[Block] = []
    for part in text.parts:
        if isinstance(part, Marker):
            blocks.extend(blocks_of(part.name, message, vocabulary))
        else:
            blocks.append(part)
    return Composed(
        text.subject,
        text.stage,
        tuple(blocks),
        choice,
        plain_text(text.stage, blocks, vocabulary.label("colon")),
        web_page(text.subject, text.stage, blocks, choice.used),
    )
