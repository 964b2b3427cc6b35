"""The control sheet: does everything add up, from the bank's balance to the last receipt and the accountant's figures."""

from dataclasses import asdict, dataclass
from datetime import date

from recouvrement.day.house import House
from recouvrement.ledger import accounts
from recouvrement.ledger.accounts import Balance
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.control_feed import Fault, Feed, feeds
from recouvrement.ledger.control_lines import Receipts, receipts


@dataclass(frozen=True, slots=True)
class Difference:
    """A customer whose accounts and ledger differ, with the invoices where they do (number, accounts, ledger; cents)."""

    balance: Balance
    above_limit: bool
    invoices: tuple[tuple[str, int, int], ...]

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        b = self.balance
        return {
            "debtor": b.code, "on": b.on.isoformat(), "accounts_cents": b.accounts_cents, "ledger_cents": b.ledger_cents,
            "difference_cents": b.difference_cents, "above_limit": self.above_limit, "explained": b.explained or None,
            "invoices": [{"invoice": n, "accounts_cents": a, "ledger_cents": c} for n, a, c in self.invoices],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ControlSheet:
    """What was checked as of a day: bank accounts, receipts by currency, customers whose accounts differ."""

    on: date
    feeds: tuple[Feed, ...]
    receipts: tuple[Receipts, ...]
    compared: int
    accounts_on: date | None
    differences: tuple[Difference, ...]

    @property
    def faults(self) -> list[str]:
        """What does not add up, each as a code with its count, in a fixed order."""
        counts = {
            "statements_missing": sum(f.gap and not f.explained for feed in self.feeds for f in feed.faults),
            "statements_differ": sum(not f.gap and not f.explained for feed in self.feeds for f in feed.faults),
            "receipts_unaccounted": sum(r.left_cents != 0 for r in self.receipts),
            "accounts_differ": sum(d.above_limit for d in self.differences),
        }
        return [f"{code}:{count}" for code, count in counts.items() if count]

    @property
    def adds_up(self) -> bool:
        """Whether nothing is left to explain."""
        return not self.faults

    def counts(self) -> dict[str, object]:
        """What the report of a run keeps: counts and cents."""
        return {
            "faults": self.faults,
            "accounts": len(self.feeds),
            "receipts": {r.currency: r.as_json() for r in self.receipts},
            "compared": self.compared,
            "differences": len(self.differences),
        }

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {
            "on": self.on.isoformat(),
            "adds_up": self.adds_up,
            "faults": self.faults,
            "bank": [_feed(feed) for feed in self.feeds],
            "receipts": [r.as_json() for r in self.receipts],
            "accounts_on": self.accounts_on.isoformat() if self.accounts_on else None,
            "customers_compared": self.compared,
            "differences": [d.as_json() for d in self.differences],
        }


def _feed(feed: Feed) -> dict[str, object]:
    days = {
        name: day.isoformat() if day else None for name, day in (("read_to", feed.read_to), ("fresh_to", feed.fresh_to))
    }
    opened = {"opening_on": feed.opening_on and feed.opening_on.isoformat(), "opening_cents": feed.opening_cents}
    closed = {"closing_on": feed.closing_on and feed.closing_on.isoformat(), "closing_cents": feed.closing_cents}
    return {
        "account": feed.number, "currency": feed.currency, **days, **opened, "movement_cents": feed.movement_cents, **closed,
        "difference_cents": feed.difference_cents, "faults": [_fault(fault) for fault in feed.faults],
    }  # fmt: skip


def _fault(fault: Fault) -> dict[str, object]:
    days = {"after_on": fault.after_on.isoformat(), "to_on": fault.to_on.isoformat()}
    return {**asdict(fault), **days, "explained": fault.explained or None}


def control(house: House, *, on: date, known_to: int | None = None) -> ControlSheet:
    """Check everything as of a day, as known now or up to an act. Writes nothing."""
    creditor_id = house.creditor()
    limit = house.policy.money.account_difference_cents
    as_of = AsOf(on, house.ledger.known_to() if known_to is None else known_to)
    with house.ledger.reading() as connection:
        balances = accounts.balances(connection, creditor_id, as_of, limit_cents=limit)
        differences = tuple(
            Difference(b, b.differs(limit), tuple(accounts.by_invoice(connection, b, as_of)))
            for b in balances
            if b.difference_cents
        )
        return ControlSheet(
            on,
            tuple(feeds(connection, creditor_id, as_of)),
            tuple(receipts(connection, creditor_id, as_of)),
            len(balances),
            balances[0].on if balances else None,
            tuple(sorted(differences, key=lambda d: (-abs(d.balance.difference_cents), d.balance.code))),
        )
