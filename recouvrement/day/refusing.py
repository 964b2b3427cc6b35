"""An act that is written whole or not at all: a refusal met on the way rolls it back and becomes a code."""

from collections.abc import Callable

from recouvrement.day.acts import Done
from recouvrement.day.house import House
from recouvrement.ledger.book import Act


class Refusal(Exception):
    """Why nothing was written, as a code."""


def refuse_if(wrong: object, code: str) -> None:
    """Raise Refusal with a code when something is wrong."""
    if wrong:
        raise Refusal(code)


def acting(house: House, kind: str, operator: str, write: Callable[[Act], str]) -> Done:
    """Do what `write` does in one act; it returns the id it made or raises Refusal, and then nothing is written."""
    try:
        with house.ledger.act(kind, operator) as act:
            return Done(write(act))
    except Refusal as refusal:
        return Done(refused=str(refusal))
