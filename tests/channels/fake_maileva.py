"""A local server that speaks the part of Maileva's registered_mail/v4 that the connector uses."""

import json
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.channels.http_server import Answer, HttpServer, Request

API = "/registered_mail/v4"


def said(body: object, code: int = 200) -> Answer:
    return Answer(code, json.dumps(body).encode())


def refused(*codes: str) -> Answer:
    return said({"errors": [{"code": code, "message": code} for code in codes]}, 400)


@dataclass
class FakeMaileva:
    """Sendings by id; `fail` holds what happens to the next requests that match (method, path end), once each.

    `"drop"` obeys and hangs up, `"lost"` hangs up without obeying, a number is the answer's code.
    """

    sendings: dict[str, dict[str, Any]] = field(default_factory=dict)
    documents: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    recipients: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    submissions: list[str] = field(default_factory=list)
    logins: int = 0
    fail: dict[tuple[str, str], str | int] = field(default_factory=dict)
    filters: bool = True

    def serve(self) -> HttpServer:
        return HttpServer(self.respond)

    def respond(self, request: Request) -> Answer | None:
        path = urlsplit(request.path).path
        trouble = next((self.fail.pop(key) for key in list(self.fail) if self._hit(key, request.method, path)), None)
        if trouble == "lost":
            return None
        if isinstance(trouble, int):
            return said({"code": "TROUBLE", "message": "debiteur@client.example"}, trouble)
        answer = self.obey(request, path)
        return None if trouble == "drop" else answer

    @staticmethod
    def _hit(key: tuple[str, str], method: str, path: str) -> bool:
        return key[0] == method and path.endswith(key[1])

    def obey(self, request: Request, path: str) -> Answer:
        if path.endswith("/openid-connect/token"):
            return self.login(request)
        if request.headers.get("Authorization") != f"Bearer t{self.logins}":
            return said({"code": "UNAUTHORIZED", "message": ""}, 401)
        inner = path.removeprefix(API)
        if inner == "/sendings":
            return self.create(request) if request.method == "POST" else self.listed(request)
        found = re.fullmatch(r"/sendings/([^/]+)(?:/(\w+))?(?:/([^/]+)/(\w+))?", inner)
        if found is None or found[1] not in self.sendings:
            return said({"code": "SENDING_NOT_FOUND", "message": ""}, 404)
        return self.one(request, found[1], found[2], found[4])

    def login(self, request: Request) -> Answer:
        form = parse_qs(request.body.decode())
        if form.get("password") != ["bon"] or form.get("grant_type") != ["password"]:
            return said({"error": "invalid_grant"}, 401)
        self.logins += 1
        return said({"access_token": f"t{self.logins}", "expires_in": 300})

    def create(self, request: Request) -> Answer:
        body = json.loads(request.body)
        if not body.get("name") or not body.get("sender_address_line_6"):
            return refused("EMPTY_NAME")
        number = len(self.sendings) + 1
        self.sendings[f"s{number}"] = body | {
            "id": f"s{number}",
            "status": "DRAFT",
            "creation_date": f"2026-03-02T09:00:{number:02d}.000Z",
            "statuses": [{"code": "DRAFT", "date": "2026-03-02T09:00:00.000Z"}],
        }
        return said(self.sendings[f"s{number}"], 201)

    def listed(self, request: Request) -> Answer:
        asked = parse_qs(urlsplit(request.path).query)
        rows = list(self.sendings.values())
        if self.filters and "custom_id" in asked:
            rows = [row for row in rows if row["custom_id"] == asked["custom_id"][0]]
        return said(self.page("sendings", rows, asked))

    @staticmethod
    def page(name: str, rows: list[dict[str, Any]], asked: dict[str, list[str]]) -> dict[str, Any]:
        start, count = int(asked["start_index"][0]) - 1, int(asked["count"][0])
        return {name: rows[start : start + count], "paging": {"total_results": len(rows)}}

    def one(self, request: Request, sending: str, part: str | None, download: str | None) -> Answer:
        if download is not None:
            return Answer(200, f"%PDF- {download}".encode(), "application/pdf")
        if part is None:
            return said(self.sendings[sending])
        if request.method == "GET":
            rows = {"documents": self.documents, "recipients": self.recipients}[part].get(sending, [])
            return said(self.page(part, rows, parse_qs(urlsplit(request.path).query)))
        if self.sendings[sending]["status"] != "DRAFT":
            return refused("SENDING_STATUS_IS_NOT_DRAFT")
        return {"documents": self.attach, "recipients": self.address, "submit": self.submit}[part](request, sending)

    def attach(self, request: Request, sending: str) -> Answer:
        parts = multipart(request)
        octets = parts["document"].get_payload(decode=True)
        metadata = json.loads(parts["metadata"].get_payload(decode=True))
        kept = {"id": "d1", "size": len(octets), "octets": octets.decode("latin-1"), **metadata}
        self.documents.setdefault(sending, []).append(kept)
        return said(kept, 201)

    def address(self, request: Request, sending: str) -> Answer:
        body = json.loads(request.body)
        if not re.fullmatch(r"\d{5} .+", body.get("address_line_6", "")):
            return refused("INVALID_ADDRESS_LINE_6")
        kept = body | {"id": "r1", "status": "DRAFT", "delivery_statuses": []}
        self.recipients.setdefault(sending, []).append(kept)
        return said(kept, 201)

    def submit(self, request: Request, sending: str) -> Answer:
        if not self.documents.get(sending) or not self.recipients.get(sending):
            return refused("INVALID_DOCUMENTS_COUNT")
        self.submissions.append(sending)
        self.sendings[sending]["status"] = "PENDING"
        return Answer(200, b"")


def multipart(request: Request) -> dict[str, Message]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + request.body).get_payload()
    assert isinstance(parts, list)
    return {str(part.get_param("name", header="content-disposition")): part for part in parts}
