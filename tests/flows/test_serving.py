"""`make serve` from start to stop, and what the operator sees in the browser, as pictures."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from flows.serve import environment
from recouvrement.channels.maildir import messages
from tests.flows.conftest import MakeLedger
from tests.flows.morning import add_two_notices
from tests.flows.served import Served, serve_again, serving
from tests.flows.small_ledger import DAY, PERSON, POISON

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
pytestmark = pytest.mark.browser


@pytest.fixture
def served(ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch, mailbox: Path, tmp_path: Path) -> Iterator[Served]:
    """The small ledger, served; the shell's own Prefect points elsewhere, as a stranger's may."""
    house = ledger()
    add_two_notices(house, tmp_path / "made")
    monkeypatch.setenv("RECOUVREMENT_ARTIFACT_DETAIL", "full")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_PROFILE", "somewhere-else")
    with serving(house.settings.home) as found:
        yield found


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


def see_the_operator_told(served: Served, mailbox: Path) -> None:
    """A file that cannot be read: the run is Partial, the automation runs `tell-operator`, the mail arrives."""
    env = {**os.environ, "PREFECT_API_URL": f"{served.address}/api", "RECOUVREMENT_HOME": str(served.home)}
    again = [sys.executable, "-c", "from flows.automations import ensure_automations as e; e(); e()"]
    subprocess.run(again, env=env, check=True, timeout=120)
    names = sorted(row["name"] for row in served.ask("/automations/filter", {}))
    assert names == ["a run failed", "files were set aside", "nothing ran since yesterday"], "repeating adds none"
    (served.home / "inbox" / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert served.run("watch-inbox")["state"]["name"] == "Partial"
    for _ in range(240):
        found = [text for text in told(mailbox) if "files set aside" in text]
        if found:
            break
        time.sleep(0.5)
    assert len(found) == 1
    assert "Auto-Submitted: auto-generated" in found[0]


def told(mailbox: Path) -> list[str]:
    """The messages in the catcher's mailbox."""
    return [raw.decode() for _, raw, _ in messages(mailbox.parent)]


class Morning:
    """An operator at a browser: looks at pages, fills forms in, and keeps a picture of each."""

    def __init__(self, served: Served, page: Any, pictures: Path) -> None:
        self.served, self.page, self.pictures = served, page, pictures
        pictures.mkdir(parents=True, exist_ok=True)

    def look(self, path: str, name: str, *words: str) -> None:
        """Open a page, wait for its words, keep its picture."""
        self.page.goto(self.served.address + path)
        for text in words:
            self.page.get_by_text(text, exact=False).first.wait_for(timeout=30_000)
        self.page.wait_for_timeout(700)  # the graph is drawn after its words
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def artifact(self, key: str, name: str, *words: str) -> None:
        """Open the newest artifact of a key."""
        self.look(f"/artifacts/artifact/{self.served.artifact(key)}", name, *words)

    def form(self, name: str, *words: str, **parameters: str) -> None:
        """Open a form, with what the address gives filled in already (as "copy to new run" does)."""
        given = f"?parameters={quote(json.dumps(parameters))}" if parameters else ""
        path = f"/deployments/deployment/{self.served.deployment(name)}/run{given}"
        self.look(path, f"form-{name}", *words)

    def fill(self, *texts: str, first: int = 0) -> None:
        """Type into the boxes of the form, in their order."""
        for place, text in enumerate(texts):
            self.page.locator("textarea").nth(first + place).fill(text)

    def submit(self, name: str) -> dict[str, Any]:
        """Submit the form as it stands, again while the server's database is busy; the run once it has ended."""
        self.page.screenshot(path=self.pictures / f"form-{name}-filled.png")
        for _ in range(10):
            with self.page.expect_response(lambda answer: answer.url.endswith("/create_flow_run")) as sent:
                self.page.get_by_role("button", name="Submit").click()
            if sent.value.status != 503:
                assert sent.value.ok, sent.value.text()
                return self.served.wait_for(sent.value.json()["id"])
        raise AssertionError(f"{name}: the server stays busy")


@pytest.fixture
def morning(served: Served, page: Any, tmp_path: Path) -> Morning:
    """The browser at the served house; pictures go where RECOUVREMENT_SCREENSHOTS says."""
    return Morning(served, page, Path(os.environ.get("RECOUVREMENT_SCREENSHOTS", tmp_path / "pictures")))


def test_the_operators_morning(morning: Morning, mailbox: Path) -> None:
    served, page = morning.served, morning.page
    assert "Being served already" in serve_again(served.home)
    run = served.run("daily-recovery", on=DAY.isoformat(), mode="live")
    assert (run["state"]["name"], run["name"]) == ("Completed", f"daily-recovery {DAY} live")
    assert "4 sent" in run["state"]["message"], "the worker found this ledger, not a new one, and its mail server"

    morning.look("/dashboard", "dashboard", "Flow Runs", "recouvrement")
    morning.look(f"/runs/flow-run/{run['id']}", "run", f"daily-recovery {DAY} live", "Completed")
    assert page.locator("canvas").count() >= 1, "the graph of the run is drawn"
    morning.artifact("day-summary", "summary", f"Recovery of {DAY}", "Key figures", "4 sent")
    chart = page.locator("img[alt^='Open amount by lateness']")
    chart.wait_for()
    assert chart.evaluate("picture => picture.complete && picture.naturalWidth") > 500, "the chart is drawn"
    morning.artifact("aged-balance", "aged-balance", "Total EUR", "C3 Ferronnerie Lenoir")
    for secret in (PERSON, POISON):
        assert secret not in page.content()

    a_promise_is_recorded(morning)
    two_notices_are_approved(morning)
    a_week_is_decided_again(morning)
    see_the_operator_told(served, mailbox)


def a_promise_is_recorded(morning: Morning) -> None:
    morning.form("record-promise", "The amount promised", "Select date")
    morning.fill("C3", "5600.00", "owner", DAY.isoformat())
    morning.page.get_by_text("Select date").first.click()
    morning.page.get_by_role("button", name="Today").click()
    morning.page.get_by_role("button", name="Apply").click()
    promised = morning.submit("record-promise")
    assert promised["state"]["name"] == "Completed", promised["state"]["message"]
    morning.artifact("act-recorded", "promise", "Promise", "To undo")


def two_notices_are_approved(morning: Morning) -> None:
    morning.artifact("waiting-for-you", "waiting-for-you", "C7 Chocolaterie Aubert", "C8 Transports Delmas")
    ids = [cell for cell in morning.page.locator("td").all_inner_texts() if re.fullmatch("[0-9A-Z]{26}", cell)]
    assert len(ids) == 2, "two formal notices wait"
    morning.form("approve-notices", "Add item", "Your operator code")
    for _ in ids:
        morning.page.get_by_text("Add item").click()
    morning.fill(*ids, "owner", DAY.isoformat())
    approved = morning.submit("approve-notices")
    assert (approved["state"]["name"], approved["state"]["message"]) == ("Completed", "2 messages approved.")
    morning.artifact("act-recorded", "approved", "Messages approved", ids[0], "To undo")
    sent = morning.served.run("drain-outbox", on=DAY.isoformat())
    assert "2 letters to post" in sent["state"]["message"], sent["state"]["message"]


def a_week_is_decided_again(morning: Morning) -> None:
    morning.form("backfill", "The first day", start="2026-11-16", end=DAY.isoformat(), knowledge="now")
    done = morning.submit("backfill")
    assert done["state"]["name"] == "Completed", done["state"]["message"]
    assert "5 working days" in done["state"]["message"]
    morning.artifact("backfill-days", "backfill", "2026-11-16", "2026-11-20")


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
