"""The posting slip that comes back: registered numbers, days of deposit, outcomes; each row taken or refused."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from recouvrement.channels.filled_sheets import CameBack, DayProblems, day_between, judged, not_read
from recouvrement.channels.post import COLUMNS, Batch, Entry
from recouvrement.channels.postal import PostalStatus, Posted
from recouvrement.channels.sheets import Row, Unreadable, folded, read

NUMBER: Final = re.compile(r"\d[A-Z]\d{11}")  # 1E00232062142: no check digit is claimed
NEEDED: Final = ("cle", "sha256", "numero_recommande", "date_depot")
OUTCOMES: Final = {
    "distribue": PostalStatus.DELIVERED,
    "refuse": PostalStatus.REFUSED,
    "non reclame": PostalStatus.UNCLAIMED,
    "npai": PostalStatus.UNDELIVERABLE,
    "destinataire inconnu": PostalStatus.UNDELIVERABLE,
}


class SlipProblem(StrEnum):
    """Why a row, or the whole slip, was not taken."""

    UNREADABLE = "unreadable"
    COLUMNS_MISSING = "columns_missing"
    OTHER_BATCH = "other_batch"
    ROW_TWICE = "row_twice"
    SHA256_CHANGED = "sha256_changed"
    FILE_CHANGED = "file_changed"
    NUMBER_MISSING = "number_missing"
    NUMBER_MALFORMED = "number_malformed"
    NUMBER_TWICE = "number_twice"
    NUMBER_OF_ANOTHER = "number_of_another"
    NUMBER_CHANGED = "number_changed"
    NUMBER_ON_SIMPLE_LETTER = "number_on_simple_letter"
    DAY_MISSING = "day_missing"
    DAY_MALFORMED = "day_malformed"
    BEFORE_PRINT = "before_print"
    IN_THE_FUTURE = "in_the_future"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_BEFORE_DEPOSIT = "outcome_before_deposit"


SlipBack = CameBack[Posted, SlipProblem]
SLIP_DAY: Final = DayProblems(
    SlipProblem.DAY_MISSING, SlipProblem.DAY_MALFORMED, SlipProblem.BEFORE_PRINT, SlipProblem.IN_THE_FUTURE
)


@dataclass(frozen=True, slots=True)
class _Context:
    batch: Batch
    known: Mapping[str, str]  # registered number -> key of the letter that has it
    number_of: Mapping[str, str]  # and the other way round
    on: date
    entries: Mapping[str, Entry]
    keys: Counter[str]
    numbers: Counter[str]


def read_slip(octets: bytes, batch: Batch, known: Mapping[str, str], on: date) -> SlipBack:
    """Read a filled slip of `batch` on the day `on`; `known` maps registered numbers already recorded to our keys.

    Every row stands for itself: a bad one is refused with its reason and the rest is taken. Given again, the same
    slip says the same. A number that stands twice is refused both times, for nobody knows which is right. The PDFs
    beside the slip must still be those that were frozen.
    """
    rows, entries = read(octets, NEEDED), {entry.key: entry for entry in batch.entries}
    if isinstance(rows, Unreadable):
        return not_read(rows, entries, columns_missing=SlipProblem.COLUMNS_MISSING, unreadable=SlipProblem.UNREADABLE)
    filled = [row for row in rows if _says_something(row)]
    context = _Context(
        batch=batch,
        known=known,
        number_of={key: number for number, key in known.items()},
        on=on,
        entries=entries,
        keys=Counter(row["cle"] for row in filled),
        numbers=Counter(_number(row) for row in filled),
    )
    return judged(filled, entries, lambda row: _taken(row, context))


def _says_something(row: Row) -> bool:
    return any(row[column] for column in COLUMNS[-4:]) or not row["cle"]


def _number(row: Row) -> str:
    return re.sub(r"\s+", "", row["numero_recommande"]).upper()


def _taken(row: Row, context: _Context) -> Posted | SlipProblem:
    entry = context.entries.get(row["cle"])
    if entry is None:
        return SlipProblem.OTHER_BATCH
    problem = _letter_problem(row, entry, context) or _number_problem(row, entry, context)
    if problem is not None:
        return problem
    deposited_on = day_between(row["date_depot"], context.batch.printed_on, context.on, SLIP_DAY)
    if isinstance(deposited_on, SlipProblem):
        return deposited_on
    outcome = _outcome(row, deposited_on, context.on)
    if isinstance(outcome, SlipProblem):
        return outcome
    return Posted(entry.key, entry.case, _number(row) or None, deposited_on, *outcome)


def _letter_problem(row: Row, entry: Entry, context: _Context) -> SlipProblem | None:
    if context.keys[entry.key] > 1:
        return SlipProblem.ROW_TWICE
    if row["sha256"].lower() != entry.sha256:
        return SlipProblem.SHA256_CHANGED
    try:
        printed = (context.batch.folder / entry.file).read_bytes()
    except FileNotFoundError:
        return SlipProblem.FILE_CHANGED
    return None if hashlib.sha256(printed).hexdigest() == entry.sha256 else SlipProblem.FILE_CHANGED


def _number_problem(row: Row, entry: Entry, context: _Context) -> SlipProblem | None:
    number = _number(row)
    if not entry.registered:
        return SlipProblem.NUMBER_ON_SIMPLE_LETTER if number else None
    if not number:
        return SlipProblem.NUMBER_MISSING
    if not NUMBER.fullmatch(number):
        return SlipProblem.NUMBER_MALFORMED
    if context.numbers[number] > 1:
        return SlipProblem.NUMBER_TWICE
    if context.known.get(number, entry.key) != entry.key:
        return SlipProblem.NUMBER_OF_ANOTHER
    return SlipProblem.NUMBER_CHANGED if context.number_of.get(entry.key, number) != number else None


def _outcome(row: Row, deposited_on: date, on: date) -> tuple[PostalStatus | None, date | None] | SlipProblem:
    """The outcome and its day, both or neither."""
    if not row["resultat"] and not row["date_resultat"]:
        return None, None
    status = OUTCOMES.get(folded(row["resultat"]))
    if status is None:
        return SlipProblem.OUTCOME_UNKNOWN
    day = day_between(row["date_resultat"], deposited_on, on, SLIP_DAY)
    if day is SlipProblem.BEFORE_PRINT:
        return SlipProblem.OUTCOME_BEFORE_DEPOSIT
    return day if isinstance(day, SlipProblem) else (status, day)
