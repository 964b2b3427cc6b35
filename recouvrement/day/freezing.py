"""Freezing: the exact bytes that will leave, made once, before any attempt to send them."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from recouvrement.channels.sms import MAX_PARTS, parts_of
from recouvrement.day.mail_accounts import sender_of
from recouvrement.day.messages import Scene
from recouvrement.day.statements import statement_with
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.escalation import PlannedContact
from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.telephones import mobile_number
from recouvrement.ledger.content import fetch
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.item_details import contacts_of_debtor, item_details
from recouvrement.letters.compose import Composed, compose
from recouvrement.letters.mail import Correspondent, build_email
from recouvrement.letters.message import Message
from recouvrement.letters.preflight import ToCorrect, for_email, ready_letter
from recouvrement.letters.short import one_line
from recouvrement.typesetting import Attachment, presentable

PLUS = re.compile(r"[A-Za-z0-9._-]{1,40}")
LARGEST_ATTACHMENT = 5_000_000  # octets of all files of one message, before base64 makes them a third longer


@dataclass(frozen=True, slots=True)
class Frozen:
    """The bytes of a message, where they go, and in which language they speak."""

    data: bytes
    media_type: str
    recipient: str | None
    language: str


def freeze(
    scene: Scene, message: Message, contact: PlannedContact, debtor: Any, *, message_id: str, moment: datetime
) -> Frozen | str:
    """Freeze a message for its channel, or return the reason code why it cannot be written whole."""
    templates = scene.house.settings.templates
    if contact.channel in {Channel.LETTER, Channel.REGISTERED_LETTER}:
        letter = ready_letter(message, moment, templates=templates)
        if isinstance(letter, ToCorrect):
            return letter.corrections[0].flaw.value
        window = "\n".join(presentable(line).strip() for line in message.recipient.window)  # as it is printed
        return Frozen(letter.pdf, "application/pdf", window[:254], letter.composed.language.used)
    if contact.channel is Channel.EMAIL:
        return _email(scene, message, contact, debtor, message_id=message_id, moment=moment)
    composed = compose(message, templates=templates)
    if contact.channel is Channel.SMS:
        return _text_message(scene, message, composed, debtor)
    return Frozen(composed.text.encode(), "text/plain", debtor.phone, composed.language.used)


def _email(
    scene: Scene, message: Message, contact: PlannedContact, debtor: Any, *, message_id: str, moment: datetime
) -> Frozen | str:
    if flaws := for_email(message):
        return flaws[0].flaw.value
    templates, step = scene.house.settings.templates, contact.ladder.step(contact.step)
    statement = statement_with(message, step.stage, moment, templates=templates) if step is not None else None
    message = replace(message, statement_attached=statement is not None)
    composed = compose(message, templates=templates)
    references = _thread(scene, debtor.debtor_id, contact)
    data = build_email(
        message,
        composed,
        message_id=message_id,
        moment=moment,
        from_=Correspondent(
            sender_of(scene.house.settings, scene.creditor.code, contact.ladder.name) or scene.creditor.email,
            scene.creditor.name,
        ),
        to=Correspondent(debtor.email, debtor.name),
        reply_to=_tagged(scene, debtor.code),
        in_reply_to=references[-1] if references else None,
        references=references,
        attachments=_attachments(scene, contact, debtor, statement),
    )
    return Frozen(data, "message/rfc822", debtor.email, composed.language.used)


def _text_message(scene: Scene, message: Message, composed: Composed, debtor: Any) -> Frozen | str:
    if not (scene.house.settings.sms_url and scene.house.settings.sms_key.get_secret_value()):
        return "no_sms_gateway"
    number, text = mobile_number(debtor.phone or "", debtor.country), one_line(message, composed)
    if number is None:
        return "no_mobile_number"
    if parts_of(text) > MAX_PARTS:
        return "text_too_long"
    return Frozen(text.encode(), "text/plain", number, composed.language.used)


def _tagged(scene: Scene, debtor_code: str) -> Correspondent | None:
    """Where the debtor replies: the settings' address with the debtor's code, when both allow a plus-address."""
    local, _, domain = scene.house.settings.reply_address.partition("@")
    if not domain or not PLUS.fullmatch(debtor_code):
        return None
    return Correspondent(f"{local}+D-{debtor_code}@{domain}", scene.creditor.name)


def _thread(scene: Scene, debtor_id: str, contact: PlannedContact) -> tuple[str, ...]:
    """Message-IDs of the e-mails before, oldest first; a formal notice starts a new thread on purpose."""
    if contact.step == StepCode.MISE_EN_DEMEURE:
        return ()
    rows = contacts_of_debtor(scene.connection, debtor_id, scene.as_of)
    gone = [
        r.message_id
        for r in rows
        if r.channel == Channel.EMAIL.value and ContactState(r.state) in LEFT and r.origin == "run"
    ]
    return tuple(gone[-10:])


def _attachments(
    scene: Scene, contact: PlannedContact, debtor: Any, statement: Attachment | None
) -> tuple[Attachment, ...]:
    """The statement, then the invoices demanded, in their original bytes, as far as they are on file and small enough to mail."""
    wanted = {
        row.invoice_id for row in item_details(scene.connection, [i for i, _, _ in contact.items], scene.as_of).values()
    }
    found = [statement] if statement else []
    size = sum(len(one.content) for one in found)
    for row in documents_of(scene.connection, debtor.debtor_id, scene.as_of):
        if row.kind != EvidenceKind.INVOICE or row.invoice_id not in wanted:
            continue
        data = fetch(scene.connection, row.sha256)
        if size + len(data) <= LARGEST_ATTACHMENT:
            size += len(data)
            name = re.sub(r"[^\w.+ -]", "_", row.file_name)
            found.append(Attachment(name, data, _media(name), row.title))
    return tuple(found)


def _media(name: str) -> str:
    return "application/pdf" if name.lower().endswith(".pdf") else "application/octet-stream"
