"""The dossier without scripts, for a mailbox or a court's portal: numbered PDFs in lots under a size."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter

from recouvrement.dossier.numbering import SLUGS
from recouvrement.dossier.types import Dossier

FRONT = ("00-bordereau.pdf", "01-decompte.pdf", "02-chronologie.pdf")


@dataclass(frozen=True, slots=True)
class NumberedPdf:
    """One PDF and its name: `00-bordereau.pdf`, `piece-07-relance.pdf`, `piece-07-relance-partie-2.pdf`."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Lots:
    """PDFs that travel together, lot by lot; `too_big` names the pages that no lot can carry."""

    lots: tuple[tuple[NumberedPdf, ...], ...]
    too_big: tuple[str, ...]


def numbered_pdfs(dossier: Dossier, limit: int) -> Lots:
    """The sealed dossier as PDFs only, in order, each lot of at most `limit` bytes.

    Bordereau, statement and chronology as sealed, then one PDF per exhibit, each page stamped with its number, cut in
    parts where it is larger than the limit alone. Accompanying journal, anchors and scripts stay in the ZIP. ValueError
    when the limit is not positive.
    """
    if limit <= 0:
        raise ValueError("a size limit is a positive number of bytes")
    kept: list[NumberedPdf] = []
    too_big: list[str] = []
    for file in _files(dossier, limit):
        if len(file.content) > limit:
            too_big.append(file.name)
        else:
            kept.append(file)
    return Lots(tuple(_in_lots(kept, limit)), tuple(too_big))


def _in_lots(files: Iterable[NumberedPdf], limit: int) -> Iterator[tuple[NumberedPdf, ...]]:
    lot: list[NumberedPdf] = []
    for file in files:
        if lot and sum(len(each.content) for each in lot) + len(file.content) > limit:
            yield tuple(lot)
            lot = []
        lot.append(file)
    if lot:
        yield tuple(lot)


def _files(dossier: Dossier, limit: int) -> Iterator[NumberedPdf]:
    with zipfile.ZipFile(io.BytesIO(dossier.zip_bytes)) as archive:
        for name in FRONT:
            content = archive.read(name)
            if len(content) <= limit:
                yield NumberedPdf(name, content)
            else:
                paper = PdfReader(io.BytesIO(content))
                yield from _named(name.removesuffix(".pdf"), _cut(paper, 0, len(paper.pages), limit))
        copy = PdfReader(io.BytesIO(archive.read("lecture/combine.pdf")))
    start = 1  # the first page of the reading copy lists the exhibits
    for row in dossier.numbering:
        if row.withdrawn:
            continue
        yield from _named(f"piece-{row.number:02d}-{SLUGS[row.kind]}", _cut(copy, start, start + row.pages, limit))
        start += row.pages


def _named(stem: str, contents: Iterable[bytes]) -> Iterator[NumberedPdf]:
    parts = list(contents)
    for rank, content in enumerate(parts, start=1):
        yield NumberedPdf(f"{stem}{f'-partie-{rank}' if len(parts) > 1 else ''}.pdf", content)


def _cut(copy: PdfReader, start: int, end: int, limit: int) -> Iterator[bytes]:
    """Pages `start` to `end` (excluded) as one PDF, or halved until each part fits; a page alone is never cut."""
    writer = PdfWriter()
    for page in copy.pages[start:end]:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    if len(out.getvalue()) <= limit or end - start == 1:
        yield out.getvalue()
        return
    middle = (start + end) // 2
    yield from _cut(copy, start, middle, limit)
    yield from _cut(copy, middle, end, limit)
