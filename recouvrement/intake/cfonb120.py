"""CFONB 120 statements: fixed records 01, 04, 05, 07 of 120 characters (CFONB brochure, July 2004)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from recouvrement.domain.records import BankLineRecord, StatementRecord
from recouvrement.intake import balances, cfonb120_texts, identifiers, values
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.source import Source
from recouvrement.intake.statement_reading import Moved, StatementReader

WIDTH = 120
CREDIT = {"{": "0"} | {chr(ord("A") + digit - 1): str(digit) for digit in range(1, 10)}
DEBIT = {"}": "0"} | {chr(ord("J") + digit - 1): str(digit) for digit in range(1, 10)}
FACTORS = {"0": 100, "1": 10, "2": 1, " ": 1}


@dataclass(slots=True)
class _Statement(Moved):
    """What an 01 record opened."""

    key: str
    account: str
    currency: str
    decimals: str
    opened_on: date | None
    opening: int
    line: int


@dataclass(slots=True)
class _Movement:
    """An 04 record waiting for its complements."""

    record: str
    line: int
    complements: list[tuple[str, str]] = field(default_factory=list)


def read(source: Source) -> Iterator[BankLineRecord | StatementRecord]:
    """Lines in the order of the file, each statement after its lines; FileRefusedError when anything is amiss."""
    reader = _Reader()
    for line, record in records(source):
        yield from reader.take(line, record)
    yield from reader.end()


def records(source: Source) -> Iterator[tuple[int, str]]:
    """Records padded to 120 characters, from files with or without line breaks."""
    head = source.head(WIDTH * 4)
    if b"\n" in head or b"\r" in head or len(head) < WIDTH * 2:
        for number, line in source.lines():
            if text := line.rstrip("\r\n\x1a\0"):
                yield from ((number, text[at : at + WIDTH].ljust(WIDTH)) for at in range(0, len(text), WIDTH))
        return
    with io.TextIOWrapper(source.opened(), encoding=source.encoding, errors="replace") as stream:
        number = 0
        while text := stream.read(WIDTH).rstrip("\r\n\x1a"):
            number += 1
            yield number, text.ljust(WIDTH)


class _Reader(StatementReader[_Statement, _Movement]):
    def take(self, line: int, record: str) -> Iterator[BankLineRecord | StatementRecord]:
        code = record[:2]
        if code == "05":
            self._complement(line, record)
            return
        yield from self._finished()
        if code == "01":
            self._opened(line, record)
        elif code == "04":
            self._owner(line, record)
            self._movement = _Movement(record, line)
        elif code == "07":
            yield self._closed(line, record)
        elif record.strip():
            raise FileRefusedError(Reason.UNREADABLE, "not a record of CFONB 120", line=line, element="record")

    def end(self) -> Iterator[BankLineRecord | StatementRecord]:
        yield from self._finished()
        if self._open is not None:
            raise FileRefusedError(Reason.TRUNCATED, "a statement has no closing balance (07)", line=self._open.line)
        self._refuse_nothing()

    def _opened(self, line: int, record: str) -> None:
        if self._open is not None:
            raise FileRefusedError(Reason.TRUNCATED, "a statement begins before the last one is closed", line=line)
        self._met = True
        decimals = record[19] if record[19].strip() else "2"
        self._open = _Statement(
            key=_key(record),
            account=account_of(record),
            currency=record[16:19].strip().upper() or "EUR",
            decimals=decimals,
            opened_on=_day(record[34:40], line),
            opening=_amount(record[90:104], decimals, line),
            line=line,
        )

    def _owner(self, line: int, record: str) -> _Statement:
        if self._open is None:
            raise FileRefusedError(Reason.UNREADABLE, "a record stands before any opening balance", line=line)
        if _key(record) != self._open.key:
            raise FileRefusedError(Reason.UNREADABLE, "a record names another account than its statement", line=line)
        return self._open

    def _complement(self, line: int, record: str) -> None:
        self._owner(line, record)
        if self._movement is None:
            raise FileRefusedError(Reason.UNREADABLE, "a complement (05) follows no movement", line=line)
        self._movement.complements.append((record[45:48], record[48:118]))

    def _line(self, movement: _Movement, statement: _Statement) -> BankLineRecord:
        return _line(movement, statement, self._ranks)

    def _closed(self, line: int, record: str) -> StatementRecord:
        opened = self._owner(line, record)
        closing = _amount(record[90:104], opened.decimals, line)
        balances.refuse_unbalanced(opened.opening, opened.moved, closing, "record 07", line)
        self._open = None
        return StatementRecord(
            opened.account,
            opened.currency,
            opened.opened_on,
            _day(record[34:40], line),
            opened.opening,
            closing,
            line_count=opened.count,
            balanced=True,
        )


def account_of(record: str) -> str:
    """The IBAN of the account that a record names, or bank, branch and number run together.

    >>> account_of("0130006    00001EUR2 12345678901")
    'FR7630006000011234567890189'
    """
    bank, branch, account = record[2:7], record[11:16], record[21:32]
    return identifiers.french_iban(bank, branch, account) or identifiers.bare(bank + branch + account)


def _key(record: str) -> str:
    return record[11:16] + record[21:32]  # the bank code of a SEPA debit may be another than the account's


def _line(movement: _Movement, statement: _Statement, ranks: Ranks) -> BankLineRecord:
    record = movement.record
    cents = _amount(record[90:104], record[19] if record[19].strip() else statement.decimals, movement.line)
    booking_on = _day(record[34:40], movement.line)
    if booking_on is None:
        raise FileRefusedError(Reason.INVALID_DATE, "a movement has no accounting date", line=movement.line)
    texts = cfonb120_texts.texts(movement.complements, credit=cents > 0)
    rejected = record[40:42].strip()
    return BankLineRecord(
        account=statement.account,
        booking_on=booking_on,
        value_on=_day(record[42:48], movement.line),
        amount_cents=cents,
        currency=_currency(record, statement, movement.line),
        label=record[48:80].strip(),
        remittance=texts.remittance,
        counterparty_name=texts.counterparty_name,
        counterparty_iban=texts.counterparty_iban,
        end_to_end_id=texts.end_to_end_id,
        structured_reference=texts.structured_reference,
        bank_reference=texts.bank_reference or record[104:120].strip().lstrip("0"),
        transaction_code=record[32:34].strip(),
        reversal=bool(rejected),
        return_reason=rejected,
        rank=ranks.next(statement.account, booking_on, cents),
        line=movement.line,
    )


def _currency(record: str, statement: _Statement, line: int) -> str:
    stated = record[16:19].strip().upper()
    if stated and stated != statement.currency:
        raise FileRefusedError(Reason.INVALID_CURRENCY, "a movement is in another currency than its account", line=line)
    return statement.currency


def overpunched(text: str) -> int:
    """The number in zoned decimal whose last character holds digit and sign; ValueError otherwise.

    >>> overpunched("0000000001904}"), overpunched("0000000166956E")
    (-19040, 1669565)
    """
    digits, last = text[:-1].replace(" ", "0"), text[-1:].upper()
    if not digits.isascii() or not digits.isdigit():
        raise ValueError("not a zoned decimal")
    if last in CREDIT:
        return int(digits + CREDIT[last])
    if last in DEBIT:
        return -int(digits + DEBIT[last])
    raise ValueError("not a zoned decimal")


def _amount(text: str, decimals: str, line: int) -> int:
    try:
        number = overpunched(text)
        if decimals == "3" and number % 10 == 0:
            return number // 10
        return number * FACTORS[decimals]
    except (ValueError, KeyError):
        raise FileRefusedError(Reason.INVALID_AMOUNT, "not an amount of CFONB 120", line=line) from None


def _day(text: str, line: int) -> date | None:
    if not text.strip(" 0"):
        return None
    try:
        return values.day(f"{text[:2]}/{text[2:4]}/{text[4:]}", ("DD/MM/YY",))
    except ValueError:
        raise FileRefusedError(Reason.INVALID_DATE, "not a day of CFONB 120", line=line) from None
