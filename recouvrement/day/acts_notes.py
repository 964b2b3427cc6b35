"""Free text comes in here and nowhere else: notes from the terminal or from the folder `inbox/notes`, named by id after."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recouvrement.day.acts_base import Done, debtor_named, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.ledger.book import Act
from recouvrement.ledger.notes import write_note

LONGEST_NOTE = 100_000
TEXTS = frozenset({".txt", ".md"})


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """A file of the folder and what became of it: the id of its note, or a refusal."""

    file: str
    done: Done


def notes_folder(house: House) -> Path:
    """Where a person puts texts and papers that a form is to use."""
    return house.inbox / "notes"


def record_note(house: House, data: bytes, *, operator: str, debtor: str = "") -> Done:
    """Keep a text (UTF-8), about a debtor when its code is given; the same text about the same one is the same note."""

    def write(act: Act) -> str:
        refuse_when(len(data) > LONGEST_NOTE, "too_long")
        refuse_when(not _is_text(data), "not_text")
        refuse_when(not data.strip(), "empty_note")
        return write_note(act, data, debtor_id=debtor_named(act, house, debtor) if debtor else None)

    return perform(house, "note", operator, write)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def take_notes(house: House, *, operator: str) -> list[NoteTaken]:
    """Take every text of `inbox/notes` as a note; the files stay, and taking them again gives the same ids."""
    return [NoteTaken(path.name, record_note(house, _read(path), operator=operator)) for path in _texts(house)]


def _texts(house: House) -> Iterator[Path]:
    folder = notes_folder(house)
    if folder.is_dir():
        yield from sorted(p for p in folder.iterdir() if p.suffix.lower() in TEXTS and p.is_file())


def _read(path: Path) -> bytes:
    """The bytes of a file, no more of them than it takes to see that it is too long."""
    with path.open("rb") as file:
        return file.read(LONGEST_NOTE + 1)


def paper_named(house: House, name: str) -> Path | None:
    """The file of that name in `inbox/notes`, or None; a name that leads out of the folder is no name."""
    path = notes_folder(house) / name
    return path if Path(name).name == name and name not in {"", ".", ".."} and path.is_file() else None
