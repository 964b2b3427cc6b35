"""Sending e-mail: an account, its few reused connections, and the loop claim, send, record."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from recouvrement.channels.outcomes import AccountDown, Outcome, TryLater


class Security(StrEnum):
    """How the connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """One account at one relay; all times in seconds. The password is in no repr and no comparison."""

    name: str
    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False, compare=False)
    connections: int = 3
    messages_per_connection: int = 100
    connect_timeout: float = 30.0
    command_timeout: float = 120.0
    body_timeout: float = 600.0  # RFC 5321 §4.5.3.2.6: ten minutes; a short one manufactures `unknown` (RFC 1047)
    grace: float = 30.0  # time left to messages under way when the batch is cancelled
    local_hostname: str | None = None
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one recipient: the envelope, the frozen bytes, and the word to ask for just before `DATA`.

    `on_data()` is called when MAIL and RCPT were accepted and nothing of the message has left: it commits `sending`
    and returns True, or returns False to withdraw (RSET follows, outcome `Withdrawn`). If it raises, the message is
    withdrawn and the exception goes up. It may be a coroutine function or a plain one.
    """

    key: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    message: bytes = field(repr=False)
    on_data: Callable[[], Awaitable[bool] | bool] = field(repr=False)


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """How a batch ended: attempts by kind of outcome (`Accepted`, `TryLater`…), and what stopped it, if anything."""

    counts: dict[str, int]
    stopped: AccountDown | TryLater | None = None


Pull = Callable[[], Awaitable[Outgoing | None] | Outgoing | None]
Report = Callable[[Outgoing, Outcome], Awaitable[None] | None]
