"""One outbox, two workers, no rate: they split it between them and each message leaves once."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_workers_split_the_outbox_and_send_each_message_once(kind: str, request: pytest.FixtureRequest) -> None:
    """300 messages; `benchmarks/outbox.py` drains 5,000 on PostgreSQL and 10,000 of 85 kB."""
    address = "sqlite" if kind == "sqlite" else request.getfixturevalue("fresh_postgresql")
    words = ["-m", "benchmarks.outbox", "--messages", "300", "--workers", "2", "--keep", "--database", address]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECOUVREMENT_")}

    done = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=environment, capture_output=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout.decode()[-1000:] + done.stderr.decode()[-1000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["wrong"] == []
    assert sum(told["shares"]) == 300
    assert min(told["shares"]) > 0
