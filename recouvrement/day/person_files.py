"""A person in the files of the house: exact copies of erased bytes go with them, other files that name the person are told."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from recouvrement.day.house import House
from recouvrement.ledger.facts import find_debtor
from recouvrement.ledger.person import rows_about

LEAST = 5  # characters: a shorter word names half the world
LARGEST = 100_000_000  # bytes of a file that is looked into


def words_of(house: House, code: str) -> tuple[str, ...]:
    """What names a debtor in a file: names, e-mail, telephone, street, SIREN, payer names and accounts; empty when unknown."""
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, house.creditor(), code)
        found = rows_about(connection, debtor_id) if debtor_id else {}
    words = [row["value"] for row in found.get("payer_identity", [])]
    for row in found.get("debtor_version", []):
        words += [row[name] for name in ("name", "email", "phone", "siren")] + row["address"].split("\n")[:1]
    return tuple(dict.fromkeys(word for word in words if word and len(word) >= LEAST))


def files_naming(house: House, words: tuple[str, ...]) -> list[str]:
    """Files of this home, the database apart, in which one of the words stands as text; paths relative to the home."""
    wanted = [word.encode(charset, "ignore") for word in words for charset in ("utf-8", "cp1252")]
    found = [path for path, data in _files(house.settings.home) if any(word in data for word in wanted)]
    return [str(path.relative_to(house.settings.home)) for path in found]


def remove_copies(house: House, names: frozenset[str]) -> None:
    """Delete the files of `inbox` and `out` whose bytes are among those erased (names are their SHA-256)."""
    for folder in (house.inbox, house.settings.home / "out"):
        for path, data in _files(folder):
            if sha256(data).hexdigest() in names:
                path.unlink()


def remove_dossiers(house: House, cases: list[str]) -> None:
    """Delete what was written to disk of the dossiers of some cases, by code; a code is no pattern."""
    folder = house.settings.home / "out" / "dossiers"
    own = [re.compile(rf"{re.escape(code)}-v\d+(\.zip|-[a-z0-9_]+\.pdf)") for code in cases]
    for path in folder.glob("*"):
        if any(one.fullmatch(path.name) for one in own):
            path.unlink()


def _files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        small = path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST
        if small and not path.name.startswith("recouvrement.db"):
            yield path, path.read_bytes()
