"""How heavy a workbook really is, learned before the reader that would lay out every cell of its rectangle.

A file of 5 kB may claim a cell in row 1,048,576 and column XFD: the reader would allocate 17 thousand million cells.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from recouvrement.intake.limits import Limits
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.safe_xml import Element

CELL = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br\s*=\s*["']([A-Za-z]{1,7})(\d{1,10})["']""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\br\s*=\s*["'](\d{1,10})["']""")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OVERLAP = 400
PIECE = 1 << 20


def refuse_heavy(data: bytes, limits: Limits) -> None:
    """FileRefusedError when the archive unpacks to, or its cells spread over, more than the limits."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefusedError(Reason.UNREADABLE, "a damaged archive") from None
    if not any(member.filename in {"content.xml", "[Content_Types].xml"} for member in members):
        raise FileRefusedError(Reason.UNKNOWN_FORMAT, "an archive, not a workbook: unpack it and give its files")
    if any(member.filename.endswith(".bin") and "worksheets/" in member.filename for member in members):
        raise FileRefusedError(Reason.UNKNOWN_FORMAT, "a binary workbook (.xlsb): save it as .xlsx")
    most = min(limits.unpacked_bytes, max(limits.unpacked_ratio * len(data), limits.document_bytes))
    unpacked = 0
    for member in members:
        kept: list[bytes] = []
        spread = _Spread(limits.sheet_cells)
        for piece in _unpacked(data, member):
            unpacked += len(piece)
            if unpacked > most:
                raise FileRefusedError(Reason.ARCHIVE_BOMB, f"the archive unpacks to more than {most} bytes")
            if "worksheets/" in member.filename:
                spread.take(piece)
            elif member.filename == "content.xml":
                kept.append(piece)
        if kept:
            _refuse_spread_ods(b"".join(kept), limits.sheet_cells)


def _unpacked(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What the bytes of a member really unpack to, piece by piece, whatever the directory claims."""
    header = data[member.header_offset : member.header_offset + 30]
    packings = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(header) < 30 or member.flag_bits & 1 or member.compress_type not in packings:
        raise FileRefusedError(Reason.UNREADABLE, "an archive packed in a way no workbook is")
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    start = member.header_offset + 30 + name + extra
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not engine.eof:
            yield engine.decompress(packed, PIECE)
            packed = engine.unconsumed_tail
    except zlib.error:
        raise FileRefusedError(Reason.UNREADABLE, "a damaged archive") from None


class _Spread:
    """The furthest row and column named in the pieces of an Excel sheet."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._rest = b""
        self._rows = self._columns = 1

    def take(self, piece: bytes) -> None:
        text = self._rest + piece
        self._rest = text[-OVERLAP:]
        cells = CELL.findall(text)
        rows = [int(row) for _, row in cells] + [int(row) for row in ROW.findall(text)]
        self._rows = max([self._rows, *rows])
        self._columns = max([self._columns, *map(column_number, {letters for letters, _ in cells})])
        _refuse_spread(self._rows * self._columns, self._most)


def column_number(letters: bytes) -> int:
    """The number of a column named by letters.

    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _refuse_spread(cells: int, most: int) -> None:
    if cells > most:
        raise FileRefusedError(Reason.ARCHIVE_BOMB, f"the cells spread over a rectangle of more than {most}")


def _refuse_spread_ods(content: bytes, most: int) -> None:
    rows = columns = 0
    try:
        for _, element in etree.iterparse(
            io.BytesIO(content), tag=f"{TABLE}table-row", resolve_entities=False, no_network=True, load_dtd=False
        ):
            repeated, width = _repeated(element, "rows"), _filled_width(element)
            rows += repeated
            columns = max(columns, width)
            if width:
                _refuse_spread(rows * columns, most)
            element.clear()
    except etree.XMLSyntaxError:
        raise FileRefusedError(Reason.UNREADABLE, "a damaged workbook") from None


def _filled_width(row: Element) -> int:
    """The column of the last cell that holds something."""
    position = width = 0
    for cell in row:
        position += _repeated(cell, "columns")
        if len(cell) or cell.text:
            width = position
    return width


def _repeated(element: Element, what: str) -> int:
    stated = str(element.get(f"{TABLE}number-{what}-repeated", "1"))
    return max(1, int(stated)) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 1
