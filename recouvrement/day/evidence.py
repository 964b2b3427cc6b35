"""The check of the whole ledger's evidence: every chain, every anchor, every stored byte; each fault is told, none stops it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.house import House
from recouvrement.domain.journal import (
    Broken,
    blinded_head,
    digest,
    event_of,
    payload_hash,
    sheet_lines,
    sheet_name,
    verify_chain,
    verify_sheets,
)
from recouvrement.dossier.timestamp import token_fault
from recouvrement.ledger import evidence_check as store
from recouvrement.ledger.anchors import anchor_rows
from recouvrement.ledger.guards import lost_guards

SHOWN = 50  # faults told by name; the rest is counted


@dataclass(slots=True)
class EvidenceReport:
    """What was checked and what is wrong; faults are codes with identifiers, never names of persons."""

    chains: int = 0
    lines: int = 0
    sheets: int = 0
    tokens: int = 0
    tokens_checked: int = 0
    contents: int = 0
    erased: int = 0
    anchored_until: str = ""
    faults: list[str] = field(default_factory=list)
    cannot_promise: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        told: dict[str, object] = {name: getattr(self, name) for name in self.__slots__ if name != "faults"}
        return {"ok": self.ok, **told, "faults": self.faults[:SHOWN], "fault_count": len(self.faults)}


def verify_evidence(house: House, *, witness: bytes | None = None) -> EvidenceReport:
    """Check the ledger's evidence; `witness` is the exact content of an anchor sheet kept by a third party."""
    report = EvidenceReport()
    with house.ledger.reading() as connection:
        wanted = _anchored(connection, report)
        _chains(connection, report, wanted)
        _sheets(house, connection, report, witness)
        _bytes(connection, report)
        report.faults += [
            f"guard {name}: the database no longer refuses what it forbids" for name in lost_guards(connection)
        ]
    return report


Anchored = dict[str, list[tuple[str, int, str]]]


def _anchored(connection: Connection, report: EvidenceReport) -> Anchored:
    """For each chain where it stands on the sheets: (sheet, line number, blinded head expected of that line)."""
    found: Anchored = {}
    for row in anchor_rows(connection):
        sheet, salts = store.bytes_of(connection, row.sheet_sha256), store.bytes_of(connection, row.salts_sha256)
        held = sheet_lines(sheet) if sheet is not None else None
        if held is None or salts is None:
            report.faults.append(f"{sheet_name(row.on)}: the sheet or its salts cannot be read")
            continue
        try:
            kept = {str(chain): (int(seq), str(salt)) for chain, (seq, salt) in json.loads(salts).items()}
        except (ValueError, TypeError, AttributeError):
            report.faults.append(f"{sheet_name(row.on)}: the salts cannot be read")
            continue
        if len(kept) != len(held) - 1:
            report.faults.append(f"{sheet_name(row.on)}: {len(held) - 1} heads and {len(kept)} salts")
        on_sheet = set(held[1:])
        for chain, (seq, salt) in kept.items():
            found.setdefault(chain, []).append((sheet_name(row.on), seq, salt))
        report.anchored_until = row.on.isoformat()
        report.sheets += 1
        found.setdefault("", []).extend((sheet_name(row.on), 0, head) for head in on_sheet)
    return found


def _chains(connection: Connection, report: EvidenceReport, wanted: Anchored) -> None:
    """Every chain in itself, against its head, and against the sheets it stands on."""
    on_sheets = {(name, head) for name, _, head in wanted.pop("", [])}
    kept, seen = store.heads(connection), set()
    for chain, rows in store.chains(connection):
        seen.add(chain)
        report.chains, report.lines = report.chains + 1, report.lines + len(rows)
        report.faults += _chain_faults(chain, rows, kept.get(chain))
        lines = {row.seq: row.line for row in rows}
        for name, seq, salt in wanted.get(chain, []):
            if seq not in lines or not _stands(on_sheets, name, salt, lines[seq]):
                report.faults.append(f"chain {chain}: line {seq} is not the one that {name} holds")
    for chain in sorted((set(kept) | set(wanted)) - seen):
        report.faults.append(f"chain {chain}: its lines are gone")


def _stands(on_sheets: set[tuple[str, str]], name: str, salt: str, line: str) -> bool:
    try:
        return (name, blinded_head(salt, digest(line))) in on_sheets
    except ValueError:
        return False


def _chain_faults(chain: str, rows: list[Any], head: tuple[int, str] | None) -> Iterator[str]:
    verdict = verify_chain(row.line for row in rows)
    if isinstance(verdict, Broken):
        yield f"chain {chain}: line {verdict.seq}: {verdict.reason}"
        return
    if event_of(rows[0].line)["chain"] != chain:
        yield f"chain {chain}: its lines are of another chain"
    if head != (verdict.count, verdict.head):
        yield f"chain {chain}: its head is not that of its last line"


def _sheets(house: House, connection: Connection, report: EvidenceReport, witness: bytes | None) -> None:
    """The sheets link to each other, are those on disk, carry good tokens, and the witness's is among them."""
    rows = anchor_rows(connection)
    read = [(sheet_name(row.on), store.bytes_of(connection, row.sheet_sha256) or b"") for row in rows]
    verdict = verify_sheets(read)
    if isinstance(verdict, Broken):
        report.faults.append(f"anchor sheet {verdict.seq}: {verdict.reason}")
    for name, sheet in read:
        path = house.settings.home / "out" / "anchors" / name
        if path.is_file() and path.read_bytes() != sheet:
            report.faults.append(f"{name}: the file in out/anchors is not the sheet of the ledger")
    _tokens(house, connection, report, rows, dict(read))
    if witness is not None and witness not in {sheet for _, sheet in read}:
        report.faults.append("the witness's sheet is none of this ledger: it was rewritten, or is of another")
    if witness is None and not report.tokens_checked:
        report.cannot_promise.append(
            "that nobody rewrote journal and sheets together: give a witness's sheet, or set a time-stamping authority"
        )


def _tokens(
    house: House, connection: Connection, report: EvidenceReport, rows: list[Any], sheets: dict[str, bytes]
) -> None:
    for row in rows:
        if row.token_sha256 is None:
            continue
        report.tokens += 1
        token, authority = store.bytes_of(connection, row.token_sha256), house.settings.tsa_ca
        if token is None or authority is None:
            continue
        report.tokens_checked += 1
        if fault := token_fault(sheets[sheet_name(row.on)], token, authority):
            report.faults.append(f"{sheet_name(row.on)}: {fault}")
    if report.tokens and not report.tokens_checked:
        report.cannot_promise.append("that the time-stamps are good: RECOUVREMENT_TSA_CA is not set")


def _bytes(connection: Connection, report: EvidenceReport) -> None:
    """Every stored byte, every reference to bytes, and every payload that journal lines name."""
    altered = set()
    for name in store.altered_bytes(connection):
        report.contents += 1
        if name is not None:
            altered.add(name)
            report.faults.append(f"content {name}: its bytes were changed")
    report.erased = len(store.erased(connection))
    report.faults += [f"{who} refers to {name}, which is not kept" for who, name in store.absent_bytes(connection)]
    for row in store.payload_rows(connection):
        if row.salt is None and row.content_sha256 is None:
            continue  # erased; `erased` counts it
        data = store.bytes_of(connection, row.content_sha256) if row.content_sha256 not in altered else None
        if data is not None and (row.salt is None or payload_hash(row.salt, data) != row.hash):
            report.faults.append(f"payload {row.hash}: it is not what the journal referred to")
