"""How long dossiers take: N dossiers of 20 exhibits on W processes, and a journal of 60,000 events verified.

python benchmarks/dossier.py [--count 1000] [--workers 2]
"""

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from fractions import Fraction
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.journal import anchor_sheet, append, blinded_head, digest, payload_hash, verify_chain
from recouvrement.domain.money import rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.documents import chronologie
from recouvrement.dossier.types import (
    Amounts,
    Anchor,
    AnchorSalt,
    Annex,
    CaseFile,
    EventRow,
    Exhibit,
    ItemRow,
    Party,
    RoundingRow,
    SegmentRow,
)
from recouvrement.dossier.verify import verify_zip

CUT = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PAPERS = (
    [EvidenceKind.CONTRACT, EvidenceKind.GENERAL_TERMS, EvidenceKind.QUOTE, EvidenceKind.ORDER]
    + [EvidenceKind.DELIVERY_NOTE] * 3
    + [EvidenceKind.INVOICE] * 4
    + [EvidenceKind.FORMAL_NOTICE, EvidenceKind.DEPOSIT_PROOF, EvidenceKind.DELIVERY_PROOF]
)
REMINDERS = 6
EVENTS = 60_000


def bare_case(number: int) -> CaseFile:
    chain = f"01JBENCH{number:018d}"
    creditor = Party("creditor", "Atelier Durand", ("12 rue des Tanneurs", "38000 Grenoble"), "SARL", "552100554")
    debtor = Party(
        chain, f"Client {number}", ("8 avenue du Port", "69002 Lyon"), "SAS", "732829320", kind=DebtorKind.BUSINESS
    )
    return CaseFile(f"C-{number:05d}", 1, CUT, MOMENT, creditor, debtor, Amounts(0, 0, 0), (), ())


@cache
def scans() -> tuple[bytes, ...]:
    """Fourteen real PDFs of the press, one to four pages."""
    rows = [
        EventRow(CUT - timedelta(n), f"Ligne {n}", "Un détail assez long pour remplir la colonne du milieu.")
        for n in range(160)
    ]
    return tuple(chronologie(replace(bare_case(n), events=tuple(rows[: 10 + 12 * n])), ()) for n in range(len(PAPERS)))


def reminder(number: int, rank: int) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "compta@atelier.example", f"client{number}@example.com"
    message["Subject"], message["Date"] = f"Relance {rank} du dossier {number}", "Mon, 14 Sep 2026 09:12:00 +0200"
    message["Message-ID"] = f"<{number}.{rank}@atelier.example>"
    message.set_content("Bonjour,\n\nVotre facture reste impayée.\n\nCordialement\n" * 4)
    message.add_attachment(scans()[0], maintype="application", subtype="pdf", filename="relance.pdf")
    return message.as_bytes()


def exhibits(number: int, owner: str) -> tuple[Exhibit, ...]:
    def salt(rank: int) -> str:
        return digest(f"{number} {rank}")

    papers = [
        Exhibit(owner, kind, f"{kind.value} {rank}", CUT - timedelta(100 - rank), scans()[rank] + b"%% %d\n" % number, "application/pdf",
                reference=f"p{rank}", payload_salt=salt(rank))
        for rank, kind in enumerate(PAPERS)
    ]  # fmt: skip
    answer = (Annex("Réponse du serveur", b"250 2.0.0 Ok: queued as 4F7C21\n", "text/plain"),)
    mails = [
        Exhibit(owner, EvidenceKind.REMINDER, f"Relance {rank}", CUT - timedelta(60 - rank), reminder(number, rank), "message/rfc822",
                reference=f"m{rank}", payload_salt=salt(100 + rank), annexes=answer)
        for rank in range(REMINDERS)
    ]  # fmt: skip
    return (*papers, *mails)


def full_case(number: int) -> CaseFile:
    case = bare_case(number)
    chain = case.debtor.reference
    pieces = exhibits(number, chain)
    lines: list[str] = []
    for piece in (*pieces, *pieces, *pieces):
        event = {
            "chain": chain,
            "event": "document_attached",
            "payload": payload_hash(piece.payload_salt, piece.content),
        }
        lines.append(append(lines[-1] if lines else None, event))
    salt = digest(f"anchor {number}")
    anchors: list[Anchor] = []
    for day in range(20):
        heads = [digest(f"other {number} {day} {n}") for n in range(200)]
        heads += [blinded_head(salt, digest(lines[-1]))] if day == 15 else []
        anchors.append(Anchor(CUT - timedelta(20 - day), anchor_sheet(anchors[-1].sheet if anchors else None, heads)))
    items = tuple(item(rank) for rank in range(4))
    amounts = Amounts(sum(i.principal for i in items), sum(i.penalties for i in items), sum(i.indemnity for i in items))
    events = tuple(EventRow(piece.on or CUT, piece.title, "", (piece.reference,)) for piece in pieces)
    return replace(
        case, exhibits=pieces, items=items, amounts=amounts, events=events, journal_lines=tuple(lines), anchors=tuple(anchors),
        anchor_salts=(AnchorSalt(anchors[15].on, len(lines), salt),),
    )  # fmt: skip


def item(rank: int) -> ItemRow:
    first = date(2026, 7, 1) + timedelta(rank)
    segment = SegmentRow(first, CUT, (CUT - first).days + 1, 124_000, 480_000 + rank, "C. com. art. L441-10 II")
    exact: Fraction = segment.exact_cents
    rounding = RoundingRow(CUT, exact, rounded_half_up(exact))
    return ItemRow(
        f"F-{rank}", date(2026, 5, 31), first - timedelta(1), 480_000 + rank, 480_000 + rank, rounding.cents, 4000,
        indemnity_accrued=4000, segments=(segment,), roundings=(rounding,),
    )  # fmt: skip


def one(number: int) -> tuple[float, int, int]:
    """CPU seconds of one dossier, its size, and the peak memory of this process in kilobytes."""
    case = full_case(number)
    before = cpu()
    made = build_dossier(case)
    spent = cpu() - before
    if number % 100 == 0 and not verify_zip(made.zip_bytes).ok:
        raise SystemExit("a dossier of the benchmark does not verify")
    return spent, len(made.zip_bytes), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def journal_seconds() -> float:
    line, lines = None, []
    for number in range(EVENTS):
        event = {
            "chain": "01JBENCH",
            "event": "contact_moved",
            "act": number,
            "payload": "a" * 64,
            "at": "2026-11-20T08:30:00Z",
        }
        line = append(line, event)
        lines.append(line)
    started = time.perf_counter()
    verdict = verify_chain(lines)
    spent = time.perf_counter() - started
    if not verdict.ok:
        raise SystemExit("the journal of the benchmark does not verify")
    return spent


def main(arguments: Sequence[str] | None = None) -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=1000)
    reader.add_argument("--workers", type=int, default=2)
    options = reader.parse_args(arguments)
    print(f"journal: {EVENTS} events verified in {journal_seconds():.2f} s")
    started = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(options.workers) as pool:
        figures = pool.map(one, range(options.count), chunksize=5)
    wall = time.perf_counter() - started
    print(
        f"dossiers: {options.count} of {len(PAPERS) + REMINDERS} exhibits in {wall:.0f} s on {options.workers} processes; "
        f"{sum(f[0] for f in figures) / options.count * 1000:.0f} ms of CPU each "
        f"(and about half as much in the press apart), {sum(f[1] for f in figures) // options.count // 1000} kB "
        f"each; peak {max(f[2] for f in figures) // 1000} MB a process"
    )


if __name__ == "__main__":
    main()
