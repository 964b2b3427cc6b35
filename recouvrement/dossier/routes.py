"""A readable draft for each route of recovery: a person completes and signs it; what was not verified is said in it."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from string import Template

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.parties import DebtorKind
from recouvrement.dossier.covering import missing_lines
from recouvrement.dossier.documents import event_rows, heading, item_summary, printed_document, totals_of
from recouvrement.dossier.types import CaseFile, NumberedExhibit
from recouvrement.dossier.wording import TO_COMPLETE, day, euros, exact_euros, rate
from recouvrement.typesetting import TEMPLATES

ROUTE_TEXTS = TEMPLATES / "dossier" / "routes"
COURT_UNKNOWN = "à confirmer par le greffe"


class RouteDocument(StrEnum):
    """The drafts that exist; each is a file of `templates/dossier/routes`."""

    BAILIFF = "commissaire_de_justice"
    BAILIFF_SHEET = "fiche_commissaire"
    ORDER_FOR_PAYMENT_COMMERCIAL = "injonction_de_payer_commerce"
    ORDER_FOR_PAYMENT_CIVIL = "injonction_de_payer_civil"
    LAWYER = "dossier_avocat"
    AGENCY = "mandat_agence"
    AGENCY_LETTER = "lettre_agence"
    INSOLVENCY = "declaration_de_creance"
    PUBLIC_BODY = "mandatement_d_office"
    EUROPEAN_ORDER = "injonction_europeenne"
    CREDIT_INSURER = "assurance_credit"


DRAFTS: dict[str, tuple[RouteDocument, ...]] = {
    "declare_claim": (RouteDocument.INSOLVENCY,),
    "urgent_summons": (RouteDocument.LAWYER,),
    "refere_provision": (RouteDocument.LAWYER,),
    "assignation_au_fond": (RouteDocument.LAWYER,),
    "refere_provision_ta": (RouteDocument.LAWYER,),
    "conservatory_seizure": (RouteDocument.LAWYER,),
    "mandatement_d_office": (RouteDocument.PUBLIC_BODY,),
    "agency": (RouteDocument.AGENCY, RouteDocument.AGENCY_LETTER),
    "european_order_for_payment": (RouteDocument.EUROPEAN_ORDER,),
    "injonction_de_payer_tc": (RouteDocument.ORDER_FOR_PAYMENT_COMMERCIAL,),
    "injonction_de_payer_tj": (RouteDocument.ORDER_FOR_PAYMENT_CIVIL,),
    "l125_1": (RouteDocument.BAILIFF, RouteDocument.BAILIFF_SHEET),
    "l125_1_until_2026": (RouteDocument.BAILIFF, RouteDocument.BAILIFF_SHEET),
    "enforcement": (RouteDocument.BAILIFF_SHEET,),
    "l126_1": (RouteDocument.BAILIFF_SHEET,),
}
"""The drafts of each route of `data/law/routes.toml` that has any; the credit insurer's depends on a policy, not on law."""


@dataclass(frozen=True, slots=True)
class RouteText:
    """The fixed words of a draft; `$name` in them stands for a value of the case."""

    title: str
    addressee: str
    articles: tuple[str, ...]
    intro: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    sections: tuple[str, ...]
    unverified: tuple[str, ...]


def order_for_payment(kind: DebtorKind | None) -> RouteDocument:
    """Which application for an order for payment goes with a kind of debtor (C. com. L721-3; CPC 1406).

    >>> order_for_payment(DebtorKind.BUSINESS).value, order_for_payment(DebtorKind.CONSUMER).value
    ('injonction_de_payer_commerce', 'injonction_de_payer_civil')
    """
    traders = {DebtorKind.BUSINESS, DebtorKind.SOLE_TRADER, DebtorKind.ARTISAN}
    return RouteDocument.ORDER_FOR_PAYMENT_COMMERCIAL if kind in traders else RouteDocument.ORDER_FOR_PAYMENT_CIVIL


def route_document(case: CaseFile, numbering: Sequence[NumberedExhibit], route: RouteDocument) -> bytes:
    """The draft of a route as PDF/A, every sum itemised, with the numbers of the exhibits of this dossier version.

    A value that neither the case nor its `facts` hold reads "à compléter"; the court reads "à confirmer par le greffe"
    unless a dated table gave it.
    """
    text = route_text(route)
    values = case_values(case)
    known, totals = _Completed(values), totals_of(case)
    data = heading(case) | {
        "title": text.title,
        "addressee": Template(text.addressee).substitute(known),
        "articles": list(text.articles),
        "intro": [Template(paragraph).substitute(known) for paragraph in text.intro],
        "fields": [(Template(label).substitute(known), known[key]) for label, key in text.fields],
        "unverified": [Template(line).substitute(known) for line in text.unverified],
        "sections": list(text.sections),
        "sums": _sums(case),
        "items": _items(case, numbering),
        "total": ["Total", "", "", *(totals[name] for name in COLUMNS)],
        "penalties": _penalties(case),
        "events": event_rows(case, numbering),
        "exhibits": [[str(r.number), r.title, day(r.on, ""), str(r.pages)] for r in numbering if not r.withdrawn],
        "missing": missing_lines(case),
        "statements_until": day(case.statements_until),
    }
    return printed_document("acte", data, case)


@cache
def route_text(route: RouteDocument) -> RouteText:
    """The fixed words of a route, read from its TOML file; KeyError names what the file lacks."""
    raw = tomllib.loads((ROUTE_TEXTS / f"{route.value}.toml").read_text("utf-8"))
    return RouteText(
        title=raw["title"],
        addressee=raw["addressee"],
        articles=tuple(raw["articles"]),
        intro=tuple(raw["intro"]),
        fields=tuple((label, key) for label, key in raw["fields"]),
        sections=tuple(raw["sections"]),
        unverified=tuple(raw["unverified"]),
    )


class _Completed(dict[str, str]):
    """The values of a case; whatever is unknown reads "à compléter"."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__({key: value for key, value in values.items() if value})

    def __missing__(self, key: str) -> str:
        return TO_COMPLETE


def case_values(case: CaseFile) -> dict[str, str]:
    """What the case itself says, by the names that the route files use; `facts` add to it and never replace a sum."""
    amounts, currency = case.amounts, case.amounts.currency
    dues = sorted(item.due_on for item in case.items if item.principal > 0)
    notices = sorted(e.on for e in case.exhibits if e.kind is EvidenceKind.FORMAL_NOTICE and e.on)
    segments = [segment for item in case.items for segment in (*item.segments, *item.interest_segments)]
    last = max(segments, key=lambda segment: segment.last, default=None)
    told = {
        "court": case.debtor.court or COURT_UNKNOWN,
        "opposition_court": case.debtor.court or COURT_UNKNOWN,
        "basis": f"factures {', '.join(item.invoice for item in case.items)}" if case.items else "",
        "evidence": "voir la liste des pièces",
        "notice": ", ".join(day(on) for on in notices),
    }
    computed = {
        "cut_on": day(case.cut_on),
        "day_after_cut": day(case.cut_on + timedelta(days=1)),
        "total": euros(amounts.total, currency),
        "principal": euros(amounts.principal, currency),
        "claim_with_interest": euros(amounts.principal + amounts.penalties + amounts.interest, currency),
        "interest_and_penalties": euros(amounts.penalties + amounts.interest, currency),
        "oldest_due": day(dues[0]) if dues else "",
        "limitation": day(case.limitation_on),
        "current_rate": f"{rate(last.rate_units)} ({last.article})" if last else "",
        "indemnities": euros(amounts.indemnities, currency),
        "case_code": case.case_code,
        "contact": case.contact,
        "creditor_told": ", ".join((case.creditor.name, *case.creditor.address)),
        "creditor_country": case.creditor.country,
        "debtor_country": case.debtor.country,
    }
    return told | dict(case.facts) | computed


def _sums(case: CaseFile) -> list[tuple[str, str]]:
    amounts = case.amounts
    rows = [("Principal", amounts.principal), ("Pénalités de retard", amounts.penalties)]
    rows += [("Intérêts au taux légal", amounts.interest)] if amounts.interest else []
    rows += [("Indemnités forfaitaires de recouvrement", amounts.indemnities), ("Total", amounts.total)]
    return [(label, euros(cents, amounts.currency)) for label, cents in rows]


COLUMNS = ("original", "less", "principal", "penalties_and_interest", "indemnity", "total")


def _items(case: CaseFile, numbering: Sequence[NumberedExhibit]) -> list[list[str]]:
    rows = []
    for item in case.items:
        row = item_summary(item, case.amounts.currency)
        # a title names the invoice as a whole word: F-1 is not F-12
        named = [
            r.number
            for r in numbering
            if r.kind is EvidenceKind.INVOICE and not r.withdrawn and item.invoice in r.title.split()
        ]
        rows.append([row["invoice"], ", ".join(map(str, named)), row["due"], *(row[name] for name in COLUMNS)])
    return rows


def _penalties(case: CaseFile) -> list[list[str]]:
    currency = case.amounts.currency
    return [
        [
            item.invoice,
            day(segment.first),
            day(segment.last),
            str(segment.days),
            euros(segment.base_cents, currency),
            rate(segment.rate_units),
            segment.article,
            exact_euros(segment.exact_cents),
        ]
        for item in case.items
        for segment in (*item.segments, *item.interest_segments)
    ]
