"""A person explains a difference: of a customer's accounts, until newer ones come, or of a bank account's statements."""

from datetime import date

from recouvrement.day.acts_base import Done, Refusal, perform
from recouvrement.day.house import House
from recouvrement.ledger.accounts import balances
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.control_explained import explain_balance, explain_faults
from recouvrement.ledger.control_feed import Feed, feeds
from recouvrement.ledger.facts import find_debtor


def explain_difference(house: House, subject: str, *, reason: str, on: date, operator: str) -> Done:
    """Explain what the control sheet shows of a customer (by its code) or of a bank account (by its number).

    The explanation holds for that difference only: newer accounts, or another sum, ask again.
    """
    creditor_id, limit = house.creditor(), house.policy.money.account_difference_cents

    def explained(act: Act) -> str:
        as_of = AsOf(on, act.id)
        debtor_id = find_debtor(act.connection, creditor_id, subject)
        if debtor_id is None:
            return _account(act, feeds(act.connection, creditor_id, as_of), subject, reason, on)
        found = balances(act.connection, creditor_id, as_of, limit_cents=limit, within=(debtor_id, debtor_id))
        if not found:
            raise Refusal("no_accounts")
        if not found[0].difference_cents or found[0].explained:
            raise Refusal("nothing_to_explain")
        return explain_balance(act, found[0], on=on, reason=reason)

    return perform(house, "explain_difference", operator, explained)


def _account(act: Act, found: list[Feed], number: str, reason: str, on: date) -> str:
    feed = next((feed for feed in found if feed.number == number.replace(" ", "").upper()), None)
    if feed is None:
        raise Refusal("unknown_debtor_or_account")
    faults = [fault for fault in feed.faults if not fault.explained]
    if not faults:
        raise Refusal("nothing_to_explain")
    return explain_faults(act, feed, faults, on=on, reason=reason)
