"""The bytes of a message on an SMTP connection: fit to travel unchanged or not, and dot-stuffed."""

from dataclasses import dataclass
from typing import Final

from recouvrement.channels.outcomes import Reason

MAX_LINE: Final = 998  # RFC 5322 §2.1.1, without CRLF; relays cut or refuse longer ones


@dataclass(frozen=True, slots=True)
class Needs:
    """What a message asks of the server: `octets` to announce, 8BITMIME, SMTPUTF8 (raw UTF-8 in the headers)."""

    octets: int
    eight_bit: bool
    utf8_headers: bool


def needs_of(message: bytes) -> Needs | Reason:
    """What a message needs to travel unchanged, or why it cannot: only CRLF line ends, at most 998 octets a line.

    A frozen message is sent as it is or not at all, because its SHA-256 is the evidence. A bare CR or LF is also the
    way a second message is smuggled behind a first one.

    >>> needs_of(b"Subject: a" + bytes([13, 10, 13, 10]) + b"text" + bytes([10]))
    <Reason.BAD_LINE_ENDS: 'bad_line_ends'>
    """
    pairs = message.count(b"\r\n")
    if not message.endswith(b"\r\n") or message.count(b"\n") != pairs or message.count(b"\r") != pairs:
        return Reason.BAD_LINE_ENDS
    if b"\0" in message:
        return Reason.BAD_LINE_ENDS
    if max(map(len, message.split(b"\r\n"))) > MAX_LINE:
        return Reason.LINE_TOO_LONG
    headers, separator, _ = message.partition(b"\r\n\r\n")
    if not separator or b":" not in headers:
        return Reason.NO_HEADERS
    return Needs(len(message), not message.isascii(), not headers.isascii())


def stuffed(message: bytes) -> bytes:
    r"""The message as it follows 354: a dot doubled at the head of each line, and the final lone dot (RFC 5321 §4.5.2).

    >>> stuffed(b".a" + bytes([13, 10]) + b"..b" + bytes([13, 10]))
    b'..a\r\n...b\r\n.\r\n'
    """
    head = b"." if message.startswith(b".") else b""
    return b"".join((head, message.replace(b"\r\n.", b"\r\n.."), b".\r\n"))
