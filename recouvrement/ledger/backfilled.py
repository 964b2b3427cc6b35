"""What a backfill asks of the ledger: what was known on a past day, what has been learned since, what left that day."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.ledger.tables.acts import act
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.runs import run, run_event

# acts that add no fact: whatever they wrote, decisions read the same as before
WITHOUT_FACTS = ("start_run", "keep_decisions", "complete_run", "run_failed", "anchor", "seal_dossier", "backfilled")
WENT = tuple(state.value for state in (*LEFT, ContactState.BOUNCED, ContactState.UNKNOWN))


def known_then(connection: Connection, on: date, *, until: datetime) -> int:
    """The last act that a past day's decisions knew.

    That of the day's first live run; else of its last rehearsal; else the last act before `until`; 0 when none was.
    """
    runs = [row for row in complete_runs(connection, kind="daily", on=on) if row.detail]
    live = [row for row in runs if row.mode == "live"]
    if runs:
        return int(json.loads((live[0] if live else runs[-1]).detail)["known_to"])
    return int(connection.scalar(select(func.coalesce(func.max(act.c.id), 0)).where(act.c.at < until)) or 0)


def complete_runs(connection: Connection, *, kind: str, on: date, mode: str | None = None) -> list[Any]:
    """The complete runs of a day and kind (and mode), oldest first, each with the detail of its last event."""
    query = (
        select(run, run_event.c.detail)
        .join(run_event, (run_event.c.run_id == run.c.id) & (run_event.c.state == "complete"))
        .where(run.c.kind == kind, run.c.on == on)
        .order_by(run.c.act_id)
    )
    return list(connection.execute(query if mode is None else query.where(run.c.mode == mode)))


def facts_since(connection: Connection, number: int) -> bool:
    """Whether an act after that number may have changed what decisions read."""
    query = select(act.c.id).where(act.c.id > number, act.c.kind.not_in(WITHOUT_FACTS)).limit(1)
    return connection.scalar(query) is not None


def contacts_that_went(connection: Connection, on: date) -> dict[str, set[str]]:
    """Channels by debtor of the contacts that left on a business day, or may have."""
    query = select(contact.c.debtor_id, contact.c.channel).where(
        contact.c.business_day == on, contact.c.state.in_(WENT), contact.c.void == 0
    )
    found: dict[str, set[str]] = {}
    for debtor_id, channel in connection.execute(query):
        found.setdefault(debtor_id, set()).add(channel)
    return found
