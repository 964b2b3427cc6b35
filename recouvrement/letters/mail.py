"""A message as frozen MIME: the same facts give the same bytes, and no value can add a header."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from email_validator import EmailNotValidError, validate_email

from recouvrement.letters.compose import Composed
from recouvrement.letters.message import Message
from recouvrement.typesetting import Attachment, presentable

MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>", re.ASCII)
KEPT_REFERENCES = 10


class HeaderRefused(ValueError):
    """A value cannot stand in a header; the message names the header, never the value."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """An address and the name shown beside it."""

    address: str = field(repr=False)
    name: str = field(default="", repr=False)


def build_email(
    message: Message,
    composed: Composed,
    *,
    message_id: str,
    moment: datetime,
    from_: Correspondent,
    to: Correspondent,
    reply_to: Correspondent | None = None,
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the e-mail as it will leave, lines ended by CR LF: text first, then HTML, then the attachments.

    Args:
        message: gives the thread's code.
        composed: the words.
        message_id: `<left@domain>`; also decides the MIME boundaries.
        moment: the Date, aware of its zone.
        from_: the creditor.
        to: one recipient; one message has one.
        reply_to: where replies go, tagged with the case.
        in_reply_to: the Message-ID of the previous message of the thread.
        references: all previous Message-IDs, oldest first; the first and the last ones are kept when there are many.
        attachments: files with their exact bytes.

    Raises:
        HeaderRefused: an address, a Message-ID, a name or a file name cannot stand in a header.
        ValueError: the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the Date of an e-mail needs a time zone")
    mail = EmailMessage(policy=SMTP)
    _address(mail, message, composed, moment, from_, to, reply_to)
    mail.set_content(composed.text, cte="quoted-printable")
    mail.add_alternative(composed.html, subtype="html", cte="quoted-printable")
    for attachment in attachments:
        _attach(mail, attachment)
    mail["Content-Language"] = composed.language.used
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    multiparts = [part for part in mail.walk() if part.is_multipart()]
    for rank, part in enumerate(multiparts):
        part.set_boundary(f"=_{digest}_{rank}")  # "=_" never occurs in quoted-printable or base64
    # Identifiers are written by hand: the email package re-encodes those longer than a line.
    return "".join(_identifiers(message_id, in_reply_to, references)).encode("ascii") + mail.as_bytes()


def _address(
    mail: EmailMessage,
    message: Message,
    composed: Composed,
    moment: datetime,
    from_: Correspondent,
    to: Correspondent,
    reply_to: Correspondent | None,
) -> None:
    mail["Date"] = format_datetime(moment)
    mail["From"] = _correspondent(from_, "From")
    mail["To"] = _correspondent(to, "To")
    if reply_to:
        mail["Reply-To"] = _correspondent(reply_to, "Reply-To")
    mail["Subject"] = _one_line(composed.subject, "Subject")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF"
    mail["X-Recouvrement-Reference"] = _one_line(message.reference, "X-Recouvrement-Reference")


def _correspondent(who: Correspondent, header: str) -> Address:
    name = _one_line(who.name, header)
    try:
        checked = validate_email(who.address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise HeaderRefused(f"{header}: not an address that can be written to") from None
    return Address(name, addr_spec=f"{checked.ascii_local_part}@{checked.ascii_domain}")


def _one_line(text: str, header: str) -> str:
    if re.search(r"[\r\n\x00\u2028\u2029]", text):
        raise HeaderRefused(f"{header}: a line break in a header")
    return presentable(text)


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    name = _one_line(attachment.name, "Content-Disposition")
    if not name or "/" in name or "\\" in name:
        raise HeaderRefused("Content-Disposition: not a plain file name")
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", attachment.media_type, re.ASCII):
        raise HeaderRefused("Content-Type: not a media type")
    main, _, sub = attachment.media_type.partition("/")
    mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)


def _identifiers(message_id: str, in_reply_to: str | None, references: Sequence[str]) -> Iterator[str]:
    yield f"Message-ID: {_identifier(message_id, 'Message-ID')}\r\n"
    if in_reply_to:
        yield f"In-Reply-To: {_identifier(in_reply_to, 'In-Reply-To')}\r\n"
    known = [_identifier(each, "References") for each in references]
    if in_reply_to and in_reply_to not in known:
        known.append(in_reply_to)
    if len(known) > KEPT_REFERENCES:
        known = [known[0], *known[1 - KEPT_REFERENCES :]]
    if known:
        yield "References: " + "\r\n ".join(known) + "\r\n"


def _identifier(text: str, header: str) -> str:
    if len(text) > 900 or not MESSAGE_ID.fullmatch(text) or not text.isascii():
        raise HeaderRefused(f"{header}: not a message identifier")
    return text
