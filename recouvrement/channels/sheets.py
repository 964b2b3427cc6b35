"""CSV sheets that a clerk opens in a spreadsheet, fills in and gives back."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def cell(text: str) -> str:
    r"""A cell that no spreadsheet runs as a formula: an apostrophe before = + - @ (OWASP, CSV injection).

    White space of any kind becomes single spaces, so that a cell is one line.

    >>> cell('=HYPERLINK("http://x")'), cell("Dupont")
    ('\'=HYPERLINK("http://x")', 'Dupont')
    """
    flat = " ".join(text.split())
    return f"'{flat}" if flat.lstrip("'").startswith(FORMULA) else flat


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The sheet as French spreadsheets open it: UTF-8 with a byte order mark, semicolons, CRLF; every cell made safe."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet that came back: its line in the file (the header is line 1) and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The sheet cannot be read at all: which columns are missing (none named: not a sheet)."""

    missing: tuple[str, ...] = ()


def read(octets: bytes, columns: Sequence[str]) -> tuple[Row, ...] | Unreadable:
    """The rows of a sheet that has these columns, in whatever order, encoding and separator it was saved.

    UTF-8, UTF-16 with its mark, or else Windows-1252; `;`, `,` or tab, whichever finds most columns. Blank rows are
    left out, cells are stripped, and the apostrophe of `cell` is taken off again.
    """
    text = _decoded(octets)
    if "\0" in text:
        return Unreadable()
    try:
        tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) for mark in ";,\t"]
    except csv.Error:
        return Unreadable()
    table = max(tables, key=lambda rows: len(_named(rows, columns)))
    missing = tuple(name for name in columns if name not in _named(table, columns))
    if missing:
        return Unreadable(missing)
    heads = [head.strip().lower() for head in table[0]]
    rows = (Row(line, dict(zip(heads, map(_plain, values), strict=False))) for line, values in enumerate(table[1:], 2))
    return tuple(row for row in rows if any(row.cells.values()))


def read_day(text: str) -> date | None:
    """A day written 2026-03-09 or 09/03/2026 (with . or - as well), or None.

    >>> read_day("09/03/2026"), read_day("2026-03-09"), read_day("31/02/2026"), read_day("09/03/26")
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 9), None, None)
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"):
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        if day.year >= 2000:
            return day
    return None


def folded(text: str) -> str:
    """Lower case, no accents, single spaces: what a hurried clerk writes and what is meant are then the same.

    >>> folded(" Non-Réclamé "), folded("Déjà_payé")
    ('non reclame', 'deja paye')
    """
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.split(r"[\s_-]+", bare.lower().strip()))


def _decoded(octets: bytes) -> str:
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", "replace")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _named(rows: list[list[str]], columns: Sequence[str]) -> set[str]:
    return {head.strip().lower() for head in rows[0]} & set(columns) if rows else set()


def _plain(value: str) -> str:
    stripped = value.strip()
    return stripped[1:] if stripped.startswith("'") and stripped.lstrip("'").startswith(FORMULA) else stripped
