"""A benchmark run as a program of its own, as who publishes its figures runs it."""

import json
import os
import subprocess
import sys
from typing import Any

from tests.conftest import REPOSITORY


def found_by(module: str, *words: str) -> dict[str, Any]:
    """The object that `python -m benchmarks.MODULE` prints at its end, without the settings of whoever runs the tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECOUVREMENT_")}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *words],
        cwd=REPOSITORY, env=environment, capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode()[-1000:] + done.stderr.decode()[-1000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
