"""A house served as `make serve` does it, for tests that need the real server, the worker and the API of the UI."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Served:
    """A served house: its address, its process, and the API as an operator's browser uses it."""

    def __init__(self, address: str, process: "subprocess.Popen[str]", home: Path) -> None:
        self.address, self.process, self.home = address, process, home

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST with a body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/api{path}", data, {"Content-Type": "application/json"})
        for _ in range(20):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refusal:
                if refusal.code != 503:  # the server's SQLite database is busy: ask again, as the UI does
                    raise
                time.sleep(1)
        raise AssertionError(f"{path}: the server stays busy")

    def deployment(self, name: str) -> str:
        """The id of a deployment."""
        return str(self.ask(f"/deployments/name/{name}/{name}")["id"])

    def wait_for(self, run_id: str) -> dict[str, Any]:
        """A run once it has ended."""
        for _ in range(600):
            found: dict[str, Any] = self.ask(f"/flow_runs/{run_id}")
            if found["state"]["type"] in FINAL:
                return found
            time.sleep(0.5)
        raise AssertionError(f"{found['name']} stayed {found['state']['name']}")

    def run(self, name: str, **parameters: Any) -> dict[str, Any]:
        """Run a deployment as a click does, and wait for its end."""
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return self.wait_for(self.ask(f"/deployments/{self.deployment(name)}/create_flow_run", body)["id"])

    def scheduled(self) -> set[str]:
        """The deployments for which the server's scheduler has made runs to come."""
        wanted = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}, "tags": {"all_": ["auto-scheduled"]}}}
        by_id = {row["id"]: row["name"] for row in self.ask("/deployments/filter", {})}
        return {by_id[row["deployment_id"]] for row in self.ask("/flow_runs/filter", wanted)}

    def artifact(self, key: str) -> str:
        """The id of the newest artifact of a key."""
        rows = self.ask("/artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
        return str(rows[0].get("latest_id") or rows[0]["id"])


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """Serve the ledger of a home until the block ends (or everything was killed in it)."""
    command = [sys.executable, "-u", "-m", "flows.serve"]
    env = {**os.environ, "RECOUVREMENT_HOME": str(home)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        address = next((line.split()[-1] for line in process.stdout if line.startswith("Prefect UI:")), "")
        try:
            assert address, (home / "prefect" / "server.log").read_text("utf-8")[-2000:]
            yield Served(address, process, home)
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            process.wait(60)


def processes_of(home: Path) -> list[int]:
    """Every process whose environment names this home: server, worker, flows and their children."""
    wanted = f"RECOUVREMENT_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found


def cut_the_power(home: Path) -> int:
    """SIGKILL to all of them, until none is left: one born while the others were counted dies too; how many there were."""
    killed: set[int] = set()
    for _ in range(600):
        found = processes_of(home)
        if not found:
            return len(killed)
        killed.update(found)
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    raise AssertionError(f"still alive after SIGKILL: {processes_of(home)}")


def serve_again(home: Path) -> str:
    """What a second `make serve` says."""
    env = {**os.environ, "RECOUVREMENT_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "flows.serve"], env=env, capture_output=True, text=True, timeout=180, check=True
    )
    return done.stdout
