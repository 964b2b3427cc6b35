"""Taking bank statements in: a line is identified by account, booking day, amount, sign and rank among equals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.accounts import same_account
from recouvrement.domain.money import plain
from recouvrement.domain.records import BankDetail, BankLineRecord, Problem, Severity, StatementRecord
from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import Day, insert_rows, rising_ids, stored_day
from recouvrement.ledger.tables.bank import bank_account, bank_line, statement

COLUMNS = (
    "id", "act_id", "effective_on", "account_id", "value_on", "amount_cents", "currency", "rank", "bank_reference", "label",
    "remittance", "counterparty_name", "counterparty_iban", "end_to_end_id", "structured_reference", "is_reversal", "source",
)  # fmt: skip


@dataclass(slots=True)
class LineTally:
    """Lines new and already known, and those in conflict."""

    new: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account of the creditor, and the format of its first file: its primary feed."""

    id: str
    primary: str


def take_statement(
    act: Act, creditor_id: str, record: StatementRecord, *, format_: str, file: str, source: str | None = None
) -> LineTally:
    """Record a statement that holds its lines, and those of its lines that are not known yet."""
    account = account_of(act, creditor_id, record.account, record.currency, format_)
    tally = take_lines(act, account, record.lines, format_=format_, file=file, source=source)
    days = [line.booking_on for line in record.lines]
    span = (min(days), max(days)) if days else None
    record_statement(act, account, record, span, format_=format_, source=source)
    return tally


def take_lines(
    act: Act,
    account: Account,
    lines: Iterable[BankLineRecord],
    *,
    format_: str,
    file: str,
    source: str | None = None,
) -> LineTally:
    """Record the lines of one account that are not known yet; a long statement comes in pieces.

    The same period again, or in another format, adds nothing. A line that has the identity of a known one but, in the
    same format, another bank reference is a second payment or a mistake: it is set aside for a person.
    """
    tally, ids, day = LineTally(), rising_ids(act), stored_day(act.connection)
    lines = list(lines)
    known = _known(act.connection, account.id, {line.booking_on for line in lines})
    rows = []
    for line in lines:
        equals = known.get((line.booking_on, line.amount_cents), [])
        if line.rank < len(equals):
            if format_ == account.primary and _conflicts(line, equals):
                tally.problems.append(_conflict(file, line))
            tally.same += 1
        else:
            rows.append(_row(act, next(ids), account.id, line, source, day))
            tally.new += 1
    insert_rows(act.connection, bank_line, COLUMNS, rows)
    return tally


def account_of(act: Act, creditor_id: str, number: str, currency: str, format_: str) -> Account:
    """The account of that number, under whichever of its two names it is known; opened when it is not."""
    a, number = bank_account, number[:34]
    query = select(a.c.id, a.c.number, a.c.primary_feed).where(a.c.creditor_id == creditor_id)
    rows = act.connection.execute(query).all()
    exact = [row for row in rows if row.number == number]
    found = exact or [row for row in rows if same_account(row.number, number)]
    if len(found) == 1:
        return Account(found[0].id, found[0].primary_feed or format_)
    row = {"creditor_id": creditor_id, "number": number, "currency": currency, "primary_feed": format_}
    account_id = act.new_id()
    act.connection.execute(insert(a).values(id=account_id, act_id=act.id, **row))
    return Account(account_id, format_)


def _known(connection: Connection, account_id: str, days: set[date]) -> dict[tuple[date, int], list[str]]:
    """References of known lines by (booking day, amount), in rank order."""
    found: dict[tuple[date, int], list[str]] = defaultdict(list)
    if not days:
        return found
    b = bank_line
    query = (
        select(b.c.effective_on, b.c.amount_cents, b.c.bank_reference)
        .where(b.c.account_id == account_id, b.c.effective_on.between(min(days), max(days)))
        .order_by(b.c.effective_on, b.c.amount_cents, b.c.rank)
    )
    for on, amount, bank_reference in connection.execute(query):
        found[on, amount].append(bank_reference or "")
    return found


def _conflicts(line: BankLineRecord, equals: list[str]) -> bool:
    return bool(line.bank_reference) and all(equals) and line.bank_reference not in equals


def _row(
    act: Act, line_id: str, account_id: str, line: BankLineRecord, source: str | None, day: Day
) -> tuple[Any, ...]:
    remittance = " ".join(filter(None, [line.remittance, *map(_detail_text, line.details)]))
    return (
        line_id, act.id, day(line.booking_on), account_id, day(line.value_on or line.booking_on), line.amount_cents,
        line.currency, line.rank, _text(line.bank_reference, 140), _text(line.label), _text(remittance),
        _text(line.counterparty_name, 200), _text(line.counterparty_iban, 34), _text(line.end_to_end_id, 140),
        _text(line.structured_reference, 140), int(line.reversal), source,
    )  # fmt: skip


def _detail_text(detail: BankDetail) -> str:
    """One transaction of an entry that groups several, as words to match by: who paid, for what, how much."""
    amount = plain(abs(detail.amount_cents))
    words = (detail.counterparty_name, detail.remittance, detail.structured_reference, *detail.documents, amount)
    return f"{' '.join(filter(None, dict.fromkeys(words)))} /"


def _text(text: str, most: int | None = None) -> str:
    """No database of ours keeps a NUL inside a text."""
    return text.replace("\0", "")[:most]


def record_statement(
    act: Act,
    account: Account,
    record: StatementRecord,
    span: tuple[date, date] | None,
    *,
    format_: str,
    source: str | None,
) -> None:
    """Record the period that a statement covers; `span` is the first and last day of its lines."""
    to_on = record.to_on or (span[1] if span else None)
    if to_on is None:
        return
    row = {
        "id": act.new_id(), "act_id": act.id, "account_id": account.id, "from_on": record.from_on or (span[0] if span else None),
        "to_on": to_on, "opening_cents": record.opening_cents, "closing_cents": record.closing_cents,
        "sequence": _text(record.sequence, 40), "format": format_, "source": source,
    }  # fmt: skip
    act.connection.execute(insert(statement).values(**row))


def _conflict(file: str, line: BankLineRecord) -> Problem:
    return Problem(
        file=file, line=line.line, element="entry", field="bank reference", value_class="reference", reason="bank_line_conflict",
        message="A line of the same account, day and amount is known under another bank reference; this one was set aside.",
        remedy="Import the whole day from one export, so that equal payments stand side by side.", severity=Severity.SET_ASIDE,
    )  # fmt: skip
