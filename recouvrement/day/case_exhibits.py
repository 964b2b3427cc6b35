"""The exhibits of a case: documents, then what left for its items with the answers of relays and post, and calls noted."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.case_words import CALLS, title_of
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.dossier.numbering import SUFFIXES
from recouvrement.dossier.types import Annex, Exhibit
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_noted
from recouvrement.ledger.content import fetch
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.item_details import contacts_of_debtor, items_of_contacts
from recouvrement.ledger.journal import salt_of
from recouvrement.ledger.proofs import events_of

S = ContactState
EML = "message/rfc822"
NAMED_SO = {suffix: media for media, suffix in reversed(SUFFIXES.items())} | {
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
    "htm": "text/html",
}
BEGINS_SO = ((b"%PDF-", "application/pdf"), (b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
RELAYED = {
    Channel.EMAIL: "Réponse du relais de messagerie",
    Channel.SMS: "Réponse du service de SMS",
    Channel.LETTER: "Nom du lot d'impression",
    Channel.REGISTERED_LETTER: "Nom du lot d'impression",
}
CAME_BACK = {S.BOUNCED: "Avis de non-remise", S.DELIVERED: "Avis de remise ou de lecture"}


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
        yield _document(connection, debtor_id, d)
    carried = items_of_contacts(connection, debtor_id)
    calls = calls_noted(connection, debtor_id, as_of)
    for c in contacts_of_debtor(connection, debtor_id, as_of):
        if not any(i.open_item_id in items for i in carried[c.id]):
            continue
        if c.id in calls:
            yield _call_note(debtor_id, c, calls[c.id])
        elif is_shown(c, events := events_of(connection, c.id, as_of)):
            yield _sent(connection, debtor_id, c, events)


def is_shown(c: Any, events: list[Any]) -> bool:
    """Whether a contact is an exhibit: its frozen bytes left this house, also when they came back later."""
    return bool(c.frozen_sha256) and c.channel != Channel.CALL and any(event.state in LEFT for event in events)


def _document(connection: Connection, debtor_id: str, d: Any) -> Exhibit:
    content = fetch(connection, d.sha256)
    return Exhibit(
        debtor_id,
        EvidenceKind(d.kind) if d.kind in set(EvidenceKind) else EvidenceKind.OTHER,
        d.title,
        d.effective_on,
        content,
        media_type_of(d.file_name, content),
        d.file_name,
        source="document",
        reference=d.id,
        payload_salt=salt_of(connection, d.sha256),
    )


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


def _sent(connection: Connection, debtor_id: str, c: Any, events: list[Any]) -> Exhibit:
    kind = EvidenceKind.FORMAL_NOTICE if c.step == StepCode.MISE_EN_DEMEURE else EvidenceKind.REMINDER
    content = fetch(connection, c.frozen_sha256)
    by_mail = c.channel == Channel.EMAIL
    media, extension = (EML, "eml") if by_mail else (media_type_of("", content, "text/plain"), "pdf")
    note = "La réponse 250 prouve la remise au relais de messagerie, non la lecture." if by_mail else ""
    return Exhibit(
        debtor_id,
        kind,
        title_of(c),
        c.business_day,
        content,
        media,
        f"{c.step}.{extension}",
        source="outbox",
        note=note,
        reference=c.id,
        payload_salt=salt_of(connection, c.frozen_sha256),
        annexes=tuple(_annexes(connection, c, events)),
    )


def _annexes(connection: Connection, c: Any, events: list[Any]) -> Iterator[Annex]:
    """What relay, service or post answered, and what came back; a reply is an exhibit of its own, a refused attempt is none."""
    for rank, event in enumerate(events, 1):
        state = ContactState(event.state)
        told = event.evidence_sha256 not in {None, c.frozen_sha256}
        if not told or state not in {S.SENT, *CAME_BACK}:
            continue
        label, media = (CAME_BACK[state], EML) if state in CAME_BACK else (RELAYED[Channel(c.channel)], "text/plain")
        salt = salt_of(connection, event.evidence_sha256)
        yield Annex(label, fetch(connection, event.evidence_sha256), media, f"reponse-{rank}", salt)


def media_type_of(name: str, content: bytes, otherwise: str = "application/octet-stream") -> str:
    """The media type of a file by what it begins with, else by the end of its name.

    >>> media_type_of("scan.bin", bytes.fromhex("ffd8ff")), media_type_of("a.xml", b"<a/>"), media_type_of("a", b"?")
    ('image/jpeg', 'application/xml', 'application/octet-stream')
    """
    begun = next((media for head, media in BEGINS_SO if content.startswith(head)), "")
    return begun or NAMED_SO.get(PurePath(name).suffix.lower().removeprefix("."), otherwise)
