"""What is known of a debtor, as tasks."""

from datetime import date

from recouvrement.day import acts_debtors
from recouvrement.day.acts_assignments import assign as assign_invoice
from recouvrement.day.acts_assignments import iban_of_note
from recouvrement.day.acts_base import Done
from recouvrement.day.house import House
from tasks.acting import act_task


def _assign(
    house: House,
    invoice: str,
    *,
    kind: str,
    under_mandate: bool,
    iban_note: str | None,
    until: date | None,
    on: date,
    operator: str,
) -> Done:
    """The IBAN stands in a note: it is no parameter of a form."""
    iban = iban_of_note(house, iban_note) if iban_note else ""
    if iban is None:
        return Done(refused="unknown_note")
    return assign_invoice(
        house, invoice, kind=kind, under_mandate=under_mandate, iban=iban, until=until, on=on, operator=operator
    )


insolvent = act_task("insolvent", acts_debtors.mark_insolvent)
status = act_task("party-status", acts_debtors.set_party_status)
kind = act_task("debtor-kind", acts_debtors.set_kind)
direct_debit = act_task("direct-debit", acts_debtors.set_direct_debit)
assign = act_task("assign", _assign)
