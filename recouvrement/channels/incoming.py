"""What a message that came in is: a bounce, a reply, an automatic answer, or something for a person to look at."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from typing import Final

from recouvrement.channels.bounces import Report, bounce_report, from_a_machine
from recouvrement.channels.cues import Cue, cues_in
from recouvrement.channels.mailtext import header, message_ids, new_words

FORWARD: Final = re.compile(r"(tr|fwd?|wg)\s*:", re.IGNORECASE)
REFERENCE: Final = re.compile(
    r"\bD-([^\s,;:!?()\[\]<>\"]{1,64})"
)  # "dossier D-C1" in the subject of every message of ours
TAG: Final = re.compile(r"\+D-([A-Za-z0-9._-]{1,60})@", re.IGNORECASE)
ADDRESSED: Final = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
REPLY: Final = re.compile(r"(re|rép|rep|aw|sv)\s*(\[\d+\])?\s*:", re.IGNORECASE)
ABSENCE: Final = re.compile(
    r"(auto(matic)?[ -]?(reply|respon[sd]|answer|r[ée]ponse)|auto\s*:|automatische|r[ée]ponse auto|message d.absence|"
    r"absence\b(?! d(es?\b|['’]))|absente?\b|en cong[ée]s?\b|out of (the )?office|ooo\b|on (annual |parental )?leave|"
    r"vacation\s*([:(-]|reply|respon|notice|$)|away from|abwesen|respuesta autom|fuera de la oficina|risposta autom|fuori (sede|ufficio))",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What kind of message came in."""

    BOUNCE = "bounce"
    RECEIPT = "receipt"  # delivered, relayed, displayed: changes nothing for the ladder
    REPLY = "reply"
    OUT_OF_OFFICE = "out_of_office"
    UNCLASSIFIED = "unclassified"


class SubjectClass(StrEnum):
    """The subject by its head only; its words may hold personal data."""

    REPLY = "reply"
    FORWARD = "forward"
    ABSENCE = "absence"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message that came in, with what is needed to thread it; nothing personal is in its repr.

    `mentions` are the Message-IDs it speaks of, the surest first: the message a bounce returns, In-Reply-To,
    References from the last back. `original_message_id` is the first of them. For a bounce, `action` and `status` are
    those of RFC 3464 and `permanent` says whether the address is lost (None: nobody knows, a person looks).
    `tags` and `references_named` are the debtor codes in a plus-address and in the subject. `suggestions` are read from
    the new words of a reply and decide nothing.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    mentions: tuple[str, ...]
    kind: Kind
    subject_class: SubjectClass
    received: datetime
    sha256: str
    sender: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    raw: bytes = field(repr=False)
    action: str | None = None
    status: str | None = None
    permanent: bool | None = None
    failed: tuple[str, ...] = field(default=(), repr=False)
    suggestions: frozenset[Cue] = frozenset()
    tags: tuple[str, ...] = ()
    references_named: tuple[str, ...] = ()

    @property
    def original_message_id(self) -> str | None:
        """The message this one most surely answers or returns."""
        return self.mentions[0] if self.mentions else None


def read_incoming(raw: bytes, received: datetime) -> Incoming:
    """Read one message; whatever is wrong with it, it comes back as `unclassified` and its bytes are kept."""
    try:
        return _read(raw, received)
    except Exception:  # noqa: BLE001 (strangers' mail breaks the standard parser in ways nobody can list)
        digest = hashlib.sha256(raw).hexdigest()
        return Incoming(None, None, (), (), Kind.UNCLASSIFIED, SubjectClass.OTHER, received, digest, "", "", "", raw)


def _read(raw: bytes, received: datetime) -> Incoming:
    message = message_from_bytes(raw)
    report = bounce_report(message)
    subject = header(message, "Subject")
    words = "" if report is not None else new_words(message)
    kind = _kind(message, report, subject)
    answered = message_ids(header(message, "In-Reply-To"))
    thread = message_ids(header(message, "References"))
    returned = report.original_ids if report is not None else ()
    own = message_ids(header(message, "Message-ID"))
    return Incoming(
        message_id=own[0] if own else None,
        in_reply_to=answered[0] if answered else None,
        references=thread,
        mentions=tuple(dict.fromkeys((*returned, *answered, *reversed(thread)))),
        kind=kind,
        subject_class=_subject_class(subject),
        received=received,
        sha256=hashlib.sha256(raw).hexdigest(),
        sender=parseaddr(header(message, "From"))[1],
        subject=subject,
        text=words,
        raw=raw,
        action=report.action if report is not None else None,
        status=report.status if report is not None else None,
        permanent=report.permanent if report is not None else None,
        failed=report.failed if report is not None else (),
        suggestions=cues_in(words) if kind in {Kind.REPLY, Kind.UNCLASSIFIED} else frozenset(),
        tags=_tags(message),
        references_named=tuple(code.rstrip(".-") for code in REFERENCE.findall(subject)),
    )


def _tags(message: Message) -> tuple[str, ...]:
    """The debtor codes in the addresses a message was sent to: `relances+D-C1@firme.example`."""
    headers = [str(value) for name in ADDRESSED for value in message.get_all(name, [])]
    addresses = [address for _, address in getaddresses(headers)]
    return tuple(dict.fromkeys(found[1] for address in addresses if (found := TAG.search(address))))


def _kind(message: Message, report: Report | None, subject: str) -> Kind:
    if report is not None:
        return Kind.RECEIPT if report.is_good else Kind.BOUNCE
    if _is_automatic(message) or _subject_class(subject) is SubjectClass.ABSENCE:
        return Kind.OUT_OF_OFFICE
    if from_a_machine(message):
        return Kind.UNCLASSIFIED
    threaded = header(message, "In-Reply-To") or header(message, "References")
    return Kind.REPLY if threaded or _subject_class(subject) is SubjectClass.REPLY else Kind.UNCLASSIFIED


def _is_automatic(message: Message) -> bool:
    """Whether a machine answered (RFC 3834 §5, and what older ones write instead)."""
    submitted = header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted.startswith("auto-replied"):
        return True
    if submitted.startswith("auto-") and header(message, "In-Reply-To"):
        return True
    older = header(message, "X-Autoreply") or header(message, "X-Autorespond") or header(message, "X-Autoresponder")
    precedence = header(message, "Precedence").strip().lower()
    return bool(older) or precedence == "auto_reply" or "vacation" in header(message, "X-Auto-Response-Type").lower()


def _subject_class(subject: str) -> SubjectClass:
    """The class of a subject; an answer to "absence" with Re: before it is an answer.

    >>> _subject_class("Réponse automatique : RE: Facture FA-1").value, _subject_class("RE: Absence du contrat").value
    ('absence', 'reply')
    """
    head = subject.strip()
    for pattern, found in (
        (ABSENCE, SubjectClass.ABSENCE),
        (REPLY, SubjectClass.REPLY),
        (FORWARD, SubjectClass.FORWARD),
    ):
        if pattern.match(head):
            return found
    return SubjectClass.OTHER
