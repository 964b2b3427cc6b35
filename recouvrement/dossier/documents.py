"""The three papers that head a dossier: bordereau, statement of account, chronology, as values for their layouts."""

from collections.abc import Mapping, Sequence
from typing import Any

from recouvrement.domain.journal import digest
from recouvrement.domain.parties import DebtorKind
from recouvrement.dossier.types import (
    CaseFile,
    ItemRow,
    NumberedExhibit,
    Party,
    PaymentRow,
    RoundingRow,
    SegmentRow,
)
from recouvrement.dossier.wording import (
    DEBTOR_KIND_NAMES,
    KIND_NAMES,
    TO_COMPLETE,
    all_drawable,
    all_spelled,
    day,
    euros,
    exact_euros,
    rate,
    siren,
)
from recouvrement.typesetting import UnsupportedCharacters, typeset

COMPUTING = (
    "Pénalités et intérêts : base restant due × taux annuel × nombre de jours / 365 (année bissextile comprise) ; le "
    "premier et le dernier jour de chaque tranche comptent, le dernier étant celui où les fonds sont disponibles."
)
ROUNDING = (
    "Les tranches sont exactes (quatre décimales imprimées, la dernière arrondie) ; l'arrondi au centime, demi-centime "
    "vers le haut, se fait une fois par facture à l'arrêté, et à chaque règlement imputé."
)
IMPUTATION = (
    "Imputation : chaque règlement va d'abord aux pénalités et intérêts, puis au principal (C. civ. art. 1343-1), puis "
    "à l'indemnité forfaitaire."
)


def printed_document(layout: str, data: Mapping[str, object], case: CaseFile) -> bytes:
    """The PDF/A of a layout; characters that no font draws are printed as their codes, never dropped, never fatal."""
    value: Any = all_drawable(data)
    clusters: tuple[str, ...] = ()
    while True:
        try:
            return typeset(layout, value, moment=case.moment)
        except UnsupportedCharacters as refused:
            if set(refused.characters) <= set(clusters):
                raise
            clusters += refused.characters
            value = all_spelled(data, clusters)


def heading(case: CaseFile) -> dict[str, object]:
    """What every paper of the dossier says first: the case, its version and cut, the two parties."""
    return {
        "case_code": case.case_code,
        "version": str(case.version),
        "cut_on": day(case.cut_on),
        "creditor": party(case.creditor),
        "debtor": party(case.debtor),
        "foot": f"{case.creditor.name} c/ {case.debtor.name}, dossier {case.case_code}, version {case.version}",
    }


def party(who: Party) -> dict[str, object]:
    """A party as an act names it; what is not known reads "à compléter", what a consumer cannot have is left out."""
    rows = [("Forme", who.legal_form), ("SIREN", siren(who.siren) if who.siren else ""), ("Registre", who.registry)]
    if who.kind is not None:
        rows.insert(0, ("Qualité", who.quality or DEBTOR_KIND_NAMES[who.kind]))
    elif who.quality:
        rows.insert(0, ("Qualité", who.quality))
    if who.capital:
        rows.append(("Capital", who.capital))
    rows.append(("Représentant", who.representative))
    if who.kind is DebtorKind.CONSUMER:
        rows = [(label, value) for label, value in rows if value]
    addresses = [", ".join(who.address) or TO_COMPLETE, *(", ".join(lines) for lines in who.other_addresses)]
    return {
        "name": who.name or TO_COMPLETE,
        "other_names": ", ".join(who.other_names),
        "addresses": addresses,
        "rows": [(label, value or TO_COMPLETE) for label, value in rows],
    }


def bordereau(case: CaseFile, numbering: Sequence[NumberedExhibit], others: Sequence[tuple[str, str]]) -> bytes:
    """The list of exhibits: number, title, date, pages, SHA-256; `others` are the unnumbered members with their hash."""
    earlier = [row for row in numbering if row.first_version < case.version]
    fresh = [row for row in numbering if row.first_version == case.version]
    groups = [("Pièces déjà communiquées", earlier), (f"Pièces nouvelles (version {case.version})", fresh)]
    return printed_document(
        "bordereau",
        heading(case)
        | {
            "groups": [
                {"title": title if earlier else "", "rows": [_line(row) for row in rows]}
                for title, rows in groups
                if rows
            ],
            "others": [(name, _split_hash(sha)) for name, sha in others],
            "count": str(sum(not row.withdrawn for row in numbering)),
            "nothing_new": "" if fresh or not earlier else f"Aucune pièce nouvelle dans la version {case.version}.",
        },
        case,
    )


def _line(row: NumberedExhibit) -> dict[str, object]:
    kind = KIND_NAMES[row.kind]
    named = row.title if row.title.lower().startswith(kind.split()[0].lower()) else f"{kind} : {row.title}"
    if row.withdrawn:
        return {
            "number": str(row.number),
            "title": named,
            "on": day(row.on, ""),
            "pages": "",
            "sha": [],
            "notes": ["Retirée."],
        }
    notes = [f"Annexe {rank} : {label}" for rank, (label, _, _) in enumerate(row.annexes, start=1)]
    if row.note:
        notes.insert(0, row.note)
    if row.unreadable:
        notes.append(f"Non reproduite dans la copie de lecture : {row.unreadable}.")
    return {
        "number": str(row.number),
        "title": named,
        "on": day(row.on, "sans date"),
        "pages": "n. c." if row.unreadable and not row.annexes else str(row.pages),
        "sha": _split_hash(row.sha256),
        "notes": notes,
    }


def _split_hash(sha256: str) -> list[str]:
    """A hash in two lines of thirty-two, so that the column stays narrow and the digits can still be compared."""
    return [sha256[:32], sha256[32:]]


def decompte(case: CaseFile) -> bytes:
    """The statement of account: one line per invoice, then every step of each, then how it was computed."""
    currency = case.amounts.currency
    with_interest = any(item.interest or item.interest_roundings for item in case.items)
    return printed_document(
        "decompte",
        heading(case)
        | {
            "summary": [item_summary(item, currency) for item in case.items],
            "totals": totals_of(case),
            "with_interest": with_interest,
            "details": [_detail(item, currency) for item in case.items],
            "method": [COMPUTING, ROUNDING, case.convention or IMPUTATION],
            "statements_until": day(case.statements_until),
            "amounts": _amounts(case),
        },
        case,
    )


def item_summary(item: ItemRow, currency: str) -> dict[str, str]:
    """One invoice in one line, every figure printed."""
    total = item.principal + item.penalties + item.indemnity + item.interest
    return {
        "invoice": f"{item.invoice} {item.label}".strip(),
        "issued": day(item.issued_on),
        "due": day(item.due_on),
        "original": euros(item.original, currency),
        "credited": euros(-sum(credit.cents for credit in item.credits), currency),
        "paid": euros(-sum(payment.to_principal for payment in item.payments), currency),
        "principal": euros(item.principal, currency),
        "penalties": euros(item.penalties, currency),
        "interest": euros(item.interest, currency),
        "penalties_and_interest": euros(item.penalties + item.interest, currency),
        "less": euros(item.principal - item.original, currency),
        "indemnity": euros(item.indemnity, currency),
        "total": euros(total, currency),
    }


def totals_of(case: CaseFile) -> dict[str, str]:
    """The sums of all invoices, printed, under the names of `item_summary`."""
    currency = case.amounts.currency
    return {
        "original": euros(sum(item.original for item in case.items), currency),
        "credited": euros(-sum(credit.cents for item in case.items for credit in item.credits), currency),
        "paid": euros(-sum(payment.to_principal for item in case.items for payment in item.payments), currency),
        "principal": euros(case.amounts.principal, currency),
        "penalties": euros(case.amounts.penalties, currency),
        "interest": euros(case.amounts.interest, currency),
        "penalties_and_interest": euros(case.amounts.penalties + case.amounts.interest, currency),
        "less": euros(case.amounts.principal - sum(item.original for item in case.items), currency),
        "indemnity": euros(case.amounts.indemnities, currency),
        "total": euros(case.amounts.total, currency),
    }


def _amounts(case: CaseFile) -> list[tuple[str, str]]:
    amounts = case.amounts
    rows = [
        ("Principal", amounts.principal),
        ("Pénalités de retard", amounts.penalties),
        ("Indemnités forfaitaires de recouvrement", amounts.indemnities),
    ]
    if amounts.interest:
        rows.append(("Intérêts au taux légal", amounts.interest))
    return [(label, euros(cents, amounts.currency)) for label, cents in rows]


def _detail(item: ItemRow, currency: str) -> dict[str, object]:
    head = f"Facture {item.invoice} {item.label}".strip()
    dates = [f"émise le {day(item.issued_on)}", f"échue le {day(item.due_on)}"]
    if item.delivered_on:
        dates.insert(0, f"livrée ou exécutée le {day(item.delivered_on)}")
    return {
        "title": head,
        "dates": ", ".join(dates),
        "principal_steps": _principal_steps(item, currency),
        "penalties": _interest_block("Pénalités de retard", item.segments, item.roundings, currency),
        "awarded": _awarded(item, currency),
        "interest": _interest_block(
            "Intérêts au taux légal", item.interest_segments, item.interest_roundings, currency
        ),
        "payments": [_payment(payment, currency) for payment in item.payments],
        "due": _due(item, currency),
        "note": item.note,
    }


def _awarded(item: ItemRow, currency: str) -> str:
    awarded = item.awarded_penalties + item.awarded_interest
    return euros(awarded, currency) if awarded else ""


def _principal_steps(item: ItemRow, currency: str) -> list[tuple[str, str]]:
    steps = [("Montant TTC de la facture", euros(item.original, currency))]
    for credit in item.credits:
        steps.append(
            (f"Avoir {credit.reference} du {day(credit.on)}".replace("  ", " "), euros(-credit.cents, currency))
        )
    for payment in item.payments:
        if payment.to_principal:
            steps.append(
                (f"Règlement du {day(payment.on)}, part imputée au principal", euros(-payment.to_principal, currency))
            )
    return [*steps, ("Principal restant dû", euros(item.principal, currency))]


def _interest_block(
    title: str, segments: Sequence[SegmentRow], roundings: Sequence[RoundingRow], currency: str
) -> dict[str, object] | None:
    if not segments:
        return None
    rows = [
        [
            day(segment.first),
            day(segment.last),
            str(segment.days),
            euros(segment.base_cents, currency),
            rate(segment.rate_units) + (" (provisoire)" if segment.provisional else ""),
            segment.article,
            exact_euros(segment.exact_cents),
        ]
        for segment in segments
    ]
    rounded = [
        (
            f"Arrondi au {day(rounding.on)}{', capitalisé' if rounding.capitalised else ''}",
            exact_euros(rounding.exact_cents),
            euros(rounding.cents, currency),
        )
        for rounding in roundings
    ]
    total = euros(sum(rounding.cents for rounding in roundings), currency)
    return {"title": title, "rows": rows, "roundings": rounded, "total": total}


def _payment(payment: PaymentRow, currency: str) -> list[str]:
    return [
        day(payment.on),
        payment.reference,
        euros(payment.cents, currency),
        euros(payment.to_penalties + payment.to_interest, currency),
        euros(payment.to_principal, currency),
        euros(payment.to_indemnity, currency),
    ]


def _due(item: ItemRow, currency: str) -> list[tuple[str, str]]:
    """What remains of one invoice, each part as accrued less what was paid on it."""
    penalties_paid = sum(payment.to_penalties for payment in item.payments)
    indemnity_paid = sum(payment.to_indemnity for payment in item.payments)
    rows = [
        ("Principal restant dû", euros(item.principal, currency)),
        (
            _less("Pénalités", item.penalties + penalties_paid, penalties_paid, currency),
            euros(item.penalties, currency),
        ),
    ]
    if item.interest_roundings or item.interest:
        rows.append(("Intérêts au taux légal", euros(item.interest, currency)))
    named = "Indemnité forfaitaire" + (f" ({item.indemnity_article})" if item.indemnity_article else "")
    rows.append((_less(named, item.indemnity_accrued, indemnity_paid, currency), euros(item.indemnity, currency)))
    return [*rows, ("Total restant dû sur cette facture", item_summary(item, currency)["total"])]


def _less(label: str, accrued: int, paid: int, currency: str) -> str:
    return f"{label} : {euros(accrued, currency)} - {euros(paid, currency)} réglés" if paid else label


def chronologie(case: CaseFile, numbering: Sequence[NumberedExhibit]) -> bytes:
    """What happened, day by day, each line with the numbers of its exhibits."""
    rows = event_rows(case, numbering)
    return printed_document(
        "chronologie", heading(case) | {"rows": rows, "statements_until": day(case.statements_until)}, case
    )


def event_rows(case: CaseFile, numbering: Sequence[NumberedExhibit]) -> list[list[str]]:
    """The lines of the chronology: day, fact, detail, numbers of the exhibits that show it."""
    numbers = exhibit_numbers(case, numbering)
    return [
        [
            day(event.on),
            event.what,
            event.detail,
            ", ".join(f"n° {number}" for number in sorted({numbers[reference] for reference in event.exhibits})),
        ]
        for event in sorted(case.events, key=lambda event: event.on)
    ]


def exhibit_numbers(case: CaseFile, numbering: Sequence[NumberedExhibit]) -> dict[str, int]:
    """The number of each exhibit by its reference."""
    numbers = {(row.kind, row.sha256): row.number for row in numbering if not row.withdrawn}
    return {exhibit.reference: numbers[exhibit.kind, digest(exhibit.content)] for exhibit in case.exhibits}
