"""CSV of any separator, quote habit and preamble, as numbered rows; memory stays flat."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recouvrement.domain.records import Problem, Severity
from recouvrement.intake.fields import REQUIRED
from recouvrement.intake.mapping import Mapping, Mappings
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import problem
from recouvrement.intake.source import Source

SEPARATORS = (";", ",", "\t", "|")
LONGEST_HEADING = 20_000
MOST_COLUMNS = 500
HEADER_WITHIN = 30  # banks print an address and a balance above the heading
Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table is laid out: its mapping, separator, heading line and the columns found."""

    mapping: Mapping
    separator: str
    header_line: int
    header: tuple[str, ...]
    placed: dict[str, int]
    missing: tuple[tuple[str, ...], ...]
    preamble: tuple[str, ...] = ()


def head_rows(source: Source, encoding: str) -> list[tuple[int, str]]:
    """The first physical lines of a text table."""
    found: list[tuple[int, str]] = []
    for number, line in source.lines(encoding=encoding):
        found.append((number, line))
        if len(found) == HEADER_WITHIN:
            break
    return found


def fields_of(line: str, separator: str) -> list[str]:
    r"""The fields of one physical line.

    >>> fields_of('a;"b;c";d\r\n', ";")
    ['a', 'b;c', 'd']
    """
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])
    except csv.Error:
        return line.rstrip("\r\n").split(separator)


def layout_of_text(lines: list[tuple[int, str]], name: str, mappings: Mappings) -> Layout | None:
    """The best reading of these first lines, or None when no mapping recognises even half of its columns."""
    found: list[tuple[tuple[int, ...], Layout]] = []
    for order, separator in enumerate(SEPARATORS):
        for number, line in lines:
            if separator in line and len(line) <= LONGEST_HEADING:
                header = fields_of(line, separator)
                found += [
                    ((*score, -order), layout) for score, layout in layouts(header, number, separator, name, mappings)
                ]
    if not found:
        return None
    best = max(found, key=lambda pair: pair[0])[1]
    return replace(best, preamble=tuple(line for number, line in lines if number < best.header_line))


def layouts(
    header: Sequence[str], line: int, separator: str, name: str, mappings: Mappings
) -> Iterator[tuple[tuple[int, ...], Layout]]:
    """Each mapping that knows enough of this header, with its score (higher is better)."""
    if len(header) > MOST_COLUMNS:
        return
    for rank, mapping in enumerate(mappings.entries):
        if mapping.separator not in {"auto", separator}:
            continue
        placed = mapping.placed(header)
        if len(placed) < 2:
            continue
        missing = tuple(mapping.missing(placed))
        needed = len(REQUIRED[mapping.target])
        if 2 * len(missing) >= needed + 1:
            continue
        score = (not missing, mapping.fits_name(name), len(placed) - 3 * len(missing), -line, -rank)
        yield score, Layout(mapping, separator, line, tuple(header), placed, missing)


class _RunawayQuoteError(Exception):
    """A quoted field swallowed more lines than any record has."""


class _Recorder:
    """Hands physical lines to the csv reader and remembers those of the record in hand."""

    def __init__(self, lines: Iterator[tuple[int, str]], limit: int) -> None:
        self._lines = lines
        self._limit = limit
        self.taken: list[tuple[int, str]] = []

    def __iter__(self) -> "_Recorder":
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        self.taken.append((number, line))
        if len(self.taken) > self._limit:
            raise _RunawayQuoteError
        return line


def rows(source: Source, layout: Layout, encoding: str) -> Iterator[Row | Problem]:
    """Numbered rows below the header; a line that cannot be cut into the header's columns becomes a problem."""
    lines = (pair for pair in source.lines(encoding=encoding) if pair[0] > layout.header_line)
    recorder = _Recorder(lines, source.limits.record_lines)
    width = len(layout.header)
    reader = csv.reader(recorder, delimiter=layout.separator)
    while True:
        recorder.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            if recorder.taken:  # a quote left open at the end of the file
                yield from _one_by_one(recorder.taken, layout, source.name)
            return
        except (_RunawayQuoteError, csv.Error):
            yield from _one_by_one(recorder.taken, layout, source.name)
            reader = csv.reader(recorder, delimiter=layout.separator)
            continue
        if len(recorder.taken) == 1 and len(row) == width:
            yield recorder.taken[0][0], row
        else:
            yield from _uneven(row, recorder.taken, layout, source.name)


def _uneven(row: list[str], taken: list[tuple[int, str]], layout: Layout, name: str) -> Iterator[Row | Problem]:
    if len(taken) > 1 and len(row) != len(layout.header):
        yield from _one_by_one(taken, layout, name)
        return
    number, last = taken[0][0], taken[-1][1]
    if len(taken) > 1 and not _closed(taken):
        yield from _one_by_one(taken, layout, name)
        return
    if fitted := _fitted(row, layout, ended=last.endswith(("\n", "\r"))):
        yield number, fitted
    elif any(cell.strip() for cell in row):
        yield _wrong_count(name, number, len(row), len(layout.header))


def _closed(taken: list[tuple[int, str]]) -> bool:
    return sum(line.count('"') for _, line in taken) % 2 == 0


def _fitted(row: list[str], layout: Layout, *, ended: bool) -> list[str] | None:
    """The row at the header's width when only empty cells differ; a short last line may be cut off: None."""
    width = len(layout.header)
    if not any(cell.strip() for cell in row):
        return None
    if len(row) > width:
        return row[:width] if not any(cell.strip() for cell in row[width:]) else None
    short = width - len(row)
    if not short:
        return row
    return [*row, *[""] * short] if ended else None


def _one_by_one(taken: list[tuple[int, str]], layout: Layout, name: str) -> Iterator[Row | Problem]:
    """After a broken quote, each physical line stands for itself."""
    for number, line in list(taken):
        row = fields_of(line, layout.separator)
        if line.count('"') % 2 == 0 and (fitted := _fitted(row, layout, ended=True)):
            yield number, fitted
        elif line.strip():
            yield problem(
                name,
                Reason.BROKEN_QUOTES,
                "the quotation marks of this line do not pair",
                line=number,
                element="row",
                value_class="quotes",
                severity=Severity.SET_ASIDE,
            )


def _wrong_count(name: str, line: int, found: int, expected: int) -> Problem:
    return problem(
        name,
        Reason.WRONG_FIELD_COUNT,
        f"{found} fields where the heading has {expected}",
        line=line,
        element="row",
        value_class="row",
        severity=Severity.SET_ASIDE,
    )


def written(rows_: Sequence[Sequence[str]], separator: str = ";") -> str:
    r"""CSV text with formula cells neutralised: a spreadsheet shows them as text (OWASP, CSV injection).

    >>> written([["=1+1", "-12,50", "@x", "ok"]])
    "'=1+1;-12,50;'@x;ok\r\n"
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([[neutral(cell) for cell in row] for row in rows_])
    return out.getvalue()


def neutral(cell: str) -> str:
    r"""The cell with an apostrophe before what a spreadsheet would run; plain signed numbers stay.

    >>> [neutral(cell) for cell in ("+33 1", "-5", "=A1", "\t=A1", "-2+3")]
    ["'+33 1", '-5', "'=A1", "'\t=A1", "'-2+3"]
    """
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return cell
    return cell if cell[0] in "+-" and cell[1:].replace(",", "").replace(".", "").isdigit() else f"'{cell}"
