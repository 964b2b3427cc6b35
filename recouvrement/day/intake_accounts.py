"""The control sheet of accounts 411: each customer's balance in the accounts beside what the ledger leaves open."""

from dataclasses import asdict, dataclass
from datetime import date

from recouvrement.day.house import House
from recouvrement.ledger.accounts import control_figures


@dataclass(frozen=True, slots=True)
class Control:
    """One customer: cents in the accounts on a day, cents in the ledger now, and the difference."""

    debtor: str
    on: date
    accounts_cents: int
    ledger_cents: int

    @property
    def difference_cents(self) -> int:
        """What the ledger has more than the accounts."""
        return self.ledger_cents - self.accounts_cents

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {**asdict(self), "on": self.on.isoformat(), "difference_cents": self.difference_cents}


def control_sheet(house: House) -> list[Control]:
    """A line per customer of the newest FEC, by code; the ledger's side counts invoices issued up to its last day."""
    with house.ledger.reading() as connection:
        rows = control_figures(connection, house.creditor())
    return [Control(*row) for row in rows]
