"""Bank lines to open items: the book is rebuilt from the ledger, walked day by day, and what it says is written once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from recouvrement.day.house import House
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.money_in import (
    NewAllocation,
    NewOpinion,
    items_for_matching,
    lines_to_match,
    newest_doubts,
    newest_opinions,
    past_allocations,
    payers,
    undo_line,
    write_allocations,
    write_opinions,
)
from recouvrement.ledger.reopening import reopen
from recouvrement.matching.book import Book
from recouvrement.matching.day import match_day
from recouvrement.matching.types import Credit, OpenItem, Outcome, PastAllocation, PastPayment, Payer, Proposal, Verdict

RETRY_DAYS = 400
NOBODY: frozenset[str] = frozenset()
Said = tuple[str, int, frozenset[str]]  # verdict, score, debtors in doubt
ITEM_MEMORY_DAYS = 2_000  # settled items keep their numbers: a payment may name them again
PAYMENT_MEMORY_DAYS = 400  # a payment may come back
FINAL = frozenset({Verdict.AUTOMATIC, Verdict.REVERSAL, Verdict.NOT_A_CUSTOMER})


@dataclass(slots=True)
class MatchTally:
    """Lines looked at, by what became of them."""

    verdicts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    allocated_cents: int = 0

    def as_json(self) -> dict[str, object]:
        """Counts for a report or a run event."""
        return {**dict(sorted(self.verdicts.items())), "allocated_cents": self.allocated_cents}


def match(house: House, *, on: date, actor: str = "matching") -> MatchTally:
    """Match every line booked up to a day that has no final verdict, day by day in order of booking.

    Only items and confirmed aliases effective by each day are used, so that history in one go equals day by day.
    """
    creditor_id = house.creditor()
    tally = MatchTally()
    with house.ledger.reading() as connection:
        rows = lines_to_match(connection, creditor_id, upto=on)
        opinions = newest_opinions(connection, creditor_id)
        doubts = newest_doubts(connection, opinions)
    fresh = [row for row in rows if row.id not in opinions]
    rows = [row for row in rows if row.amount_cents > 0 or row.id not in opinions]
    if not rows:
        return tally
    start = min((row.effective_on for row in fresh), default=on)
    book = _book(house, creditor_id, start, on)
    settled: set[str] = set()
    with house.ledger.act("match", actor) as act:
        writer = _Writer(
            act,
            book,
            {k: (v.verdict, v.score, doubts.get(k, NOBODY)) for k, v in opinions.items()},
            tally,
            {row.id: row for row in rows},
            settled,
        )
        for day, lines in _by_day(rows, start, on, settled):
            writer.write(day, match_day(book, lines, day))
        writer.flush()
    return tally


def _by_day(rows: list[Any], start: date, on: date, settled: set[str]) -> Iterator[tuple[date, list[Credit]]]:
    """Each booking day from `start` with its lines and those booked in the 400 days before that are still open."""
    lines = [(row.effective_on, _credit(row)) for row in rows]
    days = sorted({day for day, _ in lines if day >= start} | {on})
    waiting: list[tuple[date, Credit]] = []
    n = 0
    for day in days:
        while n < len(lines) and lines[n][0] <= day:
            waiting.append(lines[n])
            n += 1
        since = day - timedelta(days=RETRY_DAYS)
        waiting = [(booked, line) for booked, line in waiting if booked >= since and line.id not in settled]
        if waiting:
            yield day, [line for _, line in waiting]
        waiting = [(booked, line) for booked, line in waiting if line.amount_cents > 0]  # a debit is looked at once


def _credit(row: Any) -> Credit:
    return Credit(
        row.id, row.account, row.effective_on, row.value_on, row.amount_cents, row.currency, row.label, row.remittance,
        row.counterparty_name, row.counterparty_iban, row.end_to_end_id, row.structured_reference,
    )  # fmt: skip


def _book(house: House, creditor_id: str, start: date, on: date) -> Book:
    """The book as of `start`: payers, items with what was open then, payments remembered."""
    book = Book()
    with house.ledger.reading() as connection:
        as_of = AsOf(on, house.ledger.known_to())
        names, identities = payers(connection, creditor_id, as_of)
        items = items_for_matching(connection, creditor_id, as_of, settled_days=ITEM_MEMORY_DAYS + (on - start).days)
        past = past_allocations(connection, creditor_id, as_of, since=start - timedelta(days=PAYMENT_MEMORY_DAYS))
    known: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in identities:
        known[row.debtor_id][row.kind].append(row.value)
    for row in names:
        mine = known[row.debtor_id]
        book.add_payer(
            Payer(
                row.debtor_id,
                row.name,
                row.siren or "",
                row.vat_number or "",
                tuple(mine["iban"]),
                tuple(mine["alias"]),
            )
        )
    for row in items:
        book.add_item(_item(row))
    for payment in _past(past):
        book.add_past(payment)
    return book


def _item(row: Any) -> OpenItem:
    return OpenItem(
        row.id, row.number, row.debtor_id, row.issue_on, row.due_on, int(row.open_cents), row.amount_cents, row.currency, row.kind,
        row.customer_reference or "", row.discount_bp, row.discount_until,
    )  # fmt: skip


def _past(rows: list[Any]) -> list[PastPayment]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.id].append(row)
    payments = []
    for parts in grouped.values():
        cents: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for part in parts:
            if part.open_item_id:
                cents[part.open_item_id][part.kind == "adjustment"] += part.applied_cents
            if part.credit_item_id:
                cents[part.credit_item_id][0] -= part.applied_cents
        applied = tuple(PastAllocation(item, paid, adjusted) for item, (paid, adjusted) in sorted(cents.items()))
        payments.append(
            PastPayment(_credit(parts[0]), parts[0].debtor_id, applied, any(p.author != "matching" for p in parts))
        )
    return payments


@dataclass(slots=True)
class _Writer:
    """Outcomes into allocations and opinions; an opinion is written again only when it changed."""

    act: Act
    book: Book
    said: dict[str, Said]
    tally: MatchTally
    rows: dict[str, Any]
    settled: set[str]
    allocations: list[NewAllocation] = field(default_factory=list)
    opinions: list[NewOpinion] = field(default_factory=list)
    told: list[journal.Entry] = field(default_factory=list)

    def write(self, day: date, outcomes: list[Outcome]) -> None:
        """Take the outcomes of one day."""
        for outcome in outcomes:
            if outcome.verdict in FINAL:
                self.settled.add(outcome.line_id)
            now: Said = (outcome.verdict.value, outcome.score, frozenset(d.debtor_id for d in outcome.doubts))
            if self.said.get(outcome.line_id) == now:
                continue
            first = outcome.line_id not in self.said
            self.said[outcome.line_id] = now
            self.opinions.append(_opinion(outcome, day))
            if outcome.verdict is Verdict.AUTOMATIC:
                self._allocate(outcome)
            elif outcome.verdict is Verdict.REVERSAL:
                self._reverse(outcome, day)
            if first or outcome.verdict in {Verdict.AUTOMATIC, Verdict.REVERSAL}:
                self.tally.verdicts[outcome.verdict.value] += 1

    def _allocate(self, outcome: Outcome) -> None:
        line = self.rows[outcome.line_id]
        common: dict[str, Any] = {
            "debtor_id": outcome.debtor_id, "currency": line.currency, "effective_on": line.effective_on, "value_on": line.value_on,
            "method": outcome.method.value, "score": outcome.score, "author": "matching", "bank_line_id": line.id,
        }  # fmt: skip
        rows = _rows_of(outcome, self.book, common)
        if outcome.customer_credit_cents:
            rows.append(
                NewAllocation(
                    open_item_id=None, kind="customer_credit", amount_cents=outcome.customer_credit_cents, **common
                )
            )
        self.allocations += rows
        self.tally.allocated_cents += line.amount_cents
        told = [[r.open_item_id, r.kind, r.amount_cents] for r in rows]
        facts = {
            "line": line.id,
            "method": outcome.method.value,
            "score": outcome.score,
            "rows": told,
            "value_on": line.value_on.isoformat(),
        }
        self.told.append((outcome.debtor_id, JournalEvent.MONEY_ALLOCATED, facts))

    def _reverse(self, outcome: Outcome, day: date) -> None:
        """Undo what the returned payment had paid; what was settled by it starts the ladder again."""
        self.flush()
        undone = undo_line(self.act, outcome.undoes, on=day, reason="returned_payment")
        self.settled.add(outcome.undoes)
        self.said[outcome.undoes] = (Verdict.REVERSAL.value, 0, NOBODY)
        self.opinions.append(
            NewOpinion(
                outcome.undoes,
                day,
                Verdict.REVERSAL.value,
                0,
                outcome.method.value,
                outcome.reasons,
                [],
                [],
                "matching",
            )
        )
        reopen(self.act, [row.open_item_id for row in undone if row.open_item_id], on=day, reason="returned_payment")
        for debtor_id in sorted({row.debtor_id for row in undone}):
            facts = {"line": outcome.undoes, "by": outcome.line_id, "on": day.isoformat()}
            self.told.append((debtor_id, JournalEvent.ALLOCATION_UNDONE, facts))

    def flush(self) -> None:
        """Write what waits."""
        write_allocations(self.act, self.allocations)
        write_opinions(self.act, self.opinions)
        journal.append_all(self.act, self.told)
        self.allocations, self.opinions, self.told = [], [], []


def _rows_of(outcome: Outcome, book: Book, common: dict[str, Any]) -> list[NewAllocation]:
    """What was received goes to invoices as payment; credit notes netted by the payer reduce them on their own day."""
    notes = {a.item_id: -a.cents for a in outcome.allocations if book.items[a.item_id].kind == "credit_note"}
    rows: list[NewAllocation] = []
    for applied in outcome.allocations:
        if applied.item_id in notes:
            continue
        item, paid = applied.item_id, applied.cents
        for note, left in notes.items():
            netted = min(left, paid)
            if netted > 0:
                notes[note], paid = left - netted, paid - netted
                own = {**common, "value_on": book.items[note].issue_on, "credit_item_id": note}
                rows.append(NewAllocation(open_item_id=item, kind="credit_note", amount_cents=netted, **own))
        if paid:
            rows.append(NewAllocation(open_item_id=item, kind="payment", amount_cents=paid, **common))
        if applied.adjustment_cents:
            own = {**common, "reason": applied.adjustment_reason, "amount_cents": applied.adjustment_cents}
            rows.append(NewAllocation(open_item_id=item, kind="adjustment", **own))
    return rows


def _opinion(outcome: Outcome, day: date) -> NewOpinion:
    return NewOpinion(
        outcome.line_id, day, outcome.verdict.value, outcome.score, outcome.method.value, outcome.reasons,
        [_proposal(p) for p in outcome.proposals], sorted({(d.debtor_id, d.reason) for d in outcome.doubts}), "matching",
    )  # fmt: skip


def _proposal(p: Proposal) -> dict[str, object]:
    return {
        "debtor": p.debtor_id, "score": p.score, "reasons": list(p.reasons), "credit": p.customer_credit_cents,
        "items": [[a.item_id, a.cents, a.adjustment_cents, a.adjustment_reason] for a in p.allocations],
    }  # fmt: skip
