"""What a reader of statements in text keeps between two records: the open statement, and a movement that waits for its words."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from recouvrement.domain.records import BankLineRecord
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError


@dataclass(slots=True, kw_only=True)
class Moved:
    """What the lines of a statement add up to so far."""

    moved: int = 0
    count: int = 0


S = TypeVar("S", bound=Moved)
M = TypeVar("M")


class StatementReader(ABC, Generic[S, M]):
    """The state between records; a movement becomes a line when the record after its words begins."""

    def __init__(self) -> None:
        self._open: S | None = None
        self._movement: M | None = None
        self._ranks = Ranks()
        self._met = False

    @abstractmethod
    def _line(self, movement: M, statement: S) -> BankLineRecord:
        """The line that a movement makes; FileRefusedError when it cannot be read."""

    def _finished(self) -> Iterator[BankLineRecord]:
        movement, statement = self._movement, self._open
        if movement is None or statement is None:
            return
        self._movement = None
        line = self._line(movement, statement)
        statement.moved += line.amount_cents
        statement.count += 1
        yield line

    def _refuse_nothing(self) -> None:
        if not self._met:
            raise FileRefusedError(Reason.NOTHING_TO_READ, "no statement in this file")
