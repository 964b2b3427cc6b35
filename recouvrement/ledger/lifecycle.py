"""Life-cycle statuses of e-invoices (XP Z12-012) into facts: disputes, missing documents, acceptance, payments announced."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.lifecycle import (
    APPROVED,
    APPROVED_IN_PART,
    COMPLETED,
    DISPUTED,
    DOCUMENTS_MISSING,
    SUSPENDED,
)
from recouvrement.domain.records import LifecycleRecord, Problem, Severity
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import close_fact, find_items, open_facts, record_fact
from recouvrement.ledger.tables.facts import lifecycle

Taken = tuple[str, int, set[str], list[Problem]]
PLATFORM = "platform"  # who said it: the owner of what a status opened, so that a status may also end it
LOOKED_AT_AFTER = timedelta(days=30)


def take_lifecycle(act: Act, creditor_id: str, records: Sequence[LifecycleRecord], file: str) -> Taken:
    """E-invoice statuses become facts about the invoice; the same status of the same day again changes nothing.

    207 opens a dispute and 208 a hold, as long as none is open; 205 keeps what the platform said as evidence and ends
    the platform's own dispute; 209 ends the hold. 210, 213 (not received as due), 211 and 212 (payment announced,
    cashed) are rows that positions and matching read.
    """
    debtors: set[str] = set()
    problems: list[Problem] = []
    count = 0
    for record in records:
        items = find_items(act.connection, creditor_id, record.invoice_number)
        if not items:
            problems.append(_unknown_invoice(file, record))
            continue
        on = record.on or act.day
        if _known(act, items[0].invoice_id, record):
            continue
        row = {"invoice_id": items[0].invoice_id, "status": record.status_code, "effective_on": on}
        reason = record.reason_code[:64] or None
        act.connection.execute(insert(lifecycle).values(id=act.new_id(), act_id=act.id, reason=reason, **row))
        _facts(act, items, record, on)
        debtors.add(items[0].debtor_id)
        count += 1
    return "lifecycle", count, debtors, problems


def _known(act: Act, invoice_id: str, record: LifecycleRecord) -> bool:
    same = [lifecycle.c.invoice_id == invoice_id, lifecycle.c.status == record.status_code]
    if record.on is not None:  # without a day, the status itself is all there is to tell it by
        same.append(lifecycle.c.effective_on == record.on)
    return act.connection.scalar(select(lifecycle.c.id).where(*same).limit(1)) is not None


def _facts(act: Act, items: Sequence[Any], record: LifecycleRecord, on: date) -> None:
    status, until = record.status_code, max(on, act.day) + LOOKED_AT_AFTER
    if status == DISPUTED:
        for item in _without(act, "dispute", items):
            record_fact(
                act, "dispute", item.debtor_id, effective_on=on, open_item_id=item.id, disputed_cents=None,
                category="einvoice", owner=PLATFORM, wait_until=until,
            )  # fmt: skip
    elif status == SUSPENDED:
        for item in _without(act, "hold", items):
            record_fact(
                act, "hold", item.debtor_id, effective_on=on, open_item_id=item.id, until_on=until,
                reason=DOCUMENTS_MISSING, owner=PLATFORM,
            )  # fmt: skip
    elif status == COMPLETED:
        _end(act, "hold", items, on, "completed")
    elif status in {APPROVED, APPROVED_IN_PART}:
        _keep(act, items[0], record, on)
        if status == APPROVED:
            _end(act, "dispute", items, on, "approved")


def _without(act: Act, kind: str, items: Sequence[Any]) -> list[Any]:
    """The items that no open fact of the kind is about."""
    about = {fact.open_item_id for fact in open_facts(act.connection, kind, items[0].debtor_id)}
    return [item for item in items if item.id not in about]


def _end(act: Act, kind: str, items: Sequence[Any], on: date, event: str) -> None:
    """End what the platform itself opened about these items; what a person opened, a person ends."""
    ids = {item.id for item in items}
    for fact in open_facts(act.connection, kind, items[0].debtor_id):
        if fact.open_item_id in ids and fact.owner == PLATFORM:
            close_fact(act, kind, fact.id, effective_on=on, event=event, reason="lifecycle")


def _keep(act: Act, item: Any, record: LifecycleRecord, on: date) -> None:
    """What the platform said of this invoice alone: the message itself may name those of other customers."""
    said = {
        "invoice": record.invoice_number, "status": record.status_code, "name": record.status, "on": on.isoformat(),
        "reason": record.reason_code, "message": record.message_id,
    }  # fmt: skip
    attach(
        act, debtor_id=item.debtor_id, invoice_id=item.invoice_id, kind=EvidenceKind.INVOICE_STATUS.value,
        title=f"Statut {record.status_code} {record.status}", file_name=f"statut-{record.status_code}-{on.isoformat()}.json",
        data=json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode(), media_type="application/json", on=on,
    )  # fmt: skip


def _unknown_invoice(file: str, record: LifecycleRecord) -> Problem:
    return Problem(
        file=file, line=record.line, element="record", field="invoice", value_class="unknown invoice", reason="unknown_invoice",
        message="The invoice that this status names is not known; the status was set aside.",
        remedy="Import the invoice first, then this file again.", severity=Severity.SET_ASIDE, subject=record.invoice_number,
    )  # fmt: skip
