"""FEC (LPF art. A47 A-1): the rows of accounts 411, open invoices among them, and the balance of each customer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from recouvrement.domain.records import CustomerRecord, FecBalance, FecEntry, InvoiceRecord, Problem
from recouvrement.intake import values
from recouvrement.intake.fec_entries import Gathered, Totals
from recouvrement.intake.mapping import plain_heading
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, RecordRefusedError, problem
from recouvrement.intake.source import Source

NEEDED = ("journalcode", "ecriturenum", "ecrituredate", "comptenum", "pieceref")
SEPARATORS = ("\t", "|", ";")  # the last is not lawful, and met
AMOUNTS = (("debit", "credit"), ("montant", "sens"))
RECEIVABLES = "411"
FINANCIAL = "5"
DEBIT_WORDS = frozenset({"D", "+1", "1", "+"})
CREDIT_WORDS = frozenset({"C", "-1", "-"})
FORMS = ("YYYYMMDD", "DD/MM/YYYY", "YYYY-MM-DD")
Item = CustomerRecord | InvoiceRecord | FecEntry | FecBalance | Problem


@dataclass(slots=True)
class _Header:
    """Where the columns stand."""

    separator: str
    width: int
    places: dict[str, int] = field(default_factory=dict)

    def text(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        text = row[place].strip() if place is not None and place < len(row) else ""
        return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def read(source: Source) -> Iterator[Item]:
    """Entries of 411 in the order of the file, invoices still open, then customers and balances.

    A FEC has no due dates: the invoices have none, the customer's terms decide. Debits and credits of the whole file must
    be equal, else the file is held.
    """
    lines = rows(source)
    header = _header(next(lines, (1, ""))[1])
    gathered, totals = Gathered(), Totals()
    for number, text in lines:
        if not text.strip():
            continue
        row = text.split(header.separator)
        try:
            cents, account = _row(header, row, totals)
        except RecordRefusedError as refusal:
            yield refusal.problem(source.name, number, "row", header.text(row, "pieceref"))
            continue
        yield from gathered.turn(header.text(row, "journalcode"), header.text(row, "ecriturenum"))
        if account.startswith(FINANCIAL):
            gathered.money()
        elif account.startswith(RECEIVABLES):
            entry = _entry(header, row, number, account, cents)
            gathered.entry(entry)
            yield entry
    yield from gathered.end()
    if not totals.agree:
        message = "debits and credits of the whole file differ; it is held until a person confirms it"
        yield problem(source.name, Reason.BALANCES_DISAGREE, message, element="totals", value_class="amount")


def rows(source: Source) -> Iterator[tuple[int, str]]:
    """Rows cut at line feeds only: a carriage return may stand inside a label."""
    newline = "\n" if b"\n" in source.head(65536) else "\r"
    for number, line in source.lines(newline=newline):
        yield number, line.rstrip("\r\n\x1a")


def _header(line: str) -> _Header:
    separator = max(SEPARATORS, key=line.count)
    names = [plain_heading(name).replace(" ", "") for name in line.split(separator)]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    absent = [name for name in NEEDED if name not in places]
    if not any(all(name in places for name in pair) for pair in AMOUNTS):
        absent.append("debit and credit")
    if absent:
        raise FileRefusedError(Reason.MISSING_COLUMN, f"missing column: {', '.join(absent)}", line=1, element="heading")
    return _Header(separator, len(names), places)


def _row(header: _Header, row: list[str], totals: Totals) -> tuple[int, str]:
    """Debit less credit and account of a row; RecordRefusedError when its shape is wrong."""
    if len(row) < header.width - 1 or any(cell.strip() for cell in row[header.width :]):
        message = f"{len(row)} fields where the heading has {header.width}"
        raise RecordRefusedError(Reason.WRONG_FIELD_COUNT, "row", "row", message)
    if "debit" in header.places:
        debit, credit = _cents(header, row, "debit"), _cents(header, row, "credit")
    else:
        debit, credit = _by_sense(header, row)
    account = header.text(row, "comptenum")
    if not account:
        raise RecordRefusedError(Reason.MISSING_VALUE, "CompteNum", "account", "CompteNum is empty")
    if _day(header, row, "ecrituredate") is None:
        raise RecordRefusedError(Reason.MISSING_VALUE, "EcritureDate", "date", "EcritureDate is empty")
    totals.add(debit - credit)
    return debit - credit, account


def _by_sense(header: _Header, row: list[str]) -> tuple[int, int]:
    cents, sense = _cents(header, row, "montant"), header.text(row, "sens").upper()
    if sense in DEBIT_WORDS:
        return cents, 0
    if sense in CREDIT_WORDS:
        return 0, cents
    raise RecordRefusedError(Reason.UNKNOWN_VALUE, "Sens", "code", "Sens is neither D nor C")


def _cents(header: _Header, row: list[str], name: str) -> int:
    text = header.text(row, name)
    if not text:
        return 0
    try:
        return values.amount(re.sub(r"^([+-]?)0+(?=\d)", r"\1", text), "," if "," in text else ".")
    except ValueError as error:
        raise RecordRefusedError(Reason.INVALID_AMOUNT, name, "amount", f"{name}: {error}") from None


def _day(header: _Header, row: Sequence[str], name: str) -> date | None:
    text = header.text(row, name)
    if not text.strip("0"):
        return None
    try:
        return values.day(text, FORMS)
    except ValueError as error:
        raise RecordRefusedError(Reason.INVALID_DATE, name, "date", f"{name}: {error}") from None


def _day_or_none(header: _Header, row: Sequence[str], name: str) -> date | None:
    try:
        return _day(header, row, name)
    except RecordRefusedError:
        return None


def _entry(header: _Header, row: list[str], number: int, account: str, cents: int) -> FecEntry:
    entry_on = _day(header, row, "ecrituredate")
    if entry_on is None:
        raise FileRefusedError(Reason.INVALID_DATE, "an entry has no day", line=number)
    return FecEntry(
        journal=header.text(row, "journalcode"),
        entry_number=header.text(row, "ecriturenum"),
        entry_on=entry_on,
        account=account,
        customer_code=header.text(row, "compauxnum") or account,
        customer_name=header.text(row, "compauxlib") or header.text(row, "comptelib"),
        piece=header.text(row, "pieceref"),
        piece_on=_day_or_none(header, row, "piecedate"),
        label=" ".join(header.text(row, "ecriturelib").split()),
        amount_cents=cents,
        lettering=header.text(row, "ecriturelet"),
        lettered_on=_day_or_none(header, row, "datelet"),
        line=number,
    )
