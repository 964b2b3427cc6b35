"""What matching concluded, as rows of the ledger: allocations, opinions, lines of the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.lettered import Settlement, stand_in
from recouvrement.ledger.money_in import NewAllocation, NewOpinion, undo_line, write_allocations, write_opinions
from recouvrement.ledger.reopening import reopen
from recouvrement.matching.grounds import SETTLED
from recouvrement.matching.types import Applied, Outcome, Proposal, Verdict

NOBODY: frozenset[str] = frozenset()
Said = tuple[str, int, frozenset[str]]  # verdict, score, debtors in doubt
NoteDays = dict[str, date]  # the issue day of each credit note


@dataclass(slots=True)
class Conclusions:
    """Outcomes into rows; an opinion is written again only when it changed. `verdicts` counts lines by what became of them."""

    act: Act
    lines: dict[str, Any]
    said: dict[str, Said]
    notes: NoteDays
    settled: set[str] = field(default_factory=set)
    verdicts: dict[str, int] = field(default_factory=dict)
    allocated_cents: int = 0
    allocations: list[NewAllocation] = field(default_factory=list)
    opinions: list[NewOpinion] = field(default_factory=list)
    told: list[journal.Entry] = field(default_factory=list)

    def take(self, day: date, outcomes: Iterable[Outcome]) -> None:
        """Take the outcomes of one day."""
        for outcome in outcomes:
            if not outcome.waits:
                self.settled.add(outcome.line_id)
            now: Said = (outcome.verdict.value, outcome.score, frozenset(d.debtor_id for d in outcome.doubts))
            if self.said.get(outcome.line_id) == now:
                continue
            first = outcome.line_id not in self.said
            self.said[outcome.line_id] = now
            self.opinions.append(opinion_of(outcome, day))
            if outcome.verdict is Verdict.AUTOMATIC:
                self._allocate(outcome)
            elif outcome.verdict is Verdict.REVERSAL:
                self._reverse(outcome, day)
            if first or outcome.verdict in {Verdict.AUTOMATIC, Verdict.REVERSAL}:
                self._count(outcome.verdict.value)

    def _count(self, verdict: str) -> None:
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1

    def _allocate(self, outcome: Outcome) -> None:
        line = self.lines[outcome.line_id]
        common = common_of(line, outcome.debtor_id, outcome.method.value, outcome.score, "matching")
        rows = rows_of(outcome.allocations, outcome.customer_credit_cents, self.notes, common)
        self.allocations += rows
        self._tell(line, outcome.debtor_id, outcome.method.value, outcome.score, rows)

    def _tell(self, line: Any, debtor_id: str, method: str, score: int, rows: list[NewAllocation]) -> None:
        self.allocated_cents += line.amount_cents
        facts = {
            "line": line.id, "method": method, "score": score,
            "rows": [[r.open_item_id, r.kind, r.amount_cents] for r in rows], "value_on": line.value_on.isoformat(),
        }  # fmt: skip
        self.told.append((debtor_id, JournalEvent.MONEY_ALLOCATED, facts))

    def stand_in(self, day: date, line: Any, settlement: Settlement, score: int) -> None:
        """A line turns out to be a receipt that the accounts lettered: it takes that receipt's place."""
        rows = stand_in(self.act, settlement, line, author="matching", score=score)
        self.settled.add(line.id)
        self.said[line.id] = (Verdict.AUTOMATIC.value, score, NOBODY)
        verdict = Verdict.AUTOMATIC.value
        self.opinions.append(NewOpinion(line.id, day, verdict, score, "lettering", [SETTLED], [], [], "matching"))
        self._count(SETTLED)
        self._tell(line, settlement.debtor_id, "lettering", score, rows)

    def _reverse(self, outcome: Outcome, day: date) -> None:
        """Undo what the returned payment had paid; what was settled by it starts the ladder again."""
        self.flush()
        undone = undo_line(self.act, outcome.undoes, on=day, reason="returned_payment")
        self.settled.add(outcome.undoes)
        self.said[outcome.undoes] = (Verdict.REVERSAL.value, 0, NOBODY)
        back, method = Verdict.REVERSAL.value, outcome.method.value
        self.opinions.append(NewOpinion(outcome.undoes, day, back, 0, method, outcome.reasons, [], [], "matching"))
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


def common_of(line: Any, debtor_id: str, method: str, score: int, author: str) -> dict[str, Any]:
    """What every row of one line's allocation shares."""
    return {
        "debtor_id": debtor_id, "currency": line.currency, "effective_on": line.effective_on, "value_on": line.value_on,
        "method": method, "score": score, "author": author, "bank_line_id": line.id,
    }  # fmt: skip


def rows_of(
    allocations: Iterable[Applied], credit_cents: int, note_days: NoteDays, common: dict[str, Any]
) -> list[NewAllocation]:
    """What was received goes to invoices as payment; credit notes netted by the payer reduce them on their own day."""
    allocations = list(allocations)
    notes = {a.item_id: -a.cents for a in allocations if a.item_id in note_days}
    rows: list[NewAllocation] = []
    for applied in allocations:
        if applied.item_id in note_days:
            continue
        item, paid = applied.item_id, applied.cents
        for note, left in notes.items():
            netted = min(left, paid)
            if netted > 0:
                notes[note], paid = left - netted, paid - netted
                own = {**common, "value_on": note_days[note], "credit_item_id": note}
                rows.append(NewAllocation(open_item_id=item, kind="credit_note", amount_cents=netted, **own))
        if paid:
            rows.append(NewAllocation(open_item_id=item, kind="payment", amount_cents=paid, **common))
        if applied.adjustment_cents:
            own = {**common, "reason": applied.adjustment_reason, "amount_cents": applied.adjustment_cents}
            rows.append(NewAllocation(open_item_id=item, kind="adjustment", **own))
    if credit_cents:
        rows.append(NewAllocation(open_item_id=None, kind="customer_credit", amount_cents=credit_cents, **common))
    return rows


def opinion_of(outcome: Outcome, day: date) -> NewOpinion:
    """An outcome as it is kept."""
    return NewOpinion(
        outcome.line_id, day, outcome.verdict.value, outcome.score, outcome.method.value, outcome.reasons,
        [_proposal(p) for p in outcome.proposals], sorted({(d.debtor_id, d.reason) for d in outcome.doubts}), "matching",
    )  # fmt: skip


def _proposal(p: Proposal) -> dict[str, object]:
    return {
        "debtor": p.debtor_id, "score": p.score, "reasons": list(p.reasons), "credit": p.customer_credit_cents,
        "items": [[a.item_id, a.cents, a.adjustment_cents, a.adjustment_reason] for a in p.allocations],
    }  # fmt: skip


def as_proposals(undone: Iterable[Any]) -> list[dict[str, object]]:
    """What was undone of a line, as a proposal to take again: one per debtor, the line's own money and what went with it."""
    made: dict[str, dict[str, Any]] = {}
    for row in undone:
        one = made.setdefault(
            row.debtor_id, {"debtor": row.debtor_id, "score": 0, "reasons": ["undone"], "credit": 0, "items": {}}
        )
        if row.open_item_id is None:
            one["credit"] += row.amount_cents
            continue
        part = one["items"].setdefault(row.open_item_id, [row.open_item_id, 0, 0, ""])
        if row.kind == "adjustment":
            part[2:] = [part[2] + row.amount_cents, row.reason or ""]
        else:
            part[1] += row.amount_cents
        if row.credit_item_id:
            note = one["items"].setdefault(row.credit_item_id, [row.credit_item_id, 0, 0, ""])
            note[1] -= row.amount_cents
        if row.reason == SETTLED:
            one["reasons"] = [SETTLED]
    return [{**one, "items": list(one["items"].values())} for _, one in sorted(made.items())]
