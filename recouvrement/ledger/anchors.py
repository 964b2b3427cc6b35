"""Anchors: what each nightly sheet held, and the salts that show one chain on it without showing the others."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger.book import Act
from recouvrement.ledger.journal import append
from recouvrement.ledger.tables.evidence import witness_mail
from recouvrement.ledger.tables.journal import anchor, chain_head, journal


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a chain: its last line's number and SHA-256."""

    chain: str
    seq: int
    sha256: str


def anchor_rows(connection: Connection, *, upto: date | None = None) -> list[Any]:
    """The anchors, oldest first (up to a day)."""
    query = select(anchor).order_by(anchor.c.on)
    return list(connection.execute(query if upto is None else query.where(anchor.c.on <= upto)))


def moved_heads(connection: Connection, *, since_act: int) -> list[Head]:
    """The heads of chains that got a line after an act, in order of chain."""
    moved = select(journal.c.chain).where(journal.c.act_id > since_act).group_by(journal.c.chain)
    query = select(chain_head).where(chain_head.c.chain.in_(moved)).order_by(chain_head.c.chain)
    return [Head(row.chain, row.seq, row.sha256) for row in connection.execute(query)]


def record_anchor(act: Act, on: date, *, sheet: str, salts: str, upto_act: int) -> None:
    """Record a day's sheet and salts by the SHA-256 of their bytes; its row belongs to the act that made the cut."""
    row = {"on": on, "act_id": upto_act, "sheet_sha256": sheet, "salts_sha256": salts}
    act.connection.execute(insert(anchor).values(**row))


def newest_act(connection: Connection, *, before: int) -> int:
    """The newest act with a journal line before an act."""
    query = select(func.coalesce(func.max(journal.c.act_id), 0)).where(journal.c.act_id < before)
    return int(connection.scalar(query) or 0)


def add_token(act: Act, on: date, token: str) -> None:
    """Add the time-stamp token of a day's sheet, by the SHA-256 of its bytes; a token that is there stays."""
    a = anchor
    act.connection.execute(update(a).where(a.c.on == on, a.c.token_sha256.is_(None)).values(token_sha256=token))
    append(act, HOUSE, JournalEvent.ANCHORED, {"on": on.isoformat(), "token": token})


def claim_mail(act: Act, on: date) -> str:
    """Claim the one mail of a day to the witness: an empty text when it may go, else the state it is in.

    A mail that provably did not leave (`failed`) may be claimed again; one under way or of unknown fate may not.
    """
    m = witness_mail
    row = act.connection.execute(select(m).where(m.c.on == on)).one_or_none()
    if row is None:
        act.connection.execute(insert(m).values(on=on, act_id=act.id, state="sending", code="", attempts=1))
        return ""
    if row.state != "failed":
        return "unknown" if row.state == "sending" else str(row.state)
    again = {"act_id": act.id, "state": "sending", "attempts": row.attempts + 1}
    act.connection.execute(update(m).where(m.c.on == on).values(**again))
    return ""


def settle_mail(act: Act, on: date, state: str, code: str) -> str:
    """Say what became of the mail of a day; return the state."""
    values = {"act_id": act.id, "state": state, "code": code}
    act.connection.execute(update(witness_mail).where(witness_mail.c.on == on).values(**values))
    append(act, HOUSE, JournalEvent.ANCHORED, {"on": on.isoformat(), "witness_mail": state})
    return state
