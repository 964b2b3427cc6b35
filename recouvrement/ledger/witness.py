"""The restore witness: sent numbers written a second time, outside the backup set, before anything leaves."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TAKEN_BACK: Final = "taken-back"


@dataclass(slots=True)
class _Read:
    """How far into the file this process has read, and the highest number it saw."""

    offset: int = 0
    highest: int = 0


@dataclass(frozen=True, slots=True)
class Witness:
    """The file of one ledger: a line `<send number> <message id>` per attempt, flushed to disk."""

    file: Path
    _read: _Read = field(default_factory=_Read, compare=False, repr=False)

    def record(self, send_number: int, message_id: str) -> None:
        """Append an attempt and wait until the disk has it."""
        self._append(f"{send_number} {message_id}")

    def take_back(self, send_number: int, message_id: str) -> None:
        """Append that an attempt is known to have left nothing behind: the relay refused it, or no letter was printed."""
        self._append(f"{send_number} {message_id} {TAKEN_BACK}")

    def _append(self, line: str) -> None:
        """Add a line; one that a power cut left half written is ended first."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("ab+", buffering=0) as out:
            octets = f"{line}\n".encode("ascii")
            size = out.seek(0, os.SEEK_END)
            if size and os.pread(out.fileno(), 1, size - 1) != b"\n":
                octets = b"\n" + octets
            out.write(octets)
            os.fsync(out.fileno())

    def attempts(self) -> dict[str, int]:
        """Every message id that this witness saw leave, with its last send number; half-written lines are ignored.

        An attempt that was taken back did not leave.
        """
        if not self.file.exists():
            return {}
        seen: dict[str, int] = {}
        for line in self.file.read_text("ascii", errors="replace").splitlines():
            number, _, told = line.partition(" ")
            message_id, _, end = told.partition(" ")
            if not number.isdigit() or not message_id:
                continue
            if end == TAKEN_BACK and seen.get(message_id) == int(number):
                del seen[message_id]
            elif not end:
                seen[message_id] = max(int(number), seen.get(message_id, 0))
        return seen

    def last(self) -> int:
        """The highest send number seen, 0 when none; only what was added since the last call is read."""
        try:
            with self.file.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self._read.offset:  # another file took its place
                    self._read.offset = self._read.highest = 0
                file.seek(self._read.offset)
                new = file.read()
        except FileNotFoundError:
            return 0
        whole = new[: new.rfind(b"\n") + 1]
        self._read.offset += len(whole)
        numbers = (line.partition(b" ")[0] for line in whole.split(b"\n"))
        self._read.highest = max([self._read.highest, *(int(number) for number in numbers if number.isdigit())])
        return self._read.highest


def witness_of(folder: Path, ledger_id: str) -> Witness:
    """The witness of a ledger in its folder."""
    return Witness(folder / f"{ledger_id}.witness")
