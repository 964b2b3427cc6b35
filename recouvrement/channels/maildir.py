"""A Maildir: what arrives is written whole under `tmp/`, then renamed into `new/`, with its exact bytes."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def deliver(folder: Path, message: bytes) -> Path:
    """Store the bytes of one message and return its file; a reader never sees half of it (maildir(5))."""
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(10)}.{os.getpid()}.recouvrement"
    draft = folder / "tmp" / name
    draft.write_bytes(message)
    return draft.rename(folder / "new" / name)


def messages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The messages of a Maildir, read or not, as (unique name without flags, bytes), in the order of their names.

    Nothing is moved or flagged. A message that another reader moves away meanwhile is taken at its new place, or left.
    """
    found = {path.name.partition(":")[0]: path for part in ("new", "cur") for path in _files(folder / part)}
    for name in sorted(found):
        octets = _read(found[name], folder, name)
        if octets is not None:
            yield name, octets


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []


def _read(path: Path, folder: Path, name: str) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        moved = next((p for p in _files(folder / "cur") if p.name.partition(":")[0] == name), None)
        return moved.read_bytes() if moved is not None else None
