"""Two houses served at the same moment: each has its own server, and none puts its deployments on the other's."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flows import serving
from flows.serve import environment
from flows.serving import NotStarted, free_ports, wait_for_own


class Neighbour(HTTPServer):
    """A Prefect server as far as we ask it: it says whose it is, to those who know its password."""

    home, password = "", ""


class Answer(BaseHTTPRequestHandler):
    server: Neighbour

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(self.server.password.encode()).decode()
        allowed = not self.server.password or self.headers.get("Authorization") == wanted
        self.send_response(200 if allowed else 401)
        self.end_headers()
        if allowed and self.path == "/api/admin/settings":
            self.wfile.write(json.dumps({"home": self.server.home}).encode())

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Silence."""


@pytest.fixture
def neighbour() -> Iterator[Neighbour]:
    with Neighbour(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ended() -> "subprocess.Popen[bytes]":
    """A server that gave up, as Prefect's does when its port is taken."""
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(1)"])
    process.wait()
    return process


def test_a_server_that_answers_for_another_home_is_not_ours(neighbour: Neighbour, tmp_path: Path) -> None:
    neighbour.home = str(tmp_path / "theirs" / "prefect")
    assert not wait_for_own(environment(tmp_path / "ours", neighbour.server_port), ended())


def test_the_server_of_this_home_is_known_by_its_home(neighbour: Neighbour, tmp_path: Path) -> None:
    neighbour.home = str(tmp_path / "ours" / "prefect")
    assert wait_for_own(environment(tmp_path / "ours", neighbour.server_port), ended())


def test_a_server_with_a_password_is_asked_with_it(
    neighbour: Neighbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour.home, neighbour.password = str(tmp_path / "ours" / "prefect"), "operator:secret"
    assert not wait_for_own(environment(tmp_path / "ours", neighbour.server_port), ended())
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "operator:secret")
    env = environment(tmp_path / "ours", neighbour.server_port)
    assert env["PREFECT_API_AUTH_STRING"] == "operator:secret", "the worker and the flows say it too"
    assert wait_for_own(env, ended())


def test_a_server_that_ends_by_itself_is_an_outage_not_a_reason_to_try_the_next_port(tmp_path: Path) -> None:
    port = next(free_ports())
    with pytest.raises(NotStarted, match="ended while starting"):
        wait_for_own(environment(tmp_path, port), ended())


def test_a_port_on_which_somebody_listens_is_passed_over(neighbour: Neighbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "FIRST_PORT", neighbour.server_port)
    monkeypatch.setattr(serving, "LAST_PORT", neighbour.server_port)
    with pytest.raises(NotStarted, match="no free port"):
        next(free_ports())
