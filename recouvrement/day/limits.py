"""Limits of credit and of insurance, recorded by a person; reports show which are passed."""

from datetime import date

from recouvrement.day.house import House
from recouvrement.ledger import report_facts
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_debtor
from recouvrement.ledger.parties import creditor_row


def grant_limit(house: House, code: str, kind: str, cents: int, *, on: date, operator: str) -> str | None:
    """Record a limit of credit or insurance in the creditor's currency; return why not, or None when done."""
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, creditor_id, code)
        currency = creditor_row(connection, creditor_id, AsOf(on, house.ledger.known_to())).currency
    if debtor_id is None:
        return "unknown_debtor"
    if cents < 0:
        return "negative_amount"
    with house.on_day(on).ledger.act("limit", operator) as act:
        report_facts.set_limit(act, debtor_id, kind, cents, currency, on=on)
    return None
