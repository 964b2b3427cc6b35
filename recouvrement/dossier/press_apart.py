"""The press apart, as its callers see it: one waiting process per thread, started when first needed and again if it dies."""

import os
import selectors
import signal
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path

from recouvrement.typesetting import FONTS

CHILD = Path(__file__).with_name("press_child.py")
TIME_LIMIT = 300


class UnshownError(Exception):
    """The reading copy could not be typeset with these files."""


class _Press:
    """A waiting process and the pipe to it; it ends with its input, so it never outlives us."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), str(FONTS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, start_new_session=True,
        )  # fmt: skip
        weakref.finalize(self, _end, self.process)

    def does(self, folder: Path, timestamp: int) -> bool:
        """Typeset one folder; False when that could not be done, whatever became of the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(f"{timestamp} {folder}\n".encode())
            with selectors.DefaultSelector() as waiting:
                waiting.register(self.process.stdout, selectors.EVENT_READ)
                answered = bool(waiting.select(TIME_LIMIT))
            told = os.read(self.process.stdout.fileno(), 64) if answered else b""
        except OSError:
            told = b""
        if not told:
            _end(self.process)
        return told == b"done\n"

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked again."""
        return self.process.poll() is None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process with whatever it forked, and take its remains away."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)


_presses = threading.local()


def press_apart(folder: Path, timestamp: int) -> bytes:
    """The PDF that `main.typ` of a folder makes with its `input.json`; UnshownError when Typst refuses, dies or hangs."""
    press: _Press | None = _presses.__dict__.get("press")
    if press is None or not press.is_alive or _presses.__dict__.get("owner") != os.getpid():
        press = _Press()
        _presses.press, _presses.owner = press, os.getpid()
    if not press.does(folder, timestamp):
        raise UnshownError
    return (folder / "out.pdf").read_bytes()
