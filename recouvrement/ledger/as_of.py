"""The two times of every fact: the day it took effect, and the act that told us; queries read `AsOf(on, known_to)`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists


@dataclass(frozen=True, slots=True)
class AsOf:
    """Facts effective up to a day, as known up to an act."""

    on: date
    known_to: int

    @classmethod
    def whenever(cls, known_to: int) -> "AsOf":
        """All that is known up to an act, whatever the day on which it takes effect."""
        return cls(date.max, known_to)


EVERYTHING = AsOf.whenever(2**31 - 1)


def seen(table: Table, as_of: AsOf) -> ColumnElement[bool]:
    """The rows of a fact table that had taken effect and were known."""
    return and_(table.c.act_id <= as_of.known_to, table.c.effective_on <= as_of.on)


def newest(table: Table, owner: str, as_of: AsOf) -> ColumnElement[bool]:
    """The one version per `owner` column that held: the newest act among those seen."""
    later = table.alias()
    return and_(
        seen(table, as_of),
        ~exists().where(
            later.c[owner] == table.c[owner],
            later.c.act_id > table.c.act_id,
            later.c.act_id <= as_of.known_to,
            later.c.effective_on <= as_of.on,
        ),
    )


def between(query: Select[Any], column: ColumnElement[str], ids: tuple[str, str]) -> Select[Any]:
    """Restrict a query to a range of identifiers, both ends included."""
    return query.where(column.between(*ids))
