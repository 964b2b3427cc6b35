"""The book that matching works on, rebuilt from the ledger: rules of the policy, payers, items, payments remembered."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from recouvrement.day.house import House
from recouvrement.domain.policy import Policy
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.money_in import items_for_matching, past_allocations, payers
from recouvrement.ledger.never_automatic import Bar, bars
from recouvrement.matching.book import Book
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Credit, OpenItem, PastAllocation, PastPayment, Payer

ITEM_MEMORY_DAYS = 2_000  # settled items keep their numbers: a payment may name them again
PAYMENT_MEMORY_DAYS = 400  # a payment may come back


def rules_of(policy: Policy) -> MatchingRules:
    """What the policy lets matching do by itself."""
    money = policy.money
    return MatchingRules(
        automatic_score=money.automatic_score,
        grants_usual_discounts=money.grants_usual_discounts,
        rounding_cents=money.automatic_cents.get("rounding", 0),
        bank_fee_cents=money.automatic_cents.get("bank_fee", 0),
    )


def book_of(house: House, creditor_id: str, start: date, on: date) -> Book:
    """The book as of `start`: payers, items with what was open then, payments remembered."""
    book = Book(rules_of(house.policy))
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
        siren, vat = row.siren or "", row.vat_number or ""
        book.add_payer(Payer(row.debtor_id, row.name, siren, vat, tuple(mine["iban"]), tuple(mine["alias"])))
    for row in items:
        book.add_item(_item(row))
    for payment in _past(past):
        book.add_past(payment)
    return book


@dataclass(slots=True)
class Barred:
    """Items that are only proposed, day by day: a bar counts from the day it took effect, also when history comes in one go."""

    bars: list[Bar]
    held: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, house: House, creditor_id: str, on: date) -> "Barred":
        """Every bar known now that takes effect by a day."""
        with house.ledger.reading() as connection:
            return cls(bars(connection, creditor_id, AsOf(on, house.ledger.known_to())))

    def set(self, book: Book, day: date) -> None:
        """Bring the book to what holds on a day; its items of that day are opened."""
        if not self.bars:
            return
        book.advance(day)
        wanted = {bar.item_id: bar.reason for bar in self.bars if bar.holds(day) and bar.item_id in book.items}
        for item_id in sorted(wanted.keys() | self.held.keys()):
            if wanted.get(item_id, "") != self.held.get(item_id, ""):
                book.bar(item_id, wanted.get(item_id, ""))
        self.held = wanted


def credit_of(row: Any) -> Credit:
    """A bank line as matching reads it."""
    return Credit(
        row.id, row.account, row.effective_on, row.value_on, row.amount_cents, row.currency, row.label, row.remittance,
        row.counterparty_name, row.counterparty_iban, row.end_to_end_id, row.structured_reference,
    )  # fmt: skip


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
        confirmed = any(part.author != "matching" for part in parts)
        payments.append(PastPayment(credit_of(parts[0]), parts[0].debtor_id, applied, confirmed))
    return payments
