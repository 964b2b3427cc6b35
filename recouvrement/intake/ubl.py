"""UBL 2.1 Invoice and CreditNote into texts, leniently: what is absent stays empty."""

from recouvrement.intake.einvoice_fields import InvoiceText, PartyText, Stated, TaxText
from recouvrement.intake.safe_xml import Element, all_at, in_currency, local_name, text_at

ISO = "ISO"


def extracted(root: Element) -> InvoiceText:
    """The texts of an Invoice or CreditNote."""
    currency = text_at(root, "DocumentCurrencyCode")
    credit_note = local_name(root) == "CreditNote"
    line = "CreditNoteLine" if credit_note else "InvoiceLine"
    totals = "LegalMonetaryTotal"
    return InvoiceText(
        syntax="UBL",
        profile=text_at(root, "CustomizationID"),
        process=text_at(root, "ProfileID"),
        number=text_at(root, "ID"),
        type_code=text_at(root, "InvoiceTypeCode", "CreditNoteTypeCode") or ("381" if credit_note else "380"),
        issued=Stated(text_at(root, "IssueDate"), ISO),
        currency=currency,
        seller=_party(root, "AccountingSupplierParty/Party"),
        buyer=_party(root, "AccountingCustomerParty/Party"),
        has_tax_representative=bool(text_at(root, "TaxRepresentativeParty/PartyTaxScheme/CompanyID")),
        buyer_reference=text_at(root, "BuyerReference"),
        order_reference=text_at(root, "OrderReference/ID"),
        preceding=text_at(root, "BillingReference/InvoiceDocumentReference/ID"),
        delivered=Stated(text_at(root, "Delivery/ActualDeliveryDate"), ISO),
        terms=_terms(root),
        iban=text_at(root, "PaymentMeans/PayeeFinancialAccount/ID"),
        tax_base=text_at(root, f"{totals}/TaxExclusiveAmount"),
        tax_total=in_currency(all_at(root, "TaxTotal/TaxAmount"), currency),
        gross=text_at(root, f"{totals}/TaxInclusiveAmount"),
        prepaid=text_at(root, f"{totals}/PrepaidAmount"),
        rounding=text_at(root, f"{totals}/PayableRoundingAmount"),
        payable=text_at(root, f"{totals}/PayableAmount"),
        breakdown=tuple(_subtotal(one) for one in all_at(root, "TaxTotal/TaxSubtotal")),
        lines=tuple(_line(one) for one in all_at(root, line)),
        allowances=tuple(_allowance(one) for one in all_at(root, "AllowanceCharge")),
    )


def _party(root: Element, steps: str) -> PartyText:
    found = all_at(root, steps)
    if not found:
        return PartyText()
    party = found[0]
    address = "PostalAddress"
    return PartyText(
        name=text_at(party, "PartyLegalEntity/RegistrationName", "PartyName/Name"),
        own_code=next((one.text for one in _ids(party, "PartyIdentification/ID") if not one.scheme), ""),
        identifiers=_ids(party, "PartyLegalEntity/CompanyID") + _ids(party, "PartyIdentification/ID"),
        tax_numbers=tuple(Stated(one.text, "VA") for one in _ids(party, "PartyTaxScheme/CompanyID")),
        address=tuple(
            filter(
                None,
                (
                    text_at(party, f"{address}/StreetName"),
                    text_at(party, f"{address}/AdditionalStreetName"),
                    text_at(party, f"{address}/AddressLine/Line"),
                ),
            )
        ),
        postcode=text_at(party, f"{address}/PostalZone"),
        city=text_at(party, f"{address}/CityName"),
        country=text_at(party, f"{address}/Country/IdentificationCode"),
        email=text_at(party, "Contact/ElectronicMail")
        or next((one.text for one in _ids(party, "EndpointID") if one.scheme == "EM"), ""),
        phone=text_at(party, "Contact/Telephone"),
    )


def _ids(element: Element, steps: str) -> tuple[Stated, ...]:
    found = all_at(element, steps)
    return tuple(Stated((one.text or "").strip(), one.get("schemeID", "")) for one in found if (one.text or "").strip())


def _terms(root: Element) -> tuple[tuple[Stated, str], ...]:
    parts = [
        (Stated(text_at(term, "InstallmentDueDate", "PaymentDueDate"), ISO), text_at(term, "Amount"))
        for term in all_at(root, "PaymentTerms")
    ]
    if stated := tuple(pair for pair in parts if pair[0].text):
        return stated
    due = text_at(root, "DueDate", "PaymentMeans/PaymentDueDate")
    return ((Stated(due, ISO), ""),) if due else ()


def _subtotal(element: Element) -> TaxText:
    return TaxText(
        text_at(element, "TaxCategory/ID"),
        text_at(element, "TaxCategory/Percent"),
        text_at(element, "TaxableAmount"),
        text_at(element, "TaxAmount"),
    )


def _line(element: Element) -> TaxText:
    return TaxText(
        text_at(element, "Item/ClassifiedTaxCategory/ID"),
        text_at(element, "Item/ClassifiedTaxCategory/Percent"),
        text_at(element, "LineExtensionAmount"),
    )


def _allowance(element: Element) -> TaxText:
    sign = "" if text_at(element, "ChargeIndicator") == "true" else "-"
    return TaxText(
        text_at(element, "TaxCategory/ID"), text_at(element, "TaxCategory/Percent"), sign + text_at(element, "Amount")
    )
