"""One outbox, two workers, no rate: they split it between them and each message leaves once."""

import json
import os
import subprocess
import sys

from tests.conftest import REPOSITORY


def test_two_workers_split_the_outbox_and_send_each_message_once(fresh_postgresql: str) -> None:
    """300 messages on PostgreSQL; `benchmarks/outbox.py` drains 5,000 there, and 10,000 of 85 kB on SQLite."""
    words = ["-m", "benchmarks.outbox", "--messages", "300", "--workers", "2", "--keep", "--database", fresh_postgresql]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECOUVREMENT_")}

    done = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=environment, capture_output=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout.decode()[-1000:] + done.stderr.decode()[-1000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["wrong"] == []
    assert sum(told["shares"]) == 300
    assert min(told["shares"]) > 0
