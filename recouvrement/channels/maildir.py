"""A Maildir: what arrives is written whole under `tmp/`, then renamed into `new/`, with its exact bytes."""

import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path


def deliver(folder: Path, message: bytes) -> Path:
    """Store the bytes of one message and return its file; a reader never sees half of it (maildir(5))."""
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(10)}.{os.getpid()}.recouvrement"
    draft = folder / "tmp" / name
    draft.write_bytes(message)
    return draft.rename(folder / "new" / name)


def messages(folder: Path) -> Iterator[tuple[str, bytes, datetime]]:
    """The messages of a Maildir, read or not, by name: unique name without flags, bytes, time the file was written.

    Nothing is moved or flagged. A message that another reader moves away meanwhile is taken at its new place, or left.
    """
    found = {path.name.partition(":")[0]: path for part in ("new", "cur") for path in _files(folder / part)}
    for name in sorted(found):
        stored = _read(found[name]) or _read(_moved(folder, name))
        if stored is not None:
            yield name, *stored


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []


def _moved(folder: Path, name: str) -> Path | None:
    return next((path for path in _files(folder / "cur") if path.name.partition(":")[0] == name), None)


def _read(path: Path | None) -> tuple[bytes, datetime] | None:
    try:
        return (path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)) if path is not None else None
    except FileNotFoundError:
        return None
