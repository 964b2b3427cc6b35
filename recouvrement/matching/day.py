"""One booking day: every open line explained, the clearest applied first, the rest looked at again until nothing moves."""

from collections.abc import Sequence
from datetime import date

from recouvrement.cycles import without_cycles
from recouvrement.matching.book import Book
from recouvrement.matching.contests import contested_lines
from recouvrement.matching.decision import decide, demoted
from recouvrement.matching.hypotheses import Explainer
from recouvrement.matching.mentions import find_mentions
from recouvrement.matching.reading import Reading, read_line
from recouvrement.matching.returns import find_return
from recouvrement.matching.spans import Mentions
from recouvrement.matching.types import Credit, Outcome, PastAllocation, PastPayment, Reason, Verdict

# More items than this begin with what is left of a cut number: the amount tells which, and is watched itself.
WATCHED_ITEMS = 40


@without_cycles()
def match_day(book: Book, lines: Sequence[Credit], on: date | None = None) -> list[Outcome]:
    """Match the lines of one booking day together with the receipts of earlier days that the book still holds open.

    The book is left as if every automatic outcome and reversal had been applied, and holds the receipts that wait.
    Outcomes are of the lines handed in and of every receipt looked at again, in the order of line ids; the order of
    `lines` changes nothing. `on` is the latest booking day among the lines when not given. A line already in the book's
    memory (applied by the machine or confirmed by a person) is left alone and has no outcome. A credit that a reversal
    takes back is finished.
    """
    if not lines and on is None:
        return []
    book.advance(on or max(c.booking_on for c in lines))
    lines = [c for c in lines if c.id not in book.past]
    for credit in lines:
        if credit.amount_cents > 0:
            book.wait_for(credit)
    outcomes: dict[str, Outcome] = {}
    _settle(book, outcomes)
    debits = sorted((c for c in lines if c.amount_cents <= 0), key=lambda c: (c.booking_on, c.id))
    taken_back = [debit for debit in debits if _takes_back(book, debit, outcomes)]
    if taken_back:
        _settle(book, outcomes)
    outcomes |= {c.id: book.looked[c.id] for c in lines if c.id in book.receipts and c.id not in outcomes}
    for outcome in outcomes.values():
        if outcome.verdict is Verdict.NOT_A_CUSTOMER:
            book.finish(outcome.line_id)
    return [outcomes[i] for i in sorted(outcomes)]


def _takes_back(book: Book, debit: Credit, outcomes: dict[str, Outcome]) -> bool:
    """Whether a debit takes back a receipt, which is then undone, or finished when it was never applied."""
    outcome = outcomes[debit.id] = find_return(book, read_line(debit))
    if outcome.verdict is not Verdict.REVERSAL:
        return False
    book.finish(outcome.undoes)
    if book.undo(outcome.undoes) is None:
        outcomes[outcome.undoes] = Outcome(outcome.undoes, Verdict.UNKNOWN, reasons=(Reason.RETURNED_PAYMENT.value,))
    return True


def _settle(book: Book, outcomes: dict[str, Outcome]) -> None:
    """Apply what is automatic and uncontested, clearest first, and look again at the rest until nothing changes."""
    pending = book.receipts
    book.moved = (pending.keys() - book.looked.keys()) | (pending.keys() & book.stale.keys())
    while pending:
        for line_id in sorted(book.moved & pending.keys()):
            known = None if line_id in book.stale else book.looked.get(line_id)
            outcomes[line_id] = known or look(book, pending[line_id])
            (book.clear.add if outcomes[line_id].verdict is Verdict.AUTOMATIC else book.clear.discard)(line_id)
        book.moved = set()
        clear = [book.looked[i] for i in sorted(book.clear - contested_lines(book))]
        if not clear:
            break
        clear.sort(key=lambda o: (-o.score, pending[o.line_id].booking_on, o.line_id))
        touched: set[str] = set()
        for outcome in clear:
            if outcome.debtor_id in touched:
                continue
            touched.add(outcome.debtor_id)
            outcomes[outcome.line_id] = outcome
            apply(book, pending[outcome.line_id], outcome)
    for line_id in book.clear:
        outcomes[line_id] = demoted(book.looked[line_id], Reason.TAKEN_BY_ANOTHER_LINE)


def look(book: Book, credit: Credit) -> Outcome:
    """The outcome of one receipt against the book as it stands, to be kept until something it depends on changes."""
    known, changed = book.looked.get(credit.id), book.stale.pop(credit.id, set())
    explainer = book.explainers.get(credit.id)
    before = explainer.found if explainer else None
    found = explainer.again(changed) if known and explainer else None
    if known and found is not None and found is before:
        return known
    if found is None or explainer is None:
        explainer = Explainer(book, *_read(book, credit))
    outcome = decide(book, explainer.found)
    _watch(book, explainer, outcome)
    if outcome.waits:
        book.explainers[credit.id] = explainer
    else:
        book.explainers.pop(credit.id, None)
    return outcome


def _read(book: Book, credit: Credit) -> tuple[Reading, Mentions]:
    if credit.id not in book.read:
        reading = read_line(credit)
        book.read[credit.id] = (reading, find_mentions(book, reading))
    return book.read[credit.id]


def _watch(book: Book, explainer: Explainer, outcome: Outcome) -> None:
    """Keep the outcome with the debtors and the payers whose change may give this line another one."""
    debtors = {*explainer.found.looked_at, *[d.debtor_id for d in outcome.doubts]}
    debtors.update([book.items[i].debtor_id for p in outcome.proposals for i in p.item_ids])
    few = len(explainer.mentioned) <= WATCHED_ITEMS
    if few:
        debtors.update([book.items[i].debtor_id for i in explainer.mentioned])
    if outcome.debtor_id:
        debtors.add(outcome.debtor_id)
    by_name = few and explainer.best_payer >= book.rules.payer_score
    payers = frozenset([p.debtor_id for p in explainer.payers]) if by_name else None
    book.watch(outcome.line_id, debtors, payers, outcome)


def apply(book: Book, credit: Credit, outcome: Outcome, *, confirmed: bool = False) -> None:
    """Apply an outcome to the book: the items shrink and the payment is remembered."""
    allocations = tuple(PastAllocation(a.item_id, a.cents, a.adjustment_cents) for a in outcome.allocations)
    book.apply(PastPayment(credit, outcome.debtor_id, allocations, confirmed))
