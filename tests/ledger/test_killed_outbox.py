"""Two workers killed again and again while they drain one outbox: nothing twice, nothing lost silently."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_again_and_again_no_second_copy_leaves(kind: str, request: pytest.FixtureRequest) -> None:
    """60 messages, 6 SIGKILLs, a relay that drops before and after it stores; the long one is `benchmarks/kill_outbox.py`."""
    address = "sqlite"
    if kind == "postgresql":
        address = request.getfixturevalue("fresh_postgresql")
    words = ["-m", "benchmarks.kill_outbox", "--messages", "60", "--kills", "6", "--database", address, "--seed", "3"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECOUVREMENT_")}

    done = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, env=environment, capture_output=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout.decode()[-1000:] + done.stderr.decode()[-1000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["violations"] == []
    assert told["kills"] == 6
    assert sum(told["states"].values()) == 60
    assert told["states"]["sent"] + told["unknown_stored"] == told["stored"]
