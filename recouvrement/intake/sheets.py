"""Excel and ODS workbooks as numbered rows of text, read by calamine after their weight is known."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import python_calamine

from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.sheet_weight import refuse_heavy
from recouvrement.intake.source import Source
from recouvrement.intake.tables import HEADER_WITHIN, Layout, Row, layouts

WHOLE_CENT = Decimal("0.000001")  # what binary spreadsheets add to a sum of cents


def workbook(source: Source) -> list[tuple[str, list[list[Any]]]]:
    """Name and cells of each sheet; FileRefusedError when the file is too heavy, a bomb, or no workbook."""
    data = source.whole(source.limits.sheet_bytes)
    if data.startswith(b"PK"):
        refuse_heavy(data, source.limits)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except BaseException as error:  # calamine panics are BaseException
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise FileRefusedError(Reason.UNREADABLE, f"not a readable workbook ({type(error).__name__})") from None


def layout_of(sheets: list[tuple[str, list[list[Any]]]], name: str, mappings: Mappings) -> tuple[Layout, int] | None:
    """The sheet and layout that a mapping recognises best, or None."""
    found: list[tuple[tuple[int, ...], Layout, int]] = []
    for place, (_, cells) in enumerate(sheets):
        for number, row in enumerate(cells[:HEADER_WITHIN], start=1):
            header = [text_of(cell, "auto") for cell in row]
            for score, layout in layouts(header, number, "", name, mappings):
                found.append(((*score, -place), layout, place))
    if not found:
        return None
    _, layout, place = max(found, key=lambda one: one[0])
    above = (";".join(text_of(cell, "auto") for cell in row) for row in sheets[place][1][: layout.header_line - 1])
    return replace(layout, preamble=tuple(above)), place


def rows(cells: list[list[Any]], layout: Layout) -> Iterator[Row]:
    """Numbered rows below the heading, as text; empty rows are skipped."""
    width, decimal = len(layout.header), layout.mapping.decimal
    for number, row in enumerate(cells[layout.header_line :], start=layout.header_line + 1):
        texts = [text_of(cell, decimal) for cell in row[:width]]
        if any(texts):
            yield number, texts + [""] * (width - len(texts))


def text_of(cell: Any, decimal: str) -> str:
    """A cell as text: numbers in the mapping's decimals, whole numbers without any, days in ISO form.

    The binary number of a spreadsheet is read by its shortest decimal form and, within a millionth, rounded to the cent.

    >>> text_of(1234.5, "auto"), text_of(542258.0, ","), text_of(0.1 + 0.2, ","), text_of(date(2026, 3, 1), ",")
    ('1234.50', '542258', '0,30', '2026-03-01')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).lower()
    if isinstance(cell, int | float):
        return _number(Decimal(repr(cell)), decimal)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(exact: Decimal, decimal: str) -> str:
    if not exact.is_finite():
        return str(exact)
    if exact == exact.to_integral_value():
        return str(int(exact))
    cents = exact.quantize(Decimal("0.01"))
    shown = cents if abs(exact - cents) <= WHOLE_CENT else exact
    return f"{shown:f}".replace(".", "," if decimal == "," else ".")


def header_texts(row: Sequence[Any]) -> list[str]:
    """A row as headings."""
    return [text_of(cell, "auto") for cell in row]
