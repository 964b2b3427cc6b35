"""Text messages: the gateway's word decides, and doubt stays doubt."""

import json
import socket

import httpx
import pytest

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
)
from recouvrement.channels.sms import Sms, SmsGateway, send_sms
from tests.channels.http_server import Answer, HttpServer, Request

TEXT = "Facture FA-1 : merci de nous rappeler."


def attempt(url: str, to: str = "+33600000000", text: str = TEXT, timeout: float = 5, *, go: bool = True) -> Outcome:
    with httpx.Client(timeout=timeout, trust_env=False) as client:
        return send_sms(client, SmsGateway(url, "FIRME", "jeton"), Sms("K1", to, text, lambda: go))


def test_the_gateway_gets_one_message_under_its_key() -> None:
    with HttpServer(lambda _: Answer(202, b'{"id": "g-17"}')) as server:
        outcome = attempt(server.url)
    assert outcome == Accepted(Phase.BODY, Reason.REPLY, 202, '{"id": "g-17"}')
    (request,) = server.requests
    assert json.loads(request.body) == {"to": "+33600000000", "from": "FIRME", "text": TEXT}
    assert (request.headers["Idempotency-Key"], request.headers["Authorization"]) == ("K1", "Bearer jeton")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((200, Accepted), (301, AccountDown), (400, Refused), (401, AccountDown), (403, AccountDown)),
        *((404, AccountDown), (408, Unknown), (409, Unknown), (422, Refused), (429, TryLater)),
        *((500, Unknown), (502, Unknown), (503, TryLater), (504, Unknown)),
    ],
)
def test_the_answers_of_a_gateway(code: int, kind: type) -> None:
    with HttpServer(lambda _: Answer(code, b"+33600000000", headers={"Location": "/ailleurs"})) as server:
        outcome = attempt(server.url)
    assert type(outcome) is kind
    assert "+336" not in str(outcome) + repr(outcome)
    assert len(server.requests) == 1


def test_a_gateway_that_hangs_up_leaves_doubt() -> None:
    with HttpServer(lambda _: None) as server:
        assert attempt(server.url) == Unknown(Phase.BODY, Reason.DROPPED)


def test_a_silent_gateway_leaves_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = attempt(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
    assert outcome == Unknown(Phase.BODY, Reason.SILENT)


def test_an_unreachable_gateway_is_for_later() -> None:
    assert attempt("http://127.0.0.1:9") == TryLater(Phase.CONNECT, Reason.NO_CONNECTION)


def test_a_withdrawn_message_is_not_posted() -> None:
    with HttpServer(lambda _: Answer()) as server:
        assert attempt(server.url, go=False) == Withdrawn(Phase.DATA, Reason.WITHDRAWN)
    assert server.requests == list[Request]()


@pytest.mark.parametrize("to", ["0600000000", "+33 6 00", "+3360000000000000", "", "+33600000000\n", "+0600000000"])
def test_what_is_no_number_is_refused_before_any_request(to: str) -> None:
    outcome = attempt("http://127.0.0.1:9", to=to)
    assert outcome == Refused(Phase.ADDRESS, Reason.NOT_A_NUMBER)
    assert outcome.blames_the_address


@pytest.mark.parametrize(("text", "reason"), [("", Reason.EMPTY_TEXT), ("x" * 460, Reason.TEXT_TOO_LONG)])
def test_a_text_that_cannot_go_is_refused(text: str, reason: Reason) -> None:
    assert attempt("http://127.0.0.1:9", text=text) == Refused(Phase.MESSAGE, reason)


def test_a_gateway_in_clear_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        SmsGateway("http://gateway.example/sms", "FIRME", "jeton")
    assert "jeton" not in repr(SmsGateway("https://gateway.example/sms", "FIRME", "jeton"))
