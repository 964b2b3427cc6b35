"""What a day's report reads: the contacts of a day, lines that nobody could match, cases with where they stand."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, and_, func, or_, select

from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.tables.bank import bank_account, bank_line, statement
from recouvrement.ledger.tables.cases import case, case_event, case_item, dossier
from recouvrement.ledger.tables.contacts import contact, contact_event, contact_item
from recouvrement.ledger.tables.invoices import item_version


def _currency_of(item: ColumnElement[str]) -> ScalarSelect[str]:
    """The currency of an item, whatever its version: corrections change amounts and days, not the currency."""
    v = item_version.alias()
    return select(func.max(v.c.currency)).where(v.c.open_item_id == item).scalar_subquery()


def _with_sums(*where: ColumnElement[bool]) -> Select[Any]:
    """Contacts with how many items and cents each carries."""
    sums = (
        select(
            contact_item.c.contact_id,
            func.count().label("item_count"),
            func.sum(contact_item.c.open_cents).label("cents"),
            func.max(_currency_of(contact_item.c.open_item_id)).label("currency"),
        )
        .join(contact, contact.c.id == contact_item.c.contact_id)
        .where(*where)
        .group_by(contact_item.c.contact_id)
        .subquery()
    )
    c = contact.c
    columns = (c.id, c.debtor_id, c.business_day, c.channel, c.step, c.state)
    query = select(*columns, sums.c.item_count, sums.c.cents, sums.c.currency)
    return query.join(sums, sums.c.contact_id == c.id).where(*where)


def contacts_of_day(connection: Connection, on: date, *, limit: int) -> list[Any]:
    """Contacts of a business day with how many items and cents each carries, highest sums first."""
    query = _with_sums(contact.c.business_day == on)
    return sorted(connection.execute(query), key=lambda row: (-row.cents, row.id))[:limit]


def contacts_waiting(connection: Connection, *, limit: int) -> list[Any]:
    """Contacts that wait for a person: to be approved, or of unknown fate; oldest first."""
    to_approve = and_(contact.c.state == ContactState.PLANNED.value, contact.c.needs_approval == 1)
    query = _with_sums(or_(to_approve, contact.c.state == ContactState.UNKNOWN.value))
    return list(connection.execute(query.order_by(contact.c.business_day, contact.c.id).limit(limit)))


def last_reasons(connection: Connection, contact_ids: list[str]) -> dict[str, str]:
    """The code of the newest event of each contact that has one."""
    query = (
        select(contact_event.c.contact_id, contact_event.c.reason)
        .where(contact_event.c.contact_id.in_(contact_ids), contact_event.c.reason.is_not(None))
        .order_by(contact_event.c.act_id, contact_event.c.id)
    )
    return {contact_id: reason for contact_id, reason in connection.execute(query)}


def credit_lines(connection: Connection, creditor_id: str, *, upto: date) -> list[Any]:
    """Credits booked up to a day: id, booking day, cents, currency; newest first."""
    b = bank_line
    query = (
        select(b.c.id, b.c.effective_on, b.c.amount_cents, b.c.currency)
        .join(bank_account, bank_account.c.id == b.c.account_id)
        .where(bank_account.c.creditor_id == creditor_id, b.c.effective_on <= upto, b.c.amount_cents > 0)
        .order_by(b.c.effective_on.desc(), b.c.id)
    )
    return list(connection.execute(query))


def cases_standing(connection: Connection, creditor_id: str) -> list[Any]:
    """Every case with its debtor, opening day, open cents at the opening, newest dossier version and state."""
    cents = select(
        case_item.c.case_id,
        func.sum(case_item.c.open_cents).label("cents"),
        func.max(_currency_of(case_item.c.open_item_id)).label("currency"),
    ).group_by(case_item.c.case_id)
    versions = select(dossier.c.case_id, func.max(dossier.c.version).label("version")).group_by(dossier.c.case_id)
    c, v = cents.subquery(), versions.subquery()
    query = (
        select(case.c.id, case.c.code, case.c.debtor_id, case.c.effective_on, c.c.cents, c.c.currency, v.c.version)
        .outerjoin(c, c.c.case_id == case.c.id)
        .outerjoin(v, v.c.case_id == case.c.id)
        .where(case.c.creditor_id == creditor_id)
        .order_by(case.c.effective_on.desc(), case.c.id)
    )
    return list(connection.execute(query))


def case_states(connection: Connection) -> dict[str, str]:
    """The state in which each case stands."""
    query = select(case_event.c.case_id, case_event.c.state).order_by(case_event.c.act_id, case_event.c.id)
    return {case_id: state for case_id, state in connection.execute(query)}


def feed_to(connection: Connection, creditor_id: str, *, upto: date) -> date | None:
    """The last day that bank statements cover, over all accounts."""
    query = (
        select(func.max(statement.c.to_on))
        .join(bank_account, bank_account.c.id == statement.c.account_id)
        .where(bank_account.c.creditor_id == creditor_id, statement.c.to_on <= upto)
    )
    found: date | None = connection.scalar(query)
    return found
