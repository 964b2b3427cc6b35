"""`make serve` from start to stop, and what the operator sees in the browser, as pictures."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.serve import environment
from tests.flows.conftest import MakeLedger
from tests.flows.small_ledger import DAY, PERSON, POISON

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
pytestmark = pytest.mark.browser


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
        for _ in range(240):
            found: dict[str, Any] = self.ask(f"/flow_runs/{run_id}")
            if found["state"]["type"] in FINAL:
                return found
            time.sleep(0.5)
        raise AssertionError(f"{found['name']} stayed {found['state']['name']}")

    def run(self, name: str, **parameters: Any) -> dict[str, Any]:
        """Run a deployment as a click does, and wait for its end."""
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return self.wait_for(self.ask(f"/deployments/{self.deployment(name)}/create_flow_run", body)["id"])

    def artifact(self, key: str) -> str:
        """The id of the newest artifact of a key."""
        rows = self.ask("/artifacts/latest/filter", {"artifacts": {"key": {"any_": [key]}}})
        return str(rows[0].get("latest_id") or rows[0]["id"])


@pytest.fixture
def served(ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch, mailbox: Path) -> Iterator[Served]:
    """The small ledger, served; the shell's own Prefect points elsewhere, as a stranger's may."""
    house = ledger()
    monkeypatch.setenv("RECOUVREMENT_ARTIFACT_DETAIL", "full")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_PROFILE", "somewhere-else")
    command = [sys.executable, "-u", "-m", "flows.serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        address = next((line.split()[-1] for line in process.stdout if line.startswith("Prefect UI:")), "")
        try:
            assert address, (house.settings.home / "prefect" / "server.log").read_text("utf-8")[-2000:]
            yield Served(address, process, house.settings.home)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def serve_again(home: Path) -> str:
    """What a second `make serve` says."""
    env = {**os.environ, "RECOUVREMENT_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "flows.serve"], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Any]:
    """A page of headless Chromium with a profile of its own, on a dark screen."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine (Debian: apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch_persistent_context(
            str(tmp_path / "chromium"), executable_path=CHROMIUM, headless=True, args=FLAGS, color_scheme="dark",
            viewport={"width": 1400, "height": 1300},
        )  # fmt: skip
        yield browser.new_page()
        browser.close()


def test_the_operators_morning(served: Served, page: Any, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("RECOUVREMENT_SCREENSHOTS", tmp_path / "pictures"))
    pictures.mkdir(parents=True, exist_ok=True)

    def look(path: str, name: str, *words: str) -> None:
        page.goto(served.address + path)
        for text in words:
            page.get_by_text(text, exact=False).first.wait_for(timeout=30_000)
        page.wait_for_timeout(700)  # the graph is drawn after its words
        page.screenshot(path=pictures / f"{name}.png")

    assert "Being served already" in serve_again(served.home)
    run = served.run("daily-recovery", on=DAY.isoformat(), mode="live")
    assert (run["state"]["name"], run["name"]) == ("Completed", f"daily-recovery {DAY} live")
    assert "4 sent" in run["state"]["message"], "the worker found this ledger, not a new one, and its mail server"

    look(f"/runs/flow-run/{run['id']}", "run", f"daily-recovery {DAY} live", "Completed")
    assert page.locator("canvas").count() >= 1, "the graph of the run is drawn"
    look(
        f"/artifacts/artifact/{served.artifact('day-summary')}",
        "summary",
        f"Recovery of {DAY}",
        "Key figures",
        "4 sent",
    )
    chart = page.locator("img[alt^='Open amount by lateness']")
    chart.wait_for()
    assert chart.evaluate("picture => picture.complete && picture.naturalWidth") > 500, "the chart is drawn"
    look(f"/artifacts/artifact/{served.artifact('aged-balance')}", "aged-balance", "Total EUR", "C3 Ferronnerie Lenoir")
    for secret in (PERSON, POISON):
        assert secret not in page.content()

    look(
        f"/deployments/deployment/{served.deployment('record-promise')}/run",
        "form",
        "The amount promised",
        "Select date",
    )
    boxes = page.locator("textarea")
    for place, text in enumerate(("C3", "5600.00", "owner", DAY.isoformat())):
        boxes.nth(place).fill(text)
    page.get_by_text("Select date").first.click()
    page.get_by_role("button", name="Today").click()
    page.get_by_role("button", name="Apply").click()
    page.screenshot(path=pictures / "form-filled.png")
    with page.expect_response(lambda answer: answer.url.endswith("/create_flow_run")) as sent:
        page.get_by_role("button", name="Submit").click()
    promised = served.wait_for(sent.value.json()["id"])
    assert promised["state"]["name"] == "Completed", promised["state"]["message"]
    look(f"/artifacts/artifact/{served.artifact('act-recorded')}", "promise", "Promise", "To undo")
    assert len(list(pictures.glob("*.png"))) >= 6


def test_a_served_environment_holds_nothing_of_the_shells_own_prefect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://cloud.example/api")
    monkeypatch.setenv("PREFECT_PROFILE", "work")
    monkeypatch.setenv("PREFECT_API_KEY", "key")
    env = environment(tmp_path, 4207)
    assert env["PREFECT_API_URL"] == env["PREFECT_UI_API_URL"] == "http://127.0.0.1:4207/api"
    assert env["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert env["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert "PREFECT_PROFILE" not in env
    assert "PREFECT_API_KEY" not in env
