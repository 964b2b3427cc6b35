"""Upgrades: one worker migrates, the others wait and find it done."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.migrate import upgrade, versions

UPGRADE = "import sys; from recouvrement.ledger.migrate import upgrade; upgrade(sys.argv[1])"


def upgraded_by(count: int, url: str) -> list[int]:
    """Exit codes of several processes that upgrade the same database at once."""
    started = [subprocess.Popen([sys.executable, "-c", UPGRADE, url]) for _ in range(count)]
    return [process.wait(120) for process in started]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_workers_upgrade_at_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    if kind == "postgresql":
        server = request.getfixturevalue("postgresql")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE upgraded_at_once"))
        url = server.replace("/postgres?", "/upgraded_at_once?")

    assert upgraded_by(3, url) == [0, 0, 0]

    engine = open_engine(url)
    current, newest = versions(engine)
    assert current == newest
    upgrade(url)
    engine.dispose()
