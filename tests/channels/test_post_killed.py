"""A batch of letters killed between every two file operations and commits: each letter printed once, none forgotten."""

import json
import os
import subprocess
import sys

from tests.conftest import REPOSITORY


def test_killed_at_every_step_each_letter_is_printed_once() -> None:
    """Two letters on SQLite, a death at each of their steps; `benchmarks/kill_letters.py` has more, and PostgreSQL."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECOUVREMENT_")}

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill_letters", "--letters", "2"],
        cwd=REPOSITORY, env=environment, capture_output=True, check=False, timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout.decode()[-1000:] + done.stderr.decode()[-1000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["deaths"] >= 20
    assert told["states"] == {"sent": 2 * (told["deaths"] + 1)}
