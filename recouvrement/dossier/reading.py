"""An exhibit as pages of the reading copy: its own pages where they can be shown, else a page that says why not."""

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from recouvrement.dossier.emails import attachment_line, decoded, read_email, words_of_html
from recouvrement.dossier.types import Exhibit

MAX_BYTES = 40_000_000
MAX_PAGES = 400
MAX_PIXELS = 80_000_000
MAX_TEXT = 60_000
MAX_UNPACKED = 300_000_000
LINE = 96

UNREADABLE_PDF = (
    PyPdfError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RuntimeError,
    OSError,
    ArithmeticError,
)
"""What pypdf has been seen to raise on damaged files, besides its own errors."""

TEXT_TYPES = frozenset({"text/plain", "text/csv", "application/json", "application/xml", "text/xml"})


@dataclass(frozen=True, slots=True)
class PdfPages:
    """Pages of a PDF, shown as they are; `wide` tells the landscape ones."""

    content: bytes
    wide: tuple[bool, ...]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A scan or photograph, one page."""

    content: bytes
    suffix: str
    wide: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class TextPages:
    """Words that flow over as many pages as they need, under (label, value) headers."""

    headers: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One page saying why the exhibit is not shown here; the original stands in `pieces/`."""

    reason: str
    subject: str = ""


Part = PdfPages | Picture | TextPages | Placeholder


def read_exhibit(exhibit: Exhibit) -> tuple[Part, ...]:
    """The parts of an exhibit's reading copy, its accompanying files after it; at least one part, never an error."""
    parts = list(read_file(exhibit.content, exhibit.media_type))
    for rank, annex in enumerate(exhibit.annexes, start=1):
        subject = f"annexe {rank}, {annex.label}"
        parts += [replace(part, subject=subject) for part in read_file(annex.content, annex.media_type)]
    return tuple(parts)


def read_file(content: bytes, media_type: str) -> tuple[Part, ...]:
    """The parts of one file, read by what it is rather than by what it is called."""
    if len(content) > MAX_BYTES:
        return (Placeholder(f"fichier trop volumineux pour la copie de lecture ({len(content) // 1_000_000} Mo)"),)
    if not content:
        return (Placeholder("fichier vide"),)
    plain_type = media_type.split(";")[0].strip().lower()
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return (read_pdf(content),)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return (_picture(content, "png", _png_size(content)),)
    if content.startswith(b"\xff\xd8\xff"):
        return (_picture(content, "jpg", _jpeg_size(content)),)
    if plain_type == "message/rfc822":
        return _email(content)
    if plain_type == "text/html":
        return (_text(words_of_html(decoded(content))),)
    if plain_type in TEXT_TYPES and b"\x00" not in content:
        return (_text(decoded(content)),)
    if plain_type == "application/pdf":
        return (Placeholder("ce fichier annoncé comme PDF n'en est pas un"),)
    return (Placeholder(f"ce format ne se montre pas ici ({plain_type or 'inconnu'})"),)


def read_pdf(content: bytes) -> PdfPages | Placeholder:
    """A PDF's pages, or the reason why they cannot be shown: encrypted, damaged, empty, too many, too heavy once open.

    A well-formed file is read strictly, which spares a walk over all its objects; any other is read leniently.
    """
    try:
        found = _pages(content, strict=True)
    except UNREADABLE_PDF:
        try:
            found = _pages(content, strict=False)
        except UNREADABLE_PDF:
            return Placeholder("PDF endommagé : il ne s'ouvre pas")
    return found


def _pages(content: bytes, *, strict: bool) -> PdfPages | Placeholder:
    reader = PdfReader(io.BytesIO(content), strict=strict)
    if reader.is_encrypted and not reader.decrypt(""):
        return Placeholder("PDF protégé par un mot de passe")
    count = len(reader.pages)
    if count > MAX_PAGES:
        return Placeholder(f"PDF de {count} pages, trop long pour la copie de lecture")
    unpacked, wide = 0, []
    for page in reader.pages:
        contents = page.get_contents()  # unpacked once: pypdf stops one bomb, the sum here stops many
        unpacked += len(contents.get_data()) if contents is not None else 0
        if unpacked > MAX_UNPACKED:
            return Placeholder("PDF démesuré une fois décompressé")
        wide.append(_is_wide(page))
    return PdfPages(content, tuple(wide)) if wide else Placeholder("PDF sans aucune page")


def _is_wide(page: PageObject) -> bool:
    """Whether a page is landscape as it is shown."""
    box = page.cropbox
    wide = bool(box.width > box.height)
    return wide != (page.rotation % 180 == 90)


def _picture(content: bytes, suffix: str, size: tuple[int, int] | None) -> Picture | Placeholder:
    if size is None or min(size) < 1:
        return Placeholder("image endommagée")
    width, height = size
    if width * height > MAX_PIXELS:
        return Placeholder(f"image de {width} x {height} points, trop grande pour la copie de lecture")
    return Picture(content, suffix, wide=width > height)


def _png_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG to its frame header (ITU T.81, annex B)."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _email(content: bytes) -> tuple[Part, ...]:
    message = read_email(content)
    if message is None:
        return (Placeholder("message endommagé : ses en-têtes sont illisibles"),)
    listed = tuple(("Pièce jointe", attachment_line(*attached)) for attached in message.attachments)
    text = _text(message.text)
    shown: list[Part] = [TextPages((*message.headers, *listed), text.lines)]
    for name, _, attached in message.attachments:
        if attached.startswith(b"%PDF-") and isinstance(pages := read_pdf(attached), PdfPages):
            shown.append(replace(pages, subject=f"pièce jointe au message : {name}"))
    return tuple(shown)


def _text(text: str) -> TextPages:
    lines = [piece for line in text[:MAX_TEXT].splitlines() for piece in _cut(line)]
    if len(text) > MAX_TEXT:
        lines.append(f"[… {len(text) - MAX_TEXT} caractères de plus dans l'original]")
    return TextPages((), tuple(lines))


def _cut(line: str) -> list[str]:
    """A line in pieces that fit the page: Typst wraps at spaces but lets an endless word run off the paper."""
    if max(map(len, line.split(" ")), default=0) <= LINE:
        return [line.rstrip()]
    return [line[start : start + LINE] for start in range(0, len(line), LINE)]


def plain_parts(parts: Sequence[Part], files: Mapping[int, str]) -> list[dict[str, object]]:
    """The parts as the layout takes them; `files` gives the file name of each part that has bytes, by its rank."""
    return [_plain(part, files.get(rank, "")) for rank, part in enumerate(parts)]


def _plain(part: Part, file: str) -> dict[str, object]:
    match part:
        case PdfPages():
            return {"type": "pdf", "file": file, "wide": list(part.wide), "subject": part.subject}
        case Picture():
            return {"type": "picture", "file": file, "wide": part.wide, "subject": part.subject}
        case TextPages():
            return {"type": "text", "headers": part.headers, "lines": part.lines, "subject": part.subject}
        case Placeholder():
            return {"type": "placeholder", "reason": part.reason, "subject": part.subject}
