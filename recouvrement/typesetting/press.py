"""The press: one Typst layout and one JSON value make a tagged PDF/A; markup is never built from strings."""

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from recouvrement.typesetting.characters import presentable, unsupported_characters
from recouvrement.typesetting.fonts import FONTS, TEMPLATES

LAYOUTS = TEMPLATES / "layouts"
ARCHIVAL = ("a-3a", "ua-1")


class Untypesettable(Exception):
    """The document cannot be made as it stands; the subclass says whether data or layout is at fault."""


class UnsupportedCharacters(Untypesettable):
    """The data hold characters that no bundled font draws: data to correct, never dropped in silence."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        self.characters = characters
        named = ", ".join(f"{each} ({' '.join(f'U+{ord(point):04X}' for point in each)})" for each in characters)
        super().__init__(f"characters that cannot be printed: {named}")


class LayoutFault(Untypesettable):
    """Typst refused the layout or found a value missing; the message is Typst's own."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside a PDF/A-3: exact bytes, a plain name, a media type and a sentence saying what it is."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "supplement"


def typeset(
    layout: str,
    data: Mapping[str, object],
    *,
    moment: datetime,
    standards: Sequence[str] = ARCHIVAL,
    attachments: Sequence[Attachment] = (),
    layouts: Path = LAYOUTS,
) -> bytes:
    """Return the PDF of `layouts/<layout>.typ` filled with the data; same input, same bytes.

    Args:
        layout: name of a file in `layouts`, without its suffix; Typst can read nothing outside that folder.
        data: strings, integers, booleans, None, sequences and mappings of these. Strings are cleaned by `presentable`.
            The layout finds it as `json(bytes(sys.inputs.input)).data`.
        moment: date of the document, aware of its zone; written into the PDF instead of the clock.
        standards: PDF standards that Typst must meet or refuse; empty for a plain PDF.
        attachments: files to embed, found by the layout as `.attachments` (see `common.typ`, `attach-files`).
        layouts: folder of the layouts.

    Raises:
        UnsupportedCharacters: a character of the data is in no bundled font.
        LayoutFault: Typst refused the layout.
        ValueError: the moment has no zone, or the layout's name leaves the folder.
    """
    pdf = _compile(_source(layout, layouts), data, attachments, layouts, _pdf_options(standards, moment))
    # Typst ends with %%EOF and no newline; a later signature would then break PDF/A rule 6.1.9-1.
    return bytes(pdf) + b"\n"


def pictures(layout: str, data: Mapping[str, object], *, ppi: int = 110, layouts: Path = LAYOUTS) -> list[bytes]:
    """Return the same pages as PNG images, one per page, for previews and approvals.

    Raises: as `typeset`.
    """
    pages = _compile(_source(layout, layouts), data, (), layouts, {"format": "png", "ppi": float(ppi)})
    return [bytes(page) for page in (pages if isinstance(pages, list) else [pages])]


def _pdf_options(standards: Sequence[str], moment: datetime) -> dict[str, Any]:
    if moment.tzinfo is None:
        raise ValueError("the moment of a document needs a time zone")
    return {"format": "pdf", "pdf_standards": list(standards), "timestamp": moment.astimezone(UTC)}


def _source(layout: str, layouts: Path) -> Path:
    source = layouts / f"{layout}.typ"
    if not layout.isidentifier() or not source.is_file():
        raise ValueError(f"no layout named {layout!r}")
    return source


def _compile(
    source: Path,
    data: Mapping[str, object],
    attachments: Sequence[Attachment],
    layouts: Path,
    options: Mapping[str, Any],
) -> Any:
    inputs = {"input": _as_json({"data": _printable(data), "attachments": [_embedded(each) for each in attachments]})}
    try:
        return _compiler(layouts).compile(str(source), sys_inputs=inputs, **options)
    except typst.TypstError as fault:
        raise _refusal(fault.diagnostic or fault.message) from fault


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _printable(data: Mapping[str, object]) -> object:
    cleaned = _cleaned(data)
    if strangers := unsupported_characters(_as_json(cleaned)):
        raise UnsupportedCharacters(strangers)
    return cleaned


def _refusal(diagnostic: str) -> Untypesettable:
    # A mark that each font draws alone may still fail on its letter: Typst then quotes the cluster.
    clusters = re.findall(r'the text `"(.+?)"` could not be displayed', diagnostic)
    return UnsupportedCharacters(tuple(dict.fromkeys(clusters))) if clusters else LayoutFault(diagnostic)


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return presentable(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_cleaned(item) for item in value]
    raise TypeError(f"a layout takes text, whole numbers and collections of them, not {type(value).__name__}")


def _embedded(attachment: Attachment) -> dict[str, object]:
    # Typst has no base64: text travels as text, other bytes as a list of numbers (both read by `bytes()`).
    try:
        content: str | list[int] = attachment.content.decode("utf-8")
    except UnicodeDecodeError:
        content = list(attachment.content)
    return {
        "name": attachment.name,
        "content": content,
        "media_type": attachment.media_type,
        "description": presentable(attachment.description),
        "relationship": attachment.relationship,
    }


_presses = threading.local()


def _compiler(layouts: Path) -> typst.Compiler:
    """One compiler per thread and folder: fonts are read once and a compiler is not shared between threads."""
    compilers: dict[Path, typst.Compiler] = _presses.__dict__.setdefault("compilers", {})
    if layouts not in compilers:
        compilers[layouts] = typst.Compiler(root=str(layouts), font_paths=_fonts(), ignore_system_fonts=True)
    return compilers[layouts]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
