"""Forms for what is known of a debtor: insolvency, statuses, its kind, direct debit; and invoices assigned."""

from typing import Literal

from prefect import State

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    Day,
    Operator,
    OptionalDay,
    OptionalIdentifier,
    Subject,
    day_of,
    matching,
    note_named,
    optional_day,
)
from flows.verdicts import house_flow
from tasks import forms_debtor

Sources = Literal["bodacc", "letter", "court", "registry", "family", "other"]


@house_flow("mark-insolvent")
def mark_insolvent(
    debtor: Subject, procedure: Literal["safeguard", "receivership", "liquidation"], judgment: Day, source: Sources,
    operator: Operator, published: OptionalDay = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """A debtor is in insolvency proceedings: every reminder stops, claims are to be declared.

    Args:
        debtor: The debtor's code.
        procedure: Sauvegarde, redressement or liquidation judiciaire.
        judgment: The day of the opening judgment.
        source: How it is known.
        operator: Your operator code.
        published: The day of its publication in BODACC, if known: claims are declared within two months of it.
        on: The day you learned of it, like 2026-11-20; today in Paris when left empty.
    """
    day, opened = day_of(on), day_of(judgment)
    told_on = day_of(published) if published else None
    asked(operator, "record", day)
    code = matching(CODE, debtor, "debtor")
    found = forms_debtor.insolvent(
        code, procedure=procedure, judgment_on=opened, source=source, on=day, operator=operator, published_on=told_on
    )
    facts = {"Debtor": debtor, "Procedure": procedure, "Judgment of": opened, "Known by": source, "Operator": operator}
    return told(
        "Insolvency", found, facts, undo="run `end-fact`: what ends `insolvency`, the debtor, what came of it `mistake`"
    )


@house_flow("set-party-status")
def set_party_status(
    debtor: Subject, status: Literal["over_indebted", "deceased", "protected_adult", "struck_off"], source: Sources,
    operator: Operator, on: OptionalDay = "",
) -> State:  # fmt: skip
    """A debtor must not be chased: nobody is contacted, a person decides what follows.

    Args:
        debtor: The debtor's code.
        status: What is known of it.
        source: How it is known.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    code = matching(CODE, debtor, "debtor")
    found = forms_debtor.status(code, status=status, source=source, on=day, operator=operator)
    facts = {"Debtor": debtor, "Known by": source, "Operator": operator}
    return told(
        "Status of a debtor",
        found,
        facts,
        undo="run `end-fact`: what ends `party_status`, the debtor, what came of it `mistake`",
    )


@house_flow("set-debtor-kind")
def set_debtor_kind(
    debtor: Subject, kind: Literal["business", "sole_trader", "artisan", "non_trader", "public", "consumer"],
    operator: Operator, on: OptionalDay = "",
) -> State:  # fmt: skip
    """Say what a debtor is in law: it decides penalties, the 40 € and the courts.

    Args:
        debtor: The debtor's code.
        kind: What it is.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_debtor.kind(matching(CODE, debtor, "debtor"), kind=kind, on=day, operator=operator)
    facts = {"Debtor": debtor, "Kind": kind, "Operator": operator}
    return told("Kind of a debtor", found, facts, undo="run this form again with the kind before")


@house_flow("set-direct-debit")
def set_direct_debit(
    debtor: Subject, mandate: Literal["in_force", "ended"], operator: Operator, on: OptionalDay = ""
) -> State:
    """A debtor pays by direct debit, or no longer does: while it does nobody is reminded.

    Args:
        debtor: The debtor's code.
        mandate: Whether the mandate is in force.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    code = matching(CODE, debtor, "debtor")
    found = forms_debtor.direct_debit(code, mandate=mandate == "in_force", on=day, operator=operator)
    facts = {"Debtor": debtor, "Mandate": mandate, "Operator": operator}
    return told("Direct debit", found, facts, undo="run this form again with the other answer")


@house_flow("assign-invoice")
def assign_invoice(
    invoice: Subject, kind: Literal["factor", "dailly"], under_mandate: Literal["yes", "no"], operator: Operator,
    iban_note: OptionalIdentifier = "", until: OptionalDay = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """An invoice was assigned: it is no longer ours to chase, unless we collect under mandate.

    Args:
        invoice: The invoice number.
        kind: To a factor, or by a Dailly slip.
        under_mandate: `yes` when we go on collecting, on the assignee's account only.
        operator: Your operator code.
        iban_note: The id of a note that holds the assignee's IBAN and nothing else (under mandate).
        until: The last day, when it is not for good.
        on: The day of the assignment, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_debtor.assign(
        matching(CODE, invoice, "invoice"), kind=kind, under_mandate=under_mandate == "yes", on=day, operator=operator,
        iban_note=note_named(iban_note), until=optional_day(until),
    )  # fmt: skip
    facts = {
        "Invoice": invoice,
        "To": kind,
        "Under mandate": under_mandate,
        "Until": until or "-",
        "Operator": operator,
    }
    return told(
        "Assignment",
        found,
        facts,
        undo="run `end-fact`: what ends `assignment`, the invoice, what came of it `mistake`",
    )
