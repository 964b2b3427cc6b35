"""Forms for money that no bank statement has shown yet."""

from typing import Literal

from prefect import State

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    WORD,
    Amount,
    Operator,
    OptionalDay,
    OptionalIdentifier,
    OptionalReason,
    Subject,
    cents_of,
    day_of,
    matching,
    note_named,
    optional_day,
)
from flows.verdicts import house_flow
from recouvrement.domain.money import plain
from tasks import forms_receipt


@house_flow("record-receipt")
def record_receipt(
    subject: Subject, kind: Literal["cheque", "cash", "card", "bill", "set_off"], amount: Amount,
    state: Literal["announced", "banked", "cleared"], operator: Operator, expected: OptionalDay = "",
    note: OptionalIdentifier = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """Note money that the bank has not shown yet: a cheque in hand, cash, a bill of exchange. Nobody is chased for it.

    Args:
        subject: A debtor's code, or an invoice number.
        kind: What was received.
        amount: The amount, like 1250.00.
        state: `announced`, `banked`, or `cleared` for cash and set-off, which are applied at once.
        operator: Your operator code; you look after it until the bank shows it.
        expected: The day by which the bank should show it.
        note: The id of a note, when there is one.
        on: The day it was received, like 2026-11-20; today in Paris when left empty.
    """
    day, cents = day_of(on), cents_of(amount)
    asked(operator, "record", day)
    found = forms_receipt.receipt(
        matching(CODE, subject, "subject"), kind=kind, cents=cents, state=state, on=day, operator=operator,
        expected_on=optional_day(expected), note_id=note_named(note),
    )  # fmt: skip
    facts = {"For": subject, "What": kind, "Amount": plain(cents), "State": state, "Operator": operator}
    return told("Receipt", found, facts, undo="run `end-receipt` with the same subject and outcome `withdrawn`")


@house_flow("end-receipt")
def end_receipt(
    subject: Subject, outcome: Literal["banked", "cleared", "returned", "withdrawn"], operator: Operator,
    reason: OptionalReason = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """Say what became of the newest receipt of a debtor or an invoice: at the bank, cleared, or back unpaid.

    Args:
        subject: A debtor's code, or an invoice number.
        outcome: What became of it.
        operator: Your operator code.
        reason: A reason code in lowercase letters, when there is one.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    why = matching(WORD, reason, "reason") if reason else ""
    found = forms_receipt.move(matching(CODE, subject, "subject"), to=outcome, on=day, operator=operator, reason=why)
    facts = {"For": subject, "Outcome": outcome, "On": day, "Operator": operator}
    return told("Receipt moved", found, facts, undo="record the receipt again; both stay in the journal")
