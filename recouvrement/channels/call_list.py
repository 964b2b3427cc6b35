"""The telephone list: whom to call today, as a sheet and as a page, and the sheet that comes back filled in."""

import textwrap
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from recouvrement.channels.filled_sheets import CameBack, DayProblems, day_between, judged, not_read
from recouvrement.channels.sheets import Row, Unreadable, folded, read, read_day, written
from recouvrement.domain.money import plain, printed

COLUMNS: Final = (
    *("cle", "debiteur", "interlocuteur", "telephone", "du", "devise", "retard_jours", "factures", "a_savoir"),
    *("resultat", "date_appel", "date_promise", "operateur", "note"),
)
NEEDED: Final = ("cle", "resultat", "date_appel", "operateur")
PAGE_WIDTH: Final = 100  # characters


class CallOutcome(StrEnum):
    """What a call came to; the values are the words that a clerk writes, accents and hyphens aside."""

    PROMISED = "promesse"
    PAID_ALREADY = "deja paye"
    DISPUTED = "conteste"
    ASKS_DOCUMENT = "demande piece"
    CASH_TROUBLE = "difficultes"
    REFUSES = "refuse de payer"
    CALL_BACK = "rappeler"
    NO_ANSWER = "sans reponse"
    MESSAGE_LEFT = "message laisse"
    WRONG_NUMBER = "mauvais numero"

    @property
    def reached_someone(self) -> bool:
        """Whether the step "call" is done: somebody who may answer for the debtor was spoken to.

        >>> [outcome.value for outcome in CallOutcome if not outcome.reached_someone]
        ['sans reponse', 'message laisse', 'mauvais numero']
        """
        return self not in {CallOutcome.NO_ANSWER, CallOutcome.MESSAGE_LEFT, CallOutcome.WRONG_NUMBER}


@dataclass(frozen=True, slots=True)
class CallToMake:
    """One call: our key (the contact), the debtor as shown, who to ask for, the number, and what is owed.

    `due` in minor units of `currency`; `days_late` of the oldest invoice; `remarks` as short sentences.
    """

    key: str
    debtor: str
    person: str = field(repr=False)
    telephone: str = field(repr=False)
    due: int
    currency: str
    days_late: int
    invoices: tuple[str, ...]
    remarks: tuple[str, ...] = field(default=(), repr=False)


class CallProblem(StrEnum):
    """Why a filled row was not taken."""

    UNREADABLE = "unreadable"
    COLUMNS_MISSING = "columns_missing"
    NOT_ON_THE_LIST = "not_on_the_list"
    ROW_TWICE = "row_twice"
    OUTCOME_MISSING = "outcome_missing"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OPERATOR_UNKNOWN = "operator_unknown"
    DAY_MISSING = "day_missing"
    DAY_MALFORMED = "day_malformed"
    BEFORE_THE_LIST = "before_the_list"
    IN_THE_FUTURE = "in_the_future"
    PROMISE_WITHOUT_DAY = "promise_without_day"
    PROMISE_DAY_MALFORMED = "promise_day_malformed"
    PROMISE_BEFORE_CALL = "promise_before_call"


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call as noted: outcome, day, who made it, the day promised if one was, and a note in free words."""

    key: str
    outcome: CallOutcome
    on: date
    operator: str
    promised_for: date | None = None
    note: str = field(default="", repr=False)


CallsBack = CameBack[CallMade, CallProblem]
CALL_DAY: Final = DayProblems(
    CallProblem.DAY_MISSING, CallProblem.DAY_MALFORMED, CallProblem.BEFORE_THE_LIST, CallProblem.IN_THE_FUTURE
)


def as_sheet(calls: Iterable[CallToMake]) -> bytes:
    """The list as CSV, the largest sum first (currencies apart), with empty columns to fill in."""
    return written(COLUMNS, [_sheet_row(call) for call in _in_order(calls)])


def as_page(calls: Iterable[CallToMake], on: date) -> str:
    """The list as plain text to print or read, the largest sum first, a line of dots for each answer."""
    ordered = _in_order(calls)
    head = f"Appels à passer le {on:%d/%m/%Y} : {len(ordered)}\n{'=' * PAGE_WIDTH}\n"
    return head + "".join(_paragraph(number, call) for number, call in enumerate(ordered, 1))


def read_calls(octets: bytes, keys: Collection[str], operators: Collection[str], listed: date, on: date) -> CallsBack:
    """Read a filled list on the day `on`: `keys` were listed on `listed`, `operators` may sign.

    Every row stands for itself; the same list read again says the same. A row with nothing filled in is pending.
    """
    rows = read(octets, NEEDED)
    if isinstance(rows, Unreadable):
        return not_read(rows, keys, columns_missing=CallProblem.COLUMNS_MISSING, unreadable=CallProblem.UNREADABLE)
    filled = [row for row in rows if any(row[column] for column in COLUMNS[-5:])]
    times = Counter(row["cle"] for row in filled)
    return judged(filled, keys, lambda row: _call_problem(row, keys, times) or _made(row, operators, listed, on))


def _in_order(calls: Iterable[CallToMake]) -> list[CallToMake]:
    return sorted(calls, key=lambda call: (call.currency, -call.due, call.key))


def _sheet_row(call: CallToMake) -> Sequence[str]:
    due = plain(call.due).replace(".", ",")
    shown = (call.key, call.debtor, call.person, call.telephone, due, call.currency, str(call.days_late))
    return [*shown, ", ".join(call.invoices), " ".join(call.remarks), *[""] * 5]


def _paragraph(number: int, call: CallToMake) -> str:
    owed = f"{printed(call.due, call.currency)}, {call.days_late} jours de retard"
    lines = [
        f"\n{number:>3}. {_flat(call.debtor)} : {owed}",
        f"     {_flat(call.person) or 'interlocuteur à trouver'} : {_flat(call.telephone) or 'numéro à trouver'}",
        *_wrapped(f"Factures : {', '.join(call.invoices)}"),
        *(line for remark in call.remarks for line in _wrapped(remark)),
        f"     Résultat {'.' * 30} le {'.' * 12} promis pour le {'.' * 12} par {'.' * 6}",
    ]
    return "\n".join(lines) + "\n"


def _flat(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(_flat(text), PAGE_WIDTH, initial_indent="     ", subsequent_indent="     ")


def _call_problem(row: Row, keys: Collection[str], times: Counter[str]) -> CallProblem | None:
    if row["cle"] not in keys:
        return CallProblem.NOT_ON_THE_LIST
    return CallProblem.ROW_TWICE if times[row["cle"]] > 1 else None


def _made(row: Row, operators: Collection[str], listed: date, on: date) -> CallMade | CallProblem:
    if not row["resultat"]:
        return CallProblem.OUTCOME_MISSING
    outcome = next((known for known in CallOutcome if known.value == folded(row["resultat"])), None)
    if outcome is None:
        return CallProblem.OUTCOME_UNKNOWN
    if row["operateur"] not in operators:
        return CallProblem.OPERATOR_UNKNOWN
    called_on = day_between(row["date_appel"], listed, on, CALL_DAY)
    if isinstance(called_on, CallProblem):
        return called_on
    promised_for = _promised_for(row["date_promise"], outcome, called_on)
    if isinstance(promised_for, CallProblem):
        return promised_for
    return CallMade(row["cle"], outcome, called_on, row["operateur"], promised_for, row["note"])


def _promised_for(text: str, outcome: CallOutcome, called_on: date) -> date | CallProblem | None:
    if not text:
        return CallProblem.PROMISE_WITHOUT_DAY if outcome is CallOutcome.PROMISED else None
    day = read_day(text)
    if day is None:
        return CallProblem.PROMISE_DAY_MALFORMED
    return CallProblem.PROMISE_BEFORE_CALL if day < called_on else day
