"""The rarer records of a file: past steps, insolvency notices, documents of a manifest."""

import mimetypes
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.policy import Policy
from recouvrement.domain.records import DocumentRecord, InsolvencyNotice, Problem, Severity, StepRecord
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import find_debtor, find_items, record_fact
from recouvrement.ledger.outbox import AlreadyPlanned, NewContact, write_contact
from recouvrement.ledger.tables.contacts import contact_item
from recouvrement.ledger.tables.facts import insolvency
from recouvrement.ledger.tables.invoices import document
from recouvrement.ledger.tables.parties import debtor, debtor_version

PAPER_BYTES = 20_000_000
Taken = tuple[str, int, set[str], list[Problem]]
# what a manifest calls a paper, in the words of the evidence checklist (the other roles have the same name there)
EVIDENCE_OF_ROLE = {
    "completion_certificate": EvidenceKind.ACCEPTANCE_REPORT,
    "terms": EvidenceKind.GENERAL_TERMS,
    "proof_of_deposit": EvidenceKind.DEPOSIT_PROOF,
    "proof_of_delivery": EvidenceKind.DELIVERY_NOTE,  # of the goods; the notice has its own proofs
}


def take_history(act: Act, creditor_id: str, steps: Sequence[StepRecord], file: str, policy: Policy) -> Taken:
    """Steps taken by hand before the house went live become contacts that left; one letter may carry several invoices.

    The same step again changes nothing; a step on a day when another message left by the same channel is set aside.
    """
    debtors: set[str] = set()
    problems: list[Problem] = []
    messages: dict[tuple[str, date, str], dict[str, tuple[str, StepRecord]]] = {}
    for step in steps:
        items = find_items(act.connection, creditor_id, step.invoice_number)
        if not items or policy.step(step.step) is None:
            what = "invoice" if not items else "step"
            problems.append(_unknown(file, step.line, what, step.invoice_number))
            continue
        message = messages.setdefault((items[0].debtor_id, step.done_on, step.channel), {})
        message |= {item.id: (step.step, step) for item in items}
    count = 0
    for (debtor_id, on, channel), carried in messages.items():
        carried = {item: told for item, told in carried.items() if not _done(act, item, told[0], channel)}
        if not carried:
            continue
        if _write_past(act, creditor_id, debtor_id, on, channel, carried, policy):
            debtors.add(debtor_id)
            count += len(carried)
        else:
            problems += [_day_taken(file, step) for step in dict.fromkeys(step for _, step in carried.values())]
    return "steps", count, debtors, problems


def _done(act: Act, item_id: str, step: str, channel: str) -> bool:
    c = contact_item.c
    query = select(c.contact_id).where(c.open_item_id == item_id, c.step == step, c.channel == channel)
    return act.connection.scalar(query.limit(1)) is not None


def _write_past(
    act: Act,
    creditor_id: str,
    debtor_id: str,
    on: date,
    channel: str,
    carried: Mapping[str, tuple[str, StepRecord]],
    policy: Policy,
) -> bool:
    ranks = [step.code for step in policy.steps]
    highest = max((code for code, _ in carried.values()), key=ranks.index)
    new = NewContact(
        creditor_id=creditor_id, debtor_id=debtor_id, business_day=on, channel=channel, step=highest, template=highest,
        language="fr", policy_sha256=policy.sha256, message_id=f"history.{act.new_id()}",
        items=tuple((item, 1, code, 0) for item, (code, _) in carried.items()), frozen_sha256=None, recipient=None,
        state=ContactState.SENT, origin="history", reason="by_hand",
    )  # fmt: skip
    try:
        write_contact(act, new)
    except AlreadyPlanned:
        return False
    return True


def _day_taken(file: str, step: StepRecord) -> Problem:
    return Problem(
        file=file, line=step.line, element="record", field="done_on", value_class="date", reason="day_taken",
        message="Another message to this customer left that day by that channel; this step was set aside.",
        remedy="If it was the same message, nothing is lost but the step of this invoice: give it with its true day and channel.",
        severity=Severity.SET_ASIDE, subject=step.invoice_number,
    )  # fmt: skip


def take_insolvency(act: Act, creditor_id: str, notices: Sequence[InsolvencyNotice]) -> Taken:
    """Only an opening or a conversion about a known SIREN makes a fact; the rest is information. The same notice again,
    by the portal or by file, changes nothing.
    """
    debtors: set[str] = set()
    count = 0
    for notice in notices:
        if not notice.makes_a_fact:
            continue
        v, known = debtor_version, insolvency
        source = f"bodacc:{notice.notice_id}"[:64]
        query = select(v.c.debtor_id).join(debtor, debtor.c.id == v.c.debtor_id).order_by(v.c.debtor_id)
        found = act.connection.scalars(query.where(debtor.c.creditor_id == creditor_id, v.c.siren == notice.siren))
        for debtor_id in dict.fromkeys(found.all()):
            same = [known.c.debtor_id == debtor_id, known.c.source == source]
            if act.connection.scalar(select(known.c.id).where(*same).limit(1)):
                continue
            judgment = notice.judgment_on or notice.published_on or act.day
            record_fact(
                act, "insolvency", debtor_id, effective_on=notice.published_on or judgment,
                kind=(notice.procedure or notice.event)[:64], judgment_on=judgment, published_on=notice.published_on, source=source,
            )  # fmt: skip
            debtors.add(debtor_id)
            count += 1
    return "insolvency", count, debtors, []


def take_documents(act: Act, creditor_id: str, records: Sequence[DocumentRecord], file: str, folder: Path) -> Taken:
    """Papers named by a manifest or by where they lie, read from inside `folder`, attached to an invoice or a customer."""
    debtors: set[str] = set()
    problems: list[Problem] = []
    count = 0
    root = folder.resolve()
    for record in records:
        path = (root / record.path).resolve()
        if root not in path.parents or not path.is_file():
            problems.append(_unknown(file, record.line, "file", record.invoice_number or record.customer_code))
            continue
        if path.stat().st_size > PAPER_BYTES:
            problems.append(_too_large(file, record))
            continue
        items = find_items(act.connection, creditor_id, record.invoice_number) if record.invoice_number else []
        debtor_id = items[0].debtor_id if items else find_debtor(act.connection, creditor_id, record.customer_code)
        if debtor_id is None:
            what = "invoice" if record.invoice_number else "customer"
            problems.append(_unknown(file, record.line, what, record.invoice_number or record.customer_code))
        elif _attach(act, debtor_id, items[0].invoice_id if items else None, record, path):
            debtors.add(debtor_id)
            count += 1
    return "documents", count, debtors, problems


def _attach(act: Act, debtor_id: str, invoice_id: str | None, record: DocumentRecord, path: Path) -> bool:
    """Attach a paper; False when these bytes are there already in this role."""
    data, d = path.read_bytes(), document.c
    kind = EVIDENCE_OF_ROLE.get(record.role, record.role)
    same = [d.debtor_id == debtor_id, d.kind == kind, d.sha256 == sha256(data).hexdigest()]
    same.append(d.invoice_id.is_(None) if invoice_id is None else d.invoice_id == invoice_id)
    if act.connection.scalar(select(d.id).where(*same).limit(1)):
        return False
    attach(
        act, debtor_id=debtor_id, invoice_id=invoice_id, kind=kind, title=record.title or path.stem, file_name=path.name,
        data=data, media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        on=record.document_on or _day(act),
    )  # fmt: skip
    return True


def _too_large(file: str, record: DocumentRecord) -> Problem:
    return Problem(
        file=file, line=record.line, element="record", field="path", value_class="file", reason="too_large",
        message=f"The paper is larger than {PAPER_BYTES // 1_000_000} MB; it was set aside.",
        remedy="Scan it again at a lower resolution, or split it.", severity=Severity.SET_ASIDE,
        subject=record.invoice_number or record.customer_code,
    )  # fmt: skip


def _day(act: Act) -> date:
    return act.day


def _unknown(file: str, line: int | None, what: str, subject: str) -> Problem:
    return Problem(
        file=file, line=line, element="record", field=what, value_class=f"unknown {what}", reason=f"unknown_{what}",
        message=f"The {what} that this line names is not known; the line was set aside.",
        remedy=f"Import the {what} first, then this file again.", severity=Severity.SET_ASIDE, subject=subject,
    )  # fmt: skip
