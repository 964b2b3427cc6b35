"""A sheet that comes back filled in: each row taken or refused by itself, and the keys about which it says nothing."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar, cast

from recouvrement.channels.sheets import Row, Unreadable, read_day

KEY = "cle"
T = TypeVar("T")
P = TypeVar("P", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class RefusedRow(Generic[P]):
    """A row that was not taken: its line in the sheet (header = 1), our key if it is known, and why."""

    line: int
    key: str | None
    problem: P


@dataclass(frozen=True, slots=True)
class CameBack(Generic[T, P]):
    """What a filled sheet said: what was taken, the rows refused, and the keys about which it says nothing yet."""

    taken: tuple[T, ...]
    refused: tuple[RefusedRow[P], ...]
    pending: tuple[str, ...]


def not_read(found: Unreadable, keys: Collection[str], *, columns_missing: P, unreadable: P) -> CameBack[T, P]:
    """Nothing could be read: one refusal, at the header, and every key is pending."""
    problem = columns_missing if found.missing else unreadable
    return CameBack((), (RefusedRow(1, None, problem),), tuple(keys))


def judged(filled: Sequence[Row], keys: Collection[str], judge: Callable[[Row], T | P]) -> CameBack[T, P]:
    """Judge each filled row; one of an unknown key is refused without naming it."""
    taken: list[T] = []
    refused: list[RefusedRow[P]] = []
    for row in filled:
        found = judge(row)
        if isinstance(found, StrEnum):
            problem = cast("P", found)  # what is taken is never an enumeration
            refused.append(RefusedRow(row.line, row[KEY] if row[KEY] in keys else None, problem))
        else:
            taken.append(found)
    spoken = {row[KEY] for row in filled}
    return CameBack(tuple(taken), tuple(refused), tuple(key for key in keys if key not in spoken))


@dataclass(frozen=True, slots=True)
class DayProblems(Generic[P]):
    """What is said of a cell that should hold a day."""

    missing: P
    malformed: P
    early: P
    future: P


def day_between(text: str, earliest: date, latest: date, problems: DayProblems[P]) -> date | P:
    """The day of a cell, both ends included, or what is wrong with it."""
    if not text:
        return problems.missing
    day = read_day(text)
    if day is None:
        return problems.malformed
    if day < earliest:
        return problems.early
    return problems.future if day > latest else day
