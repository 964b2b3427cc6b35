"""What the engine makes of one made-up ledger: precision, recall, money wrong, proposals, and every wrong match."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from benchmarks.held_out.firms import Customer
from benchmarks.held_out.ledgers import Ledger
from benchmarks.held_out.lines import Line
from benchmarks.matching_pure import replay
from recouvrement.matching.book import Book
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Credit, OpenItem, Outcome, Payer, Verdict

FIRST = 3
# The shipped policy writes usual discounts off, up to its cap.
RULES = MatchingRules(grants_usual_discounts=True)


@dataclass(slots=True)
class Score:
    """Counts of lines; scores add up."""

    known: int = 0
    automatic: int = 0
    right: int = 0
    strangers: int = 0
    found: int = 0
    cents: int = 0
    cents_wrong: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        """Both together."""
        pairs = [(getattr(self, name), getattr(other, name)) for name in Score.__slots__]
        return Score(*[a + b for a, b in pairs])

    @property
    def precision(self) -> float:
        """Right among the automatic ones."""
        return self.right / max(self.automatic, 1)

    @property
    def recall(self) -> float:
        """Right and automatic among the lines that pay something of the ledger."""
        return self.right / max(self.known, 1)

    def row(self) -> str:
        """The cells of a table."""
        money = self.cents_wrong / max(self.cents, 1)
        shares = f"{self.precision:.4f} | {self.recall:.3f} | {self.strangers} | {money:.5f} | {self.found / max(self.known, 1):.3f}"
        return f"{self.automatic} | {self.automatic - self.right} | {shares}"


def payer_of(customer: Customer) -> Payer:
    """A customer as matching knows it."""
    ibans = (customer.account,) if customer.on_file else ()
    return Payer(customer.code, customer.name, customer.siren, customer.vat_number, ibans)


def book_of(ledger: Ledger, rules: MatchingRules = RULES) -> Book:
    """The sales of a ledger as a book."""
    book = Book(rules)
    for customer in ledger.customers:
        book.add_payer(payer_of(customer))
    for s in ledger.sales:
        kind = "credit_note" if s.cents < 0 else "invoice"
        book.add_item(
            OpenItem(s.number, s.number, s.customer.code, s.issue_on, s.due_on, s.cents, s.cents, "EUR", kind)
        )
    return book


def credits_of(ledger: Ledger) -> dict[str, tuple[Credit, Line]]:
    """Each line by its id, as matching reads it."""
    found = {}
    for rank, line in enumerate(ledger.lines, 1):
        w = line.words
        credit = Credit(
            f"L{rank:06d}", "0", line.on, line.on, line.cents, "EUR", w.label, w.remittance, w.name, w.iban, w.e2e
        )
        found[credit.id] = credit, line
    return found


def measured(ledger: Ledger, rules: MatchingRules = RULES) -> Score:
    """Every day of a ledger through the engine, nobody confirming anything."""
    lines, days = credits_of(ledger), defaultdict[date, list[Credit]](list)
    for credit, _ in lines.values():
        days[credit.booking_on].append(credit)
    book = book_of(ledger, rules)
    outcomes = replay(book, days)
    return sum((_judged(book, *lines[i], outcomes[i]) for i in lines), Score())


def _judged(book: Book, credit: Credit, line: Line, outcome: Outcome) -> Score:
    truth = {p.sale.number for p in line.receipt.parts} if line.receipt else set()
    if line.kind == "reversal":
        return Score()
    score = Score(known=bool(truth), cents=credit.amount_cents if truth else 0)
    if outcome.verdict is Verdict.AUTOMATIC:
        chosen = {a.item_id for a in outcome.allocations}
        score.automatic, score.right = 1, chosen == truth
        if chosen != truth:
            score.strangers, score.cents_wrong = not truth, credit.amount_cents
            score.wrong.append(_told(book, credit, line, outcome, chosen, truth))
        answers: Iterable[set[str]] = [chosen]
    else:
        answers = [set(p.item_ids) for p in outcome.proposals[:FIRST]]
    score.found = bool(truth) and truth in answers
    return score


def _told(book: Book, credit: Credit, line: Line, outcome: Outcome, chosen: set[str], truth: set[str]) -> str:
    """A wrong match with all that one needs to see why."""
    texts = f"{credit.label} | {credit.remittance} | {credit.counterparty_name}"
    mode = line.receipt.amount_mode if line.receipt else "-"
    return "\n      ".join(
        (
            f"{credit.id} {credit.booking_on} {credit.amount_cents} {line.kind} | {texts}",
            f"mode {mode} {line.words.ref_mode} {line.words.name_mode}; score {outcome.score} {outcome.reasons}",
            f"chosen {'; '.join(_items(book, chosen))}",
            f"truth  {'; '.join(_items(book, truth))}",
        )
    )


def _items(book: Book, numbers: set[str]) -> Iterator[str]:
    for number in sorted(numbers):
        item = book.items[number]
        yield f"{number} {item.amount_cents} of {item.issue_on} {book.payers[item.debtor_id].name}"
