"""Forms for what came back: what a reply means, whose it is, addresses, proofs of the post."""

from typing import Annotated, Literal

from prefect import State
from prefect.artifacts import create_table_artifact
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    IDENTIFIER,
    WORD,
    Identifier,
    Operator,
    OptionalAmount,
    OptionalDay,
    OptionalReason,
    Subject,
    cents_of,
    day_of,
    matching,
)
from flows.verdicts import done, house_flow, refused
from recouvrement.day.answers import Meaning, Said
from recouvrement.ledger.addresses import Medium
from tasks import forms_listening

FILE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$"
OptionalSubject = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{CODE}"})]
File = Annotated[str, Field(json_schema_extra={"pattern": FILE})]


@house_flow("mark-read")
def mark_read(
    reply: Identifier,
    meaning: Literal["nothing", "promise", "dispute", "paid", "hold", "undelivered"],
    operator: Operator,
    amount: OptionalAmount = "",
    until: OptionalDay = "",
    invoice: OptionalSubject = "",
    category: Literal["", "quality", "quantity", "price", "delivery", "administrative"] = "",
    reason: OptionalReason = "",
    on: OptionalDay = "",
) -> State:
    """You have read a message: say what it means. The fact is recorded in the same act, and the debtor can go on.

    Args:
        reply: The id of the message (table `replies-to-read`); read it with `recouvrement mailbox show`.
        meaning: A promise needs amount and until; a dispute invoice, category and until; a hold until and reason.
        operator: Your operator code.
        amount: The amount promised, or contested when it is not all.
        until: The day promised, or the day by which somebody looks again.
        invoice: The invoice it is about, when it is one.
        category: What is contested.
        reason: Why a pause, in lowercase letters.
        on: The day it was read, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    said = Said(
        Meaning(meaning),
        cents_of(amount) if amount else None,
        day_of(until) if until else None,
        matching(CODE, invoice, "invoice") if invoice else "",
        category,
        matching(WORD, reason, "reason") if reason else "",
    )
    found = forms_listening.mark_read(matching(IDENTIFIER, reply, "reply"), said, on=day, operator=operator)
    facts: dict[str, object] = {
        "Message": reply,
        "Means": meaning,
        "Invoice": invoice or "-",
        "Until": until or "-",
        "Operator": operator,
    }
    undo = "end what it recorded with `end-fact`; to stop the debtor again, record a hold"
    return told("Message read", found, facts, undo=undo)


@house_flow("attach-reply")
def attach_reply(reply: Identifier, debtor: Subject, operator: Operator, on: OptionalDay = "") -> State:
    """Say whose message it is; it stops that debtor's ladder from the day it came, until it is read.

    Args:
        reply: The id of the message (table `replies-to-read`).
        debtor: The debtor's code.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_listening.attach_reply(
        matching(IDENTIFIER, reply, "reply"), matching(CODE, debtor, "debtor"), on=day, operator=operator
    )
    facts: dict[str, object] = {"Message": reply, "Debtor": debtor, "Operator": operator}
    return told("Message attached", found, facts, undo="attach it to the right debtor with this same form")


@house_flow("correct-address")
def correct_address(debtor: Subject, note: Identifier, operator: Operator, on: OptionalDay = "") -> State:
    """Record a corrected address, which stands in a note; what came back from the old one may be sent again, once.

    Args:
        debtor: The debtor's code.
        note: The id of the note that holds it: lines `email: …`, `phone: …`; any other line is of the postal address.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_listening.correct_address(
        matching(CODE, debtor, "debtor"), matching(IDENTIFIER, note, "note"), on=day, operator=operator
    )
    facts: dict[str, object] = {"Debtor": debtor, "Note": note, "Operator": operator}
    return told("Address corrected", found, facts, undo="correct it again with another note; both stay on record")


@house_flow("address-works")
def address_works(
    debtor: Subject, medium: Literal["email", "phone", "post"], operator: Operator, on: OptionalDay = ""
) -> State:
    """Say that an address that came back works after all: its channel opens again.

    Args:
        debtor: The debtor's code.
        medium: Which of its addresses.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_listening.address_works(matching(CODE, debtor, "debtor"), Medium(medium), on=day, operator=operator)
    facts: dict[str, object] = {"Debtor": debtor, "Address": medium, "Operator": operator}
    return told("Address works", found, facts, undo="nothing to do: the next bounce closes it again")


@house_flow("import-postal-proofs")
def import_postal_proofs(file: File, operator: Operator, on: OptionalDay = "") -> State:
    """Take in what the post proved: a batch's filled slip, or scans named after registered numbers.

    Args:
        file: The name of a file in `inbox/proofs`, or `all` for everything there and what the postal service knows.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_listening.import_proofs(matching(FILE, file, "file"), on=day, operator=operator)
    if isinstance(found, str):
        return refused(found)
    rows = [{"what": what, "letters": count} for what, count in found.items()]
    create_table_artifact(rows, key="postal-proofs", description=f"What the post proved, {day}")
    wrong = sum(count for what, count in found.items() if what.startswith("refused"))
    new = sum(count for what, count in found.items() if what.startswith("recorded"))
    return done(f"{new} proofs recorded.", troubles=[f"rows_refused:{wrong}"] if wrong else None)
