"""Scans that a clerk drops into a folder, named after the registered number they belong to."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from recouvrement.channels.postal import ProofKind

NAME: Final = re.compile(r"(?P<number>\d[A-Z]\d{11})(?P<deposit>-DEPOT)?\.PDF")
MAX_OCTETS: Final = 20_000_000


class ScanProblem(StrEnum):
    """Why a scan was left where it is."""

    NAME_UNREADABLE = "name_unreadable"
    NUMBER_UNKNOWN = "number_unknown"
    NOT_A_PDF = "not_a_pdf"
    TOO_BIG = "too_big"


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that belongs to a letter of ours: an acknowledgement, or with `-depot` in its name the deposit proof."""

    key: str
    number: str
    kind: ProofKind
    sha256: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefusedScan:
    """A file that was left, and why."""

    file: str
    problem: ScanProblem


def read_scans(folder: Path, known: Mapping[str, str]) -> tuple[tuple[Scan, ...], tuple[RefusedScan, ...]]:
    """The files of a folder as (attached, refused); `known` maps registered numbers to our keys.

    `1E00232062142.pdf` is the acknowledgement, `1E00232062142-depot.pdf` the proof of deposit; case and spaces in the
    name do not matter. Files stay where they are; the same scan read twice has the same `sha256`.
    """
    paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    found = [_scan(path, known) for path in paths]
    attached = tuple(value for value in found if isinstance(value, Scan))
    return attached, tuple(value for value in found if isinstance(value, RefusedScan))


def _scan(path: Path, known: Mapping[str, str]) -> Scan | RefusedScan:
    match = NAME.fullmatch(re.sub(r"\s+", "", path.name).upper())
    if match is None:
        return RefusedScan(path.name, ScanProblem.NAME_UNREADABLE)
    number = match["number"]
    if number not in known:
        return RefusedScan(path.name, ScanProblem.NUMBER_UNKNOWN)
    if path.stat().st_size > MAX_OCTETS:
        return RefusedScan(path.name, ScanProblem.TOO_BIG)
    octets = path.read_bytes()
    if b"%PDF-" not in octets[:1024] or b"%%EOF" not in octets[-2048:]:
        return RefusedScan(path.name, ScanProblem.NOT_A_PDF)  # or a scanner is still writing it
    kind = ProofKind.DEPOSIT if match["deposit"] else ProofKind.ACKNOWLEDGEMENT
    return Scan(known[number], number, kind, hashlib.sha256(octets).hexdigest(), octets)
