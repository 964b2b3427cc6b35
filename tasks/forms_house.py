"""The firm's own IBAN as tasks: asked for by one operator, confirmed by another."""

from datetime import date

from recouvrement.day.acts_assignments import iban_of_note
from recouvrement.day.acts_base import Done
from recouvrement.day.acts_creditor import change_iban, confirm_iban, refuse_iban
from recouvrement.day.house import House
from tasks.acting import act_task


def _change(house: House, note: str, *, on: date, operator: str) -> Done:
    """The IBAN stands in a note: it is no parameter of a form."""
    iban = iban_of_note(house, note)
    return Done(refused="unknown_note") if iban is None else change_iban(house, iban, on=on, operator=operator)


change = act_task("change-iban", _change)
confirm = act_task("confirm-iban", confirm_iban)
refuse = act_task("refuse-iban", refuse_iban)
