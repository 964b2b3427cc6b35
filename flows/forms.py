"""The operator's forms: each act of a person is a flow whose parameters the UI draws as a form.

A refusal is checked before anything is written and ends as *Refused*. Free text never stands in a form: it is entered
by `recouvrement note` or a file, and referred to by its id.
"""

from typing import Annotated, Literal

from prefect import State
from prefect.artifacts import create_markdown_artifact
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    IDENTIFIER,
    WORD,
    Amount,
    Day,
    Identifier,
    Operator,
    OptionalAmount,
    OptionalDay,
    OptionalReason,
    Reason,
    Subject,
    cents_of,
    day_of,
    matching,
)
from flows.verdicts import done, house_flow, refused
from recouvrement.domain.money import plain
from tasks import forms

Contacts = Annotated[
    list[str], Field(json_schema_extra={"items": {"type": "string", "pattern": IDENTIFIER}, "minItems": 1})
]
Outcome = Annotated[
    str,
    Field(
        json_schema_extra={
            "enum": ["kept", "withdrawn", "settled", "lifted", "ended", "closed", "bought_back", "mistake"]
        }
    ),
]
Disputed = Literal["quality", "quantity", "price", "delivery", "administrative"]

UNDO = {
    "approved": "record a hold on the debtor before the next sending: the message is then cancelled",
    "refused": "the step is planned again by the next live run",
}


@house_flow("approve-notices")
def approve_notices(contacts: Contacts, operator: Operator, on: OptionalDay = "") -> State:
    """Approve formal notices and other messages that wait for a person; they leave with the next sending.

    Each approval is for these very words and these very amounts: if either changes, it lapses.

    Args:
        contacts: The ids of the messages (table `waiting-for-you` of the day, or `recouvrement approvals`).
        operator: Your operator code; the role `approve` is needed.
        on: The day of the approval, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "approve", day)
    ids = [matching(IDENTIFIER, one, "contact") for one in contacts]
    return _settled(forms.approve(ids, on=day, operator=operator), "approved")


@house_flow("refuse-notices")
def refuse_notices(contacts: Contacts, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Refuse messages that wait for a person, with a reason; the step may come again another day.

    Args:
        contacts: The ids of the messages.
        reason: A reason code in lowercase letters, such as `wrong_amount` or `commercial_gesture`.
        operator: Your operator code; the role `approve` is needed.
        on: The day of the refusal, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "approve", day)
    ids = [matching(IDENTIFIER, one, "contact") for one in contacts]
    return _settled(forms.refuse(ids, reason=matching(WORD, reason, "reason"), on=day, operator=operator), "refused")


def _settled(answers: dict[str, str], what: str) -> State:
    """All or nothing: one id that does not wait refuses the whole form."""
    wrong = sorted({code for code in answers.values() if code})
    if wrong:
        return refused("+".join(wrong))
    lines = "\n".join(f"- `{contact}` {what}" for contact in answers)
    undo = UNDO[what]
    create_markdown_artifact(
        f"# Messages {what}\n\n{lines}\n\n**To undo:** {undo}.", key="act-recorded", description=f"Messages {what}"
    )
    return done(f"{len(answers)} messages {what}.")


@house_flow("record-promise")
def record_promise(subject: Subject, amount: Amount, due: Day, operator: Operator, on: OptionalDay = "") -> State:
    """A debtor promises to pay an amount by a day: reminders stop until then, and a little after.

    Args:
        subject: A debtor's code, or an invoice number.
        amount: The amount promised, like 1250.00.
        due: The day by which it is promised.
        operator: Your operator code.
        on: The day of the promise, like 2026-11-20; today in Paris when left empty.
    """
    day, by = day_of(on), day_of(due)
    asked(operator, "record", day)
    found = forms.promise(
        matching(CODE, subject, "subject"), cents=cents_of(amount), due_on=by, on=day, operator=operator
    )
    facts = {
        "For": subject,
        "Amount": plain(cents_of(amount)),
        "Promised by": by,
        "Noted on": day,
        "Operator": operator,
    }
    return told(
        "Promise",
        found,
        facts,
        undo="run `end-fact`: what ends `promise`, the same debtor or invoice, what came of it `withdrawn`",
    )


@house_flow("record-dispute")
def record_dispute(
    invoice: Subject,
    category: Disputed,
    until: Day,
    operator: Operator,
    amount: OptionalAmount = "",
    on: OptionalDay = "",
) -> State:
    """An invoice is contested, in whole or in part: the contested part leaves the ladder until it is settled.

    Args:
        invoice: The invoice number.
        category: What is contested.
        until: The day by which somebody looks at it again.
        operator: Your operator code; you own the dispute.
        amount: The amount contested, when it is not the whole invoice.
        on: The day of the dispute, like 2026-11-20; today in Paris when left empty.
    """
    day, by = day_of(on), day_of(until)
    asked(operator, "record", day)
    cents = cents_of(amount) if amount else None
    found = forms.dispute(
        matching(CODE, invoice, "invoice"), category=category, wait_until=by, cents=cents, on=day, operator=operator
    )
    facts = {
        "Invoice": invoice,
        "What": category,
        "Contested": amount or "all of it",
        "Looked at again by": by,
        "Owner": operator,
    }
    return told(
        "Dispute", found, facts, undo="run `end-fact`: what ends `dispute`, the invoice, what came of it `withdrawn`"
    )


@house_flow("record-hold")
def record_hold(subject: Subject, until: Day, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Pause a debtor or an invoice until a day: nothing is sent about it meanwhile.

    Args:
        subject: A debtor's code, or an invoice number.
        until: The last day of the pause.
        reason: A reason code in lowercase letters, such as `commercial_talks`.
        operator: Your operator code.
        on: The first day of the pause, like 2026-11-20; today in Paris when left empty.
    """
    day, by = day_of(on), day_of(until)
    asked(operator, "record", day)
    found = forms.hold(
        matching(CODE, subject, "subject"), until=by, reason=matching(WORD, reason, "reason"), on=day, operator=operator
    )
    facts = {"For": subject, "From": day, "Until": by, "Reason": reason, "Operator": operator}
    return told(
        "Hold",
        found,
        facts,
        undo="run `end-fact`: what ends `hold`, the same debtor or invoice, what came of it `lifted`",
    )


@house_flow("end-fact")
def end_fact(
    kind: Literal["promise", "dispute", "hold", "plan", "insolvency", "party_status", "assignment"], subject: Subject,
    event: Outcome, operator: Operator, reason: OptionalReason = "", on: OptionalDay = "",
) -> State:  # fmt: skip
    """End what was recorded: a promise kept or withdrawn, a dispute settled, a pause lifted.

    Args:
        kind: What was recorded, and is over now.
        subject: A debtor's code, or an invoice number.
        event: What came of it: a promise `kept` or `withdrawn`, a dispute `settled`, a pause `lifted`, proceedings `closed`,
            a status `ended`, an invoice `bought_back`; `mistake` when it should never have been recorded.
        operator: Your operator code.
        reason: A reason code, when there is one.
        on: The day it ends, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    code = matching(WORD, reason, "reason") if reason else ""
    found = forms.end(
        kind,
        matching(CODE, subject, "subject"),
        event=matching(WORD, event, "event"),
        reason=code,
        on=day,
        operator=operator,
    )
    facts = {"Ended": kind, "For": subject, "Outcome": event, "On": day, "Operator": operator}
    return told("End of a fact", found, facts, undo="record the fact again; both stay in the journal")


@house_flow("settle-unknown")
def settle_unknown(contact: Identifier, left: Literal["yes", "no"], operator: Operator, on: OptionalDay = "") -> State:
    """Say whether a message of unknown fate left: look in the mailbox of sent mail, or ask the debtor.

    Args:
        contact: The id of the message.
        left: `yes` counts the step as taken; `no` lets the step be planned again.
        operator: Your operator code; the role `approve` is needed.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "approve", day)
    found = forms.settle(matching(IDENTIFIER, contact, "contact"), sent=left == "yes", on=day, operator=operator)
    facts = {"Message": contact, "Left": left, "On": day, "Operator": operator}
    return told(
        "Fate of a message", found, facts, undo="it stands; what comes back (a bounce, a reply) is read by itself"
    )
