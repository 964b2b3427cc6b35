"""Opening an SMTP connection: greeting, protection, login, and whose fault it is when one of them fails."""

import inspect
import ssl
from collections.abc import Awaitable
from typing import Final, TypeVar

from aiosmtplib import SMTP, SMTPHeloError

from recouvrement.channels.account import Security, SmtpAccount
from recouvrement.channels.outcomes import AccountDown, Phase, Reason, TryLater
from recouvrement.channels.verdicts import TROUBLE, verdict_on

METHODS: Final = ("plain", "login", "cram-md5")

T = TypeVar("T")


async def answer(given: Awaitable[T] | T) -> T:
    """What a callback gave, whether it is a plain function or a coroutine function."""
    return await given if inspect.isawaitable(given) else given


async def opened(account: SmtpAccount) -> SMTP | AccountDown | TryLater:
    """A connection greeted, protected and logged in, or why there is none."""
    client = SMTP(
        hostname=account.host,
        port=account.port,
        use_tls=account.security is Security.TLS,
        start_tls=False,  # done below, where its absence can be told from its failure
        tls_context=None if account.security is Security.NONE else _tls_context(account),
        local_hostname=account.local_hostname,
        timeout=account.command_timeout,
    )
    trouble = await _greeted(client, account) or await _protected(client, account) or await _logged_in(client, account)
    if trouble is not None:
        client.close()
    return trouble or client


def _tls_context(account: SmtpAccount) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if account.ca_file is not None:
        context.load_verify_locations(cafile=account.ca_file)
    return context


async def _greeted(client: SMTP, account: SmtpAccount) -> AccountDown | TryLater | None:
    try:
        await client.connect(timeout=account.connect_timeout)
        await _hello(client)
    except TROUBLE as error:
        return _of_the_account(error, Phase.CONNECT)
    return None


async def _hello(client: SMTP) -> None:
    """EHLO, or HELO where a server knows only that."""
    try:
        await client.ehlo()
    except SMTPHeloError as error:
        if error.code // 100 != 5 or not client.is_connected:
            raise
        await client.helo()


async def _protected(client: SMTP, account: SmtpAccount) -> AccountDown | TryLater | None:
    if account.security is not Security.STARTTLS:
        return None
    if not client.supports_extension("starttls"):
        return AccountDown(Phase.TLS, Reason.STARTTLS_NOT_OFFERED)
    try:
        await client.starttls(timeout=account.connect_timeout)
        await client.ehlo()  # what was announced in clear is forgotten (RFC 3207 §4.2)
    except TROUBLE as error:
        return _of_the_account(error, Phase.TLS)
    return None


async def _logged_in(client: SMTP, account: SmtpAccount) -> AccountDown | TryLater | None:
    """One attempt with one method: trying the others after a 535 locks accounts."""
    if account.username is None:
        return None
    wanted = METHODS if account.token is None else ("xoauth2",)
    method = next((name for name in wanted if name in client.server_auth_methods), None)
    if method is None:
        return AccountDown(Phase.AUTH, Reason.AUTH_NOT_OFFERED)
    try:
        await _authenticate(client, method, account)
    except TROUBLE as error:
        return _of_the_account(error, Phase.AUTH)
    return None


async def _authenticate(client: SMTP, method: str, account: SmtpAccount) -> None:
    user, password = account.username or "", account.password or ""
    if method == "plain":
        await client.auth_plain(user, password)
    elif method == "login":
        await client.auth_login(user, password)
    elif method == "cram-md5":
        await client.auth_crammd5(user, password)
    elif account.token is not None:
        await client.auth_xoauth2(user, await answer(account.token()))


def _of_the_account(error: Exception, phase: Phase) -> AccountDown | TryLater:
    verdict = verdict_on(error, phase)
    assert isinstance(verdict, AccountDown | TryLater)  # no message is concerned yet
    return verdict
