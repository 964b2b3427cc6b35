"""A message on paper: the value that `templates/layouts/letter.typ` sets, and the PDF it gives."""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from recouvrement.letters.blocks import Block, Facts, Paragraph, Style, Table
from recouvrement.letters.compose import Composed, compose
from recouvrement.letters.iban import normal_iban, payment_qr, printed_iban
from recouvrement.letters.message import Message
from recouvrement.letters.tables import bank_reference
from recouvrement.letters.types import MessageCode, Sender
from recouvrement.letters.words import Words, words
from recouvrement.typesetting import TEMPLATES, pictures, typeset

MOST_FIGURES = 390  # points of the 476 between the margins
REGISTERED = {MessageCode.MISE_EN_DEMEURE, MessageCode.WITHDRAWAL}


def render_pdf(
    message: Message, moment: datetime, *, composed: Composed | None = None, templates: Path = TEMPLATES
) -> bytes:
    """Return the letter as tagged PDF/A-3a and PDF/UA-1; same message and moment, same bytes.

    Args:
        message: the message.
        moment: when it is frozen, aware of its zone.
        composed: its words, when they are already there.
        templates: folder of texts and layouts.

    Raises:
        TextFault: the text as edited cannot be used.
        Untypesettable: a character cannot be printed, or the layout is at fault.
    """
    data = letter_data(message, composed or compose(message, templates=templates), templates)
    return typeset("letter", data, moment=moment, layouts=templates / "layouts")


def render_pictures(message: Message, *, ppi: int = 110, templates: Path = TEMPLATES) -> list[bytes]:
    """Return the pages of the letter as PNG images. Raises: as `render_pdf`."""
    data = letter_data(message, compose(message, templates=templates), templates)
    return pictures("letter", data, ppi=ppi, layouts=templates / "layouts")


def pages_of(pdf: bytes) -> int:
    """Number of pages of a PDF."""
    from pypdf import PdfReader  # heavy, and most commands print nothing

    return len(PdfReader(io.BytesIO(pdf)).pages)


def letter_data(message: Message, composed: Composed, templates: Path = TEMPLATES) -> dict[str, object]:
    """Return what the layout needs: texts only, and blocks in order."""
    vocabulary = words(composed.language.used, templates)
    sender = message.sender
    return {
        "language": composed.language.used,
        "subject": composed.subject,
        "stage": composed.stage,
        "words": {"page": vocabulary.label("page"), "subject": _subject(message, vocabulary)},
        "sender": {"name": sender.name, "lines": _sender_lines(sender)},
        "window": [] if message.code is MessageCode.CALL else list(message.recipient.window),
        "marks": _marks(message, vocabulary),
        "place_and_date": vocabulary.label("place_and_date", city=sender.city, day=vocabulary.day(message.on)),
        "foot": legal_mentions(sender, vocabulary),
        "blocks": list(_blocks(composed.blocks)),
        "longest_word": _longest([composed.text]),
        "longest_cell": _longest(cell for table in composed.tables for row in table.rows for cell in row),
        "qr": _qr(message, vocabulary),
        "room_to_sign": message.code in REGISTERED,
    }


def _longest(texts: Iterable[str]) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)


def _subject(message: Message, vocabulary: Words) -> str:
    if message.code is MessageCode.CALL:
        return ""
    return vocabulary.label("subject") + vocabulary.label("colon")


def legal_mentions(sender: Sender, vocabulary: Words) -> str:
    """What a company states on its letters (C. com. R123-237, R123-238), those it gave."""
    form = " ".join(filter(None, (sender.legal_form, _capital(sender, vocabulary))))
    siren = vocabulary.label("sender.siren", siren=_grouped(sender.siren)) if sender.siren else None
    registry = f"{sender.registry} {_grouped(sender.siren)}" if sender.registry and sender.siren else siren
    vat = vocabulary.label("sender.vat", number=sender.vat_number) if sender.vat_number else None
    return " – ".join(filter(None, (sender.name, form, ", ".join(sender.address), registry, vat)))


def _capital(sender: Sender, vocabulary: Words) -> str | None:
    if sender.capital_cents is None:
        return None
    amount = vocabulary.amount(sender.capital_cents, "EUR")
    return vocabulary.label("sender.capital", amount=re.sub(r"[,.]00(?=\D|$)", "", amount))


def _grouped(siren: str | None) -> str:
    digits = "".join((siren or "").split())
    return "\u00a0".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def _sender_lines(sender: Sender) -> list[str]:
    reach = [sender.phone, sender.email]
    return [*sender.address, *(line for line in reach if line)]


def _marks(message: Message, vocabulary: Words) -> list[dict[str, object]]:
    marks: list[dict[str, object]] = []
    if message.code in REGISTERED:
        marks.append({"text": vocabulary.label("registered"), "strong": True})
        if message.registered_number:
            number = vocabulary.label("registered_number", number=message.registered_number)
            marks.append({"text": number, "strong": True})
    reference = f"{vocabulary.label('our_reference')}{vocabulary.label('colon')}{message.reference}"
    marks.append({"text": reference, "strong": False})
    return marks


def _qr(message: Message, vocabulary: Words) -> dict[str, str] | None:
    account, reference = message.sender.account, bank_reference(message)
    drawing = payment_qr(account, message.totals.total_cents, reference) if message.currency == "EUR" else None
    if drawing is None or message.code is MessageCode.CALL:
        return None
    alternative = vocabulary.label(
        "payment.qr_alt",
        amount=vocabulary.amount(message.totals.total_cents, message.currency),
        holder=account.holder,
        iban=printed_iban(normal_iban(account.iban) or account.iban),
        reference=reference,
    )
    return {"svg": drawing, "alt": alternative, "caption": vocabulary.label("payment.qr")}


def _blocks(blocks: Iterable[Block]) -> Iterator[dict[str, object]]:
    items: list[list[dict[str, object]]] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.style is Style.ITEM:
            items.append(_spans(block))
            continue
        if items:
            yield {"kind": "items", "items": items}
            items = []
        yield _block(block)
    if items:
        yield {"kind": "items", "items": items}


def _block(block: Block) -> dict[str, object]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "style": block.style.value, "spans": _spans(block)}
    if isinstance(block, Table):
        columns = [
            {"title": column.title, "align": column.align, "width": width}
            for column, width in zip(block.columns, _widths(block), strict=True)
        ]
        return {
            "kind": "table",
            "name": block.name,
            "title": block.title,
            "columns": columns,
            "rows": block.rows,
            "total": block.total,
            "notes": block.notes,
        }
    if isinstance(block, Facts):
        return {
            "kind": "facts",
            "name": block.name,
            "title": block.title,
            "pairs": block.pairs,
            "stress_last": block.stress_last,
        }
    return {"kind": "lines", "lines": block.lines}


def _widths(table: Table) -> list[int | None]:
    """The width of each column in points, the first taking what is left: measuring every cell costs a tenth of a letter.

    A figure of Liberation Sans is 4.8 points wide at that size, a bold letter seldom over 5.5. None where the sum leaves
    too little for the first: the layout then measures.
    """
    cells = zip(*table.rows, *([table.total] if table.total else []), strict=True) if table.rows else ()
    longest = [max(map(len, column)) for column in cells] or [0] * len(table.columns)
    widths = [round(max(4.9 * most, 5.5 * len(c.title))) + 12 for c, most in zip(table.columns, longest, strict=True)]
    return [None, *widths[1:]] if sum(widths[1:]) <= MOST_FIGURES else [None] * len(widths)


def _spans(paragraph: Paragraph) -> list[dict[str, object]]:
    return [{"t": span.text, "b": span.bold} for span in paragraph.spans]
