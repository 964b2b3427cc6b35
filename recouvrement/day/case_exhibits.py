"""The exhibits of a case: documents, then what left for its items with the answers of relays and post, and calls noted."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.case_words import CALLS, title_of
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.dossier.types import Annex, Exhibit
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_noted
from recouvrement.ledger.content import fetch
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.item_details import contacts_of_debtor, items_of_contacts
from recouvrement.ledger.journal import salt_of
from recouvrement.ledger.proofs import events_of


def documents_in(connection: Connection, debtor_id: str, invoices: set[str], as_of: AsOf) -> list[Any]:
    """The documents of these invoices and of the debtor, the same bytes of a kind once."""
    found: dict[tuple[str, str], Any] = {}
    for d in documents_of(connection, debtor_id, as_of):
        if d.invoice_id is None or d.invoice_id in invoices:
            found.setdefault((d.sha256, d.kind), d)
    return list(found.values())


def exhibits_of(
    connection: Connection, debtor_id: str, invoices: set[str], items: set[str], as_of: AsOf
) -> Iterator[Exhibit]:
    """Documents of these invoices and of the debtor, then what left for these items, with the answers of relays and post."""
    for d in documents_in(connection, debtor_id, invoices, as_of):
        kind = EvidenceKind(d.kind) if d.kind in set(EvidenceKind) else EvidenceKind.OTHER
        yield Exhibit(
            debtor_id,
            kind,
            d.title,
            d.effective_on,
            fetch(connection, d.sha256),
            _media(d.file_name),
            d.file_name,
            source="document",
            reference=d.id,
            payload_salt=salt_of(connection, d.sha256),
        )
    carried = items_of_contacts(connection, debtor_id)
    calls = calls_noted(connection, debtor_id, as_of)
    for c in contacts_of_debtor(connection, debtor_id, as_of):
        if not any(i.open_item_id in items for i in carried[c.id]):
            continue
        if c.id in calls:
            yield _call_note(debtor_id, c, calls[c.id])
        elif c.frozen_sha256 and c.channel != Channel.CALL and ContactState(c.state) in LEFT | {ContactState.BOUNCED}:
            yield _sent(connection, debtor_id, c)


def _call_note(debtor_id: str, c: Any, noted: Any) -> Exhibit:
    """What was noted of a call; the sheet that the caller read from is no exhibit."""
    outcome = CALLS.get(noted.outcome, noted.outcome)
    text = f"Appel téléphonique du {noted.effective_on:%d/%m/%Y}\nRésultat : {outcome}\nNoté par l'opérateur : {noted.actor}\n"
    return Exhibit(
        debtor_id,
        EvidenceKind.CALL_NOTE,
        f"Appel téléphonique : {outcome}",
        noted.effective_on,
        text.encode(),
        "text/plain",
        "appel.txt",
        source="call",
        reference=c.id,
    )


def _sent(connection: Connection, debtor_id: str, c: Any) -> Exhibit:
    kind = EvidenceKind.FORMAL_NOTICE if c.step == StepCode.MISE_EN_DEMEURE else EvidenceKind.REMINDER
    by_mail = c.channel == Channel.EMAIL
    media, extension = ("message/rfc822", "eml") if by_mail else ("application/pdf", "pdf")
    annexes = tuple(
        Annex(
            "Réponse du relais de messagerie" if by_mail else "Nom du lot d'impression",
            fetch(connection, event.evidence_sha256),
            "text/plain",
            f"{'reponse' if by_mail else 'lot'}-{n}.txt",
            salt_of(connection, event.evidence_sha256),
        )
        for n, event in enumerate(events_of(connection, c.id), 1)
        if event.evidence_sha256 and event.state not in {"planned", "ready"}
    )
    note = "La réponse 250 prouve la remise au relais de messagerie, non la lecture." if by_mail else ""
    return Exhibit(
        debtor_id,
        kind,
        title_of(c),
        c.business_day,
        fetch(connection, c.frozen_sha256),
        media,
        f"{c.step}.{extension}",
        source="outbox",
        note=note,
        reference=c.id,
        payload_salt=salt_of(connection, c.frozen_sha256),
        annexes=annexes,
    )


def _media(name: str) -> str:
    return {"pdf": "application/pdf", "txt": "text/plain", "eml": "message/rfc822", "xml": "application/xml"}.get(
        name.rsplit(".", 1)[-1].lower(), "application/octet-stream"
    )
