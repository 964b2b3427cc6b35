"""Mutates good files of every format and checks what every reading must keep; `python benchmarks/fuzz_intake.py 20000`.

Each mutant must end in a verdict, within the time limit, without the reader giving up; tables keep every row as read or set
aside; a file whose money changed and whose format has balances is rejected or held.
"""

import io
import random
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recouvrement.domain.records import FileReading
from recouvrement.intake import tabular
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import read
from recouvrement.intake.source import Source
from tests.intake import samples

SECONDS = 5.0
ROWS = ("customers", "invoices", "bank_csv", "history", "lifecycle", "documents")
CHECKED = ("camt.053", "cfonb120")
Mutation = Callable[[bytes, random.Random], bytes]


class BrokenPromiseError(AssertionError):
    """A mutant that a reader did not bear."""


def flipped(data: bytes, chance: random.Random) -> bytes:
    """A few bits turned over."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end lost."""
    return data[: chance.randrange(len(data))]


def without(data: bytes, chance: random.Random) -> bytes:
    """A piece lost from the middle."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randint(1, 200) :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """A piece repeated."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.randint(1, 200)]
    return data[:start] + piece * chance.randint(1, 5) + data[start:]


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two fields, lines or attributes exchanged."""
    mark = chance.choice([b";", b",", b"\n", b"\t", b"<", b">", b":", b" ", b'"'])
    parts = data.split(mark)
    first, second = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[first], parts[second] = parts[second], parts[first]
    return mark.join(parts)


def digit(data: bytes, chance: random.Random) -> bytes:
    """One digit changed: the mutant that hurts most."""
    places = [place for place, byte in enumerate(data) if 48 <= byte <= 57]
    if not places:
        return data
    place = chance.choice(places)
    other = chance.choice([byte for byte in range(48, 58) if byte != data[place]])
    return data[:place] + bytes([other]) + data[place + 1 :]


def stuffed(data: bytes, chance: random.Random) -> bytes:
    """Strange bytes put in."""
    strange = [
        b"\0",
        b"\xff\xfe",
        b'"',
        b"'",
        b"<!DOCTYPE x>",
        b"&#0;",
        b"\r",
        b"\x1a",
        b"\xc3\x28",
        b"9" * 400,
        b"-",
        b"]]>",
    ]
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.choice(strange) + data[start:]


def emptied(data: bytes, chance: random.Random) -> bytes:
    """A piece blanked."""
    start = chance.randrange(len(data))
    length = chance.randint(1, 60)
    return data[:start] + b" " * length + data[start + length :]


MUTATIONS: tuple[Mutation, ...] = (flipped, cut, without, doubled, swapped, digit, stuffed, emptied)


def check(name: str, original: FileReading, mutant: bytes, mappings: Mappings) -> str:
    """The verdict of a mutant; BrokenPromiseError when it breaks a promise."""
    started = time.perf_counter()
    found = read(name, mutant, mappings)
    spent = time.perf_counter() - started
    if spent > SECONDS:
        raise BrokenPromiseError(f"{spent:.1f} s")
    gave_up = [problem.message for problem in found.problems if "gave up" in problem.message]
    if gave_up:
        raise BrokenPromiseError(gave_up[0])
    if found.verdict == "rejected" and (found.records or found.invoices or found.statements or not found.problems):
        raise BrokenPromiseError("a rejected file hands over records, or says nothing")
    if not all(problem.remedy and problem.message for problem in found.problems):
        raise BrokenPromiseError("a problem without message or remedy")
    _money(original, found)
    _rows(name, found, mutant, mappings)
    return f"{found.kind} {found.verdict}"


def _money(original: FileReading, found: FileReading) -> None:
    """Statements that were let in add up."""
    if found.verdict == "rejected" or found.held or found.kind not in CHECKED or original.kind != found.kind:
        return
    for statement in found.statements:
        if statement.opening_cents is None or statement.closing_cents is None:
            continue
        moved = sum(line.amount_cents for line in statement.lines)
        if abs(statement.opening_cents + moved) != abs(statement.closing_cents):
            raise BrokenPromiseError("a statement was let in that does not add up")
        if len(statement.lines) != statement.line_count:
            raise BrokenPromiseError("lines were lost on the way")


def _rows(name: str, found: FileReading, mutant: bytes, mappings: Mappings) -> None:
    """Every row of a table that was let in was read, set aside, or left out with a note."""
    if found.verdict == "rejected" or found.kind not in ROWS or b'"' in mutant or name.endswith((".xlsx", ".ods")):
        return
    source = Source(name, mutant)
    layout = tabular.text_layout(source, mappings)
    if layout is None:
        raise BrokenPromiseError("a table was read without a layout")
    lines = re.split(r"\r\n|\r|\n", mutant.decode(source.encoding, "replace"))[layout.header_line :]
    present = sum(any(cell.strip() for cell in line.split(layout.separator)) for line in lines)
    noted = sum(problem.reason == "not_booked" for problem in found.problems)
    if found.records + found.set_aside + noted != present:
        raise BrokenPromiseError(f"{present} rows, {found.records} read, {found.set_aside} set aside")


def _sheet_of(content: bytes) -> bytes:
    """A workbook whose sheet is these bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good.namelist():
            archive.writestr(name, content if name == SHEET else good.read(name))
    return out.getvalue()


# Mutants of what lies inside a container, whose own checksums would hide them from the readers.
WORKBOOK = samples.every_format()["invoices.xlsx"]
SHEET = "xl/worksheets/sheet1.xml"
INNER = {
    "inside.pdf": samples.cii(),
    "inside.xlsx": zipfile.ZipFile(io.BytesIO(WORKBOOK)).read(SHEET),
}
WRAPS: dict[str, Callable[[bytes], bytes]] = {"inside.pdf": samples.facturx, "inside.xlsx": _sheet_of}


def mutant_of(data: bytes, seed: str) -> bytes:
    """The mutant that this seed names."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(MUTATIONS)(data, chance) if data else data
    return data


def fuzz(count: int, seed: int = 1, only: str = "") -> Counter[str]:
    """`count` mutants over all formats in turn; the verdicts counted. Raises BrokenPromiseError naming all that broke."""
    mappings = Mappings.shipped()
    files = {name: data for name, data in (samples.every_format() | INNER).items() if only in name}
    originals = {name: read(name, WRAPS.get(name, bytes)(data), mappings) for name, data in files.items()}
    names = list(files)
    verdicts: Counter[str] = Counter()
    broken: list[str] = []
    for number in range(count):
        name = names[number % len(names)]
        try:
            mutant = WRAPS.get(name, bytes)(mutant_of(files[name], f"{seed}-{number}"))
            verdicts[check(name, originals[name], mutant, mappings)] += 1
        except BrokenPromiseError as error:
            broken.append(f"mutant {seed}-{number} of {name}: {error}")
    if broken:
        raise BrokenPromiseError(f"{len(broken)} of {count}: " + "\n".join(broken[:20]))
    return verdicts


def main() -> None:
    """Run and print the verdicts."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    started = time.perf_counter()
    found = fuzz(count, only=sys.argv[2] if len(sys.argv) > 2 else "")
    for verdict, times in sorted(found.items()):
        print(f"{times:7d}  {verdict}")
    print(f"{count} mutants, no crash, no hang, no money invented, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
