"""Appending to the journal and checking it, over the line format of `domain.journal`."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC

from sqlalchemy import Connection, insert, select, update

from recouvrement.domain import journal as lines
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import fetch
from recouvrement.ledger.tables.journal import chain_head, journal, payload

Entry = tuple[str, JournalEvent, Mapping[str, object]]


def append(act: Act, chain: str, event: JournalEvent, facts: Mapping[str, object]) -> None:
    """Append one line to a chain (a debtor's id, or `house`); facts are identifiers, codes, cents and hashes."""
    append_all(act, [(chain, event, facts)])


def append_all(act: Act, entries: Iterable[Entry]) -> None:
    """Append lines in order, each to its chain; chains are locked in sorted order so that two writers never wait in a ring."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry[0], []).append(entry)
    moment = act.at.astimezone(UTC).isoformat(timespec="milliseconds")
    rows: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    opened: list[dict[str, object]] = []
    heads = _locked_heads(act.connection, sorted(grouped))
    for chain in sorted(grouped):
        seq, last = heads.get(chain, (0, None))
        for _, event, facts in grouped[chain]:
            last = lines.append(
                last, {"chain": chain, "act": act.id, "at": moment, "actor": act.actor, "event": event.value, **facts}
            )
            seq += 1
            rows.append(
                {"chain": chain, "seq": seq, "act_id": act.id, "at": act.at, "event": event.value, "line": last}
            )
        (moved if chain in heads else opened).append({"b_chain": chain, "seq": seq, "sha256": lines.digest(last or "")})
    if not rows:
        return
    act.connection.execute(insert(journal), rows)
    if opened:
        act.connection.execute(
            insert(chain_head), [{"chain": h["b_chain"], "seq": h["seq"], "sha256": h["sha256"]} for h in opened]
        )
    for head in moved:
        act.connection.execute(
            update(chain_head)
            .where(chain_head.c.chain == head["b_chain"])
            .values(seq=head["seq"], sha256=head["sha256"])
        )


def _locked_heads(connection: Connection, chains: list[str]) -> dict[str, tuple[int, str]]:
    """The last line of each chain that exists, its head row locked until the act ends."""
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(chains), 500):
        some = chains[start : start + 500]
        query = (
            select(chain_head.c.chain, chain_head.c.seq, journal.c.line)
            .join(journal, (journal.c.chain == chain_head.c.chain) & (journal.c.seq == chain_head.c.seq))
            .where(chain_head.c.chain.in_(some))
            .order_by(chain_head.c.chain)
            .with_for_update(of=chain_head)
        )
        found |= {row.chain: (row.seq, row.line) for row in connection.execute(query)}
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
    """Check every chain; return the verdict of each, broken ones included."""
    chains = connection.scalars(select(chain_head.c.chain).order_by(chain_head.c.chain)).all()
    return {chain: lines.verify_chain(chain_lines(connection, chain)) for chain in chains}
