"""Who holds a claim: a process named so that another one can tell for certain that it is no more."""

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOST: Final = 24  # characters kept of a host's name; an owner stands in a column of 64


@dataclass(frozen=True, slots=True)
class _Owner:
    machine: str
    pid: int
    started: str  # in ticks since the machine booted, so that a number given again is another process


def new_owner() -> str:
    """A name for this worker: machine, process, start of the process, and chance."""
    pid = os.getpid()
    return f"{this_machine()}:{pid}:{_started(pid)}:{secrets.token_hex(4)}"


def this_machine() -> str:
    """Where process numbers mean what they mean here: host, and the name space of its processes (a container's own)."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        space = ""
    return f"{socket.gethostname().replace(':', '-')[:HOST]}/{space}"


def owner_is_dead(owner: str | None) -> bool:
    """Say whether an owner was a process of this machine that is no more; other machines are judged by their lease."""
    found = _read(owner)
    if found is None or found.machine != this_machine():
        return False
    try:
        os.kill(found.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return bool(found.started) and _started(found.pid) not in {found.started, ""}


def _read(owner: str | None) -> _Owner | None:
    parts = (owner or "").split(":")
    if len(parts) != 4 or not parts[1].isdigit():
        return None
    return _Owner(parts[0], int(parts[1]), parts[2])


def _started(pid: int) -> str:
    """When a process started, in ticks since boot; empty where the system does not say."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace")
    except OSError:
        return ""
    return told.rpartition(")")[2].split()[19]
