"""Everything a dossier is made from, read from the ledger as of the cut."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.anchoring import anchors_of
from recouvrement.day.claims import claim_ledger
from recouvrement.day.house import House
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.money import printed
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.dossier.claims import item_row
from recouvrement.dossier.types import (
    Amounts,
    Annex,
    CaseFile,
    CreditRow,
    EventRow,
    Exhibit,
    FrozenNumber,
    ItemRow,
    Party,
    PaymentRow,
)
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_noted
from recouvrement.ledger.cases import case_items
from recouvrement.ledger.content import fetch
from recouvrement.ledger.documents import documents_of
from recouvrement.ledger.item_details import applied_to, contacts_of_debtor, item_details, items_of_contacts
from recouvrement.ledger.journal import chain_lines, salt_of
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.positions import feed_read_to
from recouvrement.ledger.proofs import events_of, proofs_of
from recouvrement.ledger.waivers import waivers_of

TITLES = {
    StepCode.COURTESY: "Message avant échéance",
    StepCode.FRIENDLY_REMINDER: "Première relance",
    StepCode.FIRM_REMINDER: "Relance ferme",
    StepCode.LAST_REMINDER: "Dernière relance",
    StepCode.MISE_EN_DEMEURE: "Mise en demeure",
}
SENT_BY = {
    Channel.EMAIL: "par courriel",
    Channel.LETTER: "par courrier",
    Channel.REGISTERED_LETTER: "par lettre recommandée",
    Channel.CALL: "par téléphone",
    Channel.SMS: "par SMS",
}
CALLS = {
    "promised": "promesse de paiement",
    "paid_already": "dit avoir déjà payé",
    "disputed": "conteste",
    "asks_document": "demande une pièce",
    "cash_trouble": "difficultés de trésorerie",
    "refuses": "refuse de payer",
    "call_back": "à rappeler",
    "no_answer": "sans réponse",
    "message_left": "message laissé",
    "wrong_number": "mauvais numéro",
}
OUTCOMES = {
    "deposited": "Dépôt du recommandé",
    "delivered": "Recommandé remis",
    "refused": "Recommandé refusé",
    "unclaimed": "Recommandé non réclamé",
    "undeliverable": "Recommandé : destinataire inconnu à l'adresse",
}


def case_file(
    house: House,
    connection: Connection,
    case: Any,
    *,
    version: int,
    on: date,
    moment: datetime,
    as_of: AsOf,
    previous: Sequence[Any],
) -> CaseFile:
    """The case file of one dossier version; amounts are the claim balance at the end of the cut day."""
    creditor = creditor_row(connection, case.creditor_id, as_of)
    debtor = debtor_rows(connection, [case.debtor_id], as_of)[case.debtor_id]
    ids = [row.open_item_id for row in case_items(connection, case.id)]
    details = item_details(connection, ids, as_of)
    applied = applied_to(connection, ids, as_of)
    kind = DebtorKind(debtor.kind)
    waived = waivers_of(connection, ids, as_of)
    items = tuple(_item_row(house, details[i], applied[i], kind, on, waived.get(i, ())) for i in ids)
    exhibits = tuple(_exhibits(connection, case.debtor_id, {details[i].invoice_id for i in ids}, set(ids), as_of))
    anchors, salts = anchors_of(connection, case.debtor_id, upto=on)
    frozen = tuple(
        FrozenNumber(n.number, n.first_version, EvidenceKind(n.kind), n.title, n.on, n.sha256) for n in previous
    )
    return CaseFile(
        case_code=case.code,
        version=version,
        cut_on=on,
        moment=moment,
        creditor=_creditor(creditor),
        debtor=_debtor(debtor, kind),
        amounts=_amounts(items, details[ids[0]].currency),
        items=items,
        exhibits=exhibits,
        previous=frozen,
        events=tuple(_events(connection, case.debtor_id, [details[i] for i in ids], applied, as_of)),
        anchors=anchors,
        anchor_salts=salts,
        journal_lines=tuple(chain_lines(connection, case.debtor_id, up_to_act=as_of.known_to)),
        statements_until=feed_read_to(connection, case.creditor_id, as_of),
        contact=" · ".join(part for part in (creditor.contact_name, creditor.phone, creditor.email) if part),
    )


def _creditor(row: Any) -> Party:
    capital = printed(100 * int(row.capital)) if row.capital and str(row.capital).isdigit() else (row.capital or "")
    return Party(
        reference=row.code,
        name=row.name,
        address=_lines(row.address),
        legal_form=row.legal_form or "",
        siren=row.siren or "",
        registry=row.registry or "",
        capital=capital,
        representative=row.representative or "",
        quality=row.quality or "",
        country=row.country,
    )


def _debtor(row: Any, kind: DebtorKind) -> Party:
    return Party(
        reference=row.debtor_id,
        name=row.name,
        address=_lines(row.address),
        legal_form=row.legal_form or "",
        siren=row.siren or "",
        registry=row.registry or "",
        representative=row.representative or "",
        quality=row.quality or "",
        kind=kind,
        country=row.country,
    )


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line for line in address.split("\n") if line)


def _item_row(
    house: House, detail: Any, applied: list[Any], kind: DebtorKind, on: date, waived: Sequence[Any] = ()
) -> ItemRow:
    number = detail.number if detail.rank == 1 else f"{detail.number}/{detail.rank}"
    provisional = house.settings.provisional_rates
    found = claim_ledger(detail, applied, kind, house.law.penalties, until=on, provisional=provisional, waived=waived)
    if not isinstance(found, PenaltyLedger):
        return _without_penalties(detail, number, applied, str(getattr(found, "message", found)))
    return item_row(found, invoice=number, issued_on=detail.issue_on, delivered_on=detail.delivery_on)


def _without_penalties(detail: Any, number: str, applied: list[Any], note: str) -> ItemRow:
    """The item with its principal alone, when a figure of law is missing or refused: said, never guessed."""
    payments = tuple(
        PaymentRow(a.value_on, a.amount_cents, a.amount_cents, reference=a.id) for a in applied if a.kind == "payment"
    )
    credit = tuple(CreditRow(a.value_on, a.amount_cents, a.id) for a in applied if a.kind != "payment")
    left = detail.amount_cents - sum(p.cents for p in payments) - sum(c.cents for c in credit)
    return ItemRow(
        number,
        detail.issue_on,
        detail.due_on,
        detail.amount_cents,
        left,
        delivered_on=detail.delivery_on,
        payments=payments,
        credits=credit,
        note=note,
    )


def _amounts(items: Sequence[ItemRow], currency: str) -> Amounts:
    return Amounts(
        sum(i.principal for i in items),
        sum(i.penalties for i in items),
        sum(i.indemnity for i in items),
        payments=sum(p.cents for i in items for p in i.payments),
        currency=currency,
    )


def _exhibits(
    connection: Connection, debtor_id: str, invoices: set[str], items: set[str], as_of: AsOf
) -> Iterator[Exhibit]:
    """Documents of these invoices and of the debtor, then what left for these items, with the answers of relays and post."""
    seen: set[tuple[str, str]] = set()
    for d in documents_of(connection, debtor_id, as_of):
        if (d.invoice_id is None or d.invoice_id in invoices) and (d.sha256, d.kind) not in seen:
            seen.add((d.sha256, d.kind))
            kind = EvidenceKind(d.kind) if d.kind in set(EvidenceKind) else EvidenceKind.OTHER
            yield Exhibit(
                debtor_id,
                kind,
                d.title,
                d.effective_on,
                fetch(connection, d.sha256),
                _media(d.file_name),
                d.file_name,
                source="document",
                reference=d.id,
                payload_salt=salt_of(connection, d.sha256),
            )
    carried = items_of_contacts(connection, debtor_id)
    calls = calls_noted(connection, debtor_id, as_of)
    for c in contacts_of_debtor(connection, debtor_id, as_of):
        if not any(i.open_item_id in items for i in carried[c.id]):
            continue
        if c.id in calls:
            yield _call_note(debtor_id, c, calls[c.id])
        elif c.frozen_sha256 and c.channel != Channel.CALL and ContactState(c.state) in LEFT | {ContactState.BOUNCED}:
            yield _sent(connection, debtor_id, c)


def _call_note(debtor_id: str, c: Any, noted: Any) -> Exhibit:
    """What was noted of a call; the sheet that the caller read from is no exhibit."""
    outcome = CALLS.get(noted.outcome, noted.outcome)
    text = f"Appel téléphonique du {noted.effective_on:%d/%m/%Y}\nRésultat : {outcome}\nNoté par l'opérateur : {noted.actor}\n"
    return Exhibit(
        debtor_id,
        EvidenceKind.CALL_NOTE,
        f"Appel téléphonique : {outcome}",
        noted.effective_on,
        text.encode(),
        "text/plain",
        "appel.txt",
        source="call",
        reference=c.id,
    )


def _sent(connection: Connection, debtor_id: str, c: Any) -> Exhibit:
    kind = EvidenceKind.FORMAL_NOTICE if c.step == StepCode.MISE_EN_DEMEURE else EvidenceKind.REMINDER
    by_mail = c.channel == Channel.EMAIL
    media, extension = ("message/rfc822", "eml") if by_mail else ("application/pdf", "pdf")
    annexes = tuple(
        Annex(
            "Réponse du relais de messagerie" if by_mail else "Nom du lot d'impression",
            fetch(connection, event.evidence_sha256),
            "text/plain",
            f"{'reponse' if by_mail else 'lot'}-{n}.txt",
            salt_of(connection, event.evidence_sha256),
        )
        for n, event in enumerate(events_of(connection, c.id), 1)
        if event.evidence_sha256 and event.state not in {"planned", "ready"}
    )
    note = "La réponse 250 prouve la remise au relais de messagerie, non la lecture." if by_mail else ""
    return Exhibit(
        debtor_id,
        kind,
        _title(c),
        c.business_day,
        fetch(connection, c.frozen_sha256),
        media,
        f"{c.step}.{extension}",
        source="outbox",
        note=note,
        reference=c.id,
        payload_salt=salt_of(connection, c.frozen_sha256),
        annexes=annexes,
    )


def _title(c: Any) -> str:
    """What a contact was, in the words of its text (a call made in writing is a reminder) and its channel."""
    code = StepCode(c.template) if c.template in set(StepCode) else None
    return f"{TITLES[code] if code else c.template} {SENT_BY[Channel(c.channel)]}"


def _media(name: str) -> str:
    return {"pdf": "application/pdf", "txt": "text/plain", "eml": "message/rfc822", "xml": "application/xml"}.get(
        name.rsplit(".", 1)[-1].lower(), "application/octet-stream"
    )


def _events(
    connection: Connection, debtor_id: str, details: list[Any], applied: dict[str, list[Any]], as_of: AsOf
) -> Iterator[EventRow]:
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
        what = _title(c) + ("" if left else " : sans succès")
        add(c.business_day, 3, what, ", ".join(mine), (c.id,) if c.frozen_sha256 and left else ())
        for proof in proofs_of(connection, c.id, as_of):
            add(proof.on, 4, OUTCOMES.get(proof.kind, proof.kind), proof.registered_number or "")
    yield from (row for _, _, row in sorted(rows, key=lambda r: (r[0], r[1], r[2].what)))
