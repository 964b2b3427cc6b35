"""Charts as small SVG pictures that carry their own light panel, so that they read on a dark page as on paper."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

PANEL, INK, QUIET = "#fbfaf7", "#23272f", "#5b6472"
LATENESS = ("#9bb8d3", "#6f9bc4", "#f2c14e", "#ee9b42", "#e2703a", "#c8452f", "#8f1d2c")  # from not due to very late
STEPS = "#3f7cac"
WIDTH, LEFT, ROW = 760, 170, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length in any whole unit (negative ones are drawn empty), and what is printed beside it."""

    label: str
    value: int
    printed: str
    colour: str = STEPS


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars with their labels and figures, as one SVG text; the title says the same to a screen reader.

    >>> bars("Open", [Bar("1-30", 100, "1 €")]).count("<rect")
    2
    """
    height = 54 + ROW * max(1, len(rows))
    longest = max((row.value for row in rows), default=0) or 1
    room = WIDTH - LEFT - 160
    parts = [panel(title, height)]
    for n, row in enumerate(rows):
        y = 48 + n * ROW
        length = max(0, row.value) * room // longest
        parts += [
            text_at(LEFT - 12, y + 15, row.label, anchor="end"),
            f'<rect x="{LEFT}" y="{y}" width="{max(length, 2)}" height="20" rx="3" fill="{row.colour}"/>'
            if row.value > 0
            else "",
            text_at(LEFT + length + 10, y + 15, row.printed, weight=600),
        ]
    return "".join([*parts, "</svg>"])


def panel(title: str, height: int) -> str:
    """The beginning of a picture: its light panel and its title, which a screen reader says."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="Liberation Sans, Arial, Helvetica, sans-serif" font-size="14"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{PANEL}"/>' + text_at(20, 30, title, weight=700)
    )


def text_at(x: int, y: int, text: str, *, anchor: str = "start", weight: int = 400) -> str:
    """A text in a picture; the heavy ones in the darker ink."""
    colour = INK if weight > 400 else QUIET
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="{colour}">{escape(text)}</text>'


def data_uri(svg: str) -> str:
    """The picture as an address that a page holds in itself.

    >>> data_uri("<svg/>")
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def colour_of(place: int, places: int) -> str:
    """The colour of a lateness bucket by its place, from pale blue (not due) to dark red.

    >>> colour_of(0, 7), colour_of(6, 7), colour_of(2, 3)
    ('#9bb8d3', '#8f1d2c', '#8f1d2c')
    """
    return LATENESS[place * (len(LATENESS) - 1) // max(1, places - 1)]
