"""A file opened for intake: small ones are held read, large ones are read again when their turn comes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import Item, Stream, stream

HELD_BYTES = 2_000_000
ORDER = ("customers", "invoices", "fec", "facturx", "cii", "ubl")  # before what names their invoices
LAST = ("lifecycle", "cdar", "history", "documents")
Progress = Callable[[str, float], None]


@dataclass(slots=True)
class Opened:
    """A file whose kind is known; `items` holds what a small one says."""

    path: Path
    name: str
    flow: Stream
    items: Sequence[Item] | None
    again: Callable[[], Stream]

    @property
    def kind(self) -> str:
        """What the file is."""
        return self.flow.tally.kind

    @property
    def rank(self) -> int:
        """Where it stands in the order of taking."""
        if self.kind in ORDER:
            return ORDER.index(self.kind)
        return len(ORDER) + (LAST.index(self.kind) + 1 if self.kind in LAST else 0)

    def read(self) -> tuple[Stream, Iterator[Item]]:
        """The stream and its items; its tally is complete once they are exhausted."""
        if self.items is not None:
            return self.flow, iter(self.items)
        flow = self.again()
        return flow, iter(flow)


def opened(path: Path, mappings: Mappings, limits: Limits, *, account: str = "", name: str = "") -> Opened:
    """Open a file and find its kind; OSError when the disk does not give it."""
    shown = name or path.name

    def again() -> Stream:
        return stream(shown, path, mappings, limits=limits, account=account)

    flow = again()
    if path.stat().st_size <= HELD_BYTES:
        return Opened(path, shown, flow, list(flow), again)
    next(iter(flow), None)  # enough to know the kind
    return Opened(path, shown, flow, None, again)
