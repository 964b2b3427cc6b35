"""OFX and QFX statements, SGML (1.x) or XML (2.x), token by token; memory stays flat."""

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from recouvrement.domain.records import BankLineRecord, Problem, StatementRecord
from recouvrement.intake import balances, identifiers, values
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, RecordRefusedError
from recouvrement.intake.safe_xml import refuse_declarations
from recouvrement.intake.source import Source

TOKEN = re.compile(r"<(/?)([A-Za-z][\w.]*)[^<>]*>([^<]*)")
PIECE = 65536
STATEMENT, MOVEMENT, BALANCE = "STMTRS", "STMTTRN", "LEDGERBAL"
OTHERS = {
    "INVSTMTRS": "an investment account, not a bank account",
    "CCSTMTRS": "a credit card account, not a bank account",
    "ACCTINFORS": "a list of accounts, without statement",
}


@dataclass(slots=True)
class _Statement:
    """A STMTRS in hand."""

    fields: dict[str, str] = field(default_factory=dict)
    closing: dict[str, str] = field(default_factory=dict)
    count: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def account(self) -> str:
        stated = self.fields.get("ACCTID", "")
        parts = (self.fields.get("BANKID", ""), self.fields.get("BRANCHID", ""), stated)
        return identifiers.iban(stated) or identifiers.french_iban(*parts) or identifiers.bare(stated)


def read(source: Source) -> Iterator[BankLineRecord | StatementRecord | Problem]:
    """Lines in the order of the file, each statement after its lines; FileRefusedError when there is no bank account."""
    refuse_declarations(source.head(4096))
    reader = _Reader(source.name)
    for closing, tag, text in tokens(source):
        yield from reader.take(tag, text, closing=closing)
    reader.end()


def tokens(source: Source) -> Iterator[tuple[bool, str, str]]:
    """Closing or not, tag in capitals, text up to the next tag."""
    if source.size > source.limits.stream_bytes:
        raise FileRefusedError(Reason.TOO_LARGE, f"{source.size} bytes, more than accepted")
    with io.TextIOWrapper(source.opened(), encoding=source.encoding, errors="replace") as stream:
        rest = ""
        while piece := stream.read(PIECE):
            rest += piece
            cut = rest.rfind("<")
            if cut < 0 or len(rest) - cut > source.limits.line_characters:
                if len(rest) > source.limits.line_characters:
                    raise FileRefusedError(Reason.UNREADABLE, "a value is longer than any should be")
                continue
            yield from _tokens(rest[:cut])
            rest = rest[cut:]
        yield from _tokens(rest)


def _tokens(text: str) -> Iterator[tuple[bool, str, str]]:
    for found in TOKEN.finditer(text):
        value = found[3].strip()
        yield bool(found[1]), found[2].upper(), html.unescape(value) if "&" in value else value


class _Reader:
    """The state between tokens."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._statement: _Statement | None = None
        self._movement: dict[str, str] | None = None
        self._in_balance = False
        self._ranks = Ranks()
        self._statements = 0
        self._movements = 0
        self._ended = False
        self._others: set[str] = set()
        self._failed = False

    def take(self, tag: str, text: str, *, closing: bool) -> Iterator[BankLineRecord | StatementRecord | Problem]:
        if tag == MOVEMENT or (closing and tag in {"BANKTRANLIST", STATEMENT}):
            yield from self._finished()
        if tag == STATEMENT:
            yield from self._closed()
            self._statement = None if closing else _Statement()
        elif tag == MOVEMENT and not closing:
            self._movement = {}
        elif tag == BALANCE:
            self._in_balance = not closing
        elif tag == "OFX":
            self._ended |= closing
        elif tag in OTHERS:
            self._others.add(tag)
        elif not closing:
            self._value(tag, text)

    def _value(self, tag: str, text: str) -> None:
        if tag == "SEVERITY" and text.upper() == "ERROR":
            self._failed = True
        if self._movement is not None:
            self._movement.setdefault(tag, text)
        elif self._statement is not None:
            place = self._statement.closing if self._in_balance else self._statement.fields
            place.setdefault(tag, text)

    def end(self) -> None:
        if not self._statements and self._statement is None:
            why = next((OTHERS[tag] for tag in OTHERS if tag in self._others), "no statement of a bank account")
            why = "the bank refused the connection: there is no statement" if self._failed else why
            raise FileRefusedError(Reason.NOT_A_STATEMENT, why)
        if not self._ended or self._statement is not None:
            raise FileRefusedError(Reason.TRUNCATED, "the file stops before its end (</OFX>)")

    def _finished(self) -> Iterator[BankLineRecord | Problem]:
        movement, statement = self._movement, self._statement
        self._movement = None
        if movement is None or statement is None:
            return
        self._movements += 1
        try:
            line = _line(movement, statement, self._ranks, self._movements)
        except RecordRefusedError as refusal:
            yield refusal.problem(self._file, self._movements, MOVEMENT)
            return
        statement.count += 1
        statement.first = min(statement.first or line.booking_on, line.booking_on)
        statement.last = max(statement.last or line.booking_on, line.booking_on)
        yield line

    def _closed(self) -> Iterator[StatementRecord | Problem]:
        statement, self._in_balance = self._statement, False
        if statement is None:
            return
        if not statement.account:
            raise FileRefusedError(Reason.MISSING_VALUE, "a statement names no account", element=STATEMENT)
        self._statements += 1
        yield balances.no_balance(self._file, f"statement {self._statements}")
        yield StatementRecord(
            statement.account,
            _currency(statement),
            _day_or_none(statement.fields.get("DTSTART", "")) or statement.first,
            _day_or_none(statement.fields.get("DTEND", "")) or statement.last,
            None,
            _balance(statement.closing.get("BALAMT", "")),
            line_count=statement.count,
        )


def _currency(statement: _Statement) -> str:
    stated = statement.fields.get("CURDEF", "").upper()
    return stated if len(stated) == 3 and stated.isalpha() else "EUR"


def _line(movement: dict[str, str], statement: _Statement, ranks: Ranks, ordinal: int) -> BankLineRecord:
    if not statement.account:
        raise FileRefusedError(Reason.MISSING_VALUE, "a statement names no account", element=STATEMENT)
    booking_on = _day(movement.get("DTPOSTED", ""))
    try:
        cents = values.amount(movement.get("TRNAMT", ""))
    except ValueError as error:
        raise RecordRefusedError(Reason.INVALID_AMOUNT, "TRNAMT", "amount", f"TRNAMT: {error}") from None
    label, memo = movement.get("NAME", ""), movement.get("MEMO", "")
    cheque = movement.get("CHECKNUM", "")
    return BankLineRecord(
        account=statement.account,
        booking_on=booking_on,
        value_on=_day_or_none(movement.get("DTAVAIL", "")),
        amount_cents=cents,
        currency=_currency(statement),
        label=label or memo,
        remittance=" ".join(filter(None, (memo if label else "", f"CHQ {cheque}" if cheque else ""))),
        counterparty_iban=identifiers.iban(movement.get("ACCTID", "")) or "",
        bank_reference=movement.get("FITID", ""),
        transaction_code=movement.get("TRNTYPE", ""),
        rank=ranks.next(statement.account, booking_on, cents),
        line=ordinal,
    )


def _day(text: str) -> date:
    if not text:
        raise RecordRefusedError(Reason.MISSING_VALUE, "DTPOSTED", "date", "DTPOSTED is empty")
    found = _day_or_none(text)
    if found is None:
        raise RecordRefusedError(Reason.INVALID_DATE, "DTPOSTED", "date", "DTPOSTED: not a date in a known form")
    return found


def _day_or_none(text: str) -> date | None:
    try:
        return values.day(text[:8])
    except ValueError:
        return None


def _balance(text: str) -> int | None:
    try:
        return values.amount(text)
    except ValueError:
        return None
