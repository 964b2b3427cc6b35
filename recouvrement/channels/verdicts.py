"""From an exception or a reply before the body has left to an outcome: all of these are provably not accepted."""

import ssl
from typing import Final

from aiosmtplib import SMTPException, SMTPResponse, SMTPResponseException, SMTPTimeoutError

from recouvrement.channels.outcomes import AccountDown, Phase, Reason, Refused, TryLater, as_evidence

TROUBLE: Final = (SMTPException, OSError)  # what aiosmtplib and asyncio raise for the relay and the network
AUTH_WANTED: Final = frozenset({530, 534, 535, 538})  # RFC 4954 §6, in whatever phase a server says it
OF_THE_ACCOUNT: Final = frozenset({Phase.CONNECT, Phase.TLS, Phase.AUTH})


def verdict_on(error: Exception, phase: Phase) -> TryLater | Refused | AccountDown:
    """The outcome of an attempt that ended in `phase`, before any octet of the message was written.

    >>> from aiosmtplib import SMTPRecipientRefused, SMTPServerDisconnected
    >>> print(verdict_on(SMTPRecipientRefused(550, "5.1.1 no such user", "x"), Phase.RCPT))
    Refused at rcpt (550)
    >>> print(verdict_on(SMTPServerDisconnected("Connection lost"), Phase.RCPT))
    TryLater at rcpt: dropped
    """
    if isinstance(error, SMTPResponseException):
        return verdict_on_reply(SMTPResponse(error.code, error.message), phase)
    if _is_of_certificates(error):
        return AccountDown(Phase.TLS, Reason.TLS_REFUSED)
    if isinstance(error, SMTPTimeoutError):
        return TryLater(phase, Reason.SILENT)
    return TryLater(phase, Reason.NO_CONNECTION if phase is Phase.CONNECT else Reason.DROPPED)


def verdict_on_reply(reply: SMTPResponse, phase: Phase) -> TryLater | Refused | AccountDown:
    """The outcome of a reply that is not the awaited one: 4xx later, 5xx never, anything else garbage, so later.

    A 5xx to the connection itself (greeting, TLS, AUTH), or a demand to authenticate, is the account's trouble.

    >>> print(verdict_on_reply(SMTPResponse(554, "no service"), Phase.CONNECT))
    AccountDown at connect (554)
    """
    said = as_evidence(reply.message)
    if reply.code in AUTH_WANTED:
        return AccountDown(phase, Reason.AUTH_REFUSED, reply.code, said)
    if reply.code // 100 == 4:
        return TryLater(phase, Reason.REPLY, reply.code, said)
    if reply.code // 100 == 5:
        kind = AccountDown if phase in OF_THE_ACCOUNT else Refused
        return kind(phase, Reason.REPLY, reply.code, said)
    return TryLater(phase, Reason.GARBAGE, reply.code, said)


def _is_of_certificates(error: BaseException) -> bool:
    """Whether TLS failed for a reason that waiting does not mend; a connection cut in the handshake is not one."""
    for link in (error, error.__cause__):
        if isinstance(link, ssl.SSLError):
            return not isinstance(link, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    return False
