"""What the rows of 411 add up to: invoices entry by entry, balances customer by customer."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from recouvrement.domain.records import CustomerRecord, FecBalance, FecEntry, InvoiceRecord


@dataclass(slots=True)
class Totals:
    """Debits less credits of every row."""

    difference: int = 0

    def add(self, cents: int) -> None:
        """Take a row."""
        self.difference += cents

    @property
    def agree(self) -> bool:
        """Debits equal credits."""
        return self.difference == 0


@dataclass(slots=True)
class _Customer:
    """A customer's running figures, in cents."""

    name: str
    balance: int = 0
    open: int = 0


@dataclass(slots=True)
class Gathered:
    """The accounting entry in hand and the customers met so far."""

    key: tuple[str, str] | None = None
    rows: list[FecEntry] = field(default_factory=list)
    moves_money: bool = False
    customers: dict[str, _Customer] = field(default_factory=dict)

    def turn(self, journal: str, number: str) -> Iterator[InvoiceRecord]:
        """A row of this entry comes next: hand over the invoices of the one before, if it is another."""
        if self.key != (journal, number):
            yield from self._invoices()
            self.key = (journal, number)

    def money(self) -> None:
        """The entry in hand touches a bank or cash account: it is a receipt, not an invoice."""
        self.moves_money = True

    def entry(self, row: FecEntry) -> None:
        """Take a row of 411 into the entry in hand."""
        self.rows.append(row)
        customer = self.customers.setdefault(row.customer_code, _Customer(row.customer_name))
        customer.balance += row.amount_cents

    def _invoices(self) -> Iterator[InvoiceRecord]:
        """Open (unlettered) debits as invoices, open credits as credit notes, per customer and piece."""
        rows, moves_money = self.rows, self.moves_money
        self.rows, self.moves_money = [], False
        pieces: dict[tuple[str, str], list[FecEntry]] = {}
        for row in rows:
            if not row.lettering and row.piece and row.amount_cents and not moves_money:
                pieces.setdefault((row.customer_code, row.piece), []).append(row)
        for (code, piece), found in pieces.items():
            cents = sum(row.amount_cents for row in found)
            if cents:
                self.customers[code].open += cents
                yield _invoice(found[0], piece, cents)

    def end(self) -> Iterator[InvoiceRecord | CustomerRecord | FecBalance]:
        """What is left: the last entry, then every customer and balance."""
        yield from self._invoices()
        for code, customer in self.customers.items():
            yield CustomerRecord(code=code, name=customer.name)
        for code, customer in self.customers.items():
            yield FecBalance(code, customer.name, customer.balance, customer.open)


def _invoice(row: FecEntry, piece: str, cents: int) -> InvoiceRecord:
    return InvoiceRecord(
        number=piece,
        kind="invoice" if cents > 0 else "credit_note",
        customer_code=row.customer_code,
        customer_name=row.customer_name,
        issue_on=row.piece_on or row.entry_on,
        due_on=None,
        gross_cents=cents,
        currency=row.currency,
        open_cents=cents,
        line=row.line,
    )
