"""What comes back from the post: filled slips of batches, scans named after registered numbers, and nothing twice."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from recouvrement.channels.deposit_slip import SlipBack, read_slip
from recouvrement.channels.post import MANIFEST, SLIP, read_batch
from recouvrement.channels.postal import Posted, ProofKind
from recouvrement.channels.scans import Scan, read_scans
from recouvrement.channels.sheets import Unreadable, read
from recouvrement.day.house import House
from recouvrement.day.posting import post_folder
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.ledger.documents import attach, document_known
from recouvrement.ledger.outbox import contact_row
from recouvrement.ledger.proofs import proofs_recorded, record_proof, registered_numbers

BATCH_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-[A-Za-z0-9-]{1,40}")
LARGEST_SLIP = 20_000_000  # octets
KINDS = {ProofKind.DEPOSIT: EvidenceKind.DEPOSIT_PROOF, ProofKind.ACKNOWLEDGEMENT: EvidenceKind.DELIVERY_PROOF}
TITLES = {ProofKind.DEPOSIT: "Preuve de dépôt", ProofKind.ACKNOWLEDGEMENT: "Avis de réception"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the post proved of a contact."""

    contact_id: str
    kind: str  # deposited | delivered | refused | unclaimed | undeliverable
    on: date
    number: str | None = None


@dataclass(slots=True)
class Proofs:
    """What was taken: new proofs by kind, scans attached, and what was refused as (file, line or None, reason)."""

    recorded: Counter[str] = field(default_factory=Counter)
    known: int = 0
    scans: int = 0
    pending: int = 0
    refused: list[tuple[str, int | None, str]] = field(default_factory=list)

    def add(self, other: "Proofs") -> None:
        """Count what another source told as well."""
        self.recorded.update(other.recorded)
        self.known += other.known
        self.scans += other.scans
        self.pending += other.pending
        self.refused += other.refused

    def as_json(self) -> dict[str, object]:
        """Counts and reasons; files are told by name, letters by nothing."""
        refused = [{"file": name, "line": line, "reason": reason} for name, line, reason in self.refused]
        return {
            "recorded": dict(sorted(self.recorded.items())), "known": self.known, "scans": self.scans,
            "pending": self.pending, "refused": refused,
        }  # fmt: skip


def proofs_folder(house: House) -> Path:
    """The drop folder of slips and scans."""
    return house.inbox / "proofs"


def take_proofs(house: House, path: Path, *, on: date, operator: str) -> Proofs:
    """Take a filled slip, a scan, the folder of a batch, or a folder of slips and scans; bad rows stop nothing.

    Files stay where they are; taking them again changes nothing.
    """
    told = Proofs()
    for slip in _slips(path):
        _take_slip(house, slip, told, on=on, operator=operator)
    folder = path if path.is_dir() else path.parent
    if not (folder / MANIFEST).exists() and folder.is_dir():
        _take_scans(house, folder, told, on=on, operator=operator, only=None if path.is_dir() else path.name)
    return told


def _slips(path: Path) -> list[Path]:
    if path.is_file():
        return [path] if path.suffix.lower() == ".csv" else []
    if (path / MANIFEST).exists():
        return [path / SLIP]
    return sorted(one for one in path.glob("*") if one.suffix.lower() == ".csv") if path.is_dir() else []


def _take_slip(house: House, slip: Path, told: Proofs, *, on: date, operator: str) -> None:
    if slip.stat().st_size > LARGEST_SLIP:
        told.refused.append((slip.name, None, "too_big"))
        return
    found = _read(house, slip.read_bytes(), on)
    if isinstance(found, str):
        told.refused.append((slip.name, None, found))
        return
    told.pending += len(found.pending)
    told.refused += [(slip.name, row.line, row.problem.value) for row in found.refused]
    record_facts(house, [fact for posted in found.taken for fact in _facts(posted)], told, operator=operator)


def _read(house: House, octets: bytes, on: date) -> SlipBack | str:
    """What a slip says of the one batch it names, or why it cannot be read."""
    rows = read(octets, ("lot", "cle"))
    if isinstance(rows, Unreadable):
        return "unreadable"
    lots = {row["lot"] for row in rows}
    if len(lots) != 1:
        return "several_batches" if lots else "empty"
    [lot] = lots
    if not BATCH_NAME.fullmatch(lot):
        return "unknown_batch"
    try:
        batch = read_batch(post_folder(house) / lot)
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown_batch"
    with house.ledger.reading() as connection:
        known = registered_numbers(connection)
    return read_slip(octets, batch, known, on)


def _facts(posted: Posted) -> list[Fact]:
    facts = [Fact(posted.key, "deposited", posted.deposited_on, posted.number)]
    if posted.outcome is not None and posted.outcome_on is not None:
        facts.append(Fact(posted.key, posted.outcome.value, posted.outcome_on, posted.number))
    return facts


def record_facts(house: House, facts: Iterable[Fact], told: Proofs, *, operator: str) -> None:
    """Record what is new, in one act; with nothing new there is no act."""
    wanted = list(dict.fromkeys(facts))
    with house.ledger.reading() as connection:
        held = proofs_recorded(connection, [fact.contact_id for fact in wanted])
    new = [fact for fact in wanted if (fact.contact_id, fact.kind, fact.on) not in held]
    told.known += len(wanted) - len(new)
    if not new:
        return
    with house.ledger.act("postal_proofs", operator) as act:
        for fact in new:
            refused = record_proof(act, fact.contact_id, kind=fact.kind, on=fact.on, registered_number=fact.number)
            told.recorded[refused or fact.kind] += 1


def _take_scans(house: House, folder: Path, told: Proofs, *, on: date, operator: str, only: str | None) -> None:
    with house.ledger.reading() as connection:
        known = registered_numbers(connection)
    scans, refused = read_scans(folder, known)
    for scan in scans:
        if only is None or only.upper().startswith(scan.number):
            attach_proof(house, scan, told, on=on, operator=operator)
    told.refused += [
        (one.file, None, one.problem.value)
        for one in refused
        if not one.file.lower().endswith(".csv") and only in {None, one.file}
    ]


def attach_proof(house: House, scan: Scan, told: Proofs, *, on: date, operator: str) -> None:
    """Attach a scan to the debtor of its letter; the same bytes again change nothing."""
    kind, number = KINDS[scan.kind], scan.number or scan.key
    with house.ledger.reading() as connection:
        debtor_id = contact_row(connection, scan.key).debtor_id
        if document_known(connection, debtor_id, kind.value, scan.sha256):
            told.known += 1
            return
    with house.ledger.act("postal_scan", operator) as act:
        attach(
            act, debtor_id=debtor_id, invoice_id=None, kind=kind.value, title=f"{TITLES[scan.kind]} {number}",
            file_name=f"{number}-{kind.value}.pdf", data=scan.octets, media_type="application/pdf", on=on,
        )  # fmt: skip
    told.scans += 1
