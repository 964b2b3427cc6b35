"""Cases: what is proposed for hand-off, and what became of it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from recouvrement.domain.case_states import CaseState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.cases import case, case_event, case_item, dossier

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._#-]{0,47}")


def open_case(
    act: Act, *, creditor_id: str, debtor_id: str, debtor_code: str, items: Sequence[tuple[str, int]], on: date
) -> str:
    """Propose a case with items (id, open cents) whose own notice has expired; return its id."""
    case_id = act.new_id()
    code = _code(act.connection, debtor_id, debtor_code)
    act.connection.execute(
        insert(case).values(
            id=case_id, act_id=act.id, effective_on=on, creditor_id=creditor_id, debtor_id=debtor_id, code=code
        )
    )
    rows = [
        {"id": act.new_id(), "act_id": act.id, "case_id": case_id, "open_item_id": item, "open_cents": cents}
        for item, cents in items
    ]
    act.connection.execute(insert(case_item), rows)
    _event(act, case_id, CaseState.PROPOSED, on, None)
    journal.append(
        act,
        debtor_id,
        JournalEvent.CASE_PROPOSED,
        {"case": case_id, "items": [[item, cents] for item, cents in items], "on": on.isoformat()},
    )
    return case_id


def _code(connection: Connection, debtor_id: str, debtor_code: str) -> str:
    """The code of a debtor's next case, which names files too: the debtor's code where that is safe on any disk, else its id.

    Two names that differ by case only would be one file on some machines: the second bears the id.
    """
    count = int(connection.scalar(select(func.count()).select_from(case).where(case.c.debtor_id == debtor_id)) or 0)
    named = f"DOS-{debtor_code}-{count + 1}"
    taken = connection.scalar(select(case.c.id).where(func.lower(case.c.code) == named.lower()).limit(1))
    safe = FILE_NAME.fullmatch(debtor_code) and ".." not in debtor_code
    return named if safe and taken is None else f"DOS-{debtor_id}-{count + 1}"


def _event(act: Act, case_id: str, state: CaseState, on: date, reason: str | None, route: str | None = None) -> None:
    row = {
        "case_id": case_id,
        "effective_on": on,
        "state": state.value,
        "route": route,
        "reason": reason,
        "actor": act.actor,
    }
    act.connection.execute(insert(case_event).values(id=act.new_id(), act_id=act.id, **row))


def move_case(
    act: Act,
    case_id: str,
    debtor_id: str,
    state: CaseState,
    *,
    on: date,
    reason: str | None = None,
    route: str | None = None,
) -> None:
    """Move a case to a state, with a route or a reason; the caller has checked that the move is legal."""
    _event(act, case_id, state, on, reason, route)
    told = {"case": case_id, "state": state.value, "reason": reason, "route": route, "on": on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.CASE_MOVED, told)


def cases_of(connection: Connection, debtor_id: str | None = None) -> list[Any]:
    """Cases (of a debtor), oldest first."""
    query = select(case).order_by(case.c.act_id, case.c.id)
    return list(connection.execute(query if debtor_id is None else query.where(case.c.debtor_id == debtor_id)))


def case_by_code(connection: Connection, code: str) -> Any:
    """The case of that code, or None."""
    return connection.execute(select(case).where(case.c.code == code)).one_or_none()


def case_items(connection: Connection, case_id: str) -> list[Any]:
    """The items of a case."""
    return list(
        connection.execute(select(case_item).where(case_item.c.case_id == case_id).order_by(case_item.c.open_item_id))
    )


def next_dossier_version(connection: Connection, case_id: str) -> int:
    """The number of the next dossier version of a case."""
    return 1 + int(
        connection.scalar(select(func.coalesce(func.max(dossier.c.version), 0)).where(dossier.c.case_id == case_id))
        or 0
    )


def record_dossier(
    act: Act,
    case_id: str,
    debtor_id: str,
    *,
    version: int,
    cut_on: date,
    journal_seq: int,
    sha256: str,
    manifest_sha256: str,
) -> str:
    """Record a sealed dossier version; its own journal line comes after its cut."""
    dossier_id = act.new_id()
    row = {
        "case_id": case_id,
        "version": version,
        "cut_on": cut_on,
        "journal_seq": journal_seq,
        "sha256": sha256,
        "manifest_sha256": manifest_sha256,
    }
    act.connection.execute(insert(dossier).values(id=dossier_id, act_id=act.id, **row))
    journal.append(
        act,
        debtor_id,
        JournalEvent.DOSSIER_SEALED,
        {"case": case_id, "version": version, "sha256": sha256, "manifest": manifest_sha256},
    )
    return dossier_id


def dossiers_of(connection: Connection, case_id: str) -> list[Any]:
    """The dossier versions of a case."""
    return list(connection.execute(select(dossier).where(dossier.c.case_id == case_id).order_by(dossier.c.version)))
