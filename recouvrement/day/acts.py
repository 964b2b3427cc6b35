"""What a person tells the house: calls, promises, disputes, holds, documents, postal proofs; refusals are codes."""

import mimetypes
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recouvrement.day.house import House
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.book import Act
from recouvrement.ledger.documents import attach
from recouvrement.ledger.facts import close_fact, find_debtor, find_items, open_facts, record_fact
from recouvrement.ledger.outbox import Fence, contact_row, move
from recouvrement.ledger.proofs import record_proof

S = ContactState


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the id it made, or the code of its refusal."""

    id: str = ""
    refused: str = ""

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {"id": self.id, "refused": self.refused or None}


def _subject(house: House, act: Act, subject: str) -> tuple[str, str | None] | str:
    """A debtor code or an invoice number into (debtor id, item id or None), or a refusal code."""
    creditor_id = house.creditor()
    items = find_items(act.connection, creditor_id, subject)
    if items:
        return items[0].debtor_id, items[0].id
    debtor_id = find_debtor(act.connection, creditor_id, subject)
    return (debtor_id, None) if debtor_id else "unknown_debtor_or_invoice"


def record_promise(
    house: House, subject: str, *, cents: int, due_on: date, on: date, operator: str, currency: str = "EUR"
) -> Done:
    """A debtor promises an amount (minor units) for a day; `subject` is a debtor code or an invoice number."""
    if cents <= 0:
        return Done(refused="amount_not_positive")
    if due_on < on:
        return Done(refused="day_is_past")
    with house.ledger.act("promise", operator) as act:
        found = _subject(house, act, subject)
        if isinstance(found, str):
            return Done(refused=found)
        debtor_id, item_id = found
        return Done(
            record_fact(
                act,
                "promise",
                debtor_id,
                effective_on=on,
                open_item_id=item_id,
                amount_cents=cents,
                currency=currency,
                due_on=due_on,
            )
        )


def record_dispute(
    house: House, invoice: str, *, category: str, wait_until: date, on: date, operator: str, cents: int | None = None
) -> Done:
    """An invoice is contested, in whole or for `cents`; it has an owner and a day by which it is looked at again."""
    if cents is not None and cents <= 0:
        return Done(refused="amount_not_positive")
    with house.ledger.act("dispute", operator) as act:
        items = find_items(act.connection, house.creditor(), invoice)
        if not items:
            return Done(refused="unknown_invoice")
        ids = [
            record_fact(
                act,
                "dispute",
                i.debtor_id,
                effective_on=on,
                open_item_id=i.id,
                disputed_cents=cents,
                category=category,
                owner=operator,
                wait_until=wait_until,
            )
            for i in items
        ]
        return Done(ids[0])


def record_hold(house: House, subject: str, *, until: date, reason: str, on: date, operator: str) -> Done:
    """Pause a debtor or an invoice until a day included, with a reason code."""
    if until < on:
        return Done(refused="day_is_past")
    with house.ledger.act("hold", operator) as act:
        found = _subject(house, act, subject)
        if isinstance(found, str):
            return Done(refused=found)
        debtor_id, item_id = found
        return Done(
            record_fact(
                act,
                "hold",
                debtor_id,
                effective_on=on,
                open_item_id=item_id,
                until_on=until,
                reason=reason,
                owner=operator,
            )
        )


def end_fact(house: House, kind: str, subject: str, *, event: str, reason: str, on: date, operator: str) -> Done:
    """End the newest open fact of a kind (promise, dispute, hold, plan…) about a debtor or an invoice."""
    with house.ledger.act(f"end_{kind}", operator) as act:
        found = _subject(house, act, subject)
        if isinstance(found, str):
            return Done(refused=found)
        debtor_id, item_id = found
        rows = [
            r
            for r in open_facts(act.connection, kind, debtor_id)
            if item_id is None or getattr(r, "open_item_id", None) in {None, item_id}
        ]
        if not rows:
            return Done(refused="nothing_to_end")
        refused = close_fact(act, kind, rows[-1].id, effective_on=on, event=event, reason=reason)
        return Done(rows[-1].id, refused or "")


def record_call(
    house: House,
    contact_id: str,
    *,
    outcome: str,
    on: date,
    operator: str,
    cause: str | None = None,
    reached: bool = True,
) -> Done:
    """Note a call that was on the list; the step counts as taken when somebody was reached."""
    with house.ledger.act("call", operator) as act:
        row = contact_row(act.connection, contact_id)
        if row is None or row.channel != "call":
            return Done(refused="not_a_call")
        fact_id = record_fact(
            act, "call", row.debtor_id, effective_on=on, contact_id=contact_id, outcome=outcome, cause=cause
        )
        journal.append(act, row.debtor_id, JournalEvent.CALL_NOTED, {"contact": contact_id, "outcome": outcome})
        if reached:
            move(act, contact_id, S.SENT, fence=Fence((S.READY,)), reason="call_made", changes={"sent_at": act.at})
        return Done(fact_id)


def attach_document(house: House, subject: str, path: Path, *, kind: str, title: str, on: date, operator: str) -> Done:
    """Attach a file to an invoice or a debtor; the kind is one of the checklist's."""
    if not path.is_file():
        return Done(refused="no_such_file")
    with house.ledger.act("attach", operator) as act:
        found = _subject(house, act, subject)
        if isinstance(found, str):
            return Done(refused=found)
        items = find_items(act.connection, house.creditor(), subject)
        invoice_id = items[0].invoice_id if items else None
        media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return Done(
            attach(
                act,
                debtor_id=found[0],
                invoice_id=invoice_id,
                kind=kind,
                title=title or path.stem,
                file_name=path.name,
                data=path.read_bytes(),
                media_type=media,
                on=on,
            )
        )


def record_postal_proof(
    house: House, contact_id: str, *, kind: str, on: date, operator: str, registered_number: str | None = None
) -> Done:
    """A posting (`deposited`) or its outcome (`delivered`, `refused`, `unclaimed`, `undeliverable`)."""
    if kind not in {"deposited", "delivered", "refused", "unclaimed", "undeliverable"}:
        return Done(refused="unknown_kind")
    with house.ledger.act("postal_proof", operator) as act:
        refused = record_proof(act, contact_id, kind=kind, on=on, registered_number=registered_number)
        return Done(contact_id, refused or "")


def settle_unknown(house: House, contact_id: str, *, sent: bool, operator: str) -> Done:
    """A person says whether a message of unknown fate left; if not, the step may be planned again by another channel or day."""
    with house.ledger.act("settle_unknown", operator) as act:
        to = S.SENT if sent else S.FAILED
        row = contact_row(act.connection, contact_id)
        if row is None or row.state != S.UNKNOWN.value:
            return Done(refused="not_unknown")
        move(
            act,
            contact_id,
            to,
            fence=Fence((S.UNKNOWN,)),
            reason="settled_by_person",
            changes={"sent_at": act.at} if sent else {},
        )
        return Done(contact_id)
