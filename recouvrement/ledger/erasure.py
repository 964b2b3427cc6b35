"""Erasing a person's data: bytes and salts go, names and addresses are blanked, chains and amounts stay as they are."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, text, update

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act, Ledger
from recouvrement.ledger.person import Rows, also_held_by_others, bytes_about, lines_of_debtor_alone
from recouvrement.ledger.tables.acts import content
from recouvrement.ledger.tables.bank import bank_line
from recouvrement.ledger.tables.cases import exhibit
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.evidence import case_fact, erased_content, erasure
from recouvrement.ledger.tables.facts import note
from recouvrement.ledger.tables.invoices import document, invoice_version
from recouvrement.ledger.tables.journal import payload
from recouvrement.ledger.tables.parties import debtor_version, payer_identity

GONE = "effacé"
CHUNK = 500

CONTACTS: tuple[tuple[Table, dict[str, Any]], ...] = (
    (contact, {"recipient": None}),
    (note, {"title": GONE}),
    (debtor_version, {"email": None, "phone": None}),
)
ACCOUNTS: tuple[tuple[Table, dict[str, Any]], ...] = (
    (
        debtor_version,
        {
            "name": "Personne effacée", "address": "", "legal_form": None, "siren": None, "siret": None, "vat_number": None,
            "registry": None, "representative": None, "quality": None, "email": None, "phone": None, "content_hash": "0" * 64,
        },
    ),
    (document, {"title": GONE, "file_name": GONE}),
    (exhibit, {"title": GONE, "file_name": ""}),
    (case_fact, {"value": GONE}),
    (invoice_version, {"order_reference": None, "customer_reference": None}),
)  # fmt: skip


def erase(act: Act, found: Rows, debtor_id: str, *, scopes: Iterable[str], reason: str, on: date) -> str:
    """Erase scopes (`contacts`, `accounts`) of a debtor, whose rows are given; return the id of the erasure."""
    if act.connection.dialect.name == "sqlite":
        act.connection.execute(text("PRAGMA secure_delete = ON"))
    scopes = sorted(set(scopes))
    erasure_id = act.new_id()
    names = bytes_about(found)
    going = {name for scope in scopes for name in names[scope]}
    going -= also_held_by_others(act.connection, going, debtor_id)
    _bytes(act, sorted(going), erasure_id)
    for scope in scopes:
        for table, values in CONTACTS if scope == "contacts" else ACCOUNTS:
            _blank(act, table, [row["id"] for row in found.get(table.name, [])], values)
        row = {"effective_on": on, "debtor_id": debtor_id, "scope": scope, "reason": reason, "operator": act.actor}
        act.connection.execute(
            insert(erasure).values(id=erasure_id if scope == scopes[0] else act.new_id(), act_id=act.id, **row)
        )
    if "accounts" in scopes:
        _payer(act, found, debtor_id)
    told = {"scopes": scopes, "contents": len(going), "reason": reason, "on": on.isoformat()}
    journal.append(act, debtor_id, JournalEvent.PERSON_ERASED, told)
    return erasure_id


def _bytes(act: Act, names: list[str], erasure_id: str) -> None:
    """Delete bytes, their salts and the link between both; the salted hash that lines name stays, and says nothing more."""
    if not names:
        return
    rows = [{"sha256": name, "act_id": act.id, "erasure_id": erasure_id} for name in names]
    for start in range(0, len(names), CHUNK):
        some = names[start : start + CHUNK]
        act.connection.execute(delete(content).where(content.c.sha256.in_(some)))
        act.connection.execute(delete(erased_content).where(erased_content.c.sha256.in_(some)))
        forgotten = {"salt": None, "content_sha256": None}
        act.connection.execute(update(payload).where(payload.c.content_sha256.in_(some)).values(**forgotten))
    act.connection.execute(insert(erased_content), rows)


def _blank(act: Act, table: Table, ids: list[str], values: dict[str, Any]) -> None:
    for start in range(0, len(ids), CHUNK):
        act.connection.execute(update(table).where(table.c.id.in_(ids[start : start + CHUNK])).values(**values))


def _payer(act: Act, found: Rows, debtor_id: str) -> None:
    """Forget payer names and accounts, and what the bank wrote on lines that paid this debtor alone."""
    for row in found.get("payer_identity", []):
        act.connection.execute(
            update(payer_identity).where(payer_identity.c.id == row["id"]).values(value=f"{GONE}-{row['id']}")
        )
    bare = {
        "label": "", "remittance": "", "counterparty_name": "", "counterparty_iban": "", "end_to_end_id": "",
        "structured_reference": "", "bank_reference": None,
    }  # fmt: skip
    _blank(act, bank_line, lines_of_debtor_alone(act.connection, found, debtor_id), bare)


def forget_free_pages(ledger: Ledger) -> None:
    """On SQLite, write the log back and empty it: what was erased must not linger beside the database."""
    if ledger.engine.dialect.name == "sqlite":
        with ledger.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def erased_by(connection: Connection, act_id: int) -> list[str]:
    """The names of the bytes that one act erased."""
    return list(connection.scalars(select(erased_content.c.sha256).where(erased_content.c.act_id == act_id)))


def is_erased(connection: Connection, debtor_id: str) -> bool:
    """Whether some of a debtor's data was erased: no dossier can be made of it any more."""
    return connection.scalar(select(erasure.c.id).where(erasure.c.debtor_id == debtor_id).limit(1)) is not None
