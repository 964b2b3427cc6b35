"""Text messages through a plain HTTP gateway, with the same outcomes as e-mail."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httpx

from recouvrement.channels.account import LOOPBACK
from recouvrement.channels.outcomes import (
    Accepted,
    AccountDown,
    Outcome,
    Phase,
    Reason,
    Refused,
    TryLater,
    Unknown,
    Withdrawn,
    as_evidence,
)

E164: Final = re.compile(r"\+[1-9]\d{7,14}")
MAX_PARTS: Final = 3
GSM: Final = frozenset(  # GSM 03.38, basic set
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE: Final = frozenset("^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A gateway that takes `POST {to, from, text}` as JSON with a bearer token and an Idempotency-Key."""

    url: str
    sender: str
    token: str = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("an SMS gateway is reached by https")


@dataclass(frozen=True, slots=True)
class Sms:
    """One message to one number in E.164 form (`+33…`); `on_data` commits `sending` and may say no, as for e-mail."""

    key: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    on_data: Callable[[], bool] = field(repr=False)


def parts_of(text: str) -> int:
    """How many messages a text is billed as: 160 or 153 each in the GSM alphabet, 70 or 67 in UCS-2 (GSM 03.38).

    >>> parts_of("x" * 160), parts_of("x" * 161), parts_of("ê" * 70), parts_of("ê" * 71), parts_of("€" * 81), parts_of("")
    (1, 2, 1, 2, 2, 0)
    """
    if all(char in GSM or char in GSM_DOUBLE for char in text):
        length, one, more = sum(1 + (char in GSM_DOUBLE) for char in text), 160, 153
    else:
        length, one, more = len(text.encode("utf-16-le")) // 2, 70, 67
    return min(length, 1) if length <= one else -(-length // more)


def send_sms(client: httpx.Client, gateway: SmsGateway, sms: Sms) -> Outcome:
    """One attempt. Once the request may have left, only the gateway's own word counts: anything else is `Unknown`.

    2xx accepted; 401, 403, 404 and redirects are the account's trouble; 429 and 503 later; other 4xx refused; a
    conflict on the key (409), other 5xx, silence and a lost connection are unknown.
    """
    problem = _problem(sms)
    if problem is not None:
        return problem
    if not sms.on_data():
        return Withdrawn(Phase.DATA, Reason.WITHDRAWN)
    headers = {"Authorization": f"Bearer {gateway.token}", "Idempotency-Key": sms.key}
    body = {"to": sms.to, "from": gateway.sender, "text": sms.text}
    try:
        reply = client.post(gateway.url, json=body, headers=headers, follow_redirects=False)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return TryLater(Phase.CONNECT, Reason.NO_CONNECTION)
    except httpx.TimeoutException:
        return Unknown(Phase.BODY, Reason.SILENT)
    except httpx.HTTPError:
        return Unknown(Phase.BODY, Reason.DROPPED)
    return _judged(reply.status_code, as_evidence(reply.text))


def _problem(sms: Sms) -> Refused | None:
    if not E164.fullmatch(sms.to):
        return Refused(Phase.ADDRESS, Reason.NOT_A_NUMBER)
    if not sms.text.strip():
        return Refused(Phase.MESSAGE, Reason.EMPTY_TEXT)
    return Refused(Phase.MESSAGE, Reason.TEXT_TOO_LONG) if parts_of(sms.text) > MAX_PARTS else None


def _judged(code: int, said: str) -> Outcome:
    if 200 <= code < 300:
        return Accepted(Phase.BODY, Reason.REPLY, code, said)
    if code in {401, 403, 404} or 300 <= code < 400:
        return AccountDown(Phase.AUTH, Reason.REPLY, code, said)
    if code in {429, 503}:
        return TryLater(Phase.BODY, Reason.REPLY, code, said)
    if 400 <= code < 500 and code not in {408, 409}:
        return Refused(Phase.BODY, Reason.REPLY, code, said)
    return Unknown(Phase.BODY, Reason.REPLY, code, said)
