"""A change of the creditor's IBAN that waits for a second person; while it does, nothing leaves."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import ended
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.tables.agreed import iban_change
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.facts import fact_event
from recouvrement.ledger.tables.parties import creditor_version


def pending_iban(connection: Connection) -> Any:
    """The change that waits to be confirmed, or None."""
    c = iban_change
    query = select(c).where(c.c.id.not_in(ended())).order_by(c.c.act_id.desc()).limit(1)
    return connection.execute(query).one_or_none()


def ask_iban(act: Act, creditor_id: str, iban: str, bic: str | None, *, on: date) -> str:
    """Write the request; the journal of the house keeps its last four characters and who asked."""
    change_id = act.new_id()
    row = {"creditor_id": creditor_id, "iban": iban, "bic": bic, "asked_by": act.actor, "effective_on": on}
    act.connection.execute(insert(iban_change).values(id=change_id, act_id=act.id, **row))
    journal.append(act, HOUSE, JournalEvent.IBAN_ASKED, {"change": change_id, "ends": iban[-4:], "by": act.actor})
    return change_id


def settle_iban(act: Act, change: Any, *, confirmed: bool, on: date) -> None:
    """End the wait: a confirmed change is a new version of the creditor from that day."""
    event = "confirmed" if confirmed else "refused"
    row = {"fact_kind": "iban_change", "fact_id": change.id, "event": event, "effective_on": on}
    act.connection.execute(insert(fact_event).values(id=act.new_id(), act_id=act.id, **row))
    told = {"change": change.id, "ends": change.iban[-4:], "by": act.actor, "verdict": event}
    journal.append(act, HOUSE, JournalEvent.IBAN_CHANGED, told)
    if confirmed:
        held = creditor_row(act.connection, change.creditor_id, AsOf.whenever(act.id))
        columns = {c.name: getattr(held, c.name) for c in creditor_version.c}
        columns |= {"id": act.new_id(), "act_id": act.id, "effective_on": max(on, held.effective_on)}
        columns |= {"iban": change.iban, "bic": change.bic}
        act.connection.execute(insert(creditor_version).values(**columns))


def carry_old_iban(connection: Connection, states: list[str]) -> list[Any]:
    """The messages in those states: frozen before the change, they show the old IBAN."""
    query = select(contact).where(contact.c.state.in_(states), contact.c.channel != "call")
    return list(connection.execute(query.order_by(contact.c.id)))
