"""All that the ledger holds about one debtor: rows by table, found by walking foreign keys, and the bytes they refer to."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Table, select

from recouvrement.ledger.tables import metadata
from recouvrement.ledger.tables.acts import content
from recouvrement.ledger.tables.bank import allocation, bank_line
from recouvrement.ledger.tables.cases import case, dossier, exhibit
from recouvrement.ledger.tables.contacts import contact, contact_event
from recouvrement.ledger.tables.facts import note
from recouvrement.ledger.tables.invoices import document
from recouvrement.ledger.tables.journal import journal
from recouvrement.ledger.tables.parties import debtor
from recouvrement.ledger.tables.replies import reply, reply_link

SHARED = frozenset({"act", "creditor", "bank_account", "bank_line", "run", "reply", "postal_batch"})
CHUNK = 500
Rows = dict[str, list[dict[str, Any]]]


def rows_about(connection: Connection, debtor_id: str) -> Rows:
    """Every row that belongs to a debtor, by table: what refers to it, to its invoices, items, messages, cases…

    Bank lines come through what was applied of them, incoming messages through the link a person or a thread made.
    """
    found: Rows = {"debtor": _where(connection, debtor, debtor.c.id, [debtor_id])}
    ids: dict[str, set[str]] = {"debtor": {debtor_id}}
    grew = True
    while grew:
        grew = False
        for table in metadata.sorted_tables:
            if table.name not in SHARED and _walk(connection, table, ids, found):
                grew = True
    lines = sorted({row["bank_line_id"] for row in found.get("allocation", []) if row["bank_line_id"]})
    found["bank_line"] = _where(connection, bank_line, bank_line.c.id, lines)
    replies = sorted({row["reply_id"] for row in found.get("reply_link", [])})
    found["reply"] = _where(connection, reply, reply.c.id, replies)
    found["note"] = _where(connection, note, note.c.debtor_id, [debtor_id])
    found["journal"] = _where(connection, journal, journal.c.chain, [debtor_id])
    return {name: rows for name, rows in found.items() if rows}


def _walk(connection: Connection, table: Table, ids: dict[str, set[str]], found: Rows) -> bool:
    """Add the rows of one table that refer to rows already found; True when there were new ones."""
    key = "id" if "id" in table.c else None
    known = {row[key] if key else tuple(row.values()) for row in found.get(table.name, [])}
    rows: dict[Any, dict[str, Any]] = {}
    for constraint in table.foreign_keys:
        target = constraint.column.table.name
        if target in SHARED or target not in ids:
            continue
        for row in _where(connection, table, constraint.parent, sorted(ids[target])):
            rows[row[key] if key else tuple(row.values())] = row
    new = {k: row for k, row in rows.items() if k not in known}
    if not new:
        return False
    found.setdefault(table.name, []).extend(new.values())
    if key:
        ids.setdefault(table.name, set()).update(new)
    return True


def _where(connection: Connection, table: Table, column: Any, values: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for start in range(0, len(values), CHUNK):
        query = select(table).where(column.in_(values[start : start + CHUNK]))
        rows += [dict(row) for row in connection.execute(query).mappings()]
    return rows


# what refers to bytes by their SHA-256: the table, the column, and the scope of retention it belongs to
HOLDERS = (
    ("contact", "frozen_sha256", "contacts"),
    ("contact_event", "evidence_sha256", "contacts"),
    ("reply", "sha256", "contacts"),
    ("note", "sha256", "contacts"),
    ("document", "sha256", "accounts"),
    ("dossier", "sha256", "accounts"),
    ("exhibit", "sha256", "accounts"),
)


def bytes_about(found: Rows) -> dict[str, set[str]]:
    """The names of the bytes that a debtor's rows refer to, by scope; what both scopes need belongs to `accounts`."""
    names: dict[str, set[str]] = defaultdict(set)
    for table, column, scope in HOLDERS:
        kinds = {"reply", "call_note", "reminder"} if table == "document" else set()
        for row in found.get(table, []):
            if row[column]:
                names["contacts" if row.get("kind") in kinds else scope].add(row[column])
    names["contacts"] -= names["accounts"] - _of_messages(found)
    names["accounts"] -= names["contacts"]
    return names


def _of_messages(found: Rows) -> set[str]:
    """Bytes of messages stay messages, also where a dossier numbered them as exhibits."""
    return {
        row[column]
        for table, column, scope in HOLDERS
        if scope == "contacts"
        for row in found.get(table, [])
        if row[column]
    }


def also_held_by_others(connection: Connection, names: set[str], debtor_id: str) -> set[str]:
    """Those bytes that rows of other debtors refer to as well (general terms sent to everybody): they stay."""
    wanted = sorted(names)
    found: set[str] = set()
    owned = (
        select(document.c.sha256).where(document.c.debtor_id != debtor_id, document.c.sha256.in_(wanted)),
        select(contact.c.frozen_sha256).where(contact.c.debtor_id != debtor_id, contact.c.frozen_sha256.in_(wanted)),
        select(contact_event.c.evidence_sha256)
        .join(contact, contact.c.id == contact_event.c.contact_id)
        .where(contact.c.debtor_id != debtor_id, contact_event.c.evidence_sha256.in_(wanted)),
        select(dossier.c.sha256)
        .join(case, case.c.id == dossier.c.case_id)
        .where(case.c.debtor_id != debtor_id, dossier.c.sha256.in_(wanted)),
        select(exhibit.c.sha256)
        .join(case, case.c.id == exhibit.c.case_id)
        .where(case.c.debtor_id != debtor_id, exhibit.c.sha256.in_(wanted)),
        select(reply.c.sha256)
        .join(reply_link, reply_link.c.reply_id == reply.c.id)
        .where(reply_link.c.debtor_id != debtor_id, reply.c.sha256.in_(wanted)),
    )
    for query in owned:
        found.update(connection.scalars(query))
    return found


def lines_of_debtor_alone(connection: Connection, found: Rows, debtor_id: str) -> list[str]:
    """Bank lines of which nothing was applied to anybody else."""
    ids = [row["id"] for row in found.get("bank_line", [])]
    query = select(allocation.c.bank_line_id).where(
        allocation.c.bank_line_id.in_(ids), allocation.c.debtor_id != debtor_id
    )
    shared = set(connection.scalars(query))
    return [line for line in ids if line not in shared]


def kept_bytes(connection: Connection, name: str) -> tuple[bytes, str] | None:
    """Kept bytes and their media type, or None when they were erased."""
    row = connection.execute(
        select(content.c.bytes, content.c.media_type).where(content.c.sha256 == name)
    ).one_or_none()
    return None if row is None else (bytes(row.bytes), str(row.media_type))
