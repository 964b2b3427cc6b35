"""The numbering of exhibits, frozen per dossier version and continued by later ones."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.cases import exhibit

Number = tuple[int, int, str, str, date | None, str]


def dossier_numbers(connection: Connection, case_id: str) -> list[Any]:
    """The numbers given so far in a case, in order."""
    return list(connection.execute(select(exhibit).where(exhibit.c.case_id == case_id).order_by(exhibit.c.number)))


def keep_numbers(act: Act, case_id: str, version: int, numbers: Iterable[Number]) -> None:
    """Keep the numbers that this version gave for the first time: (number, first version, kind, title, day, sha256)."""
    known = {row.number for row in dossier_numbers(act.connection, case_id)}
    rows = [
        {
            "id": act.new_id(),
            "act_id": act.id,
            "case_id": case_id,
            "number": number,
            "first_version": first,
            "kind": kind,
            "title": title[:200],
            "on": on,
            "file_name": "",
            "sha256": sha256,
        }
        for number, first, kind, title, on, sha256 in numbers
        if number not in known and first <= version
    ]
    if rows:
        act.connection.execute(insert(exhibit), rows)
