"""Proposes a mapping for a table that none recognises: headings by likeness, columns by what their values are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from recouvrement.intake import identifiers, sheets, values
from recouvrement.intake.detection import kind_of
from recouvrement.intake.fields import FIELDS, REQUIRED
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings, plain_heading
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.source import Source
from recouvrement.intake.tables import LONGEST_HEADING, SEPARATORS, fields_of, head_rows

LIKE_ENOUGH = 82
SAMPLE = 25
AMOUNT = re.compile(r"[(+-]?[\d   .,']*\d[\d   .,']*[)+-]?\s*(?:€|EUR)?$")
CLASSES = {
    "date": ("issue_on", "due_on", "booking_on", "value_on", "done_on", "on", "document_on", "published_on"),
    "amount": ("gross", "open", "amount", "debit", "credit", "paid"),
    "siren": ("siren", "customer_siren"),
    "iban": ("iban", "account", "counterparty_iban"),
    "email": ("email",),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A proposed mapping: the target, field → heading, what is missing, and the TOML to edit."""

    target: str
    columns: dict[str, str]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    toml: str


def guessed(name: str, source: Source, mappings: Mappings) -> Guess | None:
    """The best proposal for this CSV, Excel or ODS file, or None when its columns say nothing to us."""
    table = _table(source)
    if table is None:
        return None
    header, sample, separator = table
    proposals = [_columns(header, sample, target, mappings) for target in FIELDS]
    scored = [
        (_score(columns, target), -rank, target, columns)
        for rank, (target, columns) in enumerate(zip(FIELDS, proposals, strict=True))
    ]
    score, _, target, columns = max(scored, key=lambda one: one[:2])
    if score <= 0:
        return None
    missing = tuple(" or ".join(group) for group in REQUIRED[target] if not set(group) & set(columns))
    unused = tuple(heading for heading in header if heading and heading not in columns.values())
    return Guess(target, columns, missing, unused, _toml(name, target, columns, missing, unused, sample, separator))


def _table(source: Source) -> tuple[list[str], list[list[str]], str] | None:
    """Heading, sample rows and separator: the widest early row of words, and what follows it."""
    if kind_of(source) == "sheet":
        book = sheets.workbook(source)
        grids = [[sheets.header_texts(row) for row in cells[: SAMPLE + 30]] for _, cells in book if cells]
        found = [(*_heading(grid), "") for grid in grids]
    else:
        lines = head_rows(source, source.encoding)
        found = [
            (*_heading([fields_of(line[:LONGEST_HEADING], separator) for _, line in lines]), separator)
            for separator in SEPARATORS
        ]
    best = max(found, key=lambda one: len(one[0]), default=None)
    return best if best is not None and len(best[0]) > 1 else None


def _heading(grid: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    for place, row in enumerate(grid):
        words = [cell for cell in row if re.search(r"[^\W\d]", cell)]
        if len(row) > 1 and len(words) >= 0.6 * len(row) and len(row) == max(map(len, grid)):
            return [cell.strip() for cell in row], grid[place + 1 : place + 1 + SAMPLE]
    return [], []


def _columns(header: Sequence[str], sample: list[list[str]], target: str, mappings: Mappings) -> dict[str, str]:
    """Field → heading: known headings first, then the most alike, then by the class of the values."""
    known = {
        heading: name
        for entry in mappings.entries
        if entry.target == target
        for name, headings in entry.columns.items()
        for heading in headings
    } | {name.replace("_", " "): name for name in FIELDS[target]}
    found: dict[str, str] = {}
    for heading in header:
        if (name := known.get(plain_heading(heading))) is not None:
            found.setdefault(name, heading)
    for place, heading in enumerate(header):
        if heading in found.values() or len(plain_heading(heading)) < 3:
            continue
        likely = process.extractOne(
            plain_heading(heading), list(known), scorer=fuzz.token_sort_ratio, score_cutoff=LIKE_ENOUGH
        )
        if likely is not None and _plausible(known[likely[0]], [row[place] for row in sample if place < len(row)]):
            found.setdefault(known[likely[0]], heading)
    _by_values(header, sample, target, found)
    return found


def _plausible(name: str, cells: Sequence[str]) -> bool:
    """False when the values are of a class that the field cannot have."""
    expected = next((kind for kind in ("date", "amount") if name in CLASSES[kind]), "")
    return not expected or not any(map(str.strip, cells)) or class_of(cells) == expected


def _by_values(header: Sequence[str], sample: list[list[str]], target: str, found: dict[str, str]) -> None:
    for place, heading in enumerate(header):
        if heading in found.values():
            continue
        kind = class_of([row[place] for row in sample if place < len(row)])
        name = next((name for name in CLASSES.get(kind, ()) if name in FIELDS[target] and name not in found), None)
        needed = any(name in group for group in REQUIRED[target])
        if name and (needed or kind in {"siren", "iban", "email"}):
            found[name] = heading


def class_of(cells: Sequence[str]) -> str:
    """date, siren, iban, email, amount or text: what all the filled cells are.

    >>> class_of(["01/02/2026", ""]), class_of(["732829320"]), class_of(["1 234,50", "-3"]), class_of(["abc"])
    ('date', 'siren', 'amount', 'text')
    """
    filled = [cell.strip()[:60] for cell in cells if cell.strip()]
    checks = (("date", _is_day), ("siren", identifiers.siren), ("iban", identifiers.iban), ("email", identifiers.email))
    for kind, check in checks:
        if filled and all(check(cell) for cell in filled):
            return kind
    return "amount" if filled and all(AMOUNT.match(cell) for cell in filled) else "text"


def _is_day(text: str) -> bool:
    try:
        values.day(text)
    except ValueError:
        return False
    return not text.isdigit()


def _score(columns: dict[str, str], target: str) -> int:
    met = sum(bool(set(group) & set(columns)) for group in REQUIRED[target])
    return 0 if met == 0 else 10 * met - 6 * (len(REQUIRED[target]) - met) + len(columns)


def _toml(
    name: str,
    target: str,
    columns: dict[str, str],
    missing: tuple[str, ...],
    unused: tuple[str, ...],
    sample: list[list[str]],
    separator: str,
) -> str:
    """The proposal as a file to read through and save."""
    title = plain_heading(name.rpartition(".")[0] or name).replace(" ", "-") or "my-table"
    lines = [
        f"# Proposed from the columns of {_quoted(name)}; read it through before use.",
        f'name = "{title}"',
        f'target = "{target}"',
        'content = "increment" # or "snapshot": the whole list of open items, every time',
    ]
    if separator:
        lines.append(f"separator = {_quoted(separator)}")
    if decimal := decimal_of(sample):
        lines.append(f'decimal = "{decimal}"')
    lines += ["", "[columns]", *(f"{field} = {_quoted(heading)}" for field, heading in columns.items())]
    lines += [f"# missing: {one}" for one in missing]
    lines += [f"# not used: {_quoted(heading)}" for heading in unused]
    return "\n".join(lines) + "\n"


def decimal_of(sample: list[list[str]]) -> str:
    """The decimal mark that the cells leave no doubt about, or ''.

    >>> decimal_of([["12,50", "x"]]), decimal_of([["12.50"]]), decimal_of([["12", "1,234"]])
    (',', '.', '')
    """
    cells = [cell.strip()[:60] for row in sample for cell in row]
    commas = any(re.fullmatch(r"[-+]?[\d   .]*\d,\d{1,2}", cell) for cell in cells)
    points = any(re.fullmatch(r"[-+]?[\d ,]*\d\.\d{1,2}", cell) for cell in cells)
    return "," if commas and not points else "." if points and not commas else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return '"' + re.sub(r"[\x00-\x1f\x7f]", " ", escaped) + '"'


def guess_file(name: str, data: bytes, mappings: Mappings, *, limits: Limits | None = None) -> Guess | None:
    """The same from bytes; None also when the file is no table."""
    try:
        return guessed(name, Source(name, data, limits or Limits()), mappings)
    except FileRefusedError:
        return None
