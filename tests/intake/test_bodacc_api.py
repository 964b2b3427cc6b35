"""The BODACC connector against a server that speaks the documented API."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from recouvrement.intake.bodacc_api import BodaccUnavailableError, pages, query
from tests.intake import samples

OPENING = "Jugement d'ouverture de liquidation judiciaire"


class Portal(BaseHTTPRequestHandler):
    """Answers as Explore v2.1 does: total_count, results, limit and offset."""

    notices: ClassVar[list[dict[str, object]]] = []
    asked: ClassVar[list[dict[str, list[str]]]] = []
    failure: ClassVar[str] = ""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        parameters = parse_qs(url.query)
        Portal.asked.append(parameters)
        offset, limit = int(parameters["offset"][0]), int(parameters["limit"][0])
        found = [one for one in self.notices if str(one["registre"][1]) in parameters["where"][0]]  # type: ignore[index]
        body = json.dumps({"total_count": len(found), "results": found[offset : offset + limit]}).encode()
        if self.failure == "html":
            body = b"<html>maintenance</html>"
        elif self.failure == "shape":
            body = b'{"results": "none"}'
        status = 503 if self.failure == "down" or not url.path.endswith("/annonces-commerciales/records") else 200
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def portal() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Portal.notices, Portal.asked, Portal.failure = [], [], ""
    yield f"http://127.0.0.1:{server.server_port}/api/explore/v2.1"
    server.shutdown()
    server.server_close()


def test_known_firms_are_asked_for_page_by_page(portal: str, reading: Any) -> None:
    Portal.notices = [samples.announcement(OPENING, notice=f"A{n}") for n in range(150)]
    Portal.notices.append(samples.announcement(OPENING, siren="800000028", notice="B1"))
    found = list(pages([samples.SIREN], date(2026, 3, 1), address=portal))
    notices = [notice for name, body in found for notice in reading(name, body).insolvency]
    assert [notice.notice_id for notice in notices] == [f"A{n}" for n in range(150)]
    assert [asked["offset"] for asked in Portal.asked] == [["0"], ["100"]]
    assert "dateparution>=date'2026-03-01'" in Portal.asked[0]["where"][0]


def test_many_firms_are_asked_for_in_batches(portal: str) -> None:
    assert list(pages([samples.SIREN] * 45, date(2026, 3, 1), address=portal)) == []
    assert len(Portal.asked) == 3


@pytest.mark.parametrize("failure", ["down", "html", "shape"])
def test_an_outage_is_an_exception_that_can_be_retried(portal: str, failure: str) -> None:
    Portal.failure = failure
    with pytest.raises(BodaccUnavailableError):
        list(pages([samples.SIREN], date(2026, 3, 1), address=portal))


def test_nobody_listening_is_an_outage() -> None:
    with pytest.raises(BodaccUnavailableError):
        list(pages([samples.SIREN], date(2026, 3, 1), address="http://127.0.0.1:9/api", timeout=2))


def test_only_digits_and_http_leave_the_house() -> None:
    with pytest.raises(ValueError):
        query(['" or 1=1'], date(2026, 3, 1), 0)
    with pytest.raises(ValueError):
        list(pages([samples.SIREN], date(2026, 3, 1), address="file:///etc"))
