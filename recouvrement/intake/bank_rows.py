"""Rows of a bank's CSV into booked lines, ranked among equals whichever way the bank sorts them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from recouvrement.domain.records import BankLineRecord, Problem, StatementRecord
from recouvrement.intake import identifiers
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import RecordRefusedError
from recouvrement.intake.rows import Cells

NEGATIVE_WORDS = frozenset({"d", "debit", "dbit", "deb"})
STATUSES = frozenset({"booked", "pending"})
POSITIVE_WORDS = frozenset({"c", "credit", "crdt", "cred"})


def bank_line(cells: Cells) -> BankLineRecord:
    """The movement of the row in hand; RecordRefusedError when day or amount cannot be read."""
    if cells.word("status", "booked", STATUSES) != "booked":
        raise RecordRefusedError(Reason.NOT_BOOKED, "status", "code", "not booked: left out until it is")
    booking_on = cells.needed_day("booking_on")
    account = identifiers.bare(cells.text("account"))
    cents = _signed(cells)
    return BankLineRecord(
        account=identifiers.iban(account) or account,
        booking_on=booking_on,
        value_on=cells.day("value_on"),
        amount_cents=cents,
        currency=cells.currency(),
        label=cells.text("label"),
        remittance=cells.text("remittance"),
        counterparty_name=cells.text("counterparty_name"),
        counterparty_iban=cells.checked("counterparty_iban", identifiers.iban, Reason.INVALID_IBAN, "") or "",
        end_to_end_id=cells.text("end_to_end_id"),
        structured_reference=cells.text("structured_reference"),
        bank_reference=cells.text("bank_reference"),
        transaction_code=cells.text("transaction_code"),
        line=cells.line,
    )


def _signed(cells: Cells) -> int:
    cents = cells.amount("amount")
    if cents is None:
        debit, credit = cells.amount("debit"), cells.amount("credit")
        if debit and credit:
            raise RecordRefusedError(Reason.INVALID_AMOUNT, "amount", "amount", "debit and credit are both filled")
        if debit is None and credit is None:
            raise RecordRefusedError(Reason.MISSING_VALUE, "amount", "amount", "debit and credit are both empty")
        return credit or -abs(debit or 0)
    word = cells.text("direction").casefold()
    if word:
        if word not in NEGATIVE_WORDS | POSITIVE_WORDS:
            raise RecordRefusedError(Reason.UNKNOWN_VALUE, "direction", "code", "neither debit nor credit")
        return -abs(cents) if word in NEGATIVE_WORDS else abs(cents)
    return -cents if cells.mapping.sign == "reversed" else cents


class Ranks:
    """Counts equals of one account, day and amount in the order met."""

    def __init__(self) -> None:
        self._met: Counter[tuple[str, date, int]] = Counter()

    def ranked(self, line: BankLineRecord) -> BankLineRecord:
        """The line with its rank among equals."""
        return (
            replace(line, rank=rank) if (rank := self.next(line.account, line.booking_on, line.amount_cents)) else line
        )

    def next(self, account: str, booking_on: date, cents: int) -> int:
        """The rank of the next such line, from 0."""
        key = (account, booking_on, cents)
        rank = self._met[key]
        self._met[key] = rank + 1
        return rank


def in_bank_order(lines: Iterator[BankLineRecord | Problem]) -> Iterator[BankLineRecord | Problem]:
    """Lines with ranks; where the file runs from the newest day to the oldest, equals are ranked from the last."""
    ranks, held, newest_first = Ranks(), list[BankLineRecord](), False
    for line in lines:
        if isinstance(line, Problem):
            yield line
            continue
        if held and held[-1].booking_on != line.booking_on:
            newest_first = line.booking_on < held[-1].booking_on
            yield from map(ranks.ranked, reversed(held) if newest_first else held)
            held = []
        held.append(line)
    yield from map(ranks.ranked, reversed(held) if newest_first else held)


class Accounts:
    """What a bank CSV says about each account: the span and the number of its lines."""

    def __init__(self) -> None:
        self._spans: dict[tuple[str, str], tuple[date, date, int]] = {}

    def seen(self, line: BankLineRecord) -> None:
        """Take a line into account."""
        key, day = (line.account, line.currency), line.booking_on
        first, last, count = self._spans.get(key, (day, day, 0))
        self._spans[key] = (min(first, day), max(last, day), count + 1)

    def statements(self) -> Iterator[StatementRecord]:
        """One statement per account and currency, without balances: such a file has none to check."""
        for (account, currency), (first, last, count) in self._spans.items():
            yield StatementRecord(account, currency, first, last, None, None, line_count=count)
