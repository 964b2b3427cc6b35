"""`make serve` from start to stop, and what the operator sees in the browser, as pictures."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.serve import environment
from recouvrement.channels.maildir import messages
from tests.flows.conftest import MakeLedger
from tests.flows.served import Served, serve_again, serving
from tests.flows.small_ledger import DAY, PERSON, POISON

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
pytestmark = pytest.mark.browser


@pytest.fixture
def served(ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch, mailbox: Path) -> Iterator[Served]:
    """The small ledger, served; the shell's own Prefect points elsewhere, as a stranger's may."""
    house = ledger()
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


def test_the_operators_morning(served: Served, page: Any, tmp_path: Path, mailbox: Path) -> None:
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
    see_the_operator_told(served, mailbox)
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
