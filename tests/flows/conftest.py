"""One temporary Prefect server for all flow tests, a small ledger for each, and eyes to read what Prefect kept."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Before Prefect reads its settings: nothing of the shell's own Prefect, and a home of ours.
for leaking in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH", "PREFECT_API_KEY"):
    os.environ.pop(leaking, None)
PREFECT_HOME = Path(tempfile.mkdtemp(prefix="prefect-test-"))
os.environ |= {
    "PREFECT_HOME": str(PREFECT_HOME), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180", "RECOUVREMENT_TURN_WAIT": "0",
}  # fmt: skip

from prefect.client.orchestration import get_client  # noqa: E402
from prefect.logging.handlers import APILogWorker  # noqa: E402
from prefect.settings import get_current_settings  # noqa: E402
from prefect.testing.utilities import prefect_test_harness  # noqa: E402

from recouvrement.channels.catcher import Catcher  # noqa: E402
from recouvrement.day.house import House  # noqa: E402
from recouvrement.settings import Settings  # noqa: E402
from tests.flows.small_ledger import make_ledger  # noqa: E402


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that needs the server runs on one worker of xdist, so that one server is started."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("prefect"))
            item.add_marker(pytest.mark.prefect)


class Server:
    """The server's own answers, and the bytes it wrote."""

    def ask(self, path: str, **body: Any) -> list[dict[str, Any]]:
        """POST a filter and return its rows."""
        with get_client(sync_client=True) as client:
            found: list[dict[str, Any]] = client.request("POST", path, json={"limit": 200, **body}).json()
        return found

    def artifacts(self) -> dict[str, str]:
        """The newest artifact of each key."""
        rows = self.ask("/artifacts/filter", sort="CREATED_DESC")
        return {row["key"]: str(row["data"]) for row in reversed(rows)}

    def files(self) -> list[Path]:
        """Every file in which Prefect may have kept something: its database with its log, its storage."""
        url = get_current_settings().server.database.connection_url
        assert url is not None
        database = Path(url.get_secret_value().partition(":///")[2])
        beside = [path for path in database.parent.iterdir() if path.is_file()]
        return beside + [path for path in PREFECT_HOME.rglob("*") if path.is_file()]

    def kept(self) -> bytes:
        """All of it, once the logs under way have arrived."""
        APILogWorker.drain_all(timeout=30)
        return b"\n".join(path.read_bytes() for path in self.files())


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The temporary server."""
    with prefect_test_harness(server_startup_timeout=None):
        yield Server()
    shutil.rmtree(PREFECT_HOME, ignore_errors=True)


MakeLedger = Callable[..., House]


@pytest.fixture
def ledger(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> MakeLedger:
    """Make the small ledger in a temporary home that the environment names: `ledger(taken=False)`."""

    def make(**options: Any) -> House:
        home = tmp_path / "home"
        monkeypatch.setenv("RECOUVREMENT_HOME", str(home))
        monkeypatch.setattr(
            "recouvrement.day.house.upgrade", lambda _url: shutil.copy(migrated, home / "recouvrement.db")
        )
        return make_ledger(Settings(), **options)

    return make


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A mail server on this machine that flows send to; yields the folder of what arrived."""
    with Catcher(tmp_path / "mail") as catcher:
        monkeypatch.setenv("RECOUVREMENT_SMTP_PORT", str(catcher.port))
        yield tmp_path / "mail" / "new"


def count(house: House, table: str) -> int:
    """How many rows a table of the ledger holds."""
    with sqlite3.connect(house.settings.home / "recouvrement.db") as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
