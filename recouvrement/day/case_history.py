"""What happened in a case, by day: invoices, deliveries, payments, messages, calls, postal proofs, papers, moves of the case."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from recouvrement.clock import PARIS
from recouvrement.day.case_exhibits import documents_in, is_shown
from recouvrement.day.case_facts import facts_told_of
from recouvrement.day.case_words import CALLS, OUTCOMES, title_of
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.money import printed
from recouvrement.dossier.proposal_words import EVENTS
from recouvrement.dossier.types import EventRow
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_noted
from recouvrement.ledger.case_moves import case_events, payments_of_case
from recouvrement.ledger.item_details import contacts_of_debtor, items_of_contacts
from recouvrement.ledger.proofs import events_of, proofs_of

Dated = tuple[int, EventRow]  # rank within a day, and the line
SHOWN_BY = {"deposited": EvidenceKind.DEPOSIT_PROOF}  # every other postal proof is one of delivery


def history_of(
    connection: Connection, debtor_id: str, details: list[Any], applied: dict[str, list[Any]], as_of: AsOf
) -> Iterator[EventRow]:
    """The facts of the items given, and what was done about them, in order of day; every document is named once at least."""
    held = documents_in(connection, debtor_id, {d.invoice_id for d in details}, as_of)
    papers = _papers(held)
    numbers = {d.id: d.number for d in details}
    rows = [row for d in details for row in _of_item(d, applied[d.id], papers)]
    rows += _of_contacts(connection, debtor_id, numbers, papers, as_of)
    rows += [(5, row) for row in facts_told_of(connection, debtor_id, numbers, as_of)]
    named = {reference for _, row in rows for reference in row.exhibits}
    rows += [(0, EventRow(d.effective_on, d.title, "", (d.id,))) for d in held if d.id not in named]
    told = {row for row in rows if row[1].on <= as_of.on}  # instalments share the events of their invoice
    yield from (row for _, row in sorted(told, key=lambda r: (r[1].on, r[0], r[1].what, r[1].detail, r[1].exhibits)))


Papers = Mapping[tuple[str, str], tuple[str, ...]]


def _papers(held: list[Any]) -> Papers:
    """References of the documents by invoice (empty: of the debtor) and kind."""
    found: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for paper in held:
        found[paper.invoice_id or "", paper.kind] += (paper.id,)
    return found


def _of_item(d: Any, applied: list[Any], papers: Papers) -> Iterator[Dated]:
    """The invoice, its delivery, its due day and what was applied to it."""

    def shown(*kinds: str) -> tuple[str, ...]:
        return tuple(reference for kind in kinds for reference in papers.get((d.invoice_id, kind), ()))

    named = f"facture {d.number}"
    amount = printed(d.amount_cents, d.currency)
    yield 1, EventRow(d.issue_on, "Facture émise", f"{named}, {amount}", shown("invoice"))
    if d.delivery_on:
        yield 0, EventRow(d.delivery_on, "Livraison ou prestation", named, shown("delivery_note", "acceptance_report"))
    yield 2, EventRow(d.due_on, "Échéance", f"{named}, {amount}")
    for a in applied:
        what = "Règlement reçu" if a.kind == "payment" else "Avoir ou régularisation"
        yield 2, EventRow(a.value_on, what, f"{named}, {printed(a.amount_cents, a.currency)}")


def _of_contacts(
    connection: Connection, debtor_id: str, numbers: dict[str, str], papers: Papers, as_of: AsOf
) -> Iterator[Dated]:
    """Messages that left, came back or failed, calls, and what the post proved."""
    calls = calls_noted(connection, debtor_id, as_of)
    carried = items_of_contacts(connection, debtor_id)
    rows = contacts_of_debtor(connection, debtor_id, as_of)
    about = {c.id: ", ".join(numbers[i.open_item_id] for i in carried[c.id] if i.open_item_id in numbers) for c in rows}
    mine = [c for c in rows if about[c.id]]
    registered = [c.id for c in mine if c.channel == Channel.REGISTERED_LETTER]
    for c in mine:
        events = events_of(connection, c.id, as_of)
        if c.channel == Channel.CALL:
            yield from _call(c, events, calls.get(c.id), about[c.id])
            continue
        yield from _message(c, events, about[c.id])
        for proof in proofs_of(connection, c.id, as_of):
            kind = SHOWN_BY.get(proof.kind, EvidenceKind.DELIVERY_PROOF)
            shown = papers.get(("", kind.value), ()) if registered == [c.id] else ()
            number = f"recommandé n° {proof.registered_number}" if proof.registered_number else ""
            yield 4, EventRow(proof.on, OUTCOMES.get(proof.kind, proof.kind), number, shown)


def _message(c: Any, events: list[Any], invoices: str) -> Iterator[Dated]:
    """One message: that it left, or failed; and the day it came back."""
    shown = (c.id,) if is_shown(c, events) else ()
    if any(event.state in LEFT for event in events):
        yield 3, EventRow(c.business_day, title_of(c), invoices, shown)
    elif events and events[-1].state == ContactState.FAILED:
        yield 3, EventRow(c.business_day, f"{title_of(c)} : sans succès", invoices)
    for event in events:
        if event.state == ContactState.BOUNCED and event.evidence_sha256:
            yield 4, EventRow(event.at.astimezone(PARIS).date(), "Message revenu, non remis", invoices, shown)


def _call(c: Any, events: list[Any], noted: Any, invoices: str) -> Iterator[Dated]:
    if noted:
        outcome = CALLS.get(noted.outcome, noted.outcome)
        yield 3, EventRow(noted.effective_on, "Appel téléphonique", f"{invoices} ; {outcome}", (c.id,))
    elif events and events[-1].state in {*LEFT, ContactState.FAILED}:
        yield 3, EventRow(c.business_day, "Appel téléphonique", f"{invoices} ; non passé")


def moves_told(connection: Connection, case: Any, routes: Mapping[str, str], as_of: AsOf) -> Iterator[EventRow]:
    """What became of the case so far, and what came in through who holds it, fees apart; `routes` are names by key."""
    chosen = ""
    for event in case_events(connection, as_of, case.id)[case.id]:
        chosen = routes.get(event.route or "", chosen)
        if event.state not in {"proposed", "chosen"}:
            yield EventRow(event.effective_on, EVENTS[event.state], chosen if event.state == "sent" else "")
    for paid in payments_of_case(connection, case.id, as_of):
        told = f"encaissé {printed(paid.collected_cents, paid.currency)}, frais retenus {printed(paid.fees_cents, paid.currency)}"
        yield EventRow(paid.effective_on, "Fonds reversés par le mandataire", told)
