"""The accounts' balances beside the ledger's, customer by customer and invoice by invoice: read only, for the control."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from recouvrement.ledger.as_of import EVERYTHING, AsOf, newest, seen
from recouvrement.ledger.lettered import FOUND, STOOD_IN
from recouvrement.ledger.tables.accounts import account_balance
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.control import account_piece, explanation
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_version, open_item
from recouvrement.ledger.tables.parties import debtor

ALL = ("", "~")  # every identifier lies between
EURO = "EUR"  # accounts 411 are kept in euros (C. com. L123-22)
SINCE = ("returned_payment", FOUND)  # undone from a day on, not wrong from the beginning
Figures = tuple[str, date, int, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """One customer on the last day of the newest accounts: what they say it owes and what the ledger says, in euro cents.

    `explained` is the reason that a person gave for this difference. `comparable` is False where the customer is also
    invoiced in another currency, which the accounts convert.
    """

    debtor_id: str
    code: str
    on: date
    accounts_cents: int
    ledger_cents: int
    explained: str = ""
    comparable: bool = True

    @property
    def difference_cents(self) -> int:
        """What the ledger has more than the accounts."""
        return self.ledger_cents - self.accounts_cents if self.comparable else 0

    def differs(self, limit_cents: int) -> bool:
        """Whether the difference is above a limit and nobody explained it."""
        return abs(self.difference_cents) > limit_cents and not self.explained


def balances(
    connection: Connection, creditor_id: str, as_of: AsOf, *, limit_cents: int = 0, within: tuple[str, str] = ALL
) -> list[Balance]:
    """The balances of the newest accounts known on a day, by customer code, for the debtors in a range of ids.

    An explanation holds for these accounts, and while the difference stays within `limit_cents` of the one explained.
    """
    b = account_balance
    on = connection.scalar(select(func.max(b.c.effective_on)).where(seen(b, as_of)))
    if on is None:
        return []
    query = select(debtor.c.code, b.c.debtor_id, b.c.balance_cents).join(debtor, debtor.c.id == b.c.debtor_id)
    query = query.where(debtor.c.creditor_id == creditor_id, b.c.effective_on == on, b.c.act_id <= as_of.known_to)
    rows = connection.execute(query.where(b.c.debtor_id.between(*within)).order_by(b.c.act_id, b.c.id))
    accounts = {row.debtor_id: (row.code, int(row.balance_cents)) for row in rows}
    if not accounts:
        return []
    ours, foreign = _ledger(connection, creditor_id, on, as_of, within)
    said = _explanations(connection, on, as_of)
    found = []
    for debtor_id, (code, cents) in accounts.items():
        held = ours.get(debtor_id, 0)
        reason = next((r for r, d in said.get(debtor_id, ()) if abs(held - cents - d) <= limit_cents), "")
        found.append(Balance(debtor_id, code, on, cents, held, reason, debtor_id not in foreign))
    return sorted(found, key=lambda balance: balance.code)


def differing(
    connection: Connection, creditor_id: str, as_of: AsOf, *, limit_cents: int, within: tuple[str, str]
) -> frozenset[str]:
    """The debtors of a range whose accounts and ledger differ by more than a limit, unexplained."""
    found = balances(connection, creditor_id, as_of, limit_cents=limit_cents, within=within)
    return frozenset(b.debtor_id for b in found if b.differs(limit_cents))


def control_figures(connection: Connection, creditor_id: str) -> list[Figures]:
    """Per debtor of the newest accounts: code, their last day, the accounts' balance and the ledger's, in cents."""
    return [(b.code, b.on, b.accounts_cents, b.ledger_cents) for b in balances(connection, creditor_id, EVERYTHING)]


def _explanations(connection: Connection, on: date, as_of: AsOf) -> dict[str, list[tuple[str, int]]]:
    e = explanation
    query = select(e).where(seen(e, as_of), e.c.debtor_id.is_not(None), e.c.from_on == on)
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in connection.execute(query.order_by(e.c.act_id.desc(), e.c.id.desc())):
        found[row.debtor_id].append((row.reason, row.difference_cents))
    return found


def _standing(on: date, as_of: AsOf) -> ColumnElement[bool]:
    """Allocations that stood on a day: a mistake that was undone since never did, a payment returned since did."""
    a, undo, row = allocation.c, allocation.alias(), allocation.alias()
    by_day = func.coalesce(undo.c.reason, "").in_(SINCE) | (func.coalesce(row.c.reason, "") == STOOD_IN)
    undone = (
        select(row.c.id)
        .join(undo, undo.c.undoes == row.c.id)
        .where(undo.c.act_id <= as_of.known_to, ~by_day | (undo.c.effective_on <= on))
    )
    return (a.act_id <= as_of.known_to) & (a.effective_on <= on) & a.undoes.is_(None) & a.id.not_in(undone)


def _ledger(
    connection: Connection, creditor_id: str, on: date, as_of: AsOf, within: tuple[str, str]
) -> tuple[dict[str, int], set[str]]:
    """What items issued by a day come to less what was applied by then, by debtor; debtors with another currency."""
    v, iv, a = item_version, invoice_version, allocation
    owed = (
        select(open_item.c.debtor_id, v.c.currency, func.sum(v.c.amount_cents))
        .join(v, v.c.open_item_id == open_item.c.id)
        .join(iv, iv.c.invoice_id == open_item.c.invoice_id)
        .where(open_item.c.creditor_id == creditor_id, open_item.c.debtor_id.between(*within))
        .where(newest(v, "open_item_id", as_of), newest(iv, "invoice_id", as_of), iv.c.issue_on <= on)
        .group_by(open_item.c.debtor_id, v.c.currency)
    )
    # what one item of a debtor pays of another (a credit note) changes nothing of the sum
    paid = (
        select(a.c.debtor_id, func.sum(a.c.amount_cents))
        .where(_standing(on, as_of), a.c.credit_item_id.is_(None), a.c.currency == EURO, a.c.debtor_id.between(*within))
        .group_by(a.c.debtor_id)
    )
    found: dict[str, int] = defaultdict(int)
    foreign = set()
    for debtor_id, currency, cents in connection.execute(owed):
        if currency == EURO:
            found[debtor_id] += int(cents)
        else:
            foreign.add(debtor_id)
    for debtor_id, cents in connection.execute(paid):
        found[debtor_id] -= int(cents)
    return found, foreign


def by_invoice(connection: Connection, balance: Balance, as_of: AsOf) -> list[tuple[str, int, int]]:
    """Where a customer's accounts and the ledger part: invoice number, open in the accounts, open in the ledger.

    Empty where the accounts do not tell (a balance without pieces). What is not about an invoice (money received and
    not applied) is in neither.
    """
    p, b = account_piece.c, account_balance
    mine = b.c.debtor_id == balance.debtor_id, b.c.effective_on == balance.on, b.c.act_id <= as_of.known_to
    last = connection.execute(
        select(b.c.act_id, b.c.open_cents).where(*mine).order_by(b.c.act_id.desc(), b.c.id.desc()).limit(1)
    ).one()
    query = select(p.number, p.open_cents).where(p.debtor_id == balance.debtor_id, p.act_id == last.act_id)
    theirs = {number: int(cents) for number, cents in connection.execute(query)}
    if last.open_cents and not theirs:
        return []
    ours = _open_by_number(connection, balance, as_of)
    numbers = sorted(theirs.keys() | ours.keys())
    pairs = [(number, theirs.get(number, 0), ours.get(number, 0)) for number in numbers]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _open_by_number(connection: Connection, balance: Balance, as_of: AsOf) -> dict[str, int]:
    v, iv, a = item_version, invoice_version, allocation
    items = (
        select(open_item.c.id, invoice.c.number, v.c.amount_cents)
        .join(v, v.c.open_item_id == open_item.c.id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .join(iv, iv.c.invoice_id == open_item.c.invoice_id)
        .where(
            open_item.c.debtor_id == balance.debtor_id, newest(v, "open_item_id", as_of), iv.c.issue_on <= balance.on
        )
        .where(newest(iv, "invoice_id", as_of))
    )
    numbers, found = {}, dict[str, int]()
    for item_id, number, cents in connection.execute(items):
        numbers[item_id] = number
        found[number] = found.get(number, 0) + int(cents)
    applied = select(a.c.open_item_id, a.c.credit_item_id, a.c.amount_cents).where(
        a.c.debtor_id == balance.debtor_id, _standing(balance.on, as_of)
    )
    for item_id, note_id, cents in connection.execute(applied):
        if item_id in numbers:
            found[numbers[item_id]] -= int(cents)
        if note_id in numbers:
            found[numbers[note_id]] += int(cents)
    return found
