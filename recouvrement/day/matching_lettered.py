"""Lines that pay what the accounts have already lettered: closed when the payer agrees, else proposed; never in doubt for ever."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.lettered import Settlement, settlements
from recouvrement.matching.book import Book
from recouvrement.matching.decision import HIGHEST
from recouvrement.matching.grounds import SETTLED
from recouvrement.matching.mentions import find_mentions
from recouvrement.matching.payers import named_debtors
from recouvrement.matching.reading import read_line
from recouvrement.matching.types import Applied, Credit, Outcome, PastAllocation, PastPayment, Proposal, Verdict

DAYS_APART = 5  # between the bank's booking and the entry in the accounts
MOST_PROPOSED = 3


def _payers(book: Book, line: Credit) -> dict[str, int]:
    """The debtors that a line names, by account, identifier, alias or name, or by an invoice number; with the evidence."""
    reading = read_line(line)
    mentions = find_mentions(book, reading)
    named = {p.debtor_id: p.score for p in named_debtors(book, reading, mentions) if p.score >= book.rules.payer_score}
    numbered = {book.items[item].debtor_id: book.rules.reference_score for item in mentions.items()}
    return {debtor: min(max(score, 0), HIGHEST) for debtor, score in {**numbered, **named}.items()}


@dataclass(slots=True)
class Lettered:
    """Settlements of the accounts that no bank line stands for, by currency and cents; each is used once."""

    by_money: dict[tuple[str, int], list[Settlement]]
    used: set[str] = field(default_factory=set)  # allocations of the accounts

    @classmethod
    def read(cls, house: House, creditor_id: str, on: date) -> "Lettered":
        """Every settlement known now that took effect by a day."""
        found: dict[tuple[str, int], list[Settlement]] = defaultdict(list)
        with house.ledger.reading() as connection:
            for one in settlements(connection, creditor_id, AsOf(on, house.ledger.known_to())):
                found[one.currency, one.cents].append(one)
        return cls(found)

    def candidates(self, line: Credit) -> list[Settlement]:
        """Settlements of that very sum within a few days of the line, nearest first."""
        near = [
            one
            for one in self.by_money.get((line.currency, line.amount_cents), ())
            if abs((one.on - line.booking_on).days) <= DAYS_APART and self.used.isdisjoint(r.id for r in one.rows)
        ]
        return sorted(near, key=lambda one: (abs((one.on - line.booking_on).days), one.rows[0].id))

    def closed(self, book: Book, lines: list[Credit], day: date) -> list[tuple[Credit, Settlement, int]]:
        """The lines of a day, oldest first, that are receipts of the accounts: same sum, near day, and the payer agrees."""
        if not self.by_money:
            return []
        book.advance(day)
        found = []
        for line in sorted(lines, key=lambda line: (line.booking_on, line.id)):
            some = self.candidates(line) if line.amount_cents > 0 and line.id not in book.past else []
            if not some:
                continue
            evidence = _payers(book, line)
            mine = [one for one in some if one.debtor_id in evidence]
            if len({one.debtor_id for one in mine}) == 1:
                found.append((line, mine[0], evidence[mine[0].debtor_id]))
                self._use(book, line, mine[0])
        return found

    def _use(self, book: Book, line: Credit, one: Settlement) -> None:
        self.used |= {row.id for row in one.rows}
        parts = tuple(PastAllocation(item, cents) for item, cents in one.parts)
        book.add_past(PastPayment(line, one.debtor_id, parts))

    def proposed(self, line: Credit | None, outcome: Outcome) -> Outcome:
        """The outcome of a line that waits, with what the accounts suggest as further proposals."""
        if line is None or not self.by_money or not outcome.waits:
            return outcome
        more = tuple(
            Proposal(one.debtor_id, tuple(Applied(item, cents) for item, cents in one.parts), 0, (SETTLED,))
            for one in self.candidates(line)[:MOST_PROPOSED]
        )
        if not more:
            return outcome
        return outcome._replace(verdict=Verdict.PROPOSED, proposals=(*outcome.proposals, *more))
