"""Forms for the firm's own account: one operator asks, another confirms, and nothing leaves in between."""

from typing import Annotated

from prefect import State
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import IDENTIFIER, Identifier, Operator, OptionalDay, day_of, matching
from flows.verdicts import house_flow
from tasks import forms_house

LAST_FOUR = r"^[A-Z0-9]{4}$"
LastFour = Annotated[str, Field(json_schema_extra={"pattern": LAST_FOUR})]


@house_flow("change-iban")
def change_iban(note: Identifier, operator: Operator, on: OptionalDay = "") -> State:
    """Ask for a new IBAN on every message. Sending stops until another operator has confirmed it.

    Args:
        note: The id of a note that holds the new IBAN and nothing else (`recouvrement note`).
        operator: Your operator code; the role `creditor_iban` is needed.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "creditor_iban", day)
    found = forms_house.change(matching(IDENTIFIER, note, "note"), on=day, operator=operator)
    return told(
        "New IBAN asked for", found, {"Operator": operator}, undo="run `refuse-iban`; nothing leaves until then"
    )


@house_flow("confirm-iban")
def confirm_iban(last_four: LastFour, operator: Operator, on: OptionalDay = "") -> State:
    """Confirm the new IBAN that another operator asked for. Messages written with the old one are voided.

    Args:
        last_four: Its last four characters, read from the bank's own paper.
        operator: Your operator code, not that of the one who asked; the role `creditor_iban` is needed.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "creditor_iban", day)
    found = forms_house.confirm(last_four=matching(LAST_FOUR, last_four, "last_four"), on=day, operator=operator)
    return told("New IBAN confirmed", found, {"Operator": operator}, undo="run `change-iban` with the old one")


@house_flow("refuse-iban")
def refuse_iban(operator: Operator, on: OptionalDay = "") -> State:
    """Refuse the new IBAN that waits: the old one holds, and sending goes on.

    Args:
        operator: Your operator code; the role `creditor_iban` is needed.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "creditor_iban", day)
    found = forms_house.refuse(on=day, operator=operator)
    return told("New IBAN refused", found, {"Operator": operator}, undo="run `change-iban` again")
