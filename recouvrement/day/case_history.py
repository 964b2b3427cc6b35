"""What happened in a case, by day: invoices, deliveries, payments, messages, calls, postal proofs, moves of the case."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

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


def history_of(
    connection: Connection, debtor_id: str, details: list[Any], applied: dict[str, list[Any]], as_of: AsOf
) -> Iterator[EventRow]:
    """The facts of the items given, and what was done about them, in order of day."""
    rows: list[tuple[date, int, EventRow]] = []

    def add(on: date, rank: int, what: str, detail: str = "", exhibits: tuple[str, ...] = ()) -> None:
        if on <= as_of.on:
            rows.append((on, rank, EventRow(on, what, detail, exhibits)))

    for d in details:
        add(d.issue_on, 0, f"Facture {d.number} émise", printed(d.amount_cents, d.currency))
        if d.delivery_on:
            add(d.delivery_on, 0, f"Livraison ou prestation de la facture {d.number}")
        add(d.due_on, 1, f"Échéance de la facture {d.number}", printed(d.amount_cents, d.currency))
        for a in applied[d.id]:
            what = "Règlement reçu" if a.kind == "payment" else "Avoir ou régularisation"
            add(a.value_on, 2, f"{what} sur la facture {d.number}", printed(a.amount_cents, a.currency))
    numbers = {d.id: d.number for d in details}
    calls = calls_noted(connection, debtor_id, as_of)
    carried = items_of_contacts(connection, debtor_id)
    for c in contacts_of_debtor(connection, debtor_id, as_of):
        mine = [numbers[i.open_item_id] for i in carried[c.id] if i.open_item_id in numbers]
        if not mine or ContactState(c.state) not in LEFT | {ContactState.BOUNCED, ContactState.FAILED}:
            continue
        if c.channel == Channel.CALL:
            noted = calls.get(c.id)
            outcome = CALLS.get(noted.outcome, noted.outcome) if noted else "non passé"
            told = f"{', '.join(mine)} ; {outcome}"
            add(
                noted.effective_on if noted else c.business_day, 3, "Appel téléphonique", told, (c.id,) if noted else ()
            )
            continue
        left = ContactState(c.state) is not ContactState.FAILED
        what = title_of(c) + ("" if left else " : sans succès")
        add(c.business_day, 3, what, ", ".join(mine), (c.id,) if c.frozen_sha256 and left else ())
        for proof in proofs_of(connection, c.id, as_of):
            add(proof.on, 4, OUTCOMES.get(proof.kind, proof.kind), proof.registered_number or "")
    yield from (row for _, _, row in sorted(rows, key=lambda r: (r[0], r[1], r[2].what)))


def moves_told(connection: Connection, case: Any, as_of: AsOf) -> Iterator[EventRow]:
    """What became of the case so far, and what came in through who holds it, fees apart."""
    for event in case_events(connection, as_of, case.id)[case.id]:
        if event.state not in {"proposed", "chosen"}:
            yield EventRow(event.effective_on, EVENTS[event.state], ROUTES.get(event.route or "", ""))
    for paid in payments_of_case(connection, case.id, as_of):
        told = f"encaissé {printed(paid.collected_cents, paid.currency)}, frais retenus {printed(paid.fees_cents, paid.currency)}"
        yield EventRow(paid.effective_on, "Fonds reversés par le mandataire", told)
