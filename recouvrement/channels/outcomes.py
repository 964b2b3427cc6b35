"""What became of one attempt to send one message: values, each of which says what may be done next."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

ENHANCED: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
ADDRESS_CODES: Final = frozenset({550, 551, 553})


class Phase(StrEnum):
    """Where in the conversation an attempt ended; up to `data` nothing of the message has left the machine."""

    ADDRESS = "address"
    MESSAGE = "message"
    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"


class Reason(StrEnum):
    """Why, in words that hold no personal data."""

    REPLY = "reply"  # the server said so: see the code
    NO_CONNECTION = "no_connection"
    DROPPED = "dropped"
    SILENT = "silent"
    GARBAGE = "garbage"
    ANSWERED_TOO_EARLY = "answered_too_early"
    AUTH_REFUSED = "auth_refused"
    AUTH_NOT_OFFERED = "auth_not_offered"
    STARTTLS_NOT_OFFERED = "starttls_not_offered"
    TLS_REFUSED = "tls_refused"
    NOT_AN_ADDRESS = "not_an_address"
    SENDER_NOT_AN_ADDRESS = "sender_not_an_address"
    SENDER_REFUSED_AGAIN = "sender_refused_again"
    NEEDS_SMTPUTF8 = "needs_smtputf8"
    NEEDS_8BITMIME = "needs_8bitmime"
    BAD_LINE_ENDS = "bad_line_ends"
    LINE_TOO_LONG = "line_too_long"
    NO_HEADERS = "no_headers"
    NOT_A_NUMBER = "not_a_number"
    TEXT_TOO_LONG = "text_too_long"
    EMPTY_TEXT = "empty_text"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Common part: `phase`, `reason` and `code` may be logged; `evidence` may hold addresses and may not."""

    phase: Phase
    reason: Reason = Reason.REPLY
    code: int | None = None
    evidence: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The loggable text: what, where and the reply code, never a word of the server's."""
        told = f" ({self.code})" if self.code is not None else ""
        said = "" if self.reason is Reason.REPLY else f": {self.reason}"
        return f"{type(self).__name__} at {self.phase}{told}{said}"

    @property
    def answer(self) -> str:
        """The relay's reply as it stands in evidence: its code, then its words.

        >>> Accepted(Phase.BODY, code=250, evidence="2.0.0 Ok: queued as 4F3").answer
        '250 2.0.0 Ok: queued as 4F3'
        """
        return f"{self.code} {self.evidence}" if (self.code or 0) > 0 and self.evidence else self.evidence

    @property
    def was_offered(self) -> bool:
        """Whether the relay was asked to take the message (MAIL or later): a provider that counts may have counted it.

        >>> Withdrawn(Phase.DATA).was_offered, Refused(Phase.RCPT).was_offered, Refused(Phase.ADDRESS).was_offered
        (True, True, False)
        """
        return self.phase in {Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY}

    @property
    def enhanced(self) -> str | None:
        """The enhanced status at the head of the reply (RFC 3463), such as `5.1.1`, or None."""
        found = ENHANCED.match(self.evidence)
        return found.group(1) if found else None


@dataclass(frozen=True, slots=True)
class Accepted(_Outcome):
    """The relay took the message over (2xx after the body); `evidence` is its reply with the queue id.

    It proves hand-over to the relay, not reading.

    >>> print(Accepted(Phase.BODY, code=250, evidence="2.0.0 Ok: queued as 4F3"))
    Accepted at body (250)
    """


@dataclass(frozen=True, slots=True)
class TryLater(_Outcome):
    """Provably not taken, and worth another attempt: `sending` or `claimed` goes back to `ready` with a later hour."""

    @property
    def is_of_the_account(self) -> bool:
        """Whether every other message would meet the same (no connection, greeting, TLS or AUTH): stop the batch.

        >>> TryLater(Phase.CONNECT, Reason.NO_CONNECTION).is_of_the_account, TryLater(Phase.RCPT).is_of_the_account
        (True, False)
        """
        return self.phase in {Phase.CONNECT, Phase.TLS, Phase.AUTH}


@dataclass(frozen=True, slots=True)
class Refused(_Outcome):
    """Provably not taken, for good: `failed`."""

    @property
    def blames_the_address(self) -> bool:
        """Whether the address itself is at fault, so that the channel falls back and the address is marked.

        >>> Refused(Phase.RCPT, code=550, evidence="5.1.1 unknown user").blames_the_address
        True
        >>> Refused(Phase.RCPT, code=550, evidence="5.7.1 relaying denied").blames_the_address
        False
        """
        if self.phase is Phase.ADDRESS:
            return self.reason in {Reason.NOT_AN_ADDRESS, Reason.NOT_A_NUMBER}
        if self.phase is not Phase.RCPT:
            return False
        if self.reason is Reason.NEEDS_SMTPUTF8:
            return True
        status = self.enhanced
        return status.startswith(("5.1.", "5.2.1")) if status else self.code in ADDRESS_CODES


@dataclass(frozen=True, slots=True)
class Unknown(_Outcome):
    """The body left and no verdict came back: never sent again by itself, a person or the mailbox decides.

    >>> print(Unknown(Phase.BODY, Reason.DROPPED))
    Unknown at body: dropped
    """


@dataclass(frozen=True, slots=True)
class AccountDown(_Outcome):
    """The account cannot send at all (password, TLS, greeting 5xx): no message fails, its row returns to `ready`."""


@dataclass(frozen=True, slots=True)
class Withdrawn(_Outcome):
    """The caller said no just before `DATA` (paid meanwhile, lease lost): nothing left; the caller owns the state."""


Outcome = Accepted | TryLater | Refused | Unknown | AccountDown | Withdrawn


def as_evidence(reply: str) -> str:
    """A server's words as text that every database can hold: no lone surrogates, no NUL.

    >>> as_evidence("2.0.0 ok" + chr(0xdce9))
    '2.0.0 ok\ufffd'
    """
    return reply.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "\ufffd")
