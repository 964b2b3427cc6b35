"""What a check of the whole house asks the ledger: how far banks were read, what waits, whose clock says what."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, func, select, text

from recouvrement.domain.contact_states import PENDING, ContactState
from recouvrement.ledger.tables.acts import act
from recouvrement.ledger.tables.bank import bank_account, statement
from recouvrement.ledger.tables.contacts import contact

OPEN = sorted(state.value for state in (*PENDING, ContactState.UNKNOWN))


def feeds(connection: Connection, creditor_id: str, *, upto: date) -> list[tuple[str, date]]:
    """Each bank account by its last four characters, with the last day its statements cover."""
    query = (
        select(bank_account.c.number, func.max(statement.c.to_on))
        .join(statement, statement.c.account_id == bank_account.c.id)
        .where(bank_account.c.creditor_id == creditor_id, statement.c.to_on <= upto)
        .group_by(bank_account.c.number)
        .order_by(bank_account.c.number)
    )
    return [(number[-4:], to) for number, to in connection.execute(query)]


def waiting_since(connection: Connection) -> dict[str, tuple[int, date]]:
    """Contacts that have not left, by state: how many, and the oldest business day."""
    query = select(contact.c.state, func.count(), func.min(contact.c.business_day)).where(contact.c.state.in_(OPEN))
    return {state: (count, since) for state, count, since in connection.execute(query.group_by(contact.c.state))}


def newest_act_at(connection: Connection) -> datetime | None:
    """The moment of the newest act; None in an empty ledger."""
    return connection.scalar(select(act.c.at).order_by(act.c.id.desc()).limit(1))


def database_moment(connection: Connection) -> datetime:
    """What time the database thinks it is, in UTC (SQLite: this machine's own clock)."""
    if connection.dialect.name == "postgresql":
        found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return found.astimezone(UTC)
    told = connection.execute(text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")).scalar_one()
    return datetime.fromisoformat(str(told))
