"""Limits of credit and of insurance, recorded by a person; reports show which are passed."""

from datetime import date

from recouvrement.day.acts_base import Done, debtor_named, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.ledger import report_facts
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.parties import creditor_row


def grant_limit(house: House, debtor: str, *, kind: str, cents: int, on: date, operator: str) -> Done:
    """Record a limit of credit or insurance (minor units of the creditor's currency) of a debtor, by its code."""

    def write(act: Act) -> str:
        debtor_id = debtor_named(act, house, debtor)
        refuse_when(cents < 0, "negative_amount")
        currency = creditor_row(act.connection, house.creditor(), AsOf(on, act.id)).currency
        report_facts.set_limit(act, debtor_id, kind, cents, currency, on=on)
        return debtor

    return perform(house.on_day(on), "limit", operator, write)
