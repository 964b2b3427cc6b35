"""Bank statements checked against the lines: opening + movements = closing, and no statement missing between two."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.tables.bank import bank_account, bank_line, statement
from recouvrement.ledger.tables.control import explanation

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One statement with both its balances, as its bank states them at the start of `from_on` and the end of `to_on`."""

    from_on: date
    to_on: date
    opening_cents: int
    closing_cents: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the bank's balances and the lines part: after one day and up to another; `cents` is what the bank has more.

    A `gap` lies between two statements; without it, a statement and its own lines differ.
    """

    after_on: date
    to_on: date
    cents: int
    gap: bool
    explained: str = ""

    @property
    def makes_stale(self) -> bool:
        """Whether money may have come in that the ledger does not know."""
        return not self.explained and (self.gap or self.cents > 0)


@dataclass(frozen=True, slots=True)
class Feed:
    """One bank account as known on a day; cents of its currency.

    `opening` is the bank's balance at the start of the first statement that states one, `closing` the bank's newest
    balance, `movements` the lines between the two; None where no statement has balances.
    """

    account_id: str
    number: str
    currency: str
    read_to: date | None
    opening_on: date | None = None
    opening_cents: int | None = None
    movement_cents: int = 0
    closing_on: date | None = None
    closing_cents: int | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def fresh_to(self) -> date | None:
        """The day up to which nothing is missing: that of the newest statement, or the last day before the first gap."""
        stale = [fault.after_on for fault in self.faults if fault.makes_stale]
        return self.read_to if self.read_to is None else min([self.read_to, *stale])

    @property
    def difference_cents(self) -> int:
        """What the bank's newest balance has more than the opening one and the lines since."""
        if self.opening_cents is None or self.closing_cents is None:
            return 0
        return self.closing_cents - self.opening_cents - self.movement_cents

    @property
    def adds_up(self) -> bool:
        """Whether nothing parts the bank's balances from the lines that a person did not explain."""
        return all(fault.explained for fault in self.faults)


Key = tuple[str, date, int, int, int]
_kept: WeakKeyDictionary[Engine, dict[Key, list[Feed]]] = WeakKeyDictionary()
MOST_KEPT = 64


def feeds(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Feed]:
    """Every bank account of a creditor with a statement, by number, as known.

    Reading it costs a pass over the lines, and every claim asks: the answer is kept for as long as no line, statement
    or explanation is added. What the transaction under way may itself have written is never kept.
    """
    newest = [_newest_act(connection, table, as_of) for table in (bank_line, statement, explanation)]
    key: Key = (creditor_id, as_of.on, newest[0], newest[1], newest[2])
    kept = _kept.setdefault(connection.engine, {})
    if key in kept:
        return kept[key]
    found = [_feed(connection, row, as_of) for row in _accounts(connection, creditor_id, as_of)]
    if max(newest) < as_of.known_to:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = found
    return found


def _newest_act(connection: Connection, table: Any, as_of: AsOf) -> int:
    return int(connection.scalar(select(func.max(table.c.act_id)).where(table.c.act_id <= as_of.known_to)) or 0)


def _accounts(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Any]:
    query = (
        select(bank_account.c.id, bank_account.c.number, bank_account.c.currency, func.max(statement.c.to_on).label("read_to"))
        .join(statement, statement.c.account_id == bank_account.c.id)
        .where(bank_account.c.creditor_id == creditor_id, statement.c.act_id <= as_of.known_to)
        .where((statement.c.from_on.is_(None)) | (statement.c.from_on <= as_of.on))
        .group_by(bank_account.c.id, bank_account.c.number, bank_account.c.currency)
        .order_by(bank_account.c.number)
    )  # fmt: skip
    return list(connection.execute(query))


def _feed(connection: Connection, row: Any, as_of: AsOf) -> Feed:
    read_to = min(row.read_to, as_of.on)
    spans = joined(_spans(connection, row.id, as_of))
    if not spans:
        return Feed(row.id, row.number, row.currency, read_to)
    moved = _moved(connection, row.id, row.currency, as_of)
    last = max(spans, key=lambda s: s.to_on)
    first_on = spans[0].from_on
    return Feed(
        row.id, row.number, row.currency, read_to, first_on, spans[0].opening_cents,
        moved.between(first_on - DAY, last.to_on), last.to_on, last.closing_cents,
        tuple(_explained(connection, row.id, faults_of(spans, moved), as_of)),
    )  # fmt: skip


def _spans(connection: Connection, account_id: str, as_of: AsOf) -> list[Span]:
    s = statement.c
    query = select(s.from_on, s.to_on, s.opening_cents, s.closing_cents).where(
        s.account_id == account_id, s.act_id <= as_of.known_to, s.to_on <= as_of.on,
        s.opening_cents.is_not(None), s.closing_cents.is_not(None),
    )  # fmt: skip
    found = {
        Span(row.from_on or row.to_on, row.to_on, row.opening_cents, row.closing_cents)
        for row in connection.execute(query)
    }
    return sorted(found, key=lambda span: (span.from_on, span.to_on, span.opening_cents, span.closing_cents))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Statements that part a day between them, made one: the next opens with the balance the last closed on, that day.

    >>> monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    >>> [(s.from_on.day, s.to_on.day) for s in joined([Span(monday, tuesday, 0, 50), Span(tuesday, tuesday, 50, 80)])]
    [(2, 3)]
    """
    made: dict[tuple[date, int], Span] = {}
    for span in spans:
        before = made.pop((span.from_on, span.opening_cents), None)
        first, opening = (before.from_on, before.opening_cents) if before else (span.from_on, span.opening_cents)
        made[span.to_on, span.closing_cents] = Span(first, span.to_on, opening, span.closing_cents)
    return sorted(made.values(), key=lambda span: (span.from_on, span.to_on))


class Moved:
    """What the lines of an account come to between two days."""

    def __init__(self, sums: Iterable[tuple[date, int]]) -> None:
        rows = sorted(sums)
        self.days = [on for on, _ in rows]
        self.totals = [0, *accumulate(int(cents) for _, cents in rows)]

    def between(self, after_on: date, to_on: date) -> int:
        """The sum of lines booked after one day and up to another."""
        return self.totals[bisect_right(self.days, to_on)] - self.totals[bisect_right(self.days, after_on)]


def _moved(connection: Connection, account_id: str, currency: str, as_of: AsOf) -> Moved:
    b = bank_line.c
    query = (
        select(b.effective_on, func.sum(b.amount_cents))
        .where(b.account_id == account_id, b.currency == currency, b.act_id <= as_of.known_to)
        .group_by(b.effective_on)
    )
    return Moved((on, int(cents)) for on, cents in connection.execute(query))


def faults_of(spans: list[Span], moved: Moved) -> list[Fault]:
    """Each stretch between two balances of the bank whose lines do not make the difference, oldest first."""
    closings = {(s.to_on, s.closing_cents) for s in spans}
    openings = {(s.from_on - DAY, s.opening_cents) for s in spans} - closings
    points = sorted([(on, 0, cents) for on, cents in closings] + [(on, 1, cents) for on, cents in openings])
    found = []
    for (one, _, before), (other, _, after) in pairwise(points):
        cents = after - before - moved.between(one, other)
        if not cents:
            continue
        covered = one < other and any(s.from_on - DAY <= one and s.to_on >= other for s in spans)
        # two balances of one evening that differ: lines of that very day are missing
        found.append(Fault(one if one < other else one - DAY, other, cents, gap=not covered))
    return found


def _explained(connection: Connection, account_id: str, faults: list[Fault], as_of: AsOf) -> Iterable[Fault]:
    e = explanation.c
    query = select(e.from_on, e.to_on, e.difference_cents, e.reason).where(
        e.account_id == account_id, e.act_id <= as_of.known_to, e.effective_on <= as_of.on
    )
    reasons = (
        {(row.from_on, row.to_on, row.difference_cents): row.reason for row in connection.execute(query)}
        if faults
        else {}
    )
    for f in faults:
        yield Fault(f.after_on, f.to_on, f.cents, f.gap, reasons.get((f.after_on, f.to_on, f.cents), ""))
