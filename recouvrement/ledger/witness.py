"""The restore witness: sent numbers written a second time, outside the backup set, before anything leaves."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Witness:
    """The file of one ledger: a line `<send number> <message id>` per attempt, flushed to disk."""

    file: Path

    def record(self, send_number: int, message_id: str) -> None:
        """Append an attempt and wait until the disk has it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="ascii") as out:
            out.write(f"{send_number} {message_id}\n")
            out.flush()
            os.fsync(out.fileno())

    def attempts(self) -> dict[str, int]:
        """Every message id that this witness saw leave, with its last send number; half-written lines are ignored."""
        if not self.file.exists():
            return {}
        seen: dict[str, int] = {}
        for line in self.file.read_text("ascii", errors="replace").splitlines():
            number, _, message_id = line.partition(" ")
            if number.isdigit() and message_id:
                seen[message_id] = int(number)
        return seen

    def last(self) -> int:
        """The highest send number seen, 0 when none."""
        return max(self.attempts().values(), default=0)


def witness_of(folder: Path, ledger_id: str) -> Witness:
    """The witness of a ledger in its folder."""
    return Witness(folder / f"{ledger_id}.witness")
