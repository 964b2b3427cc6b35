"""Documents: bytes that prove something about a debtor or an invoice, kept once and never altered."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import keep
from recouvrement.ledger.tables.invoices import document


def attach(
    act: Act,
    *,
    debtor_id: str,
    invoice_id: str | None,
    kind: str,
    title: str,
    file_name: str,
    data: bytes,
    media_type: str,
    on: date,
) -> str:
    """Attach bytes as a document of a kind; the same bytes of the same kind again change nothing. Returns the id."""
    d = document
    name = keep(act, data, media_type)
    same = [d.c.debtor_id == debtor_id, d.c.kind == kind, d.c.sha256 == name]
    same.append(d.c.invoice_id.is_(None) if invoice_id is None else d.c.invoice_id == invoice_id)
    found = act.connection.scalar(select(d.c.id).where(*same))
    if found:
        return str(found)
    row = {
        "debtor_id": debtor_id,
        "invoice_id": invoice_id,
        "kind": kind,
        "title": title[:200],
        "file_name": file_name[:200],
        "sha256": name,
    }
    document_id = act.new_id()
    act.connection.execute(insert(d).values(id=document_id, act_id=act.id, effective_on=on, **row))
    journal.append(
        act,
        debtor_id,
        JournalEvent.DOCUMENT_ATTACHED,
        {"document": document_id, "kind": kind, "invoice": invoice_id, "payload": journal.refer(act, name)},
    )
    return document_id


def documents_of(connection: Connection, debtor_id: str, as_of: AsOf) -> list[Any]:
    """The documents of a debtor, by day then id."""
    query = select(document).where(document.c.debtor_id == debtor_id, seen(document, as_of))
    return list(connection.execute(query.order_by(document.c.effective_on, document.c.id)))


def document_known(connection: Connection, debtor_id: str, kind: str, sha256: str) -> bool:
    """Whether a debtor has a document of that kind with these very bytes."""
    d = document
    query = select(d.c.id).where(d.c.debtor_id == debtor_id, d.c.kind == kind, d.c.sha256 == sha256)
    return connection.scalar(query.limit(1)) is not None
