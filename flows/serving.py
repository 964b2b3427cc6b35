"""A port of its own for the Prefect server of a house, and proof that who answers there is that server.

Two houses that start at the same moment look for a free port before either listens on one. Whoever comes second must
not put its deployments on the server of the first: they would run there in its place.
"""

import base64
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

HOST, FIRST_PORT, LAST_PORT = "127.0.0.1", 4200, 4299
START_UP = 180.0  # seconds; a fresh home migrates its database first


class NotStarted(Exception):
    """A part did not come up; its log says why."""


def is_taken(port: int) -> bool:
    """Whether something on this machine listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def free_ports() -> Iterator[int]:
    """The ports from 4200 on that nobody listens on, each looked at when it is asked for."""
    yield from (port for port in range(FIRST_PORT, LAST_PORT + 1) if not is_taken(port))
    raise NotStarted(f"no free port from {FIRST_PORT} to {LAST_PORT}")


def settings_served(env: Mapping[str, str]) -> dict[str, Any] | None:
    """The settings of whoever answers at the address of this environment; None when nobody does, or not as Prefect."""
    request = urllib.request.Request(f"{env['PREFECT_API_URL']}/admin/settings")  # noqa: S310 (our own http address)
    if password := env.get("PREFECT_API_AUTH_STRING"):
        request.add_header("Authorization", "Basic " + base64.b64encode(password.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return found


def wait_for_own(env: Mapping[str, str], process: subprocess.Popen[bytes]) -> bool:
    """Wait for the server of this home: True when it answers, False when something else had its port first.

    Raises NotStarted when it ended for another reason or took longer than START_UP.
    """
    for _ in range(int(START_UP * 2)):
        ended = process.poll() is not None
        found = settings_served(env)
        if found is not None and found.get("home") == env["PREFECT_HOME"]:
            return True
        if ended and is_taken(int(env["PREFECT_SERVER_API_PORT"])):
            return False
        if ended:
            raise NotStarted("the server ended while starting")
        time.sleep(0.5)
    raise NotStarted(f"the server did not answer within {START_UP:.0f} s")
