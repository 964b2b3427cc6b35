"""Files in: read, take into the ledger in one act a file, set aside what is wrong, move on."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from recouvrement.day.house import House
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.domain.records import CustomerRecord, FileReading, InvoiceRecord, Problem
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import check_line, read
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.files import clear_problems, record_file, record_problems, taken_before
from recouvrement.ledger.invoices import take_invoices
from recouvrement.ledger.parties import creditor_row, take_customers
from recouvrement.ledger.rare_facts import take_documents, take_history, take_insolvency, take_lifecycle
from recouvrement.ledger.snapshots import clear_absent, note_snapshot, shrunk_too_much
from recouvrement.ledger.statements import take_statement
from recouvrement.settings import Settings

ORDER = ("customers", "invoices", "fec", "e_invoice")
CHUNK = 2_000
E_INVOICES = frozenset({"facturx", "cii", "ubl"})


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file; `written` counts rows new or corrected in the ledger."""

    file: str
    kind: str
    verdict: str
    records: int
    written: int
    reasons: tuple[str, ...]
    detail: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The object that `recouvrement import --json` prints."""
        return {
            "file": self.file,
            "kind": self.kind,
            "verdict": self.verdict,
            "records": self.records,
            "written": self.written,
            "reasons": list(self.reasons),
            **self.detail,
        }


Adjust = Callable[[CustomerRecord], CustomerRecord]


def mappings_of(house: House) -> Mappings:
    """The shipped mappings and those of this firm (`mappings/` in its home, first)."""
    return Mappings.of_folders((house.settings.data / "mappings", house.settings.home / "mappings"))


def shipped_mappings(settings: Settings) -> Mappings:
    """The mappings for reading without a ledger."""
    return Mappings.of_folders((settings.data / "mappings", settings.home / "mappings"))


def limits_of(settings: Settings) -> Limits:
    """The size limits of the settings, in bytes."""
    return Limits(document_bytes=settings.max_file_mb * 1_000_000, stream_bytes=settings.max_bank_file_mb * 1_000_000)


def check_files(settings: Settings, files: Iterable[Path]) -> list[dict[str, object]]:
    """Read files without writing anything; one verdict per file."""
    mappings, limits = shipped_mappings(settings), limits_of(settings)
    return [check_line(read(path.name, path, mappings, limits=limits)) for path in files]


def take_files(
    house: House, files: Iterable[Path], *, actor: str, confirm_snapshot: bool = False, adjust: Adjust | None = None
) -> list[FileResult]:
    """Take files in, customers before invoices before the rest; one bad file stops nothing."""
    mappings = mappings_of(house)
    limits = limits_of(house.settings)
    readings = [(path, read(path.name, path, mappings, limits=limits)) for path in files]
    readings.sort(key=lambda pair: ORDER.index(pair[1].kind) if pair[1].kind in ORDER else len(ORDER))
    return [
        take_reading(house, path, reading, actor=actor, confirm_snapshot=confirm_snapshot, adjust=adjust)
        for path, reading in readings
    ]


def take_reading(
    house: House,
    path: Path,
    reading: FileReading,
    *,
    actor: str,
    confirm_snapshot: bool = False,
    adjust: Adjust | None = None,
) -> FileResult:
    """Take one read file into the ledger in one act; the same bytes twice change nothing."""
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        before = taken_before(connection, reading.sha256)
    if before is not None and reading.verdict != "rejected":
        return FileResult(reading.name, reading.kind, "read", reading.records, 0, ("already_taken_in",))
    with house.ledger.act("import", actor) as act:
        intake = _Intake(house, act, creditor_id, reading, path, confirm_snapshot, adjust)
        return intake.take()


@dataclass(slots=True)
class _Intake:
    house: House
    act: Act
    creditor_id: str
    reading: FileReading
    path: Path
    confirm_snapshot: bool
    adjust: Adjust | None
    source: str = ""
    written: int = 0
    detail: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    problems: list[Problem] = field(default_factory=list)
    debtors: set[str] = field(default_factory=set)

    def take(self) -> FileResult:
        """Write what the file brought, its problems, and one journal line per file and debtor."""
        reading = self.reading
        self.problems = list(reading.problems)
        refusal = self._refusal()
        self.source = self.act.new_id()
        if not refusal:
            self._customers(list(reading.customers))
            self._invoices(self._ours(list(reading.invoices)))
            self._keep_original()
            self._statements()
            self._rest()
        verdict = "rejected" if refusal else _verdict(reading, self.problems)
        file_id = record_file(
            self.act, sha256=reading.sha256, name=reading.name, kind=reading.kind, verdict=verdict,
            records=reading.records, written=self.written, detail=dict(self.detail),
        )  # fmt: skip
        clear_problems(self.act, reading.name, but=file_id)
        record_problems(self.act, file_id, self.problems)
        self._journal(file_id, verdict)
        reasons = tuple(_told(p) for p in self.problems[:20]) or ((refusal,) if refusal else ())
        return FileResult(
            reading.name, reading.kind, verdict, reading.records, self.written, reasons, dict(self.detail)
        )

    def _refusal(self) -> str | None:
        """Why nothing of the file goes in, or None."""
        reading = self.reading
        if reading.verdict == "rejected":
            return "rejected"
        if reading.held and not self.confirm_snapshot:
            return "held_until_confirmed"
        if reading.content != "snapshot" or not reading.invoices or self.confirm_snapshot:
            return None
        scope, floor = self._scope(), self.house.settings.snapshot_floor_percent
        before = shrunk_too_much(self.act.connection, scope, len(reading.invoices), floor_percent=floor)
        if before is None:
            return None
        note_snapshot(self.act, scope, items=len(reading.invoices), source=self.act.new_id(), taken=False)
        self.problems.append(_shrunk(reading, before, floor))
        return "snapshot_shrunk"

    def _scope(self) -> str:
        return f"{self.creditor_id}:{self.reading.scope or 'all'}"[:64]

    def _customers(self, records: list[CustomerRecord]) -> None:
        if self.adjust is not None:
            records = [self.adjust(record) for record in records]
        for start in range(0, len(records), CHUNK):
            part, only_new = records[start : start + CHUNK], self.reading.kind in E_INVOICES
            tally = take_customers(self.act, self.creditor_id, part, self.source, only_new=only_new)
            self._count("customers", tally.new, tally.corrected, tally.same)
            self.debtors |= tally.debtors

    def _invoices(self, records: list[InvoiceRecord]) -> None:
        for start in range(0, len(records), CHUNK):
            chunk = records[start : start + CHUNK]
            tally = take_invoices(self.act, self.creditor_id, chunk, file=self.reading.name, source=self.source)
            self._count("invoices", tally.new, tally.corrected, tally.same)
            self.debtors |= tally.debtors
            self.problems += tally.problems
        if records and self.reading.content == "snapshot":
            self._absent(records)

    def _ours(self, records: list[InvoiceRecord]) -> list[InvoiceRecord]:
        """Invoices that somebody else issued are bills to pay, not debts to recover: they are set aside."""
        siren = creditor_row(self.act.connection, self.creditor_id, AsOf(self.act.at.date(), self.act.id)).siren
        foreign = [r for r in records if siren and r.seller_siren and r.seller_siren != siren]
        self.problems += [_not_ours(self.reading.name, r) for r in foreign]
        return [r for r in records if r not in foreign]

    def _keep_original(self) -> None:
        """An e-invoice's own bytes are evidence: kept whole beside the invoice that was read from them."""
        originals = [r for r in self.reading.invoices if r.original_sha256 == self.reading.sha256]
        for record in originals:
            items = find_items(self.act.connection, self.creditor_id, record.number)
            if not items:
                continue
            attach(
                self.act,
                debtor_id=items[0].debtor_id,
                invoice_id=items[0].invoice_id,
                kind=EvidenceKind.INVOICE.value,
                title=f"Facture {record.number}",
                file_name=self.path.name,
                data=self.path.read_bytes(),
                media_type="application/pdf" if self.path.suffix.lower() == ".pdf" else "application/xml",
                on=record.issue_on,
            )

    def _absent(self, records: list[InvoiceRecord]) -> None:
        complete = self.reading.complete and not self.problems
        note_snapshot(self.act, self._scope(), items=len(records), source=self.source, taken=True)
        if complete:
            cleared, back, debtors = clear_absent(self.act, self.creditor_id, {r.number for r in records})
            self.detail["cleared_in_accounts"], self.detail["came_back"] = cleared, back
            self.debtors |= debtors
            self.written += cleared + back

    def _statements(self) -> None:
        for record in self.reading.statements:
            tally = take_statement(
                self.act,
                self.creditor_id,
                record,
                format_=self.reading.kind,
                file=self.reading.name,
                source=self.source,
            )
            self._count("bank_lines", tally.new, 0, tally.same)
            self.problems += tally.problems

    def _rest(self) -> None:
        takers = (take_history, take_lifecycle, take_insolvency)
        for taker in takers:
            self._add(*taker(self.act, self.creditor_id, self.reading, self.house.policy))
        self._add(*take_documents(self.act, self.creditor_id, self.reading, self.path.parent))

    def _add(self, name: str, written: int, debtors: set[str], problems: list[Problem]) -> None:
        if written:
            self.detail[name] = written
        self.written += written
        self.debtors |= debtors
        self.problems += problems

    def _count(self, name: str, new: int, corrected: int, same: int) -> None:
        self.written += new + corrected
        for label, count in (("new", new), ("corrected", corrected), ("same", same)):
            if count:
                self.detail[f"{name}_{label}"] = self.detail.get(f"{name}_{label}", 0) + count

    def _journal(self, file_id: str, verdict: str) -> None:
        facts = {"file": file_id, "sha256": self.reading.sha256, "kind": self.reading.kind, "verdict": verdict}
        entries: list[journal.Entry] = [(HOUSE, JournalEvent.FILE_TAKEN_IN, {**facts, "written": self.written})]
        entries += [(debtor_id, JournalEvent.FACTS_RECORDED, facts) for debtor_id in sorted(self.debtors)]
        journal.append_all(self.act, entries)


def _verdict(reading: FileReading, problems: list[Problem]) -> str:
    return "warning" if reading.verdict == "read" and len(problems) > len(reading.problems) else reading.verdict


def _told(problem: Problem) -> str:
    return f"{problem.reason}: {problem.message}" + (f" (line {problem.line})" if problem.line else "")


def _not_ours(file: str, record: InvoiceRecord) -> Problem:
    return Problem(
        file=file,
        line=record.line,
        element=f"invoice {record.number}",
        field="seller",
        value_class="other seller",
        reason="other_seller",
        message="This invoice was issued by another firm: it is a bill to pay, not a debt to recover; it was set aside.",
        remedy="Drop only the firm's own invoices; if the firm's SIREN is wrong, correct it in the ledger.",
        subject=record.number,
    )


def _shrunk(reading: FileReading, before: int, floor: int) -> Problem:
    return Problem(
        file=reading.name, line=None, element="file", field="items", value_class="count", reason="snapshot_shrunk",
        message=f"This complete list has {len(reading.invoices)} items, the one before had {before}: under {floor} %, so it was not taken.",
        remedy="If it is right, import it again with --confirm-snapshot; else export the whole list again.",
    )  # fmt: skip


def inbox_files(house: House) -> list[Path]:
    """The files that wait in the drop folder, by name; hidden and half-written ones are left."""
    if not house.inbox.is_dir():
        return []
    return sorted(
        p
        for p in house.inbox.iterdir()
        if p.is_file() and not p.name.startswith(".") and p.suffix not in {".part", ".tmp"}
    )


def take_inbox(house: House, *, actor: str) -> list[FileResult]:
    """Take in what lies in the drop folder; read files move to `inbox/done`, refused ones to `inbox/set-aside`."""
    results = take_files(house, inbox_files(house), actor=actor)
    for result in results:
        target = house.inbox / ("set-aside" if result.verdict == "rejected" else "done")
        target.mkdir(exist_ok=True)
        source = house.inbox / result.file
        digest = sha256(source.read_bytes()).hexdigest()[:8]
        source.rename(target / f"{source.stem}.{digest}{source.suffix}")
    return results


def with_demo_contact(record: CustomerRecord) -> CustomerRecord:
    """Give a customer without one a made-up kind, language, e-mail and address, always the same for the same code."""
    chance = int(sha256(record.code.encode()).hexdigest()[:8], 16)
    return replace(
        record,
        kind=record.kind or ("consumer" if chance % 23 == 0 else "artisan" if chance % 11 == 0 else "business"),
        language=record.language or ("en" if chance % 13 == 0 else "fr"),
        email=record.email or f"compta.{record.code.lower()}@client.example",
        phone=record.phone or f"01 99 00 {chance % 90 + 10} {chance // 90 % 90 + 10}",
        address_lines=record.address_lines or (f"{chance % 98 + 1} rue de l'Exemple",),
        postcode=record.postcode or f"{chance % 95 + 1:02d}000",
        city=record.city or "Villexemple",
    )
