"""What a person tells the house: promises, disputes, holds, documents, postal proofs; refusals are codes that leave nothing."""

import mimetypes
from datetime import date
from pathlib import Path
from typing import Any

from recouvrement.day.acts_base import (
    Done,
    Refusal,
    items_named,
    not_before,
    noted,
    perform,
    refuse_when,
    subject_named,
)
from recouvrement.day.acts_calls import record_call
from recouvrement.day.house import House
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import ContactState
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import close_fact, open_facts, record_fact
from recouvrement.ledger.item_money import ItemMoney, money_of
from recouvrement.ledger.outbox import Fence, contact_row, move
from recouvrement.ledger.plans import plans_with
from recouvrement.ledger.proofs import record_proof

S = ContactState
PROOFS = frozenset({"deposited", "delivered", "refused", "unclaimed", "undeliverable"})
LARGEST_PAPER = 20_000_000

__all__ = [
    "Done",
    "attach_document",
    "end_fact",
    "record_call",
    "record_dispute",
    "record_hold",
    "record_postal_proof",
    "record_promise",
    "settle_unknown",
]


def record_promise(
    house: House, subject: str, *, cents: int, due_on: date, on: date, operator: str, currency: str = "EUR",
    note_id: str | None = None,
) -> Done:  # fmt: skip
    """A debtor promises an amount (minor units) for a day; `subject` is a debtor code or an invoice number."""

    def write(act: Act) -> str:
        refuse_when(cents <= 0, "amount_not_positive")
        not_before(due_on, on)
        debtor_id, items = subject_named(act, house, subject)
        return record_fact(
            act, "promise", debtor_id, effective_on=on, open_item_id=items[0].id if items else None, amount_cents=cents,
            currency=currency, due_on=due_on, note_id=noted(act, note_id),
        )  # fmt: skip

    return perform(house, "promise", operator, write)


def record_dispute(
    house: House, invoice: str, *, category: str, wait_until: date, on: date, operator: str, cents: int | None = None,
    note_id: str | None = None,
) -> Done:  # fmt: skip
    """An invoice is contested, in whole or for `cents`; it has an owner and a day by which it is looked at again.

    An amount is taken from the instalments in the order in which they fall due, never more than is open in all.
    """

    def write(act: Act) -> str:
        refuse_when(cents is not None and cents <= 0, "amount_not_positive")
        not_before(wait_until, on)
        rows = items_named(act, house, invoice)
        told = {"category": category, "owner": operator, "wait_until": wait_until, "note_id": noted(act, note_id)}
        ids = []
        for item, part in _contested(money_of(act.connection, [row.id for row in rows], AsOf(on, act.id)), cents):
            about = {"open_item_id": item.id, "disputed_cents": part}
            ids.append(record_fact(act, "dispute", item.debtor_id, effective_on=on, **about, **told))
        return ids[0]

    return perform(house, "dispute", operator, write)


def _contested(items: list[ItemMoney], cents: int | None) -> list[tuple[ItemMoney, int | None]]:
    if cents is None:
        return [(item, None) for item in items]
    refuse_when(cents > sum(max(item.open_cents, 0) for item in items), "more_than_is_open")
    found: list[tuple[ItemMoney, int | None]] = []
    for item in items:
        part = min(cents, max(item.open_cents, 0))
        if part:
            found.append((item, part))
            cents -= part
    return found


def record_hold(
    house: House, subject: str, *, until: date, reason: str, on: date, operator: str, note_id: str | None = None
) -> Done:
    """Pause a debtor or an invoice (each of its instalments) until a day included, with a reason code."""

    def write(act: Act) -> str:
        not_before(until, on)
        debtor_id, items = subject_named(act, house, subject)
        told = {"until_on": until, "reason": reason, "owner": operator, "note_id": noted(act, note_id)}
        about = [item.id for item in items] or [None]
        ids = [record_fact(act, "hold", debtor_id, effective_on=on, open_item_id=i, **told) for i in about]
        return ids[0]

    return perform(house, "hold", operator, write)


def end_fact(house: House, kind: str, subject: str, *, event: str, reason: str, on: date, operator: str) -> Done:
    """End the newest open fact of a kind (promise, dispute, hold, plan…) about a debtor or an invoice.

    What was recorded in one act for several instalments ends together.
    """

    def write(act: Act) -> str:
        debtor_id, items = subject_named(act, house, subject)
        mine = {item.id for item in items}
        rows = [r for r in open_facts(act.connection, kind, debtor_id) if _is_about(act, kind, r, mine, items)]
        refuse_when(not rows, "nothing_to_end")
        for row in rows:
            if row.act_id == rows[-1].act_id:
                refused = close_fact(act, kind, row.id, effective_on=on, event=event, reason=reason or None)
                refuse_when(refused, refused or "")
        return str(rows[-1].id)

    return perform(house, f"end_{kind}", operator, write)


def _is_about(act: Act, kind: str, row: Any, mine: set[str], items: list[Any]) -> bool:
    """Whether a fact concerns the instalments named (all of them, when a whole debtor was named)."""
    if not mine:
        return True
    if kind == "plan":
        return bool(mine & set(plans_with(act.connection, [row])[0].items))
    if kind == "assignment":
        return bool(row.invoice_id == items[0].invoice_id)
    return getattr(row, "open_item_id", None) in {None, *mine}


def attach_document(house: House, subject: str, path: Path, *, kind: str, title: str, on: date, operator: str) -> Done:
    """Attach a file to an invoice or a debtor; the kind is one of the checklist's."""

    def write(act: Act) -> str:
        refuse_when(kind not in set(EvidenceKind), "unknown_kind")
        refuse_when(not path.is_file(), "no_such_file")
        size = path.stat().st_size
        refuse_when(size == 0, "empty_file")
        refuse_when(size > LARGEST_PAPER, "too_large")
        debtor_id, items = subject_named(act, house, subject)
        media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        invoice_id = items[0].invoice_id if items else None
        return attach(
            act, debtor_id=debtor_id, invoice_id=invoice_id, kind=kind, title=title or path.stem, file_name=path.name,
            data=path.read_bytes(), media_type=media, on=on,
        )  # fmt: skip

    return perform(house, "attach", operator, write)


def record_postal_proof(
    house: House, contact_id: str, *, kind: str, on: date, operator: str, registered_number: str | None = None
) -> Done:
    """A posting (`deposited`) or its outcome (`delivered`, `refused`, `unclaimed`, `undeliverable`)."""

    def write(act: Act) -> str:
        refuse_when(kind not in PROOFS, "unknown_kind")
        refused = record_proof(act, contact_id, kind=kind, on=on, registered_number=registered_number)
        refuse_when(refused, refused or "")
        return contact_id

    return perform(house, "postal_proof", operator, write)


def settle_unknown(house: House, contact_id: str, *, sent: bool, operator: str) -> Done:
    """A person says whether a message of unknown fate left; if not, the step may be planned again by another channel or day."""

    def write(act: Act) -> str:
        row = contact_row(act.connection, contact_id)
        if row is None or row.state != S.UNKNOWN.value:
            raise Refusal("not_unknown")
        changes = {"sent_at": act.at} if sent else {}
        to = S.SENT if sent else S.FAILED
        move(act, contact_id, to, fence=Fence((S.UNKNOWN,)), reason="settled_by_person", changes=changes)
        return contact_id

    return perform(house, "settle_unknown", operator, write)
