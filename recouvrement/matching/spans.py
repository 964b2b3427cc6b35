"""What a text names: spans of text and the items that each may mean."""

from typing import NamedTuple

from recouvrement.matching.types import Reason


class Mention(NamedTuple):
    """One span of text: the items it names as written and those it may mean by a slip; weights are evidence."""

    exact: frozenset[str]
    close: frozenset[str]
    weight: int
    close_weight: int
    reason: Reason
    close_reason: Reason
    firm: bool


class Mentions(NamedTuple):
    """All spans of a line; `ranged` says that two of them bound a range."""

    spans: tuple[Mention, ...]
    ranged: bool

    def items(self) -> frozenset[str]:
        """Every item that any span may mean."""
        return frozenset().union(*[s.exact for s in self.spans], *[s.close for s in self.spans])
