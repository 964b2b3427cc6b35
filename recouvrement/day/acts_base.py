"""What every act of a person is built on: one transaction that leaves nothing behind when the act is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from recouvrement.day.house import House
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import find_debtor, find_items
from recouvrement.ledger.notes import note_exists


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the id it made, or the code of its refusal."""

    id: str = ""
    refused: str = ""

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {"id": self.id, "refused": self.refused or None}


class Refusal(Exception):
    """An act is refused by a code; raised inside the act, it rolls the act back whole."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def perform(house: House, kind: str, operator: str, write: Callable[[Act], str]) -> Done:
    """Do one act; `write` returns the id it made, or raises Refusal, and then not even the act's row stays."""
    try:
        with house.ledger.act(kind, operator) as act:
            return Done(write(act))
    except Refusal as refusal:
        return Done(refused=refusal.code)


def refuse_when(refused: object, code: str) -> None:
    """Raise Refusal with a code when the condition holds (is true, is not empty)."""
    if refused:
        raise Refusal(code)


def debtor_named(act: Act, house: House, code: str) -> str:
    """The id of the debtor of a code; Refusal when there is none."""
    debtor_id = find_debtor(act.connection, house.creditor(), code)
    if debtor_id is None:
        raise Refusal("unknown_debtor")
    return debtor_id


def items_named(act: Act, house: House, number: str) -> list[Any]:
    """The items of an invoice number, first instalment first; Refusal when there is none."""
    items = find_items(act.connection, house.creditor(), number)
    refuse_when(not items, "unknown_invoice")
    return items


def subject_named(act: Act, house: House, subject: str) -> tuple[str, list[Any]]:
    """A debtor code or an invoice number into the debtor's id and the invoice's items (none: the whole debtor)."""
    creditor_id = house.creditor()
    if items := find_items(act.connection, creditor_id, subject):
        return items[0].debtor_id, items
    debtor_id = find_debtor(act.connection, creditor_id, subject)
    if debtor_id is None:
        raise Refusal("unknown_debtor_or_invoice")
    return debtor_id, []


def noted(act: Act, note_id: str | None) -> str | None:
    """The id of a note that exists, or None when none was named; Refusal otherwise."""
    if not note_id:
        return None
    refuse_when(not note_exists(act.connection, note_id), "unknown_note")
    return note_id


def not_before(day: date, on: date) -> None:
    """Refuse a day that is over."""
    refuse_when(day < on, "day_is_past")
