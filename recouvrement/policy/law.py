"""French law as one frozen object, read from data/law and validated as a whole."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from recouvrement.domain.due_dates import TermRule
from recouvrement.domain.limitation import LimitationLaw
from recouvrement.domain.penalty_law import PenaltyLaw
from recouvrement.domain.routes import RouteTable
from recouvrement.domain.time_limits import LimitRule
from recouvrement.domain.wording import WordingRules
from recouvrement.policy.law_clocks import load_limitation, load_term_rules, load_time_limits
from recouvrement.policy.law_rates import load_penalty_law
from recouvrement.policy.law_routes import load_routes
from recouvrement.policy.law_wording import load_wording

DEFAULT_DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """All that the software knows of law; `sha256` identifies the files it was read from."""

    penalties: PenaltyLaw
    terms: Mapping[str, TermRule]
    limitation: LimitationLaw
    time_limits: tuple[LimitRule, ...]
    routes: RouteTable
    wording: WordingRules
    sha256: str


def load_law(data: Path = DEFAULT_DATA) -> Law:
    """Read `data`/law; raise LawDataError listing every figure that lacks article, dates, source or confidence."""
    folder = data / "law"
    return Law(
        penalties=load_penalty_law(folder),
        terms=load_term_rules(folder),
        limitation=load_limitation(folder),
        time_limits=load_time_limits(folder),
        routes=load_routes(folder),
        wording=load_wording(folder),
        sha256=law_sha256(folder),
    )


def law_sha256(folder: Path) -> str:
    """One hash over the TOML files of a folder: names and bytes, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
