"""One booking day: every open line explained, the clearest applied first, the rest looked at again until nothing moves."""

from collections.abc import Sequence
from datetime import date

from recouvrement.cycles import without_cycles
from recouvrement.matching.book import Book, Key
from recouvrement.matching.contests import contested_lines
from recouvrement.matching.decision import decide, demoted
from recouvrement.matching.hypotheses import explain
from recouvrement.matching.mentions import find_mentions
from recouvrement.matching.reading import read_line
from recouvrement.matching.returns import find_return
from recouvrement.matching.types import Credit, Outcome, PastAllocation, PastPayment, Reason, Verdict

# More items than this begin with what is left of a cut number: the amount tells which, and is watched itself.
WATCHED_ITEMS = 40


@without_cycles()
def match_day(book: Book, lines: Sequence[Credit], on: date | None = None) -> list[Outcome]:
    """Match the lines of one booking day together with the lines of earlier days that are still open.

    The book is left as if every automatic outcome and reversal had been applied. Outcomes come in the order of line
    ids; the order of `lines` changes nothing. `on` is the latest booking day among the lines when not given. A line
    already in the book's memory (applied by the machine or confirmed by a person) is left alone and has no outcome.
    A credit that a reversal takes back is finished: the caller stops handing it in.
    """
    if not lines:
        return []
    book.advance(on or max(c.booking_on for c in lines))
    outcomes: dict[str, Outcome] = {}
    open_lines = [c for c in lines if c.id not in book.past]
    receipts = {c.id: c for c in open_lines if c.amount_cents > 0}
    debits = sorted((c for c in open_lines if c.amount_cents <= 0), key=lambda c: (c.booking_on, c.id))
    _settle(book, receipts, outcomes)
    for debit in debits:
        waiting = [receipts[i] for i in sorted(receipts) if i not in book.past]
        outcomes[debit.id] = find_return(book, read_line(debit), waiting)
        if outcomes[debit.id].verdict is Verdict.REVERSAL:
            undone = outcomes[debit.id].undoes
            if book.undo(undone) is None:
                receipts.pop(undone)
                outcomes[undone] = Outcome(undone, Verdict.UNKNOWN, reasons=(Reason.RETURNED_PAYMENT.value,))
            else:
                receipts.pop(undone, None)
    if any(o.verdict is Verdict.REVERSAL for o in outcomes.values()):
        _settle(book, {i: c for i, c in receipts.items() if i not in book.past}, outcomes)
    return [outcomes[i] for i in sorted(outcomes)]


def _settle(book: Book, receipts: dict[str, Credit], outcomes: dict[str, Outcome]) -> None:
    """Apply what is automatic and uncontested, clearest first, and look again at the rest until nothing changes."""
    pending = dict(sorted(receipts.items()))
    book.moved = set(pending)
    automatic: set[str] = set()
    while pending:
        for line_id in sorted(book.moved & pending.keys()):
            known = None if line_id in book.stale else book.looked.get(line_id)
            outcomes[line_id] = known or look(book, pending[line_id])
            (automatic.add if outcomes[line_id].verdict is Verdict.AUTOMATIC else automatic.discard)(line_id)
        book.moved = set()
        clear = [outcomes[i] for i in sorted(automatic) if i in pending]
        contested = contested_lines(book, pending, outcomes)
        clear = [o for o in clear if o.line_id not in contested]
        if not clear:
            break
        clear.sort(key=lambda o: (-o.score, pending[o.line_id].booking_on, o.line_id))
        touched: set[str] = set()
        for outcome in clear:
            if outcome.debtor_id in touched:
                continue
            touched.add(outcome.debtor_id)
            apply(book, pending.pop(outcome.line_id), outcome)
    for line_id in pending:
        if outcomes[line_id].verdict is Verdict.AUTOMATIC:
            outcomes[line_id] = demoted(outcomes[line_id], Reason.TAKEN_BY_ANOTHER_LINE)


def look(book: Book, credit: Credit) -> Outcome:
    """The outcome of one receipt against the book as it stands, to be kept until something it depends on changes."""
    known, changed = book.looked.get(credit.id), book.stale.pop(credit.id, ())
    still_holds = book.still_holds.get(credit.id)
    if known is not None and still_holds is not None and all(still_holds(debtor) for debtor in changed):
        return known
    if credit.id not in book.read:
        reading = read_line(credit)
        book.read[credit.id] = (reading, find_mentions(book, reading))
    reading, mentions = book.read[credit.id]
    found = explain(book, reading, mentions)
    outcome = decide(book, found)
    debtors = set(found.looked_at) | {d.debtor_id for d in outcome.doubts}
    debtors.update(book.items[i].debtor_id for p in outcome.proposals for i in p.item_ids)
    few = len(mentions.items()) <= WATCHED_ITEMS
    if few:
        debtors.update(book.items[i].debtor_id for i in mentions.items())
    if outcome.debtor_id:
        debtors.add(outcome.debtor_id)
    money = credit.currency, credit.amount_cents
    keys: list[Key] = [*debtors, *((p.debtor_id, *money) for p in found.payers)]
    if not few or max((p.score for p in found.payers), default=0) < book.rules.payer_score:
        keys.append(money)
    book.watch(credit.id, keys, outcome)
    if outcome.verdict in {Verdict.PROPOSED, Verdict.UNKNOWN}:
        book.still_holds[credit.id] = found.still_holds
    else:
        book.still_holds.pop(credit.id, None)
    return outcome


def apply(book: Book, credit: Credit, outcome: Outcome, *, confirmed: bool = False) -> None:
    """Apply an outcome to the book: the items shrink and the payment is remembered."""
    allocations = tuple(PastAllocation(a.item_id, a.cents, a.adjustment_cents) for a in outcome.allocations)
    book.read.pop(credit.id, None)
    book.forget(credit.id)
    book.apply(PastPayment(credit, outcome.debtor_id, allocations, confirmed))
