"""Processes that a benchmark starts: forked workers with a pipe to their parent, and servers that print their port."""

import os
import subprocess
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Child:
    """A forked process, and the end of the pipe on which it tells something."""

    process: int
    told: int


def forked(work: Callable[[int], object]) -> Child:
    """Fork a child that does its work with the end of a pipe to write to, and ends: with 1 when the work raised."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return Child(process, reading)
    try:
        work(writing)
        os._exit(0)
    except BaseException:  # noqa: BLE001 (the child must end here, whatever it met)
        traceback.print_exc()
        os._exit(1)


@contextmanager
def served(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server as a process, ended at the end; yields the port that it prints first."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
