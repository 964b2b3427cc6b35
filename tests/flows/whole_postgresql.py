"""A PostgreSQL with its extensions (Prefect asks for pg_trgm, which the wheel lacks): Debian's own, started for a test."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=200")


def binaries() -> Path | None:
    """The folder of the newest server that Debian installed, with pg_trgm; None when there is none."""
    found = [
        folder
        for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        if (folder / "initdb").exists()
        and (Path("/usr/share/postgresql") / folder.parent.name / "extension" / "pg_trgm.control").exists()
    ]
    return found[0] if found else None


def _as_its_user() -> list[str]:
    """The server refuses root: as root it runs as `postgres`, which Debian's package makes."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@contextmanager
def whole_postgresql() -> Iterator[str]:
    """Start a server on a socket of its own; yields `//user@/%s?host=socket` to put a scheme and a database name in."""
    folder = binaries()
    if folder is None:
        pytest.skip("there is no PostgreSQL server with pg_trgm (Debian: apt install postgresql)")
    place = Path(tempfile.mkdtemp(prefix="rpg-", dir="/tmp"))
    place.chmod(0o777)
    data, user = place / "data", "postgres" if os.geteuid() == 0 else getpass.getuser()
    become = _as_its_user()
    run = {"check": True, "cwd": place, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*become, folder / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8"], **run)  # type: ignore[call-overload]
    options = " ".join(f"-c {one}" for one in SETTINGS) + f" -k {place}"
    subprocess.run([*become, folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", place / "log", "start"], **run)  # type: ignore[call-overload]
    try:
        yield f"//{user}@/%s?host={place}"
    finally:
        subprocess.run([*become, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]
        shutil.rmtree(place, ignore_errors=True)
