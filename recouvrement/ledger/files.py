"""Files taken in: each once by its SHA-256, with its problems; a corrected file clears the problems of its name."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from recouvrement.domain.records import Problem
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.invoices import document
from recouvrement.ledger.tables.runs import file_intake, problem, problem_event

# what the database itself would not have: the fault is in the file, not in the house
RefusedByTheDatabase = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError)


def taken_before(connection: Connection, sha256: str) -> Any:
    """The intake of these very bytes, or None; refused files may be tried again."""
    query = select(file_intake).where(file_intake.c.sha256 == sha256, file_intake.c.verdict != "rejected")
    return connection.execute(query.limit(1)).one_or_none()


# what a person puts right elsewhere than in the file: the same bytes may then bring more
PUT_RIGHT_ELSEWHERE = ("unknown_invoice", "unknown_customer", "unknown_file", "unknown_step", "other_seller")


def worth_again(connection: Connection, file_id: str) -> bool:
    """Whether an intake left lines aside that another file may have made good since."""
    query = select(problem.c.id).where(
        problem.c.source == file_id,
        problem.c.reason.in_(PUT_RIGHT_ELSEWHERE),
        problem.c.id.not_in(select(problem_event.c.problem_id)),
    )
    return connection.scalar(query.limit(1)) is not None


def record_file(
    act: Act,
    *,
    sha256: str,
    name: str,
    kind: str,
    verdict: str,
    records: int,
    written: int,
    detail: Mapping[str, object],
) -> str:
    """Record a file and what it brought; return its id."""
    file_id = act.new_id()
    row = {
        "sha256": sha256,
        "name": name[:255],
        "kind": kind,
        "verdict": verdict,
        "records": records,
        "written": written,
    }
    act.connection.execute(
        insert(file_intake).values(id=file_id, act_id=act.id, **row, detail=json.dumps(detail, sort_keys=True))
    )
    return file_id


def kept_already(connection: Connection, digests: Sequence[str]) -> set[str]:
    """Which of these bytes are a document already."""
    found: set[str] = set()
    for start in range(0, len(digests), 500):
        query = select(document.c.sha256).where(document.c.sha256.in_(digests[start : start + 500]))
        found.update(connection.scalars(query))
    return found


def record_problems(act: Act, source: str, problems: Iterable[Problem]) -> int:
    """Record what was wrong in a file; return how many."""
    rows = [
        {
            "id": act.new_id(), "act_id": act.id, "source": source, "file": p.file[:255], "line": p.line, "element": p.element[:120],
            "field": p.field[:60], "value_class": p.value_class[:60], "reason": p.reason[:64], "message": p.message, "remedy": p.remedy,
        }
        for p in problems
    ]  # fmt: skip
    if rows:
        act.connection.execute(insert(problem), rows)
    return len(rows)


def clear_problems(act: Act, name: str, *, but: str) -> int:
    """A file of the same name came again: the problems of its earlier contents are settled."""
    open_ones = select(problem.c.id).where(
        problem.c.file == name, problem.c.source != but, problem.c.id.not_in(select(problem_event.c.problem_id))
    )
    rows = [
        {"id": act.new_id(), "act_id": act.id, "problem_id": found, "event": "cleared"}
        for found in act.connection.scalars(open_ones)
    ]
    if rows:
        act.connection.execute(insert(problem_event), rows)
    return len(rows)


def open_problems(connection: Connection) -> list[Any]:
    """Problems that no corrected file has cleared, oldest first."""
    query = select(problem).where(problem.c.id.not_in(select(problem_event.c.problem_id)))
    return list(connection.execute(query.order_by(problem.c.act_id, problem.c.id)))
