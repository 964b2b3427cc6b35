"""Every receipt accounted for: allocated, the customer's credit, in doubt, returned, or no customer's; nothing else."""

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.tables.bank import allocation, bank_account, bank_line, line_opinion

RECEIVED = ("payment", "customer_credit")  # what of an allocation is money of the line itself
NO_CUSTOMER = "not_a_customer"
RETURNED = "reversal"


@dataclass(slots=True)
class Receipts:
    """The receipts of one currency up to a day, in minor units, and what became of them."""

    currency: str
    lines: int = 0
    received_cents: int = 0
    allocated_cents: int = 0
    credit_cents: int = 0
    doubt_cents: int = 0
    returned_cents: int = 0
    no_customer_cents: int = 0

    @property
    def left_cents(self) -> int:
        """What no column explains; anything but 0 is a fault of the ledger."""
        said = (
            self.allocated_cents + self.credit_cents + self.doubt_cents + self.returned_cents + self.no_customer_cents
        )
        return self.received_cents - said

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {**{f.name: getattr(self, f.name) for f in fields(self)}, "left_cents": self.left_cents}


def receipts(connection: Connection, creditor_id: str, as_of: AsOf) -> list[Receipts]:
    """Each currency's receipts booked up to a day, as known.

    A line of which something was applied must be applied whole: what of it is neither paid nor credited is left over.
    """
    paid = _applied(connection, as_of)
    said = _verdicts(connection, as_of)
    found: dict[str, Receipts] = {}
    query = (
        select(bank_line.c.id, bank_line.c.amount_cents, bank_line.c.currency)
        .join(bank_account, bank_account.c.id == bank_line.c.account_id)
        .where(bank_account.c.creditor_id == creditor_id, bank_line.c.amount_cents > 0, seen(bank_line, as_of))
    )
    for line_id, cents, currency in connection.execute(query):
        of = found.setdefault(currency, Receipts(currency))
        of.lines += 1
        of.received_cents += cents
        if line_id in paid:
            of.allocated_cents += paid[line_id]["payment"]
            of.credit_cents += paid[line_id]["customer_credit"]
        elif said.get(line_id) == NO_CUSTOMER:
            of.no_customer_cents += cents
        elif said.get(line_id) == RETURNED:
            of.returned_cents += cents
        else:
            of.doubt_cents += cents
    return [found[currency] for currency in sorted(found)]


def _applied(connection: Connection, as_of: AsOf) -> dict[str, dict[str, int]]:
    """What stands applied of each line, by kind; lines of which nothing stands are left out."""
    a = allocation.c
    query = (
        select(a.bank_line_id, a.kind, func.sum(a.amount_cents))
        .where(seen(allocation, as_of), a.bank_line_id.is_not(None), a.kind.in_(RECEIVED))
        .group_by(a.bank_line_id, a.kind)
    )
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(RECEIVED, 0))
    for line_id, kind, cents in connection.execute(query):
        if cents:
            found[line_id][kind] = int(cents)
    return dict(found)


def _verdicts(connection: Connection, as_of: AsOf) -> dict[str, str]:
    """The newest verdict on each line, as known."""
    o = line_opinion.c
    query = (
        select(o.bank_line_id, o.verdict).where(newest(line_opinion, "bank_line_id", as_of)).order_by(o.act_id, o.id)
    )
    rows: Any = connection.execute(query)
    return dict(rows.all())
