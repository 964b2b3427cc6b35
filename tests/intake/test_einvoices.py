"""E-invoices: read when right, seen and quarantined when wrong, with the rule that they break."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from facturx import parse_ubl_cii_xml

from recouvrement.domain.records import FileReading
from recouvrement.intake.limits import Limits
from tests.intake import samples
from tests.intake.samples import Paper


def the_invoice(found: FileReading) -> Any:
    (invoice,) = found.invoices or found.quarantined
    return invoice


def test_a_right_invoice_gives_its_facts_and_its_customer(reading: Any) -> None:
    found = reading("i.xml", samples.cii())
    invoice, (customer,) = the_invoice(found), found.customers
    assert (found.verdict, found.records, found.kind) == ("read", 1, "cii")
    assert (invoice.number, invoice.issue_on, invoice.due_on) == ("FA-2026-001", date(2026, 1, 15), date(2026, 2, 14))
    assert (invoice.gross_cents, invoice.open_cents, invoice.currency) == (12000, 12000, "EUR")
    assert (invoice.order_reference, invoice.seller_siren, invoice.seller_iban) == (
        "BC-77",
        samples.SIREN,
        samples.IBAN,
    )
    assert (customer.code, customer.siren, customer.email) == (
        invoice.customer_code,
        "000542258",
        "compta@alpha.example",
    )
    assert (customer.address_lines, customer.postcode, customer.city) == (("1 rue de la Paix",), "75001", "Paris")


@pytest.mark.parametrize("data", [samples.cii(), samples.ubl(), samples.ubl("CreditNote")])
def test_we_read_what_factur_x_reads(reading: Any, data: bytes) -> None:
    theirs, ours = parse_ubl_cii_xml(data, check_xsd=False), the_invoice(reading("i.xml", data))
    assert ours.number == theirs["BT-1"]
    assert ours.issue_on == theirs["BT-2"]
    assert abs(ours.gross_cents) == int(Decimal(str(theirs["BT-112"])) * 100)
    assert abs(ours.open_cents) == int(Decimal(str(theirs["BT-115"])) * 100)
    assert ours.customer_name == theirs["BG-7"]["name"]


def test_the_pdf_is_the_evidence(reading: Any) -> None:
    data = samples.facturx()
    found = reading("f.pdf", data)
    assert (found.kind, found.verdict) == ("facturx", "read")
    assert the_invoice(found).original_sha256 == found.sha256


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"gross": "121.00", "payable": "121.00"}, "BR-CO-15"),
        ({"breakdown_tax": "19.00"}, "BR-CO-14"),
        ({"payable": "110.00"}, "BR-CO-16"),
        ({"line": "90.00"}, "BR-S-08"),
        ({"seller_vat": ""}, "BR-S-02"),
        ({"issued": "2026-01-15"}, "BR-FR-03_BT-2"),
        ({"due": ("20251231",)}, "BR-FR-CO-07_BT-9"),
        ({"line": "100,00"}, "xs:decimal"),
    ],
)
def test_a_broken_rule_is_named_and_the_invoice_still_seen(reading: Any, changes: dict[str, Any], rule: str) -> None:
    found = reading("i.xml", samples.cii(replace(Paper(), **changes)))
    assert (found.verdict, found.records, found.invoices) == ("rejected", 0, ())
    assert the_invoice(found).number == "FA-2026-001"
    assert any(rule in problem.element for problem in found.problems)
    assert all(problem.subject == "FA-2026-001" for problem in found.problems)
    lenient = reading("i.xml", samples.cii(replace(Paper(), **changes)), limits=Limits(lenient_einvoices=True))
    assert (lenient.verdict, lenient.records) == ("warning", 1)


def test_lines_in_a_profile_without_lines_are_a_warning(reading: Any) -> None:
    found = reading("i.xml", samples.cii(Paper(profile="urn:factur-x.eu:1p0:minimum")))
    assert (found.verdict, found.records) == ("warning", 1)


def test_several_due_days_are_instalments(reading: Any) -> None:
    stated = the_invoice(reading("i.xml", samples.cii(Paper(due=("20260214", "20260314"), parts=("70.00", "50.00")))))
    assert stated.instalments == ((date(2026, 2, 14), 7000), (date(2026, 3, 14), 5000))
    assert stated.due_on == date(2026, 3, 14)
    unsaid = the_invoice(
        reading(
            "i.xml",
            samples.cii(
                Paper(due=("20260214", "20260314", "20260414"), gross="100.00", base="80.00", payable="100.00")
            ),
        )
    )
    assert [cents for _, cents in unsaid.instalments] == [3333, 3333, 3334]


def test_instalments_that_do_not_add_up_are_a_finding(reading: Any) -> None:
    found = reading("i.xml", samples.cii(Paper(due=("20260214", "20260314"), parts=("70.00", "51.00"))))
    assert found.verdict == "rejected"
    assert the_invoice(found).instalments == ()


def test_credit_notes_are_negative_by_type_or_by_sign(reading: Any) -> None:
    by_type = the_invoice(reading("i.xml", samples.cii(Paper(type_code="381"))))
    assert (by_type.kind, by_type.gross_cents, by_type.open_cents) == ("credit_note", -12000, -12000)
    assert the_invoice(reading("i.xml", samples.ubl("CreditNote"))).gross_cents == -12000


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"relationship": None}, "not_conformant"),
        ({"metadata": False}, "not_conformant"),
        ({"output_intent": False}, "not_conformant"),
    ],
)
def test_a_container_that_is_no_factur_x_rejects_the_file(reading: Any, made: dict[str, Any], reason: str) -> None:
    found = reading("f.pdf", samples.facturx(**made))
    assert (found.verdict, [problem.reason for problem in found.problems]) == ("rejected", [reason])
    assert the_invoice(found).gross_cents == 12000


def test_an_odd_attachment_name_is_read_with_a_warning(reading: Any) -> None:
    found = reading("f.pdf", samples.facturx(name="facture_2026.xml"))
    assert (found.verdict, found.records, found.problems[0].reason) == ("warning", 1, "non_standard_name")


def test_an_attachment_that_no_tree_names_is_found(reading: Any) -> None:
    assert the_invoice(reading("f.pdf", samples.facturx(in_name_tree=False))).number == "FA-2026-001"


def test_a_pdf_without_xml_says_so(reading: Any) -> None:
    found = reading("f.pdf", samples.plain_pdf())
    assert (found.verdict, found.problems[0].reason) == ("rejected", "no_embedded_xml")


def test_cut_and_lying_documents_are_rejected_with_what_can_be_seen(reading: Any) -> None:
    cut = reading("i.xml", samples.cii()[:-300])
    assert (cut.verdict, cut.problems[0].reason, cut.problems[0].subject) == ("rejected", "truncated", "FA-2026-001")
    lying = samples.cii(Paper(buyer="Café Béta")).decode().encode("latin-1")
    found = reading("i.xml", lying)
    assert (found.verdict, found.problems[0].reason) == ("rejected", "encoding_lies")
    assert the_invoice(found).customer_name == "Café Béta"


def test_an_impossible_day_leaves_nothing_to_collect(reading: Any) -> None:
    found = reading("i.xml", samples.cii(Paper(issued="20260230")))
    assert (found.verdict, found.quarantined) == ("rejected", ())
    assert found.problems[0].reason == "missing_value"


def test_xml_that_is_neither_invoice_nor_statement_is_refused(reading: Any) -> None:
    assert reading("x.xml", b"<?xml version='1.0'?><note>hello</note>").problems[0].reason == "unknown_format"
