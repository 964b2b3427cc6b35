"""One file into the ledger, item by item: everything of it in one act, or nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from recouvrement.day.house import House
from recouvrement.day.intake_opened import Progress
from recouvrement.day.intake_result import not_ours, quarantined, shrunk
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.records import (
    BankLineRecord,
    CustomerRecord,
    DocumentRecord,
    FecBalance,
    FecEntry,
    InsolvencyNotice,
    InvoiceRecord,
    LifecycleRecord,
    Problem,
    Severity,
    StatementRecord,
    StepRecord,
)
from recouvrement.intake.reading import EINVOICES, Item, Stream
from recouvrement.ledger import fec, lifecycle
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.invoices import take_invoices
from recouvrement.ledger.parties import creditor_row, take_customers
from recouvrement.ledger.rare_facts import Taken, take_documents, take_history, take_insolvency
from recouvrement.ledger.settled import SettledTally, Stated, compare_open
from recouvrement.ledger.snapshots import clear_absent, note_snapshot, shrunk_too_much
from recouvrement.ledger.statements import Account, account_of, record_statement, take_lines

LINES_AT_ONCE = 20_000
QUARANTINE_SHOWN = 20
Adjust = Callable[[CustomerRecord], CustomerRecord]
T = TypeVar("T")
Place = tuple[str, str]  # account and currency


class StaysOut(Exception):
    """Nothing of this file goes in; the act is undone, the reasons are recorded in another."""

    def __init__(self, reason: str, problems: list[Problem], items: int | None = None, scope: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.problems = problems
        self.items = items  # of a snapshot that shrank
        self.scope = scope


@dataclass(frozen=True, slots=True)
class How:
    """How files are to be taken: what a person says of them, and who hears of it."""

    confirmed: bool = False  # a held file or a snapshot that shrank is right
    account: str = ""  # of bank tables that do not name theirs
    adjust: Adjust | None = None
    progress: Progress | None = None  # hears the name of a file and the fraction read


AS_IT_COMES = How()


@dataclass(slots=True)
class Taking:
    """A file going into an act; `problems`, `detail`, `debtors` and `written` grow as it goes."""

    house: House
    act: Act
    creditor_id: str
    path: Path
    flow: Stream
    how: How
    source: str = ""
    written: int = 0
    seen: int = 0  # invoices that are ours
    ours: str | None = None
    detail: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    problems: list[Problem] = field(default_factory=list)
    dropped: int = 0
    debtors: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    present: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    accounts: dict[Place, Account] = field(default_factory=dict)
    lines: dict[Place, list[BankLineRecord]] = field(default_factory=dict)
    spans: dict[Place, tuple[date, date]] = field(default_factory=dict)
    rest: dict[type, list[object]] = field(default_factory=lambda: defaultdict(list))
    invoices_seen: list[InvoiceRecord] = field(default_factory=list)
    books: fec.Books = field(default_factory=fec.Books)

    def __post_init__(self) -> None:
        self.source = self.act.new_id()
        row = creditor_row(self.act.connection, self.creditor_id, AsOf(self.act.day, self.act.id))
        self.ours = row.siren

    @property
    def file(self) -> str:
        """The name by which the ledger knows it."""
        return self.flow.source.name

    @property
    def kind(self) -> str:
        """What it is."""
        return self.flow.tally.kind

    def batch(self, items: Iterable[Item]) -> None:
        """Take some items in, in the order of the file; what needs the whole file waits for `finish`."""
        customers: list[CustomerRecord] = []
        invoices: list[InvoiceRecord] = []
        for item in items:
            match item:
                case InvoiceRecord():
                    invoices.append(item)
                case BankLineRecord():
                    self._line(item)
                case CustomerRecord():
                    customers.append(item)
                case Problem():
                    self.problem(item)
                case StatementRecord():
                    self._statement(item)
                case FecEntry():
                    self.books.entry(item)
                case FecBalance():
                    self.books.balances.append(item)
                case _:
                    self.rest[type(item)].append(item)
        self._customers(customers)
        self._invoices(invoices)

    def finish(self) -> None:
        """The whole file was read: refuse it, or take what was waiting."""
        self._refuse()
        for place in list(self.lines):
            self._flush(place)
        if self.kind == "fec":
            self._books()
        self._originals()
        self._rest()
        if self.flow.tally.content == "snapshot" and self.seen:
            self._absent()

    def problem(self, problem: Problem) -> None:
        """Note a problem; after so many they are only counted."""
        if problem.severity is Severity.SET_ASIDE:
            self.unsure.add(problem.subject)
        if len(self.problems) < self.flow.source.limits.kept_problems or problem.severity is Severity.REJECTED:
            self.problems.append(problem)
        else:
            self.dropped += 1

    def _refuse(self) -> None:
        tally, confirmed = self.flow.tally, self.how.confirmed
        if tally.rejected:
            seen = [quarantined(self.file, r) for r in self.invoices_seen[:QUARANTINE_SHOWN]]
            raise StaysOut("rejected", [*self.problems, *seen])
        if tally.held and (not confirmed or "no_account" in tally.reasons):
            raise StaysOut("held_until_confirmed", self.problems)
        if tally.content != "snapshot" or not self.seen or confirmed:
            return
        floor = self.house.settings.snapshot_floor_percent
        before = shrunk_too_much(self.act.connection, self.scope, self.listed, floor_percent=floor)
        if before is not None:
            told = shrunk(self.file, self.listed, before, floor)
            raise StaysOut("snapshot_shrunk", [*self.problems, told], self.listed, self.scope)

    @property
    def listed(self) -> int:
        """Items that the list names, also in lines that could not be read."""
        return self.seen + self.flow.tally.set_aside

    @property
    def scope(self) -> str:
        """What a snapshot covers, in the words of its mapping."""
        mapping = self.flow.tally.mapping
        return f"{self.creditor_id}:{(mapping.scope if mapping else '') or 'all'}"[:64]

    def _customers(self, records: list[CustomerRecord]) -> None:
        if not records:
            return
        if self.how.adjust is not None:
            records = [self.how.adjust(record) for record in records]
        only_new = self.kind in EINVOICES or self.kind == "fec"  # they name their customers, they do not correct them
        tally = take_customers(self.act, self.creditor_id, records, self.source, only_new=only_new)
        self._count("customers", tally.new, tally.corrected, tally.same)
        self.debtors |= tally.debtors

    def _invoices(self, records: list[InvoiceRecord]) -> None:
        if self.kind == "fec":
            self.books.open_pieces += records
            return
        if self.kind in EINVOICES:
            self.invoices_seen += records
        records = [r for r in records if self._is_ours(r)]
        if not records:
            return
        self.seen += len(records)
        tally = take_invoices(
            self.act, self.creditor_id, records, file=self.file, source=self.source, debtors=self.codes
        )
        self._count("invoices", tally.new, tally.corrected, tally.same)
        self.debtors |= tally.debtors
        for problem in tally.problems:
            self.problem(problem)
        if self.flow.tally.content == "snapshot":
            self.present.update(r.number for r in records)
        self._stated(records, tally.opened)

    def _is_ours(self, r: InvoiceRecord) -> bool:
        """Invoices that somebody else issued are bills to pay, not debts to recover: they are set aside."""
        if self.ours and r.seller_siren and r.seller_siren != self.ours:
            self.problem(not_ours(self.file, r))
            return False
        return True

    def _stated(self, records: list[InvoiceRecord], opened: set[str]) -> None:
        """A table that states what is left open: paid before we knew of it is history, paid since is held."""
        stated = {
            r.number: Stated(r.open_cents, history=r.number in opened)
            for r in records
            if r.open_cents is not None
            and r.status == "issued"
            and not (r.number in opened and r.open_cents == r.gross_cents)
        }
        if stated:
            self.settled(compare_open(self.act, self.creditor_id, stated, method="stated_open"))

    def settled(self, tally: SettledTally) -> None:
        """Count what the accounts say of invoices."""
        for label in ("settled", "held", "explained"):
            if count := getattr(tally, label):
                self.detail[f"{label}_in_accounts"] += count
                self.written += count
        self.debtors |= tally.debtors
        self.short |= tally.short

    def _books(self) -> None:
        taken = fec.take_books(self.act, self.creditor_id, self.books, file=self.file, source=self.source)
        self._count("invoices", taken.invoices.new, taken.invoices.corrected, taken.invoices.same)
        for problem in taken.invoices.problems:
            self.problem(problem)
        self.settled(taken.settled)
        self.debtors |= taken.debtors
        for label, count in (("balances", taken.balances), ("credits", taken.credits)):
            if count:
                self.detail[label] = count
                self.written += count

    def _line(self, line: BankLineRecord) -> None:
        place = line.account, line.currency
        waiting = self.lines.setdefault(place, [])
        waiting.append(line)
        first, last = self.spans.get(place, (line.booking_on, line.booking_on))
        self.spans[place] = min(first, line.booking_on), max(last, line.booking_on)
        if len(waiting) >= LINES_AT_ONCE:
            self._flush(place)

    def _account(self, place: Place) -> Account:
        if place not in self.accounts:
            self.accounts[place] = account_of(self.act, self.creditor_id, *place, self.kind)
        return self.accounts[place]

    def _flush(self, place: Place) -> None:
        lines = self.lines.pop(place, [])
        if not lines:
            return
        tally = take_lines(self.act, self._account(place), lines, format_=self.kind, file=self.file, source=self.source)
        self._count("bank_lines", tally.new, 0, tally.same)
        for problem in tally.problems:
            self.problem(problem)

    def _statement(self, record: StatementRecord) -> None:
        place = record.account, record.currency
        self._flush(place)
        span = self.spans.pop(place, None)
        record_statement(self.act, self._account(place), record, span, format_=self.kind, source=self.source)

    def _originals(self) -> None:
        """An e-invoice's own bytes are evidence: kept whole beside the invoice that was read from them."""
        sha256 = self.flow.source.sha256 if self.invoices_seen else ""
        for record in self.invoices_seen:
            items = find_items(self.act.connection, self.creditor_id, record.number)
            if record.original_sha256 != sha256 or not items or not self._is_stated_ours(record):
                continue
            attach(
                self.act,
                debtor_id=items[0].debtor_id,
                invoice_id=items[0].invoice_id,
                kind=(EvidenceKind.INVOICE if record.kind == "invoice" else EvidenceKind.CREDIT_NOTE).value,
                title=f"Facture {record.number}" if record.kind == "invoice" else f"Avoir {record.number}",
                file_name=self.path.name,
                data=self.path.read_bytes(),
                media_type="application/pdf" if self.kind == "facturx" else "application/xml",
                on=record.issue_on,
            )

    def _is_stated_ours(self, r: InvoiceRecord) -> bool:
        return not (self.ours and r.seller_siren and r.seller_siren != self.ours)

    def _rest(self) -> None:
        act, creditor, file = self.act, self.creditor_id, self.file

        def of(kind: type[T]) -> list[T]:
            return [item for item in self.rest[kind] if isinstance(item, kind)]

        self._add(take_history(act, creditor, of(StepRecord), file, self.house.policy))
        self._add(lifecycle.take_lifecycle(act, creditor, of(LifecycleRecord), file))
        self._add(take_insolvency(act, creditor, of(InsolvencyNotice)))
        self._add(take_documents(act, creditor, of(DocumentRecord), file, self.path.parent))

    def _add(self, taken: Taken) -> None:
        name, written, debtors, problems = taken
        if written:
            self.detail[name] = written
        self.written += written
        self.debtors |= debtors
        for problem in problems:
            self.problem(problem)

    def _absent(self) -> None:
        """What a complete list lacks was cleared in the accounts, save what stood in a line that could not be read."""
        note_snapshot(self.act, self.scope, items=self.listed, source=self.source, taken=True)
        if "" in self.unsure or self.dropped:  # some line may be any invoice: absence proves nothing
            self.detail["absence_not_judged"] = 1
            return
        cleared, back, debtors = clear_absent(
            self.act, self.creditor_id, self.present | self.unsure, explained_elsewhere=self.short
        )
        self.detail["cleared_in_accounts"], self.detail["came_back"] = cleared, back
        self.debtors |= debtors
        self.written += cleared + back

    def _count(self, name: str, new: int, corrected: int, same: int) -> None:
        self.written += new + corrected
        for label, count in (("new", new), ("corrected", corrected), ("same", same)):
            if count:
                self.detail[f"{name}_{label}"] += count
