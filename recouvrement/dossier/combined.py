"""The combined reading copy: all exhibits in one PDF, each page stamped with the number of its exhibit."""

import io
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from recouvrement.dossier.press_apart import UnshownError, press_apart
from recouvrement.dossier.reading import UNREADABLE_PDF, Part, PdfPages, Picture, Placeholder, TextPages, plain_parts
from recouvrement.dossier.wording import all_drawable
from recouvrement.typesetting import LAYOUTS

WARNING = (
    "Copie de lecture : chaque page porte le numéro de sa pièce. Seuls les fichiers du dossier pieces/, conservés octet "
    "pour octet, font foi. La réponse « 250 » d'un serveur de messagerie prouve la remise au relais, non la lecture."
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One exhibit in the reading copy."""

    number: int
    title: str
    member: str
    sha256: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ReadingCopy:
    """The PDF, the pages of each chapter, and the chapters with what could not be shown replaced by its reason."""

    pdf: bytes
    pages: dict[int, int]
    chapters: tuple[Chapter, ...]


def reading_copy(chapters: Sequence[Chapter], title: str, subtitle: str, foot: str, moment: datetime) -> ReadingCopy:
    """Typeset the chapters; a file that Typst cannot open is tried once more as pypdf rewrites it, then set aside.

    Same input, same bytes. The order of pages is that of the chapters; the front page lists them.
    """
    heading = {"title": title, "subtitle": subtitle, "foot": foot, "warning": WARNING}
    try:
        kept, pdf = tuple(chapters), _press(chapters, heading, moment)
    except UnshownError:
        kept, pdf = _with_what_opens(chapters, heading, moment)
    return ReadingCopy(pdf, _pages_of(pdf, kept), kept)


def _with_what_opens(
    chapters: Sequence[Chapter], heading: dict[str, str], moment: datetime
) -> tuple[tuple[Chapter, ...], bytes]:
    kept = tuple(_openable(chapter, heading, moment) for chapter in chapters)
    try:
        return kept, _press(kept, heading, moment)
    except UnshownError:  # each file opens alone, all together are too much
        bare = tuple(replace(chapter, parts=tuple(map(_set_aside, chapter.parts))) for chapter in kept)
        return bare, _press(bare, heading, moment)


def _set_aside(part: Part) -> Part:
    if isinstance(part, PdfPages | Picture):
        return Placeholder("les pièces réunies sont trop lourdes pour une copie de lecture", part.subject)
    return part


def _openable(chapter: Chapter, heading: dict[str, str], moment: datetime) -> Chapter:
    parts = tuple(next(_attempts(replace(chapter, parts=(part,)), heading, moment)) for part in chapter.parts)
    return replace(chapter, parts=parts)


def _attempts(chapter: Chapter, heading: dict[str, str], moment: datetime) -> Iterator[Part]:
    """The part as it is, rewritten, or set aside: the first that can be typeset."""
    (part,) = chapter.parts
    candidates = [part, _rewritten(part)] if isinstance(part, PdfPages) else [part]
    for candidate in candidates:
        try:
            _press([replace(chapter, parts=(candidate,))], heading, moment)
        except UnshownError:
            continue
        yield candidate
    yield Placeholder("fichier endommagé : il ne s'affiche pas", part.subject)


def _rewritten(part: PdfPages) -> Part:
    writer = PdfWriter()
    try:
        for page in PdfReader(io.BytesIO(part.content)).pages:
            writer.add_page(page)
        out = io.BytesIO()
        writer.write(out)
    except UNREADABLE_PDF:
        return Placeholder("PDF endommagé : il ne s'ouvre pas", part.subject)
    return replace(part, content=out.getvalue())


def _press(chapters: Sequence[Chapter], heading: dict[str, str], moment: datetime) -> bytes:
    """One compilation in a process of its own: a damaged PDF can abort Typst, and with it whoever called it."""
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        root = Path(folder)
        value = all_drawable({**heading, "exhibits": [_laid_down(chapter, root) for chapter in chapters]})
        given = json.dumps({"data": value, "attachments": []}, ensure_ascii=False, sort_keys=True)
        (root / "input.json").write_text(given, "utf-8")
        (root / "main.typ").write_bytes((LAYOUTS / "combine.typ").read_bytes())
        (root / "common.typ").write_bytes((LAYOUTS / "common.typ").read_bytes())
        return press_apart(root, int(moment.timestamp()))


def _laid_down(chapter: Chapter, root: Path) -> dict[str, object]:
    files: dict[int, str] = {}
    for rank, part in enumerate(chapter.parts):
        if isinstance(part, PdfPages | Picture):
            suffix = part.suffix if isinstance(part, Picture) else "pdf"
            files[rank] = f"{chapter.number}-{rank}.{suffix}"
            (root / files[rank]).write_bytes(part.content)
    parts = plain_parts(chapter.parts, files)
    return {
        "number": chapter.number,
        "title": chapter.title,
        "member": chapter.member,
        "sha256": chapter.sha256,
        "parts": parts,
    }


def _pages_of(pdf: bytes, chapters: Sequence[Chapter]) -> dict[int, int]:
    """Pages of each chapter: counted where parts are whole pages, else read from the bookmarks of the PDF."""
    if not any(isinstance(part, TextPages) for chapter in chapters for part in chapter.parts):
        return {chapter.number: sum(_length(part) for part in chapter.parts) for chapter in chapters}
    reader = PdfReader(io.BytesIO(pdf))
    marks = [mark for mark in reader.outline if isinstance(mark, Destination)]
    starts = [reader.get_destination_page_number(mark) or 0 for mark in marks]
    ends = [*starts[1:], len(reader.pages)]
    return {c.number: end - start for c, start, end in zip(chapters, starts, ends, strict=True)}


def _length(part: Part) -> int:
    return len(part.wide) if isinstance(part, PdfPages) else 1
