"""Charts over time as small SVG pictures on their own light panel: stacked columns and lines, with axis and legend."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from recouvrement.reports.charts import QUIET, WIDTH, panel, text_at

LEFT, RIGHT, TOP, HEIGHT = 84, 20, 52, 190
GRID = "#e3e0d8"
PALETTE = ("#3f7cac", "#ee9b42", "#5a9367", "#8f1d2c", "#7d5ba6", "#8d99ae")
ROOM = WIDTH - LEFT - RIGHT


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values in any whole unit; None where there is no figure."""

    name: str
    values: Sequence[int | None]
    colour: str


def round_top(highest: int) -> int:
    """The top of an axis: a round number at or above the highest value, and divisible by four.

    >>> round_top(0), round_top(7), round_top(43), round_top(1_234_567)
    (4, 8, 80, 1600000)
    """
    unit = 4
    while unit * 10 <= highest:
        unit *= 10
    for times in (1, 2, 3, 4, 5, 6, 8, 10):
        if highest <= unit * times // 2 and unit * times // 2 % 4 == 0:
            return unit * times // 2
        if highest <= unit * times:
            return unit * times
    return unit * 10


def stacked(title: str, labels: Sequence[str], rows: Sequence[Series], axis: Callable[[int], str]) -> str:
    """Columns with the values of each row on top of those before; a negative value is drawn as nothing."""
    heights = [sum(max(row.values[n] or 0, 0) for row in rows) for n in range(len(labels))]
    top = round_top(max(heights, default=0))
    parts, step = [_frame(title, labels, top, axis, rows)], ROOM // max(1, len(labels))
    width = max(4, min(46, step * 2 // 3))
    for n in range(len(labels)):
        base, x = 0, LEFT + n * step + (step - width) // 2
        for row in rows:
            value = max(row.values[n] or 0, 0)
            low, high = base * HEIGHT // top, (base + value) * HEIGHT // top
            if high > low:
                y = TOP + HEIGHT - high
                parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{high - low}" fill="{row.colour}"/>')
            base += value
    return "".join([*parts, "</svg>"])


def lines(title: str, labels: Sequence[str], rows: Sequence[Series], axis: Callable[[int], str]) -> str:
    """One line a row, broken where there is no figure."""
    top = round_top(max((value for row in rows for value in row.values if value is not None), default=0))
    parts, step = [_frame(title, labels, top, axis, rows)], ROOM // max(1, len(labels))
    for row in rows:
        points = [
            None if value is None else (LEFT + n * step + step // 2, TOP + HEIGHT - max(value, 0) * HEIGHT // top)
            for n, value in enumerate(row.values)
        ]
        for one, two in pairwise(points):
            if one and two:
                parts.append(
                    f'<path d="M{one[0]} {one[1]}L{two[0]} {two[1]}" stroke="{row.colour}" stroke-width="2.5" fill="none"/>'
                )
        parts += [f'<circle cx="{p[0]}" cy="{p[1]}" r="3.5" fill="{row.colour}"/>' for p in points if p]
    return "".join([*parts, "</svg>"])


def _frame(title: str, labels: Sequence[str], top: int, axis: Callable[[int], str], rows: Sequence[Series]) -> str:
    """The panel with the axis, its grid, the labels below and the legend."""
    per_line = 4
    height = TOP + HEIGHT + 34 + 22 * -(-len(rows) // per_line)
    parts = [panel(title, height)]
    for quarter in range(5):
        y = TOP + HEIGHT - quarter * HEIGHT // 4
        parts.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{GRID}" stroke-width="1"/>')
        parts.append(_small(LEFT - 8, y + 4, axis(top * quarter // 4), "end"))
    step = ROOM // max(1, len(labels))
    parts += [_small(LEFT + n * step + step // 2, TOP + HEIGHT + 18, label, "middle") for n, label in enumerate(labels)]
    for n, row in enumerate(rows):
        x, y = LEFT + (n % per_line) * (ROOM // per_line), TOP + HEIGHT + 42 + 22 * (n // per_line)
        parts.append(f'<rect x="{x}" y="{y - 10}" width="12" height="12" rx="2" fill="{row.colour}"/>')
        parts.append(text_at(x + 18, y, row.name))
    return "".join(parts)


def _small(x: int, y: int, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="11" fill="{QUIET}">{escape(text)}</text>'
