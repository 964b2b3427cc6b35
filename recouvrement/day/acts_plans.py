"""Agreeing a payment plan: which invoices, which instalments, and whether a missed one makes all of it due."""

from collections.abc import Sequence
from datetime import date

from recouvrement.day.acts_base import Done, items_named, not_before, noted, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.item_money import ItemMoney, money_of
from recouvrement.ledger.plans import Instalment, running_plan_of, write_plan

MOST_INSTALMENTS = 60


def record_plan(
    house: House, invoices: Sequence[str], instalments: Sequence[Instalment], *, acceleration: bool, on: date,
    operator: str, note_id: str | None = None,
) -> Done:  # fmt: skip
    """Agree a plan over the open amounts of some invoices of one debtor; instalments are (day, cents) and make that sum.

    While it runs its invoices are off the ladder; a payment that is missed after the policy's grace ends it.
    """

    def write(act: Act) -> str:
        refuse_when(not instalments or len(instalments) > MOST_INSTALMENTS, "instalments_not_usable")
        refuse_when(any(cents <= 0 for _, cents in instalments), "amount_not_positive")
        days = [day for day, _ in instalments]
        not_before(min(days), on)
        refuse_when(len(set(days)) != len(days), "two_instalments_in_one_day")
        items = _open_items(act, house, invoices, on)
        refuse_when(
            sum(cents for _, cents in instalments) != sum(i.open_cents for i in items), "sum_is_not_what_is_open"
        )
        return write_plan(
            act, items[0].debtor_id, [item.id for item in items], instalments, acceleration=acceleration, on=on,
            note_id=noted(act, note_id),
        )  # fmt: skip

    return perform(house, "plan", operator, write)


def _open_items(act: Act, house: House, invoices: Sequence[str], on: date) -> list[ItemMoney]:
    """What is open of those invoices: one debtor's, in one currency, on no other plan."""
    ids = [row.id for number in dict.fromkeys(invoices) for row in items_named(act, house, number)]
    items = [item for item in money_of(act.connection, ids, AsOf(on, act.id)) if item.open_cents > 0]
    refuse_when(not items, "nothing_open")
    refuse_when(len({item.debtor_id for item in items}) > 1, "several_debtors")
    refuse_when(len({item.currency for item in items}) > 1, "several_currencies")
    refuse_when(any(running_plan_of(act.connection, item.id) for item in items), "on_a_plan_already")
    return items
