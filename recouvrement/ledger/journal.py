"""Appending to the journal and checking it, over the line format of `domain.journal`."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from recouvrement.domain import journal as lines
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import insert_rows, stored_moment, wanted
from recouvrement.ledger.content import fetch
from recouvrement.ledger.tables.journal import chain_head, journal, payload

Entry = tuple[str, JournalEvent, Mapping[str, object]]
HEADS_AT_ONCE = 5000


def append(act: Act, chain: str, event: JournalEvent, facts: Mapping[str, object]) -> None:
    """Append one line to a chain (a debtor's id, or `house`); facts are identifiers, codes, cents and hashes."""
    append_all(act, [(chain, event, facts)])


def append_all(act: Act, entries: Iterable[Entry]) -> None:
    """Append lines in order, each to its chain; chains are locked in sorted order so that two writers never wait in a ring."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry[0], []).append(entry)
    moment = act.at.astimezone(UTC).isoformat(timespec="milliseconds")
    at = stored_moment(act.connection, act.at)
    rows: list[tuple[object, ...]] = []
    moved: list[dict[str, object]] = []
    opened: list[tuple[object, ...]] = []
    heads = _locked_heads(act.connection, sorted(grouped))
    for chain in sorted(grouped):
        seq, last = heads.get(chain, (0, None))
        for _, event, facts in grouped[chain]:
            last = lines.append(
                last, {"chain": chain, "act": act.id, "at": moment, "actor": act.actor, "event": event.value, **facts}
            )
            seq += 1
            rows.append((chain, seq, act.id, at, event.value, last))
        head = (chain, seq, lines.digest(last or ""))
        if chain in heads:
            moved.append(dict(zip(("b_chain", "b_seq", "b_sha256"), head, strict=True)))
        else:
            opened.append(head)
    insert_rows(act.connection, journal, ("chain", "seq", "act_id", "at", "event", "line"), rows)
    insert_rows(act.connection, chain_head, ("chain", "seq", "sha256"), opened)
    if moved:
        act.connection.execute(MOVE, moved)


MOVE = (
    update(chain_head)
    .where(chain_head.c.chain == bindparam("b_chain"))
    .values(seq=bindparam("b_seq"), sha256=bindparam("b_sha256"))
)
HEADS = (
    "SELECT h.chain, h.seq, j.line FROM {wanted} CROSS JOIN chain_head h CROSS JOIN journal j "
    "WHERE h.chain = value AND j.chain = h.chain AND j.seq = h.seq ORDER BY h.chain"
)


def _locked_heads(connection: Connection, chains: list[str]) -> dict[str, tuple[int, str]]:
    """The last line of each chain that exists, its head row locked until the act ends."""
    found: dict[str, tuple[int, str]] = {}
    locking = " FOR UPDATE OF h" if connection.dialect.name == "postgresql" else ""
    for start in range(0, len(chains), HEADS_AT_ONCE):
        some = chains[start : start + HEADS_AT_ONCE]
        found |= {chain: (seq, line) for chain, seq, line in wanted(connection, HEADS + locking, some)}
    return found


def refer(act: Act, content_sha256: str) -> str:
    """The salted hash by which lines refer to kept bytes; the salt is made once and can be erased with them."""
    known = act.connection.scalar(select(payload.c.hash).where(payload.c.content_sha256 == content_sha256))
    if known:
        return str(known)
    salt = secrets.token_hex(32)
    reference = lines.payload_hash(salt, fetch(act.connection, content_sha256))
    act.connection.execute(
        insert(payload).values(hash=reference, salt=salt, content_sha256=content_sha256, act_id=act.id)
    )
    return reference


def salt_of(connection: Connection, content_sha256: str) -> str:
    """The salt under which the journal refers to kept bytes, or an empty string when it never did."""
    return str(connection.scalar(select(payload.c.salt).where(payload.c.content_sha256 == content_sha256)) or "")


def chain_lines(connection: Connection, chain: str, *, up_to_act: int | None = None) -> list[str]:
    """The lines of a chain in order, as stored."""
    query = select(journal.c.line).where(journal.c.chain == chain).order_by(journal.c.seq)
    if up_to_act is not None:
        query = query.where(journal.c.act_id <= up_to_act)
    return list(connection.scalars(query))


def verify_all(connection: Connection) -> dict[str, lines.Verdict]:
    """Check every chain against its lines and its head; return the verdict of each, broken ones included."""
    heads = connection.execute(select(chain_head).order_by(chain_head.c.chain)).all()
    return {head.chain: _verdict(lines.verify_chain(chain_lines(connection, head.chain)), head) for head in heads}


def _verdict(found: lines.Verdict, head: Any) -> lines.Verdict:
    """A chain whose last line was altered, or taken away, still links: only its head tells."""
    if isinstance(found, lines.Intact) and (found.count, found.head) != (head.seq, head.sha256):
        return lines.Broken(found.count, "its head is not that of its last line")
    return found
