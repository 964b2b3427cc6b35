"""What a person says of a difference: kept with the difference it explains, and good for that one only."""

from datetime import date

from sqlalchemy import insert

from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.accounts import Balance
from recouvrement.ledger.book import Act
from recouvrement.ledger.control_feed import Fault, Feed
from recouvrement.ledger.tables.control import explanation


def explain_balance(act: Act, balance: Balance, *, on: date, reason: str) -> str:
    """Explain the difference between a customer's accounts and the ledger, until newer accounts come."""
    said_id = _say(
        act, on, reason, balance.on, balance.on, balance.difference_cents, "EUR", debtor_id=balance.debtor_id
    )
    facts = {"explanation": said_id, "accounts_on": balance.on.isoformat(), "cents": balance.difference_cents}
    journal.append(act, balance.debtor_id, JournalEvent.DIFFERENCE_EXPLAINED, {**facts, "reason": reason})
    return said_id


def explain_faults(act: Act, feed: Feed, faults: list[Fault], *, on: date, reason: str) -> str:
    """Explain what parts a bank account's statements; each fault as it stands now."""
    last = ""
    for fault in faults:
        last = _say(
            act, on, reason, fault.after_on, fault.to_on, fault.cents, feed.currency, account_id=feed.account_id
        )
        facts = {
            "explanation": last,
            "account": feed.account_id,
            "after": fault.after_on.isoformat(),
            "cents": fault.cents,
        }
        journal.append(act, HOUSE, JournalEvent.DIFFERENCE_EXPLAINED, {**facts, "reason": reason})
    return last


def _say(
    act: Act, on: date, reason: str, from_on: date, to_on: date, cents: int, currency: str, *, debtor_id: str | None = None,
    account_id: str | None = None,
) -> str:  # fmt: skip
    said_id = act.new_id()
    row = {
        "debtor_id": debtor_id, "account_id": account_id, "from_on": from_on, "to_on": to_on, "difference_cents": cents,
        "currency": currency, "reason": reason, "operator": act.actor, "effective_on": on,
    }  # fmt: skip
    act.connection.execute(insert(explanation).values(id=said_id, act_id=act.id, **row))
    return said_id
