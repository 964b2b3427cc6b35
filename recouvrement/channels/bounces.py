"""Delivery reports: our own reading of RFC 3464 first, then flufl.bounce, then what a machine's subject says."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parseaddr
from typing import Final

from flufl.bounce import all_failures

from recouvrement.channels.mailtext import decoded, header, message_ids

GOOD: Final = frozenset({"delivered", "relayed", "expanded", "displayed"})
WORST_FIRST: Final = ("failed", "error", "delayed", "relayed", "expanded", "delivered", "displayed")
STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
MACHINES: Final = re.compile(r"(mailer-daemon|postmaster|mail-?daemon|mdaemon|bounces?)([+-].*)?", re.IGNORECASE)
NOT_DELIVERED: Final = re.compile(
    r"undeliver|delivery (status|failure|has failed|incomplete)|mail delivery|returned mail|failure notice|"
    r"non.?remis|non distribu|[ée]chec de (la )?(remise|distribution|livraison)|impossible de remettre|unzustellbar",
    re.IGNORECASE,
)

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what it reads


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report: action and status of RFC 3464, whether the failure is final (None: not said)."""

    action: str | None
    status: str | None
    permanent: bool | None
    original_ids: tuple[str, ...] = ()
    failed: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_good(self) -> bool:
        """Whether it reports a success."""
        return self.action in GOOD


def bounce_report(message: Message) -> Report | None:
    """The delivery report that a message is, or None."""
    return _rfc3464(message) or _disposition(message) or _by_flufl(message) or _by_subject(message)


def from_a_machine(message: Message) -> bool:
    """Whether a mail system wrote it: null return path, or one of the names such systems use."""
    if (message.get("Return-Path") or "").strip() == "<>":
        return True
    address = parseaddr(header(message, "From"))[1]
    return bool(MACHINES.fullmatch(address.partition("@")[0]))


def _rfc3464(message: Message) -> Report | None:
    """A `message/delivery-status` part, read by fields; of several recipients the worst fate counts (RFC 3464 §2.3)."""
    blocks = [block for block in _blocks(message) if block.get("Action")]
    if not blocks:
        return None
    actions = [(header(block, "Action").split() or [""])[0].lower().rstrip(";,") for block in blocks]
    action, block = min(zip(actions, blocks, strict=True), key=lambda pair: _rank(pair[0]))
    found = STATUS.search(header(block, "Status") or header(block, "Diagnostic-Code"))
    status = found.group() if found else None
    gone = action in {"failed", "error"} and not (status or "5").startswith("4")
    recipient = header(block, "Original-Recipient") or header(block, "Final-Recipient")
    address = recipient.partition(";")[2].strip() or recipient.strip()
    action = "failed" if action == "error" else action
    failed = (address.strip("<>"),) if action not in GOOD and address else ()
    return Report(action, status, None if action in GOOD else gone, _returned_ids(message), failed)


def _rank(action: str) -> int:
    return WORST_FIRST.index(action) if action in WORST_FIRST else len(WORST_FIRST)


def _blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            yield from (block for block in payload if isinstance(block, Message))


def _returned_ids(message: Message) -> tuple[str, ...]:
    """The Message-IDs of the returned message: its headers as a part, or as text, or anything the report quotes."""
    for part in message.walk():
        if part is message:
            continue
        own = message_ids(header(part, "Message-ID"))
        if own:
            return own
        if part.get_content_type() == "text/rfc822-headers":
            quoted = re.search(r"^Message-ID:\s*(<[^<>\s]+>)", decoded(part), re.IGNORECASE | re.MULTILINE)
            if quoted:
                return (quoted.group(1),)
    texts = (decoded(part) for part in message.walk() if part.get_content_type() == "text/plain")
    lines = (line for text in texts for line in text.splitlines())
    return tuple(
        found for line in lines if re.match(r"\W*Message-ID:", line, re.IGNORECASE) for found in message_ids(line)
    )


def _disposition(message: Message) -> Report | None:
    """A read receipt (RFC 8098): `displayed`, or `deleted` unread, which says no more than that."""
    if not any(part.get_content_type() == "message/disposition-notification" for part in message.walk()):
        return None
    return Report("displayed", None, None, _returned_ids(message))


def _by_flufl(message: Message) -> Report | None:
    if not from_a_machine(message):
        return None  # a person who quotes a bounce is not one
    try:
        delayed, failed = all_failures(message)
    except Exception:  # noqa: BLE001 (seventeen detectors of strangers' formats)
        return None
    if not delayed and not failed:
        return None
    addresses = tuple(sorted(address.decode("ascii", "replace") for address in failed or delayed))
    return Report("failed" if failed else "delayed", None, bool(failed), _returned_ids(message), addresses)


def _by_subject(message: Message) -> Report | None:
    """A report in free words: that it is one is known, whether the failure is final is not."""
    if from_a_machine(message) and NOT_DELIVERED.search(header(message, "Subject")):
        return Report(None, None, None, _returned_ids(message))
    return None
