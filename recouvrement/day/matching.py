"""Bank lines to open items: the book is rebuilt from the ledger, walked day by day, and what it says is written once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recouvrement.cycles import without_cycles
from recouvrement.day.house import House
from recouvrement.day.matching_book import Barred, book_of, credit_of
from recouvrement.day.matching_lettered import Lettered
from recouvrement.day.matching_rows import NOBODY, Conclusions
from recouvrement.ledger.book import Act
from recouvrement.ledger.money_in import lines_to_match, newest_doubts, newest_opinions
from recouvrement.matching.book import Book
from recouvrement.matching.day import match_day
from recouvrement.matching.types import Credit


@dataclass(slots=True)
class MatchTally:
    """Lines looked at, by what became of them."""

    verdicts: dict[str, int] = field(default_factory=dict)
    allocated_cents: int = 0

    def as_json(self) -> dict[str, object]:
        """Counts for a report or a run event."""
        return {**dict(sorted(self.verdicts.items())), "allocated_cents": self.allocated_cents}


@without_cycles()
def match(house: House, *, on: date, actor: str = "matching") -> MatchTally:
    """Match every line booked up to a day that has no final verdict, day by day in order of booking.

    Only items, confirmed aliases and bars (insolvency, assignment) effective by each day are used, so that history in one
    go equals day by day.
    """
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        rows = lines_to_match(connection, creditor_id, upto=on)
        opinions = newest_opinions(connection, creditor_id)
        doubts = newest_doubts(connection, opinions)
    fresh = [row for row in rows if row.id not in opinions]
    rows = [row for row in rows if row.amount_cents > 0 or row.id not in opinions]
    if not rows:
        return MatchTally()
    start = min((row.effective_on for row in fresh), default=on)
    book = book_of(house, creditor_id, start, on)
    said = {k: (v.verdict, v.score, doubts.get(k, NOBODY)) for k, v in opinions.items()}
    with house.ledger.act("match", actor) as act:
        done = _conclusions(act, book, rows, said)
        _walk(house, creditor_id, book, done, start, on)
        done.flush()
    book.explainers.clear()  # they refer to the book: without them it is gone before the collector wakes
    return MatchTally(done.verdicts, done.allocated_cents)


def _conclusions(
    act: Act, book: Book, rows: list[Any], said: dict[str, tuple[str, int, frozenset[str]]]
) -> Conclusions:
    notes = {i.id: i.issue_on for i in book.waiting_items() if i.kind == "credit_note"}
    return Conclusions(act, {row.id: row for row in rows}, said, notes)


def _walk(house: House, creditor_id: str, book: Book, done: Conclusions, start: date, on: date) -> None:
    """Each day: what the accounts have lettered first, then the engine over what is left."""
    barred, lettered = Barred.read(house, creditor_id, on), Lettered.read(house, creditor_id, on)
    for day, fresh in _by_day(list(done.lines.values()), start, on):
        if not fresh and not book.receipts:
            continue
        barred.set(book, day)
        closed = lettered.closed(book, [*book.receipts.values(), *fresh], day)
        for line, settlement, score in closed:
            done.stand_in(day, done.lines[line.id], settlement, score)
        touched = {(line.currency, line.amount_cents) for line, _, _ in closed}
        again = [book.receipts[i] for money in sorted(touched) for i in book.receipts_of.get(money, ())]
        outcomes = match_day(book, [*again, *[line for line in fresh if line.id not in done.settled]], day)
        done.take(day, [lettered.proposed(book.receipts.get(o.line_id), o) for o in outcomes])


def _by_day(rows: list[Any], start: date, on: date) -> Iterator[tuple[date, list[Credit]]]:
    """Each booking day from `start` with the lines new to it; the first day's are all those booked by then.

    A line waits until it is settled, however old: one that is left out would no more contest a later line for its invoice.
    """
    lines = [(row.effective_on, credit_of(row)) for row in rows]
    new = 0
    for day in sorted({day for day, _ in lines if day >= start} | {on}):
        first = new
        while new < len(lines) and lines[new][0] <= day:
            new += 1
        yield day, [line for _, line in lines[first:new]]
