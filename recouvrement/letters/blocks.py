"""What a text is made of once read: paragraphs, tables, facts and lines, the same for e-mail, web and paper."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text of one weight."""

    text: str
    bold: bool = False


class Style(StrEnum):
    """The role of a paragraph."""

    BODY = "body"
    HEADING = "heading"
    ITEM = "item"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Spans in one role."""

    spans: tuple[Span, ...]
    style: Style = Style.BODY

    @property
    def text(self) -> str:
        """The words without their weight."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and where its cells are aligned."""

    title: str
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of printed cells; the total row, when there is one, has as many cells as columns."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a label and a value; `stress_last` sets the last pair in bold."""

    name: str
    title: str
    pairs: tuple[tuple[str, str], ...]
    stress_last: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines one below the other, such as a signature."""

    name: str
    lines: tuple[str, ...]


Block = Paragraph | Table | Facts | Lines
