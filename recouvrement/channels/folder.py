"""A folder that appears whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path


class Disk:
    """The four file operations of a publication; a test replaces it to stop between any two."""

    def make_folder(self, folder: Path) -> None:
        """Create a folder and those above it."""
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, path: Path, octets: bytes) -> None:
        """Write a new file and wait until it is on disk."""
        with path.open("xb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder are on disk."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Give the folder its name; fails when a folder with content has it already."""
        old.rename(new)


def publish(folder: Path, files: Mapping[str, bytes], disk: Disk) -> bool:
    """Make `folder` appear with all `files` (name to bytes) at once; False when it was there before.

    Everything is written and synced under a hidden name beside it, then renamed: a process killed at any point leaves
    either nothing visible or the whole. What killed attempts left behind is removed by the one that succeeds.
    """
    if folder.is_dir():
        return False
    disk.make_folder(folder.parent)
    draft = folder.parent / f".{folder.name}.{secrets.token_hex(6)}.partial"
    disk.make_folder(draft)
    for name, octets in files.items():
        disk.write(draft / name, octets)
    disk.sync_folder(draft)
    try:
        disk.rename(draft, folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(draft, ignore_errors=True)
        return False  # another process published it meanwhile
    disk.sync_folder(folder.parent)
    for left in folder.parent.glob(f".{folder.name}.*.partial"):
        shutil.rmtree(left, ignore_errors=True)
    return True
