"""What happened in a case, by day: invoices, deliveries, payments, messages, calls, postal proofs, moves of the case."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.case_exhibits import documents_in
from recouvrement.day.case_words import CALLS, OUTCOMES, title_of
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.money import printed
from recouvrement.dossier.proposal_words import EVENTS, ROUTES
from recouvrement.dossier.types import EventRow
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_noted
from recouvrement.ledger.case_moves import case_events, payments_of_case
from recouvrement.ledger.item_details import contacts_of_debtor, items_of_contacts
from recouvrement.ledger.proofs import proofs_of

Dated = tuple[int, EventRow]  # rank within a day, and the line


def history_of(
    connection: Connection, debtor_id: str, details: list[Any], applied: dict[str, list[Any]], as_of: AsOf
) -> Iterator[EventRow]:
    """The facts of the items given, and what was done about them, in order of day."""
    papers = _papers(connection, debtor_id, {d.invoice_id for d in details}, as_of)
    rows = [row for d in details for row in _of_item(d, applied[d.id], papers)]
    rows += _of_contacts(connection, debtor_id, {d.id: d.number for d in details}, as_of)
    told = {row for row in rows if row[1].on <= as_of.on}  # instalments share the events of their invoice
    yield from (row for _, row in sorted(told, key=lambda r: (r[1].on, r[0], r[1].what, r[1].detail, r[1].exhibits)))


def _papers(
    connection: Connection, debtor_id: str, invoices: set[str], as_of: AsOf
) -> dict[tuple[str, str], tuple[str, ...]]:
    """References of the exhibits that show an invoice and its delivery, by invoice and kind."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for paper in documents_in(connection, debtor_id, invoices, as_of):
        key = (paper.invoice_id or "", paper.kind)
        found[key] = (*found.get(key, ()), paper.id)
    return found


def _of_item(d: Any, applied: list[Any], papers: dict[tuple[str, str], tuple[str, ...]]) -> Iterator[Dated]:
    """The invoice, its delivery, its due day and what was applied to it."""

    def shown(*kinds: str) -> tuple[str, ...]:
        return tuple(reference for kind in kinds for reference in papers.get((d.invoice_id, kind), ()))

    amount = printed(d.amount_cents, d.currency)
    yield 0, EventRow(d.issue_on, f"Facture {d.number} émise", amount, shown("invoice"))
    if d.delivery_on:
        what = f"Livraison ou prestation de la facture {d.number}"
        yield 0, EventRow(d.delivery_on, what, "", shown("delivery_note", "acceptance_report"))
    yield 1, EventRow(d.due_on, f"Échéance de la facture {d.number}", amount)
    for a in applied:
        what = "Règlement reçu" if a.kind == "payment" else "Avoir ou régularisation"
        yield 2, EventRow(a.value_on, f"{what} sur la facture {d.number}", printed(a.amount_cents, a.currency))


def _of_contacts(connection: Connection, debtor_id: str, numbers: dict[str, str], as_of: AsOf) -> Iterator[Dated]:
    """Messages that left or failed, calls, and what the post proved."""
    calls = calls_noted(connection, debtor_id, as_of)
    carried = items_of_contacts(connection, debtor_id)
    for c in contacts_of_debtor(connection, debtor_id, as_of):
        mine = [numbers[i.open_item_id] for i in carried[c.id] if i.open_item_id in numbers]
        if not mine or ContactState(c.state) not in LEFT | {ContactState.BOUNCED, ContactState.FAILED}:
            continue
        if c.channel == Channel.CALL:
            yield 3, _call(c, calls.get(c.id), ", ".join(mine))
            continue
        left = ContactState(c.state) is not ContactState.FAILED
        what = title_of(c) + ("" if left else " : sans succès")
        shown = (c.id,) if c.frozen_sha256 and left else ()
        yield 3, EventRow(c.business_day, what, ", ".join(mine), shown)
        for proof in proofs_of(connection, c.id, as_of):
            yield 4, EventRow(proof.on, OUTCOMES.get(proof.kind, proof.kind), proof.registered_number or "")


def _call(c: Any, noted: Any, invoices: str) -> EventRow:
    outcome = CALLS.get(noted.outcome, noted.outcome) if noted else "non passé"
    told = f"{invoices} ; {outcome}"
    return EventRow(
        noted.effective_on if noted else c.business_day, "Appel téléphonique", told, (c.id,) if noted else ()
    )


def moves_told(connection: Connection, case: Any, as_of: AsOf) -> Iterator[EventRow]:
    """What became of the case so far, and what came in through who holds it, fees apart."""
    for event in case_events(connection, as_of, case.id)[case.id]:
        if event.state not in {"proposed", "chosen"}:
            yield EventRow(event.effective_on, EVENTS[event.state], ROUTES.get(event.route or "", ""))
    for paid in payments_of_case(connection, case.id, as_of):
        told = f"encaissé {printed(paid.collected_cents, paid.currency)}, frais retenus {printed(paid.fees_cents, paid.currency)}"
        yield EventRow(paid.effective_on, "Fonds reversés par le mandataire", told)
