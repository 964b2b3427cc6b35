"""What a check of the evidence reads, in streams: journal lines, stored bytes, references, erasures."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select, union

from recouvrement.ledger.tables.acts import content
from recouvrement.ledger.tables.cases import dossier
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.ledger.tables.evidence import erased_content
from recouvrement.ledger.tables.invoices import document
from recouvrement.ledger.tables.journal import anchor, chain_head, journal, payload

AT_ONCE = 2000


def chains(connection: Connection) -> Iterator[tuple[str, list[Any]]]:
    """Every chain that has lines, with its rows in order; one chain in memory at a time."""
    query = select(journal.c.chain, journal.c.seq, journal.c.line).order_by(journal.c.chain, journal.c.seq)
    rows = connection.execution_options(yield_per=AT_ONCE).execute(query)
    for chain, group in groupby(rows, key=attrgetter("chain")):
        yield chain, list(group)


def heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """The head that the ledger keeps of each chain."""
    return {row.chain: (row.seq, row.sha256) for row in connection.execute(select(chain_head))}


def altered_bytes(connection: Connection) -> Iterator[str | None]:
    """For each kept content its name when its bytes no longer hash to it, else None; contents are read one by one."""
    names = list(connection.scalars(select(content.c.sha256).order_by(content.c.sha256)))
    for name in names:
        data = connection.scalar(select(content.c.bytes).where(content.c.sha256 == name))
        yield name if data is None or sha256(data).hexdigest() != name else None


def erased(connection: Connection) -> set[str]:
    """The names of the bytes that an erasure took away."""
    return set(connection.scalars(select(erased_content.c.sha256)))


def absent_bytes(connection: Connection) -> list[tuple[str, str]]:
    """References (what refers, name) to bytes that are not kept and that no erasure took away."""
    wanted: list[Select[Any]] = [
        _named("document", document.c.sha256),
        _named("contact", contact.c.frozen_sha256),
        _named("contact_event", contact_event.c.evidence_sha256),
        _named("dossier", dossier.c.sha256),
        _named("anchor", anchor.c.sheet_sha256),
        _named("anchor_salts", anchor.c.salts_sha256),
        _named("anchor_token", anchor.c.token_sha256),
        _named("payload", payload.c.content_sha256),
    ]
    every = union(*wanted).subquery()
    gone = select(erased_content.c.sha256)
    query = select(every.c.who, every.c.name).where(
        every.c.name.not_in(select(content.c.sha256)), every.c.name.not_in(gone)
    )
    return [(row.who, row.name) for row in connection.execute(query.order_by(every.c.who, every.c.name))]


def _named(who: str, column: Any) -> Select[Any]:
    return select(literal_column(f"'{who}'").label("who"), column.label("name")).where(column.is_not(None))


def payload_rows(connection: Connection) -> list[Any]:
    """Every payload: the hash by which lines refer to it, its salt and the name of its bytes (both None when erased)."""
    return list(connection.execute(select(payload.c.hash, payload.c.salt, payload.c.content_sha256)))


def bytes_of(connection: Connection, name: str) -> bytes | None:
    """Kept bytes, unchecked, or None."""
    data = connection.scalar(select(content.c.bytes).where(content.c.sha256 == name))
    return None if data is None else bytes(data)
