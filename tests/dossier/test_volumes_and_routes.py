"""The script-free variant, and the drafts of each route."""

import io
import re
import tomllib
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from recouvrement.domain.case_answers import ANSWERS
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.parties import DebtorKind
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.documents import item_summary, totals_of
from recouvrement.dossier.routes import (
    DRAFTS,
    ROUTE_TEXTS,
    RouteDocument,
    case_values,
    order_for_payment,
    route_document,
    route_text,
)
from recouvrement.dossier.types import Dossier
from recouvrement.dossier.volumes import numbered_pdfs
from recouvrement.policy.law import load_law
from tests.dossier.sample_case import amounts_of, exhibit, items, plain_pdf, sample, with_exhibits

# what the ledger records and `recouvrement.day.proposal_told` puts into the facts of a case
RECORDED = {
    "bank_details", "bodacc_on", "contestation", "contract_reference", "declaration_deadline", "insolvency", "insurer",
    "debtor_contact", "insurer_deadline", "interest_terms", "judgment_on",
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Dossier:
    return build_dossier(sample())


def words_of(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return text.replace("\u00a0", " ")


def test_one_lot_holds_every_paper_in_order(made: Dossier) -> None:
    (lot,) = numbered_pdfs(made, 50_000_000).lots
    names = [file.name for file in lot]
    assert names[:4] == [
        "00-bordereau.pdf",
        "01-decompte.pdf",
        "02-chronologie.pdf",
        "piece-01-conditions-generales.pdf",
    ]
    assert len(names) == 15
    for file, row in zip(lot[3:], made.numbering, strict=True):
        pages = PdfReader(io.BytesIO(file.content)).pages
        assert len(pages) == row.pages
        assert all(re.search(rf"Pièce n° {row.number}\b", page.extract_text()) for page in pages)


def test_lots_stay_under_the_size_and_lose_nothing(made: Dossier) -> None:
    whole = numbered_pdfs(made, 50_000_000)
    cut = numbered_pdfs(made, 130_000)
    assert len(cut.lots) > 1
    assert all(sum(len(file.content) for file in lot) <= 130_000 for lot in cut.lots)
    assert [file for lot in cut.lots for file in lot] == list(whole.lots[0])
    assert cut.too_big == ()


def test_a_long_exhibit_is_cut_in_parts_and_a_page_too_big_is_named() -> None:
    long = exhibit(EvidenceKind.CONTRACT, "Contrat long", date(2026, 1, 2), plain_pdf("Long", 60))
    dossier = build_dossier(with_exhibits(replace(sample(), events=()), long))
    lots = numbered_pdfs(dossier, 80_000)
    parts = [file for lot in lots.lots for file in lot if file.name.startswith("piece-01-contrat-partie-")]
    assert len(parts) >= 2
    assert sum(len(PdfReader(io.BytesIO(part.content)).pages) for part in parts) == 60
    nothing = numbered_pdfs(dossier, 10)
    assert nothing.lots == ()
    assert nothing.too_big[0] == "00-bordereau.pdf"
    with pytest.raises(ValueError, match="positive"):
        numbered_pdfs(dossier, 0)


@pytest.mark.parametrize("route", RouteDocument)
def test_every_route_has_a_draft_with_its_sums_and_what_was_not_verified(made: Dossier, route: RouteDocument) -> None:
    words = words_of(route_document(sample(), made.numbering, route))
    assert "Projet à relire, compléter et signer" in words
    assert "17 136,82 €" in words
    assert "16 425,66 €" in words
    assert "591,16 €" in words
    assert "120,00 €" in words
    assert "Ce qui n'a pas été vérifié" in words.replace("’", "'")
    assert "$" not in words


def test_every_route_file_belongs_to_a_route_and_reads_no_unknown_section() -> None:
    assert {path.stem for path in ROUTE_TEXTS.glob("*.toml")} == {route.value for route in RouteDocument}
    known = {"sums", "items", "penalties", "events", "exhibits", "missing"}
    for route in RouteDocument:
        assert set(route_text(route).sections) <= known
        assert tomllib.loads((ROUTE_TEXTS / f"{route.value}.toml").read_text("utf-8")).keys() == {
            "title", "addressee", "articles", "intro", "fields", "sections", "unverified",
        }  # fmt: skip


def cents(printed: str) -> int:
    return int(re.sub(r"[^\d-]", "", printed))


def test_each_line_of_the_detail_re_adds_also_where_interest_stands_in_for_penalties(made: Dossier) -> None:
    paid, credited, plain = items()
    consumer = replace(
        credited, penalties=0, segments=(), roundings=(), interest=credited.penalties,
        interest_segments=credited.segments, interest_roundings=credited.roundings,
    )  # fmt: skip
    rows = (paid, consumer, plain)
    case = replace(sample(), items=rows, amounts=amounts_of(rows))
    for row in (*(item_summary(item, "EUR") for item in rows), totals_of(case)):
        assert cents(row["original"]) + cents(row["less"]) == cents(row["principal"])
        due = [cents(row[name]) for name in ("principal", "penalties_and_interest", "indemnity")]
        assert sum(due) == cents(row["total"])
    words = words_of(route_document(case, made.numbering, RouteDocument.ORDER_FOR_PAYMENT_CIVIL))
    for printed in (*item_summary(consumer, "EUR").values(), totals_of(case)["penalties_and_interest"]):
        assert printed.replace("\xa0", " ") in words, printed


def test_the_application_asks_everything_the_form_asks(made: Dossier) -> None:
    words = words_of(route_document(sample(), made.numbering, RouteDocument.ORDER_FOR_PAYMENT_COMMERCIAL))
    for expected in (
        "Tribunal des activités économiques de Lyon", "732 829 320", "Claire Durand", "12946*02", "factures F-2026-031",
        "21/11/2026", "12,40 %", "Facture F-2026-044", "renvoi demandé devant",
    ):  # fmt: skip
        assert expected in words, expected


def test_an_unknown_court_is_for_the_registry_to_confirm_and_unknown_facts_are_to_complete(made: Dossier) -> None:
    case = replace(sample(), debtor=replace(sample().debtor, court="", siren="", legal_form=""))
    words = words_of(route_document(case, made.numbering, RouteDocument.ORDER_FOR_PAYMENT_CIVIL))
    assert "à confirmer par le greffe" in words
    assert "SIREN : à compléter" in words


def test_a_consumer_is_not_asked_for_a_register(made: Dossier) -> None:
    person = replace(sample().debtor, kind=DebtorKind.CONSUMER, siren="", legal_form="", registry="", representative="")
    words = words_of(
        route_document(replace(sample(), debtor=person), made.numbering, RouteDocument.ORDER_FOR_PAYMENT_CIVIL)
    )
    assert "Qualité : consommateur" in words
    assert not re.search(r"(SIREN|Forme|Registre|Représentant) : à compléter", words)


def test_facts_fill_the_blanks_and_never_replace_a_sum(made: Dossier) -> None:
    case = replace(sample(), facts={"insurer": "Assureur d'essai", "policy_number": "P-42", "total": "1,00 €"})
    words = words_of(route_document(case, made.numbering, RouteDocument.CREDIT_INSURER))
    assert "P-42" in words
    assert "17 136,82 €" in words
    assert "somme de 1,00 €" not in words


def test_a_dollar_in_a_fact_stays_a_dollar(made: Dossier) -> None:
    case = replace(sample(), facts={"insurer": "$total ${x} $"})
    assert "$total ${x} $" in words_of(route_document(case, made.numbering, RouteDocument.CREDIT_INSURER))


def test_every_draft_answers_a_route_of_the_law_table() -> None:
    assert set(DRAFTS) <= set(load_law().routes.routes)
    made = {draft for drafts in DRAFTS.values() for draft in drafts}
    assert set(RouteDocument) - made == {RouteDocument.CREDIT_INSURER}


def test_every_field_of_a_draft_is_known_to_the_case_or_asked_of_a_person() -> None:
    known = set(case_values(sample())) | ANSWERS | RECORDED
    fields = {key for route in RouteDocument for _, key in route_text(route).fields}
    assert fields - known == set()


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (DebtorKind.BUSINESS, "injonction_de_payer_commerce"),
        (DebtorKind.ARTISAN, "injonction_de_payer_commerce"),
        (DebtorKind.NON_TRADER, "injonction_de_payer_civil"),
        (None, "injonction_de_payer_civil"),
    ],
)
def test_the_form_follows_the_kind_of_debtor(kind: DebtorKind | None, form: str) -> None:
    assert order_for_payment(kind).value == form


def test_no_draft_puts_costs_on_the_debtor_or_reads_like_a_bailiffs_act() -> None:
    for path in ROUTE_TEXTS.glob("*.toml"):
        text = path.read_text("utf-8").lower()
        assert not re.search(r"à vos frais|commandement de payer|\bsommation|huissier", text), path.name
