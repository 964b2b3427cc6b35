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
    for name in sorted({name for name, _ in times(folder)}):
        stored = read(folder, name)
        if stored is not None:
            yield name, *stored


def times(folder: Path) -> Iterator[tuple[str, datetime]]:
    """The names of the messages of a Maildir and when their files were written; nothing is opened."""
    for path in (path for part in ("new", "cur") for path in _files(folder / part)):
        try:
            yield path.name.partition(":")[0], datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            yield path.name.partition(":")[0], datetime.fromtimestamp(0, UTC)


def read(folder: Path, name: str, most: int = -1) -> tuple[bytes, datetime] | None:
    """The first `most` octets of a message (all when negative) and its time, wherever it was moved; None when it is gone."""
    return _read(folder / "new" / name, most) or _read(_moved(folder, name), most)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []


def _moved(folder: Path, name: str) -> Path | None:
    found = (path for part in ("cur", "new") for path in _files(folder / part))
    return next((path for path in found if path.name.partition(":")[0] == name), None)


def _read(path: Path | None, most: int) -> tuple[bytes, datetime] | None:
    try:
        if path is None or not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(most), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
