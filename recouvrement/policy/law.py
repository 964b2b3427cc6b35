"""French law as one frozen object, read from data/law and validated as a whole."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from recouvrement.domain.penalty_law import PenaltyLaw
from recouvrement.policy.law_rates import load_penalty_law

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """All that the software knows of law; `sha256` identifies the files it was read from."""

    penalties: PenaltyLaw
    sha256: str


def load_law(data: Path = DEFAULT_DATA) -> Law:
    """Read `data`/law; raise LawDataError listing every figure that lacks article, dates, source or confidence."""
    folder = data / "law"
    return Law(penalties=load_penalty_law(folder), sha256=law_sha256(folder))


def law_sha256(folder: Path) -> str:
    """One hash over the TOML files of a folder: names and bytes, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
