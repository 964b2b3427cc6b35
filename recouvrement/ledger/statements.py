"""Taking bank statements in: a line is identified by account, booking day, amount, sign and rank among equals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.accounts import same_account
from recouvrement.domain.records import BankLineRecord, Problem, Severity, StatementRecord
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.bank import bank_account, bank_line, statement


@dataclass(slots=True)
class LineTally:
    """Lines new and already known, those in conflict, and accounts touched."""

    new: int = 0
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


def take_statement(
    act: Act, creditor_id: str, record: StatementRecord, *, format_: str, file: str, source: str | None = None
) -> LineTally:
    """Record a statement and those of its lines that are not known yet.

    The same period again, or in another format, adds nothing. A line that has the identity of a known one but, in the
    same format, another bank reference is a second payment or a mistake: it is set aside for a person.
    """
    account_id, primary = _account(act, creditor_id, record, format_)
    tally = LineTally()
    lines = list(record.lines)
    known = _known(act.connection, account_id, {line.booking_on for line in lines})
    rows = []
    for line in lines:
        key = (line.booking_on, line.amount_cents)
        equals = known.get(key, [])
        if line.rank < len(equals):
            if format_ == primary and _conflicts(line, equals):
                tally.problems.append(_conflict(file, line))
            tally.same += 1
        else:
            rows.append(_row(act, account_id, line, source))
            tally.new += 1
    if rows:
        act.connection.execute(insert(bank_line), rows)
    _statement(act, account_id, record, format_, source, lines)
    return tally


def _account(act: Act, creditor_id: str, record: StatementRecord, format_: str) -> tuple[str, str]:
    a = bank_account
    rows = act.connection.execute(
        select(a.c.id, a.c.number, a.c.primary_feed).where(a.c.creditor_id == creditor_id)
    ).all()
    exact = [row for row in rows if row.number == record.account]
    found = exact or [row for row in rows if same_account(row.number, record.account)]
    if len(found) == 1:
        return found[0].id, found[0].primary_feed or format_
    account_id = act.new_id()
    row = {
        "id": account_id,
        "act_id": act.id,
        "creditor_id": creditor_id,
        "number": record.account,
        "currency": record.currency,
        "primary_feed": format_,
    }
    act.connection.execute(insert(a).values(**row))
    return account_id, format_


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


def _row(act: Act, account_id: str, line: BankLineRecord, source: str | None) -> dict[str, Any]:
    details = line.details
    remittance = line.remittance or " ".join(d.remittance for d in details if d.remittance)
    return {
        "id": act.new_id(), "act_id": act.id, "effective_on": line.booking_on, "account_id": account_id,
        "value_on": line.value_on or line.booking_on, "amount_cents": line.amount_cents, "currency": line.currency,
        "rank": line.rank, "bank_reference": line.bank_reference[:140], "label": line.label, "remittance": remittance,
        "counterparty_name": line.counterparty_name[:200], "counterparty_iban": line.counterparty_iban[:34],
        "end_to_end_id": line.end_to_end_id[:140], "structured_reference": line.structured_reference[:140],
        "is_reversal": int(line.reversal), "source": source,
    }  # fmt: skip


def _statement(
    act: Act,
    account_id: str,
    record: StatementRecord,
    format_: str,
    source: str | None,
    lines: Iterable[BankLineRecord],
) -> None:
    days = [line.booking_on for line in lines]
    to_on = record.to_on or (max(days) if days else None)
    if to_on is None:
        return
    row = {
        "id": act.new_id(), "act_id": act.id, "account_id": account_id, "from_on": record.from_on or min(days, default=None),
        "to_on": to_on, "opening_cents": record.opening_cents, "closing_cents": record.closing_cents,
        "sequence": record.sequence[:40], "format": format_, "source": source,
    }  # fmt: skip
    act.connection.execute(insert(statement).values(**row))


def _conflict(file: str, line: BankLineRecord) -> Problem:
    return Problem(
        file=file, line=line.line, element="entry", field="bank reference", value_class="reference", reason="bank_line_conflict",
        message="A line of the same account, day and amount is known under another bank reference; this one was set aside.",
        remedy="Import the whole day from one export, so that equal payments stand side by side.", severity=Severity.SET_ASIDE,
    )  # fmt: skip
