"""Runs: what was decided when, from what knowledge; a run that died is marked and taken over."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.content import keep
from recouvrement.ledger.tables.runs import run, run_decisions, run_event

DECIDES = "decides"  # the event whose act is the last that the decisions of a run know of


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the day: its id, its day and mode, and the act up to which it knows."""

    id: str
    on: date
    mode: str
    known_to: int


def start_run(
    ledger: Ledger, *, kind: str, on: date, mode: str, policy: tuple[str, bytes], law: tuple[str, bytes], owner: str,
    texts: Iterable[bytes] = (),
) -> Run:  # fmt: skip
    """Open a run; runs that never ended (their lock is free, since we hold it) are marked abandoned.

    `policy` and `law` are (sha256, bytes): both are kept by content, so that any day can be replayed; so is each of
    `texts`, the policies that the first one names.
    """
    with ledger.act("start_run", owner) as act:
        for lost in _unfinished(act.connection, kind):
            record_event(act, lost.id, "abandoned")
        for text in (policy[1], law[1], *texts):
            keep(act, text, "application/toml")
        run_id = act.new_id()
        row = {
            "kind": kind,
            "on": on,
            "mode": mode,
            "known_to": act.id,
            "policy_sha256": policy[0],
            "law_sha256": law[0],
        }
        act.connection.execute(
            insert(run).values(id=run_id, act_id=act.id, started_at=act.at, owner=owner[:100], **row)
        )
        return Run(run_id, on, mode, act.id)


def _unfinished(connection: Connection, kind: str) -> list[Any]:
    ended = select(run_event.c.run_id).where(run_event.c.state.in_(("complete", "abandoned", "failed")))
    return list(connection.execute(select(run).where(run.c.kind == kind, run.c.id.not_in(ended))))


def know_more(run_before: Run, known_to: int) -> Run:
    """The same run after its own intake and matching: what it decides from."""
    return Run(run_before.id, run_before.on, run_before.mode, known_to)


def record_event(
    act: Act, run_id: str, state: str, step: str | None = None, detail: Mapping[str, object] | None = None
) -> None:
    """Append an event to a run."""
    row = {"id": act.new_id(), "act_id": act.id, "run_id": run_id, "at": act.at, "state": state, "step": step}
    text = json.dumps(detail, sort_keys=True) if detail is not None else None
    act.connection.execute(insert(run_event).values(**row, detail=text))


def complete_run(act: Act, run_id: str, detail: Mapping[str, object]) -> None:
    """Mark a run complete: its decisions and outbox rows exist."""
    record_event(act, run_id, "complete", detail=detail)
    journal.append(
        act, HOUSE, JournalEvent.RUN_COMPLETED, {"run": run_id, "decisions": str(detail.get("decisions_sha256", ""))}
    )


def keep_decisions(act: Act, run_id: str, part: int, parquet: bytes, *, rows: int, digest: str) -> None:
    """Keep one part of a run's decisions; `digest` is the SHA-256 of its canonical lines."""
    name = keep(act, parquet, "application/vnd.apache.parquet")
    row = {"run_id": run_id, "part": part, "act_id": act.id, "rows": rows, "sha256": name, "digest": digest}
    act.connection.execute(insert(run_decisions).values(**row))


def decision_parts(connection: Connection, run_id: str) -> list[Any]:
    """The kept parts of a run, in order."""
    return list(
        connection.execute(select(run_decisions).where(run_decisions.c.run_id == run_id).order_by(run_decisions.c.part))
    )


def latest_run(connection: Connection, *, on: date | None = None, kind: str = "daily") -> Any:
    """The newest complete run (of a day), or None."""
    query = (
        select(run, run_event.c.detail)
        .join(run_event, (run_event.c.run_id == run.c.id) & (run_event.c.state == "complete"))
        .where(run.c.kind == kind)
        .order_by(run.c.act_id.desc())
        .limit(1)
    )
    return connection.execute(query.where(run.c.on == on) if on else query).one_or_none()


def runs_done(connection: Connection, kind: str) -> dict[date, Any]:
    """The newest complete run of each day, of one kind."""
    query = (
        select(run, run_event.c.detail)
        .join(run_event, (run_event.c.run_id == run.c.id) & (run_event.c.state == "complete"))
        .where(run.c.kind == kind)
        .order_by(run.c.act_id)
    )
    return {row.on: row for row in connection.execute(query)}
