"""Everything a dossier is made from, read from the ledger as of the cut."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.anchoring import anchors_of
from recouvrement.day.case_exhibits import exhibits_of
from recouvrement.day.case_history import history_of, moves_told
from recouvrement.day.house import House
from recouvrement.day.proposal import Proposal, propose
from recouvrement.day.proposal_told import facts_told, missing_pieces, route_rows
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.money import printed
from recouvrement.domain.parties import DebtorKind
from recouvrement.dossier.types import CaseFile, FrozenNumber, Party
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.journal import chain_lines
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.positions import feed_read_to
from recouvrement.letters.iban import printed_iban


@dataclass(frozen=True, slots=True)
class CasePapers:
    """What a dossier version is made from, and the proposal that it was read with."""

    file: CaseFile
    proposal: Proposal


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
) -> CasePapers:
    """The case file of one dossier version; amounts are the claim balance at the end of the cut day."""
    creditor = creditor_row(connection, case.creditor_id, as_of)
    found = propose(house, connection, case, as_of)
    details, applied = found.claim.details, found.claim.applied
    invoices = {d.invoice_id for d in details.values()}
    anchors, salts = anchors_of(connection, case.debtor_id, as_of)
    frozen = tuple(
        FrozenNumber(n.number, n.first_version, EvidenceKind(n.kind), n.title, n.on, n.sha256) for n in previous
    )
    events = (
        *history_of(connection, case.debtor_id, list(details.values()), applied, as_of),
        *moves_told(connection, case, {key: one.name for key, one in house.law.routes.routes.items()}, as_of),
    )
    made = CaseFile(
        case_code=case.code,
        version=version,
        cut_on=on,
        moment=moment,
        creditor=_creditor(creditor),
        debtor=_debtor(found.debtor, found.kind, found.court),
        amounts=found.amounts,
        items=found.claim.items,
        exhibits=tuple(exhibits_of(connection, case.debtor_id, invoices, set(details), as_of)),
        previous=frozen,
        events=tuple(sorted(events, key=lambda event: event.on)),
        anchors=anchors,
        anchor_salts=salts,
        journal_lines=tuple(chain_lines(connection, case.debtor_id, up_to_act=as_of.known_to)),
        missing=missing_pieces(found),
        routes=route_rows(found),
        statements_until=feed_read_to(connection, case.creditor_id, as_of),
        limitation_on=found.limitation.prudent_end if found.limitation else None,
        contact=" · ".join(part for part in (creditor.contact_name, creditor.phone, creditor.email) if part),
        facts=_facts(creditor, found.debtor, details) | facts_told(found, house.settings),
    )
    return CasePapers(made, found)


def _facts(creditor: Any, debtor: Any, details: dict[str, Any]) -> dict[str, str]:
    """What drafts print of the parties and of the invoices: bank details, where the debtor is reached, orders."""
    orders = ", ".join(dict.fromkeys(str(d.order_reference) for d in details.values() if d.order_reference))
    numbers = ", ".join(dict.fromkeys(str(d.number) for d in details.values()))
    told = {
        "bank_details": " ".join(part for part in (printed_iban(creditor.iban or ""), creditor.bic) if part),
        "debtor_contact": ", ".join(part for part in (debtor.email, debtor.phone) if part),
        "contract_reference": orders,
        "basis": f"factures {numbers}" + (f", commandes {orders}" if orders else ""),
    }
    return {name: value for name, value in told.items() if value}


def _creditor(row: Any) -> Party:
    capital = printed(100 * int(row.capital)) if row.capital and str(row.capital).isdigit() else (row.capital or "")
    return replace(_party(row, row.code), capital=capital)


def _debtor(row: Any, kind: DebtorKind, court: str) -> Party:
    return replace(_party(row, row.debtor_id), kind=kind, court=court)


def _party(row: Any, reference: str) -> Party:
    return Party(
        reference=reference,
        name=row.name,
        address=_lines(row.address),
        legal_form=row.legal_form or "",
        siren=row.siren or "",
        registry=row.registry or "",
        representative=row.representative or "",
        quality=row.quality or "",
        country=row.country,
    )


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line for line in address.split("\n") if line)
