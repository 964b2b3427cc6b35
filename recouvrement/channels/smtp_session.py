"""One SMTP connection, reused from message to message."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from aiosmtplib import SMTP

from recouvrement.channels.account import Outgoing, SmtpAccount
from recouvrement.channels.addresses import Mailbox, mailbox
from recouvrement.channels.opening import answer, opened
from recouvrement.channels.outcomes import Accepted, AccountDown, Outcome, Phase, Reason, Refused, TryLater, Withdrawn
from recouvrement.channels.transfer import transfer
from recouvrement.channels.verdicts import TROUBLE, verdict_on
from recouvrement.channels.wire import Needs, needs_of

QUIT_TIMEOUT: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Envelope:
    """Addresses and bytes that were found fit to travel."""

    sender: Mailbox
    recipient: Mailbox
    needs: Needs


class Session:
    """A connection of an account: opened when first needed, reused, renewed after `messages_per_connection`."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._client: SMTP | None = None
        self._begun = 0

    async def send(self, job: Outgoing) -> Outcome:
        """One attempt to hand one message to the relay; raises only what `job.on_data` raises.

        A reused connection that turns out dead at MAIL is renewed once: nothing had left on it.
        """
        envelope = _checked(job)
        if not isinstance(envelope, _Envelope):
            return envelope
        reused = self._is_open
        outcome = await self._attempt(envelope, job)
        if reused and outcome.phase is Phase.MAIL and isinstance(outcome, TryLater) and not self._is_open:
            outcome = await self._attempt(envelope, job)
        return outcome

    async def close(self) -> None:
        """Say QUIT and close; what the server answers changes nothing for the messages it has accepted."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(*TROUBLE):
            if client.is_connected:
                await client.quit(timeout=QUIT_TIMEOUT)
        client.close()

    def drop(self) -> None:
        """Close without a word, so that the server throws an open transaction away."""
        if self._client is not None:
            self._client.close()
        self._client = None

    @property
    def _is_open(self) -> bool:
        return self._client is not None and self._client.is_connected

    async def _attempt(self, envelope: _Envelope, job: Outgoing) -> Outcome:
        client = await self._connection()
        if not isinstance(client, SMTP):
            return client
        trouble = _unmet(client, envelope)
        if trouble is not None:
            return trouble
        self._begun += 1
        try:
            outcome = await self._transaction(client, envelope, job)
        except BaseException:  # on_data failed, or the batch is being cancelled
            self.drop()
            raise
        await self._tidy(client, outcome)
        return outcome

    async def _connection(self) -> SMTP | AccountDown | TryLater:
        if self._begun >= self._account.messages_per_connection:
            await self.close()
        if self._client is not None and self._client.is_connected:
            return self._client
        self._client, self._begun = None, 0
        client = await opened(self._account)
        if isinstance(client, SMTP):
            self._client = client
        return client

    async def _transaction(self, client: SMTP, envelope: _Envelope, job: Outgoing) -> Outcome:
        trouble = await _enveloped(client, envelope)
        if trouble is not None:
            return trouble
        if not await answer(job.on_data()):
            return Withdrawn(Phase.DATA, Reason.WITHDRAWN)
        return await transfer(client, job.message, self._account)

    async def _tidy(self, client: SMTP, outcome: Outcome) -> None:
        """Leave the connection ready for the next message: RSET where the two sides still agree, else close it."""
        if isinstance(outcome, Accepted):
            return
        if outcome.phase is Phase.BODY or outcome.reason not in {Reason.REPLY, Reason.WITHDRAWN}:
            self.drop()
            return
        try:
            await client.rset()
        except TROUBLE:
            self.drop()


def _checked(job: Outgoing) -> _Envelope | Refused | AccountDown:
    """The envelope of a message, or why it may not come near a connection; a wrong sender is no message's fault."""
    sender, recipient = mailbox(job.sender), mailbox(job.recipient)
    if recipient is None:
        return Refused(Phase.ADDRESS, Reason.NOT_AN_ADDRESS)
    if sender is None:
        return AccountDown(Phase.ADDRESS, Reason.SENDER_NOT_AN_ADDRESS)
    needs = needs_of(job.message)
    if isinstance(needs, Reason):
        return Refused(Phase.MESSAGE, needs)
    return _Envelope(sender, recipient, needs)


def _unmet(client: SMTP, envelope: _Envelope) -> Refused | None:
    """What the message needs and this server does not offer; frozen bytes are never re-encoded to fit."""
    if envelope.needs.eight_bit and not client.supports_extension("8bitmime"):
        return Refused(Phase.MESSAGE, Reason.NEEDS_8BITMIME)
    if client.supports_extension("smtputf8"):
        return None
    if envelope.recipient.needs_smtputf8:
        return Refused(Phase.RCPT, Reason.NEEDS_SMTPUTF8)
    if envelope.sender.needs_smtputf8:
        return Refused(Phase.MAIL, Reason.NEEDS_SMTPUTF8)
    return Refused(Phase.MESSAGE, Reason.NEEDS_SMTPUTF8) if envelope.needs.utf8_headers else None


async def _enveloped(client: SMTP, envelope: _Envelope) -> TryLater | Refused | AccountDown | None:
    """MAIL and RCPT, once each; None when both were accepted."""
    options, encoding = _mail_options(client, envelope)
    phase = Phase.MAIL
    try:
        await client.mail(envelope.sender.wire, options=options, encoding=encoding)
        phase = Phase.RCPT
        await client.rcpt(envelope.recipient.wire, encoding=encoding)
    except TROUBLE as error:
        return verdict_on(error, phase)
    return None


def _mail_options(client: SMTP, envelope: _Envelope) -> tuple[list[str], str]:
    options = [f"SIZE={envelope.needs.octets}"] if client.supports_extension("size") else []
    if envelope.needs.eight_bit:
        options.append("BODY=8BITMIME")
    utf8 = envelope.recipient.needs_smtputf8 or envelope.sender.needs_smtputf8 or envelope.needs.utf8_headers
    if utf8:
        options.append("SMTPUTF8")
    return options, "utf-8" if utf8 else "ascii"
