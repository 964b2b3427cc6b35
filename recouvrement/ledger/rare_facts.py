"""The rarer records of a file: past steps, life-cycle statuses, insolvency notices, documents of a manifest."""

import mimetypes
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.policy import Policy
from recouvrement.domain.records import FileReading, Problem, Severity
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import find_debtor, find_items, record_fact
from recouvrement.ledger.outbox import AlreadyPlanned, NewContact, write_contact
from recouvrement.ledger.tables.facts import lifecycle
from recouvrement.ledger.tables.parties import debtor, debtor_version

Taken = tuple[str, int, set[str], list[Problem]]
# what a manifest calls a paper, in the words of the evidence checklist (the other roles have the same name there)
EVIDENCE_OF_ROLE = {
    "completion_certificate": EvidenceKind.ACCEPTANCE_REPORT,
    "terms": EvidenceKind.GENERAL_TERMS,
    "proof_of_deposit": EvidenceKind.DEPOSIT_PROOF,
    "proof_of_delivery": EvidenceKind.DELIVERY_NOTE,  # of the goods; the notice has its own proofs
}


def take_history(act: Act, creditor_id: str, reading: FileReading, policy: Policy) -> Taken:
    """Steps taken by hand before the house went live become contacts that left."""
    debtors: set[str] = set()
    problems: list[Problem] = []
    for step in reading.steps:
        items = find_items(act.connection, creditor_id, step.invoice_number)
        if not items or policy.step(step.step) is None:
            what = "invoice" if not items else "step"
            problems.append(_unknown(reading.name, step.line, what, step.invoice_number if not items else step.step))
            continue
        new = NewContact(
            creditor_id=creditor_id, debtor_id=items[0].debtor_id, business_day=step.done_on, channel=step.channel, step=step.step,
            template=step.step, language="fr", policy_sha256=policy.sha256, message_id=f"history.{act.new_id()}",
            items=tuple((item.id, 1, step.step, 0) for item in items), frozen_sha256=None, recipient=None,
            state=ContactState.SENT, origin="history", reason="by_hand",
        )  # fmt: skip
        try:
            write_contact(act, new)
        except AlreadyPlanned:
            continue
        debtors.add(items[0].debtor_id)
    return "steps", len(debtors), debtors, problems


def take_lifecycle(act: Act, creditor_id: str, reading: FileReading, policy: Policy) -> Taken:  # noqa: ARG001 one shape for all
    """E-invoice statuses become facts about the invoice."""
    debtors: set[str] = set()
    problems: list[Problem] = []
    count = 0
    for record in reading.lifecycle:
        items = find_items(act.connection, creditor_id, record.invoice_number)
        if not items:
            problems.append(_unknown(reading.name, record.line, "invoice", record.invoice_number))
            continue
        on = record.on or act.at.date()
        invoice_id = items[0].invoice_id
        same = [
            lifecycle.c.invoice_id == invoice_id,
            lifecycle.c.status == record.status_code,
            lifecycle.c.effective_on == on,
        ]
        if act.connection.scalar(select(lifecycle.c.id).where(*same)):
            continue
        row = {
            "invoice_id": invoice_id,
            "status": record.status_code,
            "reason": record.reason_code or None,
            "effective_on": on,
        }
        act.connection.execute(insert(lifecycle).values(id=act.new_id(), act_id=act.id, **row))
        debtors.add(items[0].debtor_id)
        count += 1
    return "lifecycle", count, debtors, problems


def take_insolvency(act: Act, creditor_id: str, reading: FileReading, policy: Policy) -> Taken:  # noqa: ARG001
    """Only an opening or a conversion about a known SIREN makes a fact; the rest is information."""
    debtors: set[str] = set()
    for notice in reading.insolvency:
        if not notice.makes_a_fact:
            continue
        v = debtor_version
        query = select(v.c.debtor_id).join(debtor, debtor.c.id == v.c.debtor_id)
        for debtor_id in set(
            act.connection.scalars(query.where(debtor.c.creditor_id == creditor_id, v.c.siren == notice.siren))
        ):
            judgment = notice.judgment_on or notice.published_on or act.at.date()
            record_fact(
                act, "insolvency", debtor_id, effective_on=notice.published_on or judgment, kind=notice.procedure or notice.event,
                judgment_on=judgment, published_on=notice.published_on, source=f"bodacc:{notice.notice_id}"[:64],
            )  # fmt: skip
            debtors.add(debtor_id)
    return "insolvency", len(debtors), debtors, []


def take_documents(act: Act, creditor_id: str, reading: FileReading, folder: Path) -> Taken:
    """Papers named by a manifest, read from beside it, attached to an invoice or a customer."""
    debtors: set[str] = set()
    problems: list[Problem] = []
    count = 0
    root = folder.resolve()
    for record in reading.documents:
        path = (root / record.path).resolve()
        if root not in path.parents or not path.is_file():
            problems.append(_unknown(reading.name, record.line, "file", "a file beside the manifest"))
            continue
        items = find_items(act.connection, creditor_id, record.invoice_number) if record.invoice_number else []
        debtor_id = items[0].debtor_id if items else find_debtor(act.connection, creditor_id, record.customer_code)
        if debtor_id is None:
            problems.append(
                _unknown(reading.name, record.line, "invoice", record.invoice_number or record.customer_code)
            )
            continue
        attach(
            act, debtor_id=debtor_id, invoice_id=items[0].invoice_id if items else None,
            kind=EVIDENCE_OF_ROLE.get(record.role, record.role),
            title=record.title or path.stem, file_name=path.name, data=path.read_bytes(),
            media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream", on=record.document_on or _day(act),
        )  # fmt: skip
        debtors.add(debtor_id)
        count += 1
    return "documents", count, debtors, problems


def _day(act: Act) -> date:
    return act.at.date()


def _unknown(file: str, line: int | None, what: str, subject: str) -> Problem:
    return Problem(
        file=file, line=line, element="record", field=what, value_class=f"unknown {what}", reason=f"unknown_{what}",
        message=f"The {what} that this line names is not known; the line was set aside.",
        remedy=f"Import the {what} first, then this file again.", severity=Severity.SET_ASIDE, subject=subject,
    )  # fmt: skip
