"""Forms for what is agreed about invoices: plans, the end of disputes, steps and penalties given up."""

from typing import Literal

from prefect import State, Task

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    OPERATOR,
    WORD,
    Day,
    Instalments,
    Operator,
    OptionalAmount,
    OptionalDay,
    OptionalIdentifier,
    OptionalOperator,
    Reason,
    Step,
    Subject,
    Subjects,
    day_of,
    instalment_of,
    matching,
    note_named,
    optional_cents,
    optional_day,
)
from flows.verdicts import house_flow
from recouvrement.day.acts_base import Done
from recouvrement.domain.money import plain
from tasks import forms_plan


@house_flow("record-plan")
def record_plan(
    invoices: Subjects, instalments: Instalments, operator: Operator, acceleration: Literal["yes", "no"] = "no",
    note: OptionalIdentifier = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """Agree a payment plan over invoices of one debtor: reminders about them stop while it is kept.

    Args:
        invoices: The numbers of the invoices it covers.
        instalments: One line for each payment, a day and an amount: `2026-12-01 500.00`. Together they make what is open.
        operator: Your operator code.
        acceleration: `yes` when the plan says that a missed payment makes all of it due.
        note: The id of a note (`recouvrement note`), when there is one.
        on: The day it was agreed, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    numbers = [matching(CODE, one, "invoice") for one in invoices]
    parts = [instalment_of(one) for one in instalments]
    found = forms_plan.plan(
        numbers, parts, acceleration=acceleration == "yes", on=day, operator=operator, note_id=note_named(note)
    )
    facts = {
        "Invoices": ", ".join(numbers),
        "Instalments": " · ".join(f"{d} {plain(c)}" for d, c in parts),
        "A missed one makes all due": acceleration,
        "Operator": operator,
    }
    return told(
        "Plan", found, facts, undo="run `end-fact`: what ends `plan`, an invoice of it, what came of it `withdrawn`"
    )


@house_flow("settle-dispute")
def settle_dispute(
    invoice: Subject, outcome: Literal["accepted", "rejected", "withdrawn", "part"], operator: Operator,
    amount: OptionalAmount = "", credit_by: OptionalDay = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """Settle a dispute: what you accept waits for its credit note, the rest goes back on the ladder.

    Args:
        invoice: The invoice number.
        outcome: What came of it; `part` accepts a part only.
        operator: Your operator code.
        amount: What is accepted, with `part`.
        credit_by: The day by which the credit note is to be there, when something is accepted.
        on: The day it was settled, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_plan.settle(
        matching(CODE, invoice, "invoice"), outcome=outcome, on=day, operator=operator, cents=optional_cents(amount),
        credit_by=optional_day(credit_by),
    )  # fmt: skip
    facts = {"Invoice": invoice, "Outcome": outcome, "Accepted": amount or "-", "Credit note by": credit_by or "-"}
    return told("End of a dispute", found, facts, undo="run `record-dispute` again; both stay in the journal")


@house_flow("extend-dispute")
def extend_dispute(
    invoice: Subject, until: Day, operator: Operator, owner: OptionalOperator = "", on: OptionalDay = ""
) -> State:
    """Look at a dispute again on a later day, yourself or another operator.

    Args:
        invoice: The invoice number.
        until: The day by which somebody looks at it again.
        operator: Your operator code.
        owner: The operator who looks at it; you when left empty.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day, by = day_of(on), day_of(until)
    asked(operator, "record", day)
    who = matching(OPERATOR, owner, "owner") if owner else ""
    number = matching(CODE, invoice, "invoice")
    found = forms_plan.extend(number, until=by, on=day, operator=operator, owner=who)
    facts = {"Invoice": invoice, "Looked at again by": by, "Owner": owner or operator}
    return told("Dispute looked at later", found, facts, undo="run this form again with the day before")


@house_flow("waive-step")
def waive_step(invoice: Subject, step: Step, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Leave a step of the ladder out for an invoice; the order and the gaps of the other steps stay.

    Args:
        invoice: The invoice number.
        step: The step of the ladder.
        reason: A reason code in lowercase letters, such as `spoke_to_them`.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    return _step(forms_plan.waive, "Step left out", "restore-step", invoice, step, reason, operator, on)


@house_flow("restore-step")
def restore_step(invoice: Subject, step: Step, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Put a step that was left out back on the ladder of an invoice.

    Args:
        invoice: The invoice number.
        step: The step of the ladder.
        reason: A reason code in lowercase letters.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    return _step(forms_plan.restore, "Step put back", "waive-step", invoice, step, reason, operator, on)


def _step(
    task: Task[..., Done], what: str, undo: str, invoice: str, step: str, reason: str, operator: str, on: str
) -> State:
    day = day_of(on)
    asked(operator, "record", day)
    number, code, why = (
        matching(CODE, invoice, "invoice"),
        matching(WORD, step, "step"),
        matching(WORD, reason, "reason"),
    )
    found = task(number, code, reason=why, on=day, operator=operator)
    facts = {"Invoice": invoice, "Step": step, "Reason": reason, "Operator": operator}
    return told(what, found, facts, undo=f"run `{undo}` with the same invoice and step")


@house_flow("waive-penalties")
def waive_penalties(
    invoice: Subject, part: Literal["all", "penalties", "indemnity"], reason: Reason, operator: Operator,
    amount: OptionalAmount = "", note: OptionalIdentifier = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """Give up the late penalties or the 40 € of an invoice; letters and dossiers follow at once.

    Args:
        invoice: The invoice number.
        part: `all`, the `penalties`, or the `indemnity` of 40 €.
        reason: A reason code in lowercase letters, such as `commercial_gesture`.
        operator: Your operator code; the role `write_off` is needed.
        amount: So much of the penalties, when not all of them.
        note: The id of a note, when there is one.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "write_off", day)
    found = forms_plan.waive_penalties(
        matching(CODE, invoice, "invoice"), part=part, reason=matching(WORD, reason, "reason"), on=day, operator=operator,
        cents=optional_cents(amount), note_id=note_named(note),
    )  # fmt: skip
    facts = {
        "Invoice": invoice,
        "Given up": part,
        "Amount": amount or "all of it",
        "Reason": reason,
        "Operator": operator,
    }
    return told("Penalties given up", found, facts, undo="run `restore-penalties` with the same invoice")


@house_flow("restore-penalties")
def restore_penalties(invoice: Subject, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Take a waiver of penalties back.

    Args:
        invoice: The invoice number.
        reason: A reason code in lowercase letters.
        operator: Your operator code; the role `write_off` is needed.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "write_off", day)
    number, why = matching(CODE, invoice, "invoice"), matching(WORD, reason, "reason")
    found = forms_plan.restore_penalties(number, reason=why, on=day, operator=operator)
    facts = {"Invoice": invoice, "Reason": reason, "Operator": operator}
    return told("Penalties claimed again", found, facts, undo="run `waive-penalties` with the same invoice")


@house_flow("still-owed")
def still_owed(invoice: Subject, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Say that an invoice which the accounts show as settled is owed all the same: it goes back on its ladder.

    Args:
        invoice: The invoice number.
        reason: A reason code in lowercase letters, such as `wrong_lettering`.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    number, why = matching(CODE, invoice, "invoice"), matching(WORD, reason, "reason")
    found = forms_plan.still_owed(number, reason=why, on=day, operator=operator)
    facts = {"Invoice": invoice, "Reason": reason, "Operator": operator}
    return told("Still owed", found, facts, undo="record a hold on the invoice, or import the accounts again")
