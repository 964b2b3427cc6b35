"""What reports count: contacts that left, limits, running notices, cases, what is missing in the data."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.bank import bank_account, bank_line
from recouvrement.ledger.tables.contacts import contact, contact_item
from recouvrement.ledger.tables.operations import credit_limit
from recouvrement.ledger.tables.parties import debtor, debtor_version

GONE = tuple(state.value for state in (*LEFT, ContactState.BOUNCED))
LIMIT_KINDS = ("credit", "insured")


def contacts_gone(connection: Connection, creditor_id: str, first: date, last: date) -> list[Any]:
    """Contacts that left from one day to another, both included: day, channel, step, debtor."""
    c = contact.c
    query = select(c.business_day, c.channel, c.step, c.debtor_id).where(
        c.creditor_id == creditor_id, c.business_day.between(first, last), c.state.in_(GONE), c.void == 0
    )
    return list(connection.execute(query.order_by(c.business_day, c.id)).all())


def notices_running(connection: Connection, creditor_id: str, on: date) -> list[Any]:
    """Formal notices that left and whose deadline has not passed: debtor, deadline, cents; nearest first."""
    sums = select(contact_item.c.contact_id, func.sum(contact_item.c.open_cents).label("cents"))
    cents = sums.group_by(contact_item.c.contact_id).subquery()
    c = contact.c
    query = (
        select(c.debtor_id, c.step, c.deadline_on, cents.c.cents)
        .join(cents, cents.c.contact_id == c.id)
        .where(c.creditor_id == creditor_id, c.deadline_on >= on, c.business_day <= on, c.state.in_(GONE), c.void == 0)
        .order_by(c.deadline_on, c.id)
    )
    return list(connection.execute(query).all())


def set_limit(act: Act, debtor_id: str, kind: str, cents: int, currency: str, *, on: date) -> None:
    """Record the limit that a debtor is granted (`credit`) or insured for (`insured`) from a day; 0 takes it away."""
    if kind not in LIMIT_KINDS or cents < 0:
        raise ValueError("a limit is `credit` or `insured`, and not negative")
    row = {"kind": kind, "amount_cents": cents, "currency": currency, "debtor_id": debtor_id}
    act.connection.execute(credit_limit.insert().values(id=act.new_id(), act_id=act.id, effective_on=on, **row))


def limits(connection: Connection, creditor_id: str, as_of: AsOf) -> dict[tuple[str, str], tuple[int, str]]:
    """By debtor and kind, the limit that holds: minor units and currency."""
    query = (
        select(credit_limit)
        .join(debtor, debtor.c.id == credit_limit.c.debtor_id)
        .where(seen(credit_limit, as_of), debtor.c.creditor_id == creditor_id)
        .order_by(credit_limit.c.effective_on, credit_limit.c.act_id, credit_limit.c.id)
    )
    return {(row.debtor_id, row.kind): (int(row.amount_cents), row.currency) for row in connection.execute(query)}


def missing_of_debtors(connection: Connection, creditor_id: str, as_of: AsOf) -> dict[str, int]:
    """How many debtors lack what recovery needs: all of them, and those without an e-mail, an address, a kind, a SIREN."""
    v = debtor_version
    lacks = {
        "debtors": v.c.id.is_not(None), "no_email": v.c.email.is_(None), "no_phone": v.c.phone.is_(None),
        "no_address": func.trim(v.c.address) == "", "kind_unknown": v.c.kind == "unknown",
        "no_siren": v.c.siren.is_(None) & v.c.kind.in_(("business", "sole_trader", "artisan")) & (v.c.country == "FR"),
        "nobody_to_reach": v.c.email.is_(None) & v.c.phone.is_(None) & (func.trim(v.c.address) == ""),
    }  # fmt: skip
    columns = [func.count().filter(where).label(name) for name, where in lacks.items()]
    query = select(*columns).join(debtor, debtor.c.id == v.c.debtor_id)
    row = connection.execute(query.where(debtor.c.creditor_id == creditor_id, newest(v, "debtor_id", as_of))).one()
    return {name: int(getattr(row, name)) for name in lacks}


def credits_booked(connection: Connection, creditor_id: str, first: date, last: date) -> int:
    """How many credits the bank booked from one day to another."""
    query = (
        select(func.count())
        .select_from(bank_line)
        .join(bank_account, bank_account.c.id == bank_line.c.account_id)
        .where(
            bank_account.c.creditor_id == creditor_id, bank_line.c.effective_on.between(first, last), bank_line.c.amount_cents > 0
        )
    )  # fmt: skip
    return int(connection.scalar(query) or 0)
