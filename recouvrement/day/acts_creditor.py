"""A new IBAN for the firm: one operator asks, another confirms; nothing leaves in between (design, "Going live")."""

from datetime import date
from typing import Any

from recouvrement.day.acts_assignments import read_iban
from recouvrement.day.acts_base import Done, Refusal, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.iban_changes import ask_iban, carry_old_iban, pending_iban, settle_iban
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.parties import creditor_row

UNSENT = (ContactState.PLANNED, ContactState.APPROVED, ContactState.READY, ContactState.CLAIMED)


def change_iban(house: House, iban: str, *, on: date, operator: str, bic: str = "") -> Done:
    """Ask for a new IBAN on every message from now on; sending stops until another operator confirms or refuses it."""

    def write(act: Act) -> str:
        account = read_iban(iban)
        creditor_id = house.creditor()
        refuse_when(pending_iban(act.connection) is not None, "another_change_waits")
        held = creditor_row(act.connection, creditor_id, AsOf.whenever(act.id))
        refuse_when(held.iban == account, "nothing_changes")
        return ask_iban(act, creditor_id, account, bic or None, on=on)

    return perform(house, "change_iban", operator, write)


def confirm_iban(house: House, *, last_four: str, on: date, operator: str) -> Done:
    """A second operator confirms the new IBAN by its last four characters; what was written with the old one is voided.

    The steps voided are planned again by the next live run, with the new IBAN.
    """

    def write(act: Act) -> str:
        change = _pending(act, operator)
        refuse_when(change.iban[-4:] != last_four.strip().upper(), "not_the_same_iban")
        settle_iban(act, change, confirmed=True, on=on)
        for row in carry_old_iban(act.connection, [state.value for state in UNSENT]):
            state = ContactState(row.state)
            move(act, row.id, ContactState.CANCELLED, fence=Fence((state,)), reason="iban_changed")
        return str(change.id)

    return perform(house, "confirm_iban", operator, write)


def refuse_iban(house: House, *, on: date, operator: str) -> Done:
    """Refuse a new IBAN that waits: the old one holds, and sending goes on. Whoever asked may take it back too."""

    def write(act: Act) -> str:
        change = pending_iban(act.connection)
        if change is None:
            raise Refusal("nothing_waits")
        settle_iban(act, change, confirmed=False, on=on)
        return str(change.id)

    return perform(house, "refuse_iban", operator, write)


def _pending(act: Act, operator: str) -> Any:
    change = pending_iban(act.connection)
    if change is None:
        raise Refusal("nothing_waits")
    refuse_when(change.asked_by == operator, "needs_another_operator")
    return change
