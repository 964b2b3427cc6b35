"""MT940 statements of any bank's dialect, tag by tag (SWIFT category 9); memory stays flat."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from recouvrement.domain.records import BankLineRecord, Problem, StatementRecord
from recouvrement.intake import balances, identifiers, mt940_texts, values
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, problem
from recouvrement.intake.source import Source
from recouvrement.intake.statement_reading import Moved, StatementReader

TAG = re.compile(r"^[^:\w]{0,3}:(\d\d[A-Z]?):(.*)$", re.DOTALL)
MOVEMENT = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?\s*(?P<mark>R?[CD])(?P<funds>[A-Z])?\s*(?P<amount>\d+(?:[,.]\d*)?)"
    r"\s*(?P<type>[NFS][A-Z0-9]{2,3})?(?P<rest>.*)",
    re.DOTALL,
)
BALANCE = re.compile(r"(?P<mark>[CD])(?P<day>\d{6})(?P<currency>[A-Z]{3})\s*(?P<amount>\d+(?:[,.]\d*)?)\s*$")
SIGNS = {"C": 1, "D": -1, "RC": -1, "RD": 1}
RETURNS = frozenset({"NRTI", "NRET", "NRJT"})
WIDTH = 65


@dataclass(slots=True)
class _Statement(Moved):
    """A statement between :20: and :62:."""

    line: int
    account: str = ""
    sequence: str = ""
    opening: int | None = None
    closing: int | None = None
    currency: str = "EUR"
    days: list[date] = field(default_factory=list)


@dataclass(slots=True)
class _Movement:
    """A :61: waiting for its :86:."""

    line: int
    text: str
    information: str = ""


def read(source: Source) -> Iterator[BankLineRecord | StatementRecord | Problem]:
    """Lines in the order of the file, each statement after its lines; FileRefusedError when a movement is unreadable.

    Balances that disagree, or are missing at the end, hold the file: pages of an MT940 may lie in another one.
    """
    reader = _Reader(source.name)
    for line, tag, text in tags(source):
        yield from reader.take(line, tag, text)
    yield from reader.end()


def tags(source: Source) -> Iterator[tuple[int, str, str]]:
    """First line, tag and text of each field; lines of 65 characters or more are glued to the next one."""
    held: tuple[int, str] | None = None
    parts: list[str] = []
    for number, raw in source.lines():
        line = raw.rstrip("\r\n\x03\x01")
        if found := TAG.match(line):
            if held:
                yield *held, _glued(parts)
            held, parts = (number, found[1]), [found[2]]
        elif line.startswith(("-", "{")) and line.strip("-}{ \x01\x03") == "":
            if held:
                yield *held, _glued(parts)
            held = None
        elif held and not line.startswith(("{1:", "-}", "{4:")):
            parts.append(line)
            if len(parts) > source.limits.record_lines:
                raise FileRefusedError(Reason.UNREADABLE, "a field runs over too many lines", line=held[0])
        elif held:
            yield *held, _glued(parts)
            held = None
    if held:
        yield *held, _glued(parts)


def _glued(parts: list[str]) -> str:
    text = ""
    for part in parts:
        text += part if len(part) >= WIDTH else f"{part}\n"
    return text.rstrip("\n")


class _Reader(StatementReader[_Statement, _Movement]):
    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def take(self, line: int, tag: str, text: str) -> Iterator[BankLineRecord | StatementRecord | Problem]:
        if tag == "86":
            if self._movement is not None:
                joint = "\n" if self._movement.information else ""
                self._movement.information += joint + text
            return
        yield from self._finished()
        if tag == "20":
            yield from self._closed()
            self._open, self._met = _Statement(line), True
        elif self._open is not None:
            self._field(self._open, line, tag, text)

    def end(self) -> Iterator[BankLineRecord | StatementRecord | Problem]:
        yield from self._finished()
        yield from self._closed()
        self._refuse_nothing()

    def _field(self, statement: _Statement, line: int, tag: str, text: str) -> None:
        if tag == "25":
            statement.account = account_of(text)
        elif tag in {"28", "28C"}:
            statement.sequence = text.strip()
        elif tag in {"60F", "60M"}:
            statement.opening, day, statement.currency = balance(text, line)
            statement.days.append(day)
        elif tag in {"62F", "62M"}:
            statement.closing, day, _ = balance(text, line)
            statement.days.append(day)
        elif tag == "61":
            if not statement.account:
                raise FileRefusedError(Reason.MISSING_VALUE, "a movement stands before any account (:25:)", line=line)
            self._movement = _Movement(line, text)

    def _line(self, movement: _Movement, statement: _Statement) -> BankLineRecord:
        return _line(movement, statement, self._ranks)

    def _closed(self) -> Iterator[StatementRecord | Problem]:
        statement, self._open = self._open, None
        if statement is None:
            return
        if not statement.account:
            raise FileRefusedError(Reason.MISSING_VALUE, "a statement names no account (:25:)", line=statement.line)
        balanced = balances.agreed(statement.opening, statement.moved, statement.closing)
        if balanced is not True:
            yield _held(self._file, statement, balanced)
        yield StatementRecord(
            statement.account,
            statement.currency,
            min(statement.days, default=None),
            max(statement.days, default=None),
            statement.opening,
            statement.closing,
            statement.sequence,
            line_count=statement.count,
            balanced=balanced,
        )


def _held(file: str, statement: _Statement, balanced: bool | None) -> Problem:  # noqa: FBT001
    missing = balanced is None
    reason = Reason.NO_BALANCE if missing else Reason.BALANCES_DISAGREE
    message = (
        "a balance of this statement is missing; the file is held until a person confirms it"
        if missing
        else "opening balance plus movements misses the closing balance; the file is held until a person confirms it"
    )
    return problem(file, reason, message, line=statement.line, element=":62F:", field="balance", value_class="balance")


def balance(text: str, line: int) -> tuple[int, date, str]:
    """Signed hundredths, day and currency of a :60: or :62: field; FileRefusedError otherwise."""
    found = BALANCE.match(text.strip())
    if not found:
        raise FileRefusedError(Reason.INVALID_AMOUNT, "a balance cannot be read", line=line, element="balance")
    return SIGNS[found["mark"]] * _cents(found["amount"], line), _day(found["day"], line), found["currency"]


def account_of(text: str) -> str:
    """The IBAN, or the bank's own number; a French RIB of 23 characters becomes its IBAN.

    >>> account_of("FR7630006000011234567890189EUR"), account_of("30006000011234567890189"), account_of("1291.99.348EUR")
    ('FR7630006000011234567890189', 'FR7630006000011234567890189', '129199348')
    """
    number = identifiers.bare(text.split("\n")[0])
    if valid := identifiers.iban(number):
        return valid
    number = re.sub(r"(?<=\d)[A-Z]{3}$", "", number)
    if len(number) == 23 and (iban := identifiers.french_iban(number[:5], number[5:10], number[10:21])):
        return iban if iban.endswith(number[21:]) else number
    return identifiers.iban(number) or number


def _line(movement: _Movement, statement: _Statement, ranks: Ranks) -> BankLineRecord:
    found = MOVEMENT.match(movement.text.lstrip())
    if not found:
        raise FileRefusedError(
            Reason.UNREADABLE, "a movement (:61:) cannot be read", line=movement.line, element=":61:"
        )
    cents = SIGNS[found["mark"]] * _cents(found["amount"], movement.line)
    value_on = _day(found["value"], movement.line)
    booking_on = entry_day(value_on, found["entry"], movement.line)
    reference, supplement = _references(found["rest"])
    texts = mt940_texts.texts(movement.information)
    code = (found["type"] or "").strip()
    statement.days.append(booking_on)
    return BankLineRecord(
        account=statement.account,
        booking_on=booking_on,
        value_on=value_on,
        amount_cents=cents,
        currency=statement.currency,
        label=texts.label or supplement,
        remittance=texts.remittance,
        counterparty_name=texts.counterparty_name,
        counterparty_iban=texts.counterparty_iban,
        end_to_end_id=texts.end_to_end_id,
        bank_reference=reference,
        transaction_code=code,
        reversal=found["mark"].startswith("R") or code in RETURNS,
        return_reason=texts.return_reason,
        rank=ranks.next(statement.account, booking_on, cents),
        line=movement.line,
    )


def _references(rest: str) -> tuple[str, str]:
    """The bank's reference, and the text that follows on the next lines."""
    first, _, supplement = rest.partition("\n")
    owner, marked, bank = first.partition("//")
    reference = bank.strip() if marked else owner.strip()
    return ("" if reference == "NONREF" else reference), " ".join(supplement.split())


def entry_day(value_on: date, month_and_day: str | None, line: int) -> date:
    """The booking day: its year is the one nearest to the value date.

    >>> entry_day(date(2025, 12, 31), "0102", 1), entry_day(date(2026, 1, 1), "1231", 1)
    (datetime.date(2026, 1, 2), datetime.date(2025, 12, 31))
    """
    if not month_and_day:
        return value_on
    month, day = int(month_and_day[:2]), int(month_and_day[2:])
    found = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise FileRefusedError(Reason.INVALID_DATE, "a movement has an impossible booking day", line=line)
    nearest = min(found, key=lambda day: abs(day - value_on))
    if abs(nearest - value_on) > timedelta(days=200):
        raise FileRefusedError(Reason.INVALID_DATE, "a movement has an impossible booking day", line=line)
    return nearest


def _cents(text: str, line: int) -> int:
    try:
        return values.amount(text.rstrip(",.") if text[-1] in ",." else text, "," if "," in text else ".")
    except ValueError:
        raise FileRefusedError(Reason.INVALID_AMOUNT, "not an amount of MT940", line=line) from None


def _day(text: str, line: int) -> date:
    try:
        return values.day(f"{text[4:6]}/{text[2:4]}/{text[:2]}", ("DD/MM/YY",))
    except ValueError:
        raise FileRefusedError(Reason.INVALID_DATE, "an impossible day", line=line) from None
