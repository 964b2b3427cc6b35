"""An account at a mail relay, and a message that waits to be sent through it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Security(StrEnum):
    """How the connection is protected; there is no "if the server offers it", which an attacker can strip."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Patience:
    """How many outcomes of one kind in a row stop a batch: what all messages meet is the relay's trouble, not theirs.

    Without it a filter that cuts every body would turn a day's post into as many `unknown` for a person to settle.
    """

    unknown: int = 5
    later: int = 10
    refused: int = 10  # not counting refused addresses
    sender_refused: int = 3


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """One account at one relay; all times in seconds. Neither password nor token is in a repr or a comparison.

    `token` gives an OAuth 2 access token when asked (XOAUTH2, for Microsoft 365 and Google); with it, no password.
    `ca_file` names a PEM file of authorities trusted in addition to the system's. Defaults of `connections` and
    times: letters.md §2 (three connections hide latency; the body waits ten minutes, RFC 5321 §4.5.3.2.6, because a
    shorter wait manufactures `unknown`, RFC 1047).

    >>> SmtpAccount("main", "relay.example", 587, password="s3cret")
    Traceback (most recent call last):
    ValueError: account main: a password or a token needs a username
    """

    name: str
    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False, compare=False)
    token: Callable[[], Awaitable[str] | str] | None = field(default=None, repr=False, compare=False)
    connections: int = 3
    messages_per_connection: int = 100
    connect_timeout: float = 30.0
    command_timeout: float = 120.0
    body_timeout: float = 600.0
    grace: float = 30.0  # left to messages under way when the batch is cancelled
    patience: Patience = field(default_factory=Patience)
    local_hostname: str | None = None
    ca_file: str | None = None

    def __post_init__(self) -> None:
        secret = self.password is not None or self.token is not None
        if secret and self.username is None:
            raise ValueError(f"account {self.name}: a password or a token needs a username")
        if self.username is not None and not secret:
            raise ValueError(f"account {self.name}: a username needs a password or a token")
        if self.password is not None and self.token is not None:
            raise ValueError(f"account {self.name}: give a password or a token, not both")
        if secret and self.security is Security.NONE and self.host not in LOOPBACK:
            raise ValueError(f"account {self.name}: a password never leaves this machine without TLS")
        if self.connections < 1 or self.messages_per_connection < 1:
            raise ValueError(f"account {self.name}: at least one connection and one message on it")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one recipient: the envelope, the frozen bytes, and the word to ask for just before `DATA`.

    `on_data()` is called when MAIL and RCPT were accepted and nothing of the message has left: it commits `sending`
    and returns True, or returns False to withdraw (RSET follows, outcome `Withdrawn`). If it raises, nothing is sent
    and the exception goes up. It may be a coroutine function or a plain one.
    """

    key: str
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    message: bytes = field(repr=False)
    on_data: Callable[[], Awaitable[bool] | bool] = field(repr=False)
