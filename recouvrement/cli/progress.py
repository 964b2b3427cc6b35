"""A progress bar for long imports: on a terminal only, and on the error output, so that results can be piped."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from recouvrement.day.intake_opened import Progress

WIDTH = 30
LONGEST_NAME = 40


@contextmanager
def progress_bar(*, shown: bool, stream: TextIO | None = None) -> Iterator[Progress | None]:
    """Yield what draws the bar, or None where nobody would see it; the line is wiped at the end."""
    out = stream or sys.stderr
    if not shown or not out.isatty():
        yield None
        return

    def draw(name: str, fraction: float) -> None:
        done = round(WIDTH * fraction)
        out.write(f"\r{name[:LONGEST_NAME]} [{'#' * done}{'.' * (WIDTH - done)}] {fraction:4.0%}\x1b[K")
        out.flush()

    try:
        yield draw
    finally:
        out.write("\r\x1b[K")
        out.flush()
