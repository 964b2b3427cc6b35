"""Forms for what calls came to."""

from typing import Literal

from prefect import State

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    IDENTIFIER,
    Identifier,
    Operator,
    OptionalDay,
    OptionalIdentifier,
    Subject,
    day_of,
    matching,
    note_named,
)
from flows.verdicts import house_flow
from tasks import forms_call

Outcomes = Literal["reached", "no_answer", "message_left", "wrong_number", "refused_to_speak", "promised", "contested"]
Causes = Literal[
    "not_told", "oversight", "cash_trouble", "dispute_quality", "dispute_quantity", "dispute_price", "dispute_delivery",
    "administrative", "bad_faith", "answered", "unknown",
]  # fmt: skip
NOBODY = frozenset({"no_answer", "wrong_number"})


@house_flow("record-call")
def record_call(
    contact: Identifier, outcome: Outcomes, operator: Operator, cause: Causes = "not_told",
    note: OptionalIdentifier = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """Note what a call on the day's list came to. Where nobody was reached the call stays on the list.

    Args:
        contact: The id of the call, as the call list shows it.
        outcome: What came of it.
        operator: Your operator code.
        cause: Why the debtor has not paid, as far as it told.
        note: The id of a note (`recouvrement note`), when there is one.
        on: The day of the call, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_call.call(
        matching(IDENTIFIER, contact, "contact"), outcome=outcome, on=day, operator=operator, note_id=note_named(note),
        cause=None if cause == "not_told" else cause, reached=outcome not in NOBODY,
    )  # fmt: skip
    facts = {"Call": contact, "Outcome": outcome, "Cause": cause, "Operator": operator}
    return told("Call", found, facts, undo="it stands; record a promise, a dispute or a hold for what should follow")


@house_flow("record-other-call")
def record_other_call(
    debtor: Subject, outcome: Outcomes, operator: Operator, cause: Causes = "not_told", note: OptionalIdentifier = "",
    on: OptionalDay = "",
) -> State:  # fmt: skip
    """Note a call that stood on no list, such as one from the debtor. It takes no step of the ladder.

    Args:
        debtor: The debtor's code.
        outcome: What came of it.
        operator: Your operator code.
        cause: Why the debtor has not paid, as far as it told.
        note: The id of a note, when there is one.
        on: The day of the call, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_call.other_call(
        matching(CODE, debtor, "debtor"), outcome=outcome, on=day, operator=operator, note_id=note_named(note),
        cause=None if cause == "not_told" else cause,
    )  # fmt: skip
    facts = {"Debtor": debtor, "Outcome": outcome, "Cause": cause, "Operator": operator}
    return told("Call", found, facts, undo="it stands; note another call that says otherwise")
