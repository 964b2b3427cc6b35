"""Speaking to Maileva: login, requests, pages; failures as `PostalDownError` with codes only."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from recouvrement.channels.postal import PostalDownError

API: Final = "/registered_mail/v4"
TOKEN: Final = "/auth/realms/services/protocol/openid-connect/token"  # noqa: S105 (an address)
PAGE: Final = 500  # the most that the service gives at once


@dataclass(frozen=True, slots=True)
class MailevaAccount:
    """Where the service is and who we are; `sender` is the return address, two to six lines, in France."""

    api: str  # https://api.maileva.com, or https://api.sandbox.maileva.net
    login: str  # https://connexion.maileva.com
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)
    sender: tuple[str, ...] = field(repr=False)
    color: bool = False
    both_sides: bool = True
    archive_years: int = 10  # 3, 6 or 10


class MailevaHttp:
    """Requests with a bearer token, which is asked for again when it has run out."""

    def __init__(self, account: MailevaAccount, client: httpx.Client) -> None:
        self._account, self._client, self._token = account, client, ""

    def pages(self, path: str, name: str, *, page: int = PAGE, **asked: str) -> Iterator[dict[str, Any]]:
        """The rows under `name` of every page of a list."""
        start = 1
        while True:
            told = self.json("GET", path, params={**asked, "start_index": start, "count": page})
            rows = told.get(name) or []
            yield from rows
            start += len(rows)
            if len(rows) < page:
                return

    def json(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """The JSON object that a request is answered with."""
        return as_object(self.call(method, path, **request))

    def call(self, method: str, path: str, *, expected: Collection[int] = (), **request: Any) -> httpx.Response:
        """The answer to a request when it is a success or one of the `expected` codes; else PostalDownError."""
        reply = self._once(method, path, request)
        if reply.status_code == httpx.codes.UNAUTHORIZED:
            self._token = ""
            reply = self._once(method, path, request)
        if reply.is_success or reply.status_code in expected:
            return reply
        raise PostalDownError(f"maileva: {method} answered {reply.status_code}")

    def _once(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        try:
            self._token = self._token or self._logged_in()
            headers = {"Authorization": f"Bearer {self._token}"}
            return self._client.request(method, self._account.api + API + path, headers=headers, **request)
        except httpx.HTTPError as error:
            raise PostalDownError(f"maileva: {method} ended in {type(error).__name__}") from None

    def _logged_in(self) -> str:
        account = self._account
        form = {
            "grant_type": "password",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
            "username": account.username,
            "password": account.password,
        }
        reply = self._client.post(account.login + TOKEN, data=form)
        if not reply.is_success:
            raise PostalDownError(f"maileva: login answered {reply.status_code}")
        return str(as_object(reply).get("access_token", ""))


def as_object(reply: httpx.Response) -> dict[str, Any]:
    """The body of an answer as a JSON object, or PostalDownError."""
    try:
        told = reply.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise PostalDownError("maileva: the answer is no JSON object")
    return told
