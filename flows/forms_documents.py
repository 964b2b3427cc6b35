"""Forms for texts and papers that wait in `inbox/notes`, and for the proof of one letter."""

from typing import Annotated, Literal

from prefect import State
from prefect.artifacts import create_markdown_artifact
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    FILE,
    IDENTIFIER,
    Identifier,
    Operator,
    OptionalDay,
    Subject,
    day_of,
    matching,
)
from flows.verdicts import done, house_flow, refused
from tasks import forms_documents

Kinds = Literal[
    "contract", "general_terms", "quote", "order", "delivery_note", "acceptance_report", "invoice", "credit_note",
    "invoice_status", "deposit_proof", "delivery_proof", "reply", "acknowledgment", "instalment_plan", "identity", "other",
]  # fmt: skip
Proofs = Literal["deposited", "delivered", "refused", "unclaimed", "undeliverable"]
FileName = Annotated[str, Field(json_schema_extra={"pattern": FILE})]
Number = Annotated[str, Field(json_schema_extra={"pattern": r"^$|^[A-Z0-9 ]{8,40}$"})]


@house_flow("take-notes")
def take_notes(operator: Operator, on: OptionalDay = "") -> State:
    """Keep each text of the folder `inbox/notes` as a note, and show the ids that other forms ask for.

    Args:
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_documents.take(on=day, operator=operator)
    if not found:
        return refused("no_notes")
    rows = "\n".join(f"| {n} | `{note_id}` | {code or 'kept'} |" for n, (note_id, code) in enumerate(found, 1))
    head = "# Notes\n\n| Text, by name | Note | |\n| --- | --- | --- |\n"
    text = f"{head}{rows}\n\n**To undo:** a note changes nothing by itself; erasing a person erases theirs."
    create_markdown_artifact(text, key="act-recorded", description="Notes")
    troubles = sorted({code for _, code in found if code})
    return done(f"{sum(not code for _, code in found)} notes kept.", troubles=troubles)


@house_flow("attach-document")
def attach_document(subject: Subject, file: FileName, kind: Kinds, operator: Operator, on: OptionalDay = "") -> State:
    """Attach a paper that lies in the folder `inbox/notes` to an invoice or a debtor.

    Args:
        subject: A debtor's code, or an invoice number.
        file: The name of the file; name it by the invoice or the code, never by a person.
        kind: What the paper is.
        operator: Your operator code.
        on: The day of the paper, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    about, name = matching(CODE, subject, "subject"), matching(FILE, file, "file")
    found = forms_documents.attach(about, file=name, kind=kind, on=day, operator=operator)
    facts = {"To": subject, "What": kind, "Operator": operator}
    return told("Document", found, facts, undo="attach the right paper too; a dossier shows the newest of a kind")


@house_flow("record-proof")
def record_proof(
    contact: Identifier, kind: Proofs, operator: Operator, number: Number = "", on: OptionalDay = ""
) -> State:
    """Say that one letter was posted, or what the post did with it.

    Args:
        contact: The id of the letter.
        kind: Posted, or its outcome.
        operator: Your operator code.
        number: The number of the registered letter.
        on: The day the post says, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    registered = number.replace(" ", "") or None
    letter = matching(IDENTIFIER, contact, "contact")
    found = forms_documents.proof(letter, kind=kind, on=day, operator=operator, registered_number=registered)
    facts = {"Letter": contact, "What": kind, "On": day, "Operator": operator}
    return told("Postal proof", found, facts, undo="record the right proof; the newest one holds")
