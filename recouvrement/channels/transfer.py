"""The only stretch where doubt can arise: DATA, the body, and the verdict on it."""

from asyncio import WriteTransport
from typing import Final, cast

from aiosmtplib import SMTP, SMTPResponse, SMTPResponseException, SMTPTimeoutError
from aiosmtplib.protocol import SMTPProtocol

from recouvrement.channels.account import SmtpAccount
from recouvrement.channels.outcomes import Accepted, AccountDown, Phase, Reason, Refused, TryLater, Unknown, as_evidence
from recouvrement.channels.verdicts import TROUBLE, verdict_on, verdict_on_reply
from recouvrement.channels.wire import stuffed

GO_AHEAD: Final = 354

Verdict = Accepted | TryLater | Refused | Unknown | AccountDown


async def transfer(client: SMTP, message: bytes, account: SmtpAccount) -> Verdict:
    """Send DATA and the body on an open transaction.

    aiosmtplib's own `data()` raises the same exceptions before and after the body, so the two halves are spoken
    apart here: until the first octet of the body is written, nothing can have been accepted (RFC 5321 §4.1.1.4).
    """
    try:
        reply = await client.execute_command(b"DATA", timeout=account.command_timeout)
    except TROUBLE as error:
        return verdict_on(error, Phase.DATA)
    if reply.code != GO_AHEAD:
        return verdict_on_reply(reply, Phase.DATA)
    protocol = client.protocol
    if protocol is None or not protocol.is_connected:
        return TryLater(Phase.DATA, Reason.DROPPED)
    protocol.write(stuffed(message))
    return await _verdict_after_body(protocol, account.body_timeout)


async def _verdict_after_body(protocol: SMTPProtocol, timeout: float) -> Verdict:
    try:
        reply = await protocol.read_response(timeout)
    except SMTPTimeoutError:
        return Unknown(Phase.BODY, Reason.SILENT)
    except SMTPResponseException as error:  # a line that is no reply, or a reply without end
        return Unknown(Phase.BODY, Reason.GARBAGE, error.code, as_evidence(error.message))
    except TROUBLE:
        return Unknown(Phase.BODY, Reason.DROPPED)
    return _judged(reply, unwritten=_unwritten(protocol))


def _judged(reply: SMTPResponse, *, unwritten: int) -> Verdict:
    """The verdict of a reply after the body, when `unwritten` octets of it had not yet left this process."""
    said = as_evidence(reply.message)
    hundreds = reply.code // 100
    if hundreds == 2 and not unwritten:
        return Accepted(Phase.BODY, Reason.REPLY, reply.code, said)
    if hundreds == 4:
        return TryLater(Phase.BODY, Reason.REPLY, reply.code, said)
    if hundreds == 5:
        return Refused(Phase.BODY, Reason.REPLY, reply.code, said)
    return Unknown(Phase.BODY, Reason.ANSWERED_TOO_EARLY if hundreds == 2 else Reason.GARBAGE, reply.code, said)


def _unwritten(protocol: SMTPProtocol) -> int:
    transport = cast("WriteTransport | None", protocol.transport)
    return transport.get_write_buffer_size() if transport is not None else 0
