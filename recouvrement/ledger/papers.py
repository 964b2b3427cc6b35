"""What is held on paper for invoices: documents and their marks, what left, what the post proved, what was waived."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from recouvrement.domain.completeness import EvidenceKind, lines_met, still_proves
from recouvrement.domain.contact_states import LEFT
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.ladder import StepCode
from recouvrement.domain.parties import DebtorKind
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.contacts import contact, contact_event, contact_item, postal_proof
from recouvrement.ledger.tables.evidence import document_mark, evidence_waiver
from recouvrement.ledger.tables.invoices import document, open_item
from recouvrement.ledger.tables.parties import debtor_version

CHUNK = 500
Kinds = dict[str, set[str]]


def documents_held(connection: Connection, debtor_ids: Sequence[str], as_of: AsOf) -> list[Any]:
    """Documents (id, debtor_id, invoice_id, kind) of some debtors; checks of the day only while they are fresh."""
    columns = (document.c.id, document.c.debtor_id, document.c.invoice_id, document.c.kind, document.c.effective_on)
    found: list[Any] = []
    for start in range(0, len(debtor_ids), CHUNK):
        query = select(*columns).where(
            document.c.debtor_id.in_(debtor_ids[start : start + CHUNK]), seen(document, as_of)
        )
        found += connection.execute(query.order_by(document.c.id))
    return [d for d in found if still_proves(d.kind, d.effective_on, as_of.on)]


def marks_of(connection: Connection, document_ids: Sequence[str], as_of: AsOf) -> dict[str, list[Any]]:
    """Marks of some documents."""
    m = document_mark
    found: dict[str, list[Any]] = defaultdict(list)
    for start in range(0, len(document_ids), CHUNK):
        query = select(m).where(m.c.document_id.in_(document_ids[start : start + CHUNK]), seen(m, as_of))
        for row in connection.execute(query.order_by(m.c.act_id, m.c.id)):
            found[row.document_id].append(row)
    return found


def sent_kinds(connection: Connection, invoice_ids: Sequence[str], as_of: AsOf) -> Kinds:
    """By invoice what left for it: `reminder`, `formal_notice`, and `deposit_proof`, `delivery_proof` of its notices."""
    found: Kinds = defaultdict(set)
    e = contact_event
    then = select(e.c.state).where(e.c.contact_id == contact.c.id, e.c.act_id <= as_of.known_to)
    state_then = then.order_by(e.c.act_id.desc(), e.c.id.desc()).limit(1).correlate(contact).scalar_subquery()
    for start in range(0, len(invoice_ids), CHUNK):
        query = (
            select(open_item.c.invoice_id, contact.c.step, postal_proof.c.kind.label("proof"))
            .join(contact_item, contact_item.c.open_item_id == open_item.c.id)
            .join(contact, contact.c.id == contact_item.c.contact_id)
            .outerjoin(postal_proof, (postal_proof.c.contact_id == contact.c.id) & (postal_proof.c.on <= as_of.on))
            .where(
                open_item.c.invoice_id.in_(invoice_ids[start : start + CHUNK]), contact.c.act_id <= as_of.known_to,
                contact.c.business_day <= as_of.on, state_then.in_(sorted(LEFT)),
                or_(postal_proof.c.act_id.is_(None), postal_proof.c.act_id <= as_of.known_to),
            )
        )  # fmt: skip
        for invoice_id, step, proof in connection.execute(query):
            notice = step == StepCode.MISE_EN_DEMEURE
            found[invoice_id].add("formal_notice" if notice else "reminder")
            if notice and proof:
                found[invoice_id].add("deposit_proof" if proof == "deposited" else "delivery_proof")
    return found


def waivers(
    connection: Connection, debtor_ids: Sequence[str], as_of: AsOf
) -> dict[tuple[str, str | None], dict[str, str]]:
    """Waivers that stand, by (debtor, invoice or None for all of them): requirement and the code of its reason."""
    w = evidence_waiver
    found: dict[tuple[str, str | None], dict[str, str]] = defaultdict(dict)
    for start in range(0, len(debtor_ids), CHUNK):
        query = select(w).where(w.c.debtor_id.in_(debtor_ids[start : start + CHUNK]), seen(w, as_of))
        for row in connection.execute(query.order_by(w.c.act_id, w.c.id)):
            mine = found[row.debtor_id, row.invoice_id]
            if row.standing == "given":
                mine[row.requirement] = row.reason
            else:
                mine.pop(row.requirement, None)
    return found


def waive(
    act: Act,
    debtor_id: str,
    invoice_id: str | None,
    requirement: str,
    *,
    reason: str,
    on: date,
    withdrawn: bool = False,
) -> str:
    """Go without a line of the checklist, for an invoice or for all of a debtor's, with a reason code; or take that back."""
    standing = "withdrawn" if withdrawn else "given"
    row = {
        "effective_on": on, "debtor_id": debtor_id, "invoice_id": invoice_id, "requirement": requirement,
        "standing": standing, "reason": reason, "operator": act.actor,
    }  # fmt: skip
    waiver_id = act.new_id()
    act.connection.execute(insert(evidence_waiver).values(id=waiver_id, act_id=act.id, **row))
    told = {
        "waiver": waiver_id,
        "invoice": invoice_id,
        "requirement": requirement,
        "standing": standing,
        "reason": reason,
    }
    journal.append(act, debtor_id, JournalEvent.EVIDENCE_WAIVED, {**told, "on": on.isoformat()})
    return waiver_id


def mark_document(act: Act, document_id: str, mark: str, *, detail: str, on: date) -> str:
    """Say of a document that the debtor signed it, or that a mention lacks; once. Empty when there is no such document."""
    debtor_id = act.connection.scalar(select(document.c.debtor_id).where(document.c.id == document_id))
    if debtor_id is None:
        return ""
    m = document_mark
    same = select(m.c.id).where(m.c.document_id == document_id, m.c.mark == mark, m.c.detail == detail)
    if known := act.connection.scalar(same):
        return str(known)
    mark_id = act.new_id()
    row = {"effective_on": on, "document_id": document_id, "mark": mark, "detail": detail, "operator": act.actor}
    act.connection.execute(insert(m).values(id=mark_id, act_id=act.id, **row))
    told = {"document": document_id, "mark": mark, "detail": detail, "on": on.isoformat()}
    journal.append(act, str(debtor_id), JournalEvent.DOCUMENT_MARKED, told)
    return mark_id


def papers_held(
    connection: Connection, first: str, last: str, as_of: AsOf
) -> Iterator[tuple[str, str | None, set[str]]]:
    """For a range of debtors what policies may demand and is there: (debtor, invoice or None for all of them, names).

    The names are kinds of document, and lines of the checklist that a document meets against this kind of debtor, or
    that a person waived.
    """
    d, m = document, document_mark
    signing = (m.c.document_id == d.c.id) & (m.c.mark == "signed") & seen(m, as_of)
    query = (
        select(d.c.debtor_id, d.c.invoice_id, d.c.kind, d.c.effective_on, m.c.id.label("signed"))
        .outerjoin(m, signing)
        .where(d.c.debtor_id.between(first, last), seen(d, as_of))
    )
    rows = connection.execute(query).all()
    kinds = _kinds_of_debtors(connection, first, last, as_of) if rows else {}
    for debtor_id, invoice_id, kind, filed_on, signed in rows:
        if still_proves(kind, filed_on, as_of.on):
            yield debtor_id, invoice_id, {kind, *_proves(kind, kinds.get(debtor_id, "unknown"), signed is not None)}
    w = evidence_waiver
    for debtor_id in connection.scalars(
        select(w.c.debtor_id).where(w.c.debtor_id.between(first, last)).distinct()
    ).all():
        for (owner, invoice_id), waived in waivers(connection, [debtor_id], as_of).items():
            yield owner, invoice_id, set(waived)


def _kinds_of_debtors(connection: Connection, first: str, last: str, as_of: AsOf) -> dict[str, str]:
    v = debtor_version
    query = select(v.c.debtor_id, v.c.kind).where(v.c.debtor_id.between(first, last), newest(v, "debtor_id", as_of))
    return {row.debtor_id: row.kind for row in connection.execute(query)}


@cache
def _proves(kind: str, debtor: str, signed: bool) -> frozenset[str]:  # noqa: FBT001 (a key of the cache)
    """Which lines of the checklist, named as a policy demands them, a document meets against a kind of debtor."""
    if kind not in set(EvidenceKind):
        return frozenset()
    return frozenset(line.value for line in lines_met(EvidenceKind(kind), DebtorKind(debtor), signed=signed))


def checked_lately(connection: Connection, debtor_id: str, as_of: AsOf) -> bool:
    """Whether a check of insolvency notices about a debtor is held that is still fresh."""
    return any(d.kind == EvidenceKind.INSOLVENCY_CHECK for d in documents_held(connection, [debtor_id], as_of))
