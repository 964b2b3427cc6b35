"""The print-and-post batch: one folder that a clerk prints, posts, and whose slip comes back filled in."""

import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from recouvrement.channels.folder import Disk, publish
from recouvrement.channels.postal import ADDRESS_LINES, LetterProblem, PostalLetter, address_problem
from recouvrement.channels.sheets import written

MERGED: Final = "a-imprimer.pdf"
SLIP: Final = "bordereau-depot.csv"
MANIFEST: Final = "lot.json"
SUMS: Final = "SHA256SUMS"
COLUMNS: Final = (
    *("lot", "rang", "cle", "dossier", "nature"),
    *(f"l{number}" for number in range(1, ADDRESS_LINES + 1)),
    *("pages", "sha256", "numero_recommande", "date_depot", "resultat", "date_resultat"),
)
LOT: Final = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter of a batch, in print order from rank 1; `sha256` of the PDF in hexadecimal."""

    rank: int
    key: str
    case: str
    file: str
    pages: int
    sha256: str
    registered: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as published: its folder, the day it is printed, its letters."""

    folder: Path = field(compare=False)
    printed_on: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_batch` did: the batch (`fresh` when this call published it) and the letters set aside, by key."""

    batch: Batch
    fresh: bool
    set_aside: tuple[tuple[str, LetterProblem], ...]


@dataclass(frozen=True, slots=True)
class OtherLetters:
    """A batch of that name exists with other letters; nothing was written."""

    batch: Batch


@dataclass(frozen=True, slots=True)
class _Sheets:
    entry: Entry
    letter: PostalLetter
    reader: PdfReader


def write_batch(
    out: Path,
    lot: str,
    printed_on: date,
    letters: Sequence[PostalLetter],
    *,
    both_sides: bool = False,
    disk: Disk | None = None,
) -> Written | OtherLetters | None:
    """Publish `out/AAAA-MM-JJ-lot/`: `NNN_case.pdf` in print order, all merged, the slip to fill in, SHA256SUMS.

    `lot` names the batch (letters, digits, hyphens) and makes the call idempotent: again with the same letters it
    changes nothing, with others it says so. A letter that cannot be posted is set aside and the rest goes; None when
    nothing is left. With `both_sides`, each letter begins on a new sheet. SHA256SUMS leaves out the slip, which is
    there to be filled in. Letters are not to be marked as posted before the slip comes back (`deposit_slip`).
    """
    if not LOT.fullmatch(lot):
        raise ValueError("the name of a batch is made of letters, digits and hyphens")
    sheets, aside = _prepared(letters)
    if not sheets:
        return None
    folder = out / f"{printed_on.isoformat()}-{lot}"
    batch = Batch(folder, printed_on, tuple(sheet.entry for sheet in sheets))
    fresh = publish(folder, _files(batch, sheets, both_sides=both_sides), disk or Disk())
    existing = read_batch(folder)
    return Written(existing, fresh, aside) if existing == batch else OtherLetters(existing)


def read_batch(folder: Path) -> Batch:
    """The batch published in a folder; OSError, ValueError or KeyError when there is none."""
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    entries = tuple(Entry(**row) for row in told["letters"])
    return Batch(folder, date.fromisoformat(told["printed_on"]), entries)


def _prepared(letters: Sequence[PostalLetter]) -> tuple[list[_Sheets], tuple[tuple[str, LetterProblem], ...]]:
    sheets: list[_Sheets] = []
    aside: list[tuple[str, LetterProblem]] = []
    keys = Counter(letter.key for letter in letters)
    for letter in letters:
        problem = LetterProblem.KEY_TWICE if keys[letter.key] > 1 else address_problem(letter.address)
        reader = problem or _readable(letter.pdf)
        if isinstance(reader, LetterProblem):
            aside.append((letter.key, reader))
        else:
            sheets.append(_Sheets(_entry(len(sheets) + 1, letter, len(reader.pages)), letter, reader))
    return sheets, tuple(aside)


def _readable(pdf: bytes) -> PdfReader | LetterProblem:
    try:
        reader = PdfReader(io.BytesIO(pdf))
        return reader if len(reader.pages) else LetterProblem.EMPTY_PDF
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):  # pypdf on damaged files
        return LetterProblem.UNREADABLE_PDF


def _entry(rank: int, letter: PostalLetter, pages: int) -> Entry:
    name = f"{rank:03d}_{re.sub(r'[^A-Za-z0-9-]+', '_', letter.case)[:40]}.pdf"
    digest = hashlib.sha256(letter.pdf).hexdigest()
    return Entry(rank, letter.key, letter.case, name, pages, digest, letter.registered)


def _files(batch: Batch, sheets: list[_Sheets], *, both_sides: bool) -> dict[str, bytes]:
    told = {"printed_on": batch.printed_on.isoformat(), "letters": [asdict(entry) for entry in batch.entries]}
    files = {sheet.entry.file: sheet.letter.pdf for sheet in sheets}
    files[MERGED] = _merged(sheets, both_sides=both_sides)
    files[MANIFEST] = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
    files[SUMS] = "".join(f"{hashlib.sha256(octets).hexdigest()}  {name}\n" for name, octets in files.items()).encode()
    files[SLIP] = written(COLUMNS, [_slip_row(batch.folder.name, sheet) for sheet in sheets])
    return files


def _merged(sheets: Iterable[_Sheets], *, both_sides: bool) -> bytes:
    writer = PdfWriter()
    for sheet in sheets:
        writer.append(sheet.reader, outline_item=f"{sheet.entry.rank:03d} {sheet.entry.case}")
        if both_sides and sheet.entry.pages % 2:
            writer.add_blank_page()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _slip_row(lot: str, sheet: _Sheets) -> list[str]:
    entry, address = sheet.entry, sheet.letter.address
    lines = [*address, *[""] * (ADDRESS_LINES - len(address))]
    nature = "recommande" if entry.registered else "simple"
    return [lot, str(entry.rank), entry.key, entry.case, nature, *lines, str(entry.pages), entry.sha256, *[""] * 4]
