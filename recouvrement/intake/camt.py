"""CAMT.052, .053 and .054 of any version, entry by entry, on local names (ISO 20022)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from recouvrement.domain.records import BankLineRecord, Problem, Severity, StatementRecord
from recouvrement.intake import balances, camt_entry, identifiers, values
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, problem
from recouvrement.intake.safe_xml import Element, all_at, local_name, streamed, text_at
from recouvrement.intake.source import Source

STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
OPENING, PREVIOUS, CLOSING = "OPBD", "PRCD", "CLBD"


@dataclass(slots=True)
class _Open:
    """The statement in hand."""

    element: Element
    account: str
    currency: str
    name: str
    made_on: str
    entries: int = 0
    booked: int = 0
    waiting: int = 0
    moved: int = 0
    first: date | None = None
    last: date | None = None
    ranks: Ranks = field(default_factory=Ranks)

    def take(self, line: BankLineRecord) -> None:
        self.booked += 1
        self.moved += line.amount_cents
        self.first = min(self.first or line.booking_on, line.booking_on)
        self.last = max(self.last or line.booking_on, line.booking_on)


def read(source: Source) -> Iterator[BankLineRecord | StatementRecord | Problem]:
    """Booked entries in the order of the file, each statement after its lines; memory stays flat.

    FileRefusedError when the file is cut, an entry cannot be read, a count or a balance disagrees.
    """
    opened: _Open | None = None
    ranks: dict[str, Ranks] = {}
    seen = False
    for element in streamed(source, ("Ntry", *STATEMENTS)):
        holder = element.getparent() if local_name(element) == "Ntry" else element
        if holder is None or local_name(holder) not in STATEMENTS:
            continue
        if opened is None or opened.element is not holder:
            opened, seen = _opened(holder), True
            opened.ranks = ranks.setdefault(opened.account, opened.ranks)
        if element is holder:
            yield from _closed(opened, source.name)
            _drop(element)
            opened = None
        else:
            yield from _entry(element, opened)
            _drop(element)
    if not seen:
        raise FileRefusedError(Reason.NOTHING_TO_READ, "no statement in this message")


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _opened(element: Element) -> _Open:
    stated = text_at(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
    account = identifiers.iban(stated) or identifiers.bare(stated)
    if not account:
        raise FileRefusedError(Reason.MISSING_VALUE, "the statement names no account", element="Acct")
    currency = text_at(element, "Acct/Ccy")
    for amount in () if currency else (*all_at(element, "Bal/Amt"), *all_at(element, "Ntry/Amt")):
        currency = currency or amount.get("Ccy", "")
    return _Open(
        element, account, currency or "EUR", text_at(element, "ElctrncSeqNb", "LglSeqNb", "Id"), _made_on(element)
    )


def _entry(element: Element, opened: _Open) -> Iterator[BankLineRecord]:
    opened.entries += 1
    entry = camt_entry.taken_apart(element)
    status = camt_entry.first(entry.leaves, "Sts/Cd", "Sts/Prtry", "Sts")
    if status and status != "BOOK":
        opened.waiting += 1
        return
    place = camt_entry.Place(opened.account, opened.currency, opened.entries, opened.made_on)
    line = camt_entry.line(entry, place, opened.ranks)
    opened.take(line)
    yield line


def _made_on(statement: Element) -> str:
    """The day of the message, for entries of .052 and .054 that carry none of their own."""
    return text_at(statement, "CreDtTm", "FrToDt/ToDtTm") if local_name(statement) != "Stmt" else ""


def _closed(opened: _Open, file: str) -> Iterator[StatementRecord | Problem]:
    name = f"statement {opened.name}".strip()
    _refuse_wrong_count(opened, name)
    found, contradictory = _balances(opened.element)
    opening, closing = found.get(OPENING, found.get(PREVIOUS)), found.get(CLOSING)
    balanced = balances.agreed(opening, opened.moved, closing)
    if balanced is None:
        yield balances.no_balance(file, name)
    elif not balanced and opening is not None and closing is not None:
        if opening + opened.moved == -closing:
            message = "the closing balance has the right figure and the wrong credit/debit mark"
            yield problem(file, Reason.BALANCE_SIGN, message, element=name, field="Bal", value_class="balance")
        elif contradictory:
            message = "two balances of the file contradict each other; it is held until a person confirms it"
            yield problem(file, Reason.BALANCES_CONTRADICT, message, element=name, field="Bal", value_class="balance")
        else:
            balances.refuse_unbalanced(opening, opened.moved, closing, name)
    if opened.waiting:
        message = f"{opened.waiting} entries are not booked yet and were left out"
        yield problem(file, Reason.NOT_BOOKED, message, element=name, severity=Severity.NOTE)
    first, last = _span(opened)
    yield StatementRecord(
        opened.account,
        opened.currency,
        first,
        last,
        opening,
        closing,
        opened.name,
        line_count=opened.booked,
        balanced=balanced,
    )


def _refuse_wrong_count(opened: _Open, name: str) -> None:
    announced = text_at(opened.element, "TxsSummry/TtlNtries/NbOfNtries")
    if announced and announced != str(opened.entries):
        message = f"{opened.entries} entries where the summary announces another number"
        raise FileRefusedError(Reason.COUNT_DISAGREES, message, element=name)


def _balances(element: Element) -> tuple[dict[str, int], bool]:
    """Signed cents by code, and whether the two opening figures contradict each other."""
    found: dict[str, int] = {}
    for balance in all_at(element, "Bal"):
        code = text_at(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry")
        try:
            cents = values.amount(text_at(balance, "Amt"), ".")
        except ValueError:
            if code in {OPENING, PREVIOUS, CLOSING}:
                raise FileRefusedError(Reason.INVALID_AMOUNT, "a balance is not an amount", element="Bal") from None
            continue
        found.setdefault(code, -cents if text_at(balance, "CdtDbtInd") == "DBIT" else cents)
    contradictory = PREVIOUS in found and OPENING in found and found[PREVIOUS] != found[OPENING]
    return found, contradictory


def _span(opened: _Open) -> tuple[date | None, date | None]:
    """The days that the statement covers: as stated, else those of its balances, else those of its lines."""
    element = opened.element
    first = _day(text_at(element, "FrToDt/FrDtTm", "FrToDt/FrDt")) or _balance_day(element, (OPENING, PREVIOUS))
    last = _day(text_at(element, "FrToDt/ToDtTm", "FrToDt/ToDt")) or _balance_day(element, (CLOSING,))
    days = [day for day in (last, opened.last) if day]
    return first or opened.first, max(days, default=None)


def _balance_day(element: Element, codes: tuple[str, ...]) -> date | None:
    for balance in all_at(element, "Bal"):
        if text_at(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd") in codes:
            return _day(text_at(balance, "Dt/Dt", "Dt/DtTm"))
    return None


def _day(text: str) -> date | None:
    try:
        return values.day(text[:10]) if text else None
    except ValueError:
        return None
