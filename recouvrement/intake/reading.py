"""Any file into records and problems: the one door of intake. Pure: no database, no clock, no network."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from recouvrement.domain.records import (
    BankLineRecord,
    CustomerRecord,
    DocumentRecord,
    FecBalance,
    FecEntry,
    FileReading,
    InsolvencyNotice,
    InvoiceRecord,
    LifecycleRecord,
    Problem,
    Record,
    Severity,
    StatementRecord,
    StepRecord,
)
from recouvrement.intake import (
    bank_accounts,
    bodacc,
    camt,
    cdar,
    cfonb120,
    einvoice,
    facturx_pdf,
    fec,
    mt940,
    ofx,
    sheets,
    tabular,
)
from recouvrement.intake.detection import kind_of
from recouvrement.intake.limits import Limits
from recouvrement.intake.mapping import Mapping, Mappings
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.source import Source
from recouvrement.intake.tables import Layout

Item = Record | Problem
READERS: dict[str, Callable[[Source], Iterator[Item]]] = {
    "camt.052": camt.read,
    "camt.053": camt.read,
    "camt.054": camt.read,
    "cfonb120": cfonb120.read,
    "mt940": mt940.read,
    "ofx": ofx.read,
    "cii": einvoice.read,
    "ubl": einvoice.read,
    "facturx": facturx_pdf.read,
    "cdar": cdar.read,
    "fec": fec.read,
    "bodacc": bodacc.read,
}
HOLDING = frozenset({Reason.BALANCES_DISAGREE, Reason.BALANCES_CONTRADICT, Reason.NO_BALANCE, Reason.NO_ACCOUNT})
PLACES: dict[type[Any], str] = {
    CustomerRecord: "customers",
    InvoiceRecord: "invoices",
    StepRecord: "steps",
    LifecycleRecord: "lifecycle",
    InsolvencyNotice: "insolvency",
    DocumentRecord: "documents",
    FecEntry: "fec_entries",
    FecBalance: "fec_balances",
}
EINVOICES = frozenset({"facturx", "cii", "ubl"})


@dataclass(slots=True)
class Tally:
    """What a reading has met so far; complete only once its items are exhausted."""

    kind: str = "unknown"
    mapping: Mapping | None = None
    seen: bool = False
    taken: int = 0
    set_aside: int = 0
    rejected: bool = False
    held: bool = False
    reasons: Counter[str] = field(default_factory=Counter)
    warned: bool = False

    @property
    def verdict(self) -> str:
        """`read`, `warning` (something is worth a look or stays out) or `rejected` (the file stays out, whole)."""
        return "rejected" if self.rejected else "warning" if self.warned else "read"

    @property
    def content(self) -> str | None:
        """`snapshot` or `increment` for tables, None elsewhere."""
        return self.mapping.content if self.mapping else None

    @property
    def complete(self) -> bool:
        """True when no record of the file stays out."""
        return not self.rejected and not self.set_aside and not self.held

    def _counts(self, item: Record) -> bool:
        """Whether the item is a record of the file, rather than derived from one."""
        if self.kind in EINVOICES:
            return isinstance(item, InvoiceRecord)
        if self.kind == "fec":
            return isinstance(item, FecEntry)
        return not isinstance(item, StatementRecord)

    def take(self, item: Item) -> None:
        """Count an item."""
        self.seen = True
        if not isinstance(item, Problem):
            self.taken += self._counts(item)
            return
        self.reasons[item.reason] += 1
        self.warned |= item.severity is not Severity.NOTE
        self.set_aside += item.severity is Severity.SET_ASIDE
        self.rejected |= item.severity is Severity.REJECTED
        self.held |= item.reason in HOLDING and item.severity is Severity.WARNING


@dataclass(slots=True)
class Stream:
    """A file being read: iterate it to its end, then ask `tally` for the verdict.

    Items come in the order of the file, bank lines before the `StatementRecord` (without lines) that closes them. The
    consumer stages what it gets and publishes only when the verdict allows: a file may be rejected at its last line.
    """

    source: Source
    mappings: Mappings
    account: str = ""
    tally: Tally = field(default_factory=Tally)

    def __iter__(self) -> Iterator[Item]:
        try:
            for item in self._items():
                self.tally.take(item)
                yield item
        except FileRefusedError as refusal:
            problem = refusal.problem(self.source.name)
            self.tally.take(problem)
            yield problem
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  one bad file never stops the others (design.md law 8)
            message = f"the reader gave up on this file ({type(error).__name__})"
            given_up = FileRefusedError(Reason.UNREADABLE, message).problem(self.source.name)
            self.tally.take(given_up)
            yield given_up

    def _items(self) -> Iterator[Item]:
        kind = self.tally.kind = kind_of(self.source)
        if kind in READERS:
            yield from READERS[kind](self.source)
        elif kind == "sheet":
            yield from self._sheet()
        else:
            yield from self._table()
        if not self.tally.seen:
            raise FileRefusedError(Reason.NOTHING_TO_READ, "no record in this file")

    def _table(self) -> Iterator[Item]:
        layout = tabular.text_layout(self.source, self.mappings)
        if layout is None:
            raise FileRefusedError(Reason.NO_MAPPING, "no mapping recognises the columns of this table")
        yield from tabular.read_text(self.source, self._laid_out(layout))

    def _sheet(self) -> Iterator[Item]:
        book = sheets.workbook(self.source)
        found = sheets.layout_of(book, self.source.name, self.mappings)
        if found is None:
            raise FileRefusedError(Reason.NO_MAPPING, "no mapping recognises the columns of any sheet")
        layout, place = self._laid_out(found[0]), found[1]
        tabular.refuse_missing_columns(layout)
        yield from tabular.records(sheets.rows(book[place][1], layout), layout, self.source.name)

    def _laid_out(self, layout: Layout) -> Layout:
        self.tally.kind = kind_name(layout.mapping.target)
        self.tally.mapping = layout.mapping
        return bank_accounts.completed(layout, self.source.name, self.account)


def kind_name(target: str) -> str:
    """The kind of a table as verdicts print it."""
    return "bank_csv" if target == "bank" else target


def stream(
    name: str, data: bytes | Path, mappings: Mappings, *, limits: Limits | None = None, account: str = ""
) -> Stream:
    """A file to iterate, for what may be too large to hold; `account` names that of a bank table without one."""
    return Stream(Source(name, data, limits or Limits()), mappings, account)


def batches(flow: Iterable[Item], size: int = 10_000) -> Iterator[list[Item]]:
    """The items of a stream, so many at a time."""
    items = iter(flow)
    while batch := list(islice(items, size)):
        yield batch


def read(
    name: str, data: bytes | Path, mappings: Mappings, *, limits: Limits | None = None, account: str = ""
) -> FileReading:
    """A file read whole; when it is rejected no record is handed over, and the problems say why."""
    limits = limits or Limits()
    flow = stream(name, data, mappings, limits=limits, account=account)
    found: dict[str, list[Any]] = {place: [] for place in PLACES.values()}
    problems: list[Problem] = []
    lines: list[BankLineRecord] = []
    statements: list[StatementRecord] = []
    for item in flow:
        if isinstance(item, Problem):
            if len(problems) < limits.kept_problems or item.severity is Severity.REJECTED:
                problems.append(item)
        elif isinstance(item, BankLineRecord):
            lines.append(item)
        elif isinstance(item, StatementRecord):
            statements.append(item)
        else:
            found[PLACES[type(item)]].append(item)
    return _reading(flow, found, problems, with_lines(statements, lines))


def with_lines(statements: list[StatementRecord], lines: list[BankLineRecord]) -> tuple[StatementRecord, ...]:
    """Statements with the lines that came before them, each taking as many as it counts, of its own account."""
    queues: dict[tuple[str, str], list[BankLineRecord]] = {}
    for line in reversed(lines):
        queues.setdefault((line.account, line.currency), []).append(line)
    filled = []
    for statement in statements:
        queue = queues.get((statement.account, statement.currency), [])
        own = tuple(queue.pop() for _ in range(min(statement.line_count, len(queue))))
        filled.append(replace(statement, lines=own))
    return tuple(filled)


def _reading(
    flow: Stream, found: dict[str, list[Any]], problems: list[Problem], statements: tuple[StatementRecord, ...]
) -> FileReading:
    tally = flow.tally
    records = {place: tuple(items) for place, items in found.items()} | {"statements": statements}
    return FileReading(
        name=flow.source.name,
        sha256=flow.source.sha256,
        kind=tally.kind,
        verdict=tally.verdict,
        problems=tuple(problems),
        records=0 if tally.rejected else tally.taken,
        set_aside=tally.set_aside,
        content=tally.content,
        scope=tally.mapping.scope if tally.mapping else "",
        mapping=tally.mapping.name if tally.mapping else "",
        complete=tally.complete,
        held=tally.held,
        quarantined=tuple(found["invoices"]) if tally.rejected else (),
        **({} if tally.rejected else records),
    )


def check_line(reading: FileReading) -> dict[str, Any]:
    """The verdict of a file as `import --check` prints it: one JSON-able object."""
    reasons = [
        f"{problem.reason}: {problem.message}" + (f" (line {problem.line})" if problem.line else "")
        for problem in reading.problems[:20]
    ]
    return {
        "file": reading.name,
        "kind": reading.kind,
        "verdict": reading.verdict,
        "records": reading.records,
        "set_aside": reading.set_aside,
        "held": reading.held,
        "reasons": reasons,
    }
