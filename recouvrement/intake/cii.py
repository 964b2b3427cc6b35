"""CII (Factur-X, ZUGFeRD 1 and 2, XRechnung) into texts, leniently: what is absent stays empty."""

from recouvrement.intake.einvoice_fields import InvoiceText, PartyText, Stated, TaxText
from recouvrement.intake.safe_xml import Element, all_at, in_currency, text_at

TRADE = ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
AGREEMENT = ("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
DELIVERY = ("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
SETTLEMENT = ("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
SUMS = ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
LINE_SETTLEMENT = ("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
LINE_SUMS = ("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
EMPTY = PartyText()


def extracted(root: Element) -> InvoiceText:
    """The texts of a CrossIndustryInvoice (or CrossIndustryDocument)."""
    document = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    trade = _first(root, *TRADE)
    agreement, delivery, settlement = _first(trade, *AGREEMENT), _first(trade, *DELIVERY), _first(trade, *SETTLEMENT)
    sums = _first(settlement, *SUMS)
    currency = _text(settlement, "InvoiceCurrencyCode")
    return InvoiceText(
        syntax="CII",
        profile=_context(root, "GuidelineSpecifiedDocumentContextParameter/ID"),
        process=_context(root, "BusinessProcessSpecifiedDocumentContextParameter/ID"),
        number=_text(document, "ID"),
        type_code=_text(document, "TypeCode"),
        issued=_date(document, "IssueDateTime/DateTimeString"),
        currency=currency,
        seller=_party(_first(agreement, "SellerTradeParty")),
        buyer=_party(_first(agreement, "BuyerTradeParty")),
        has_tax_representative=bool(_text(agreement, "SellerTaxRepresentativeTradeParty/SpecifiedTaxRegistration/ID")),
        buyer_reference=_text(agreement, "BuyerReference"),
        order_reference=_text(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID"),
        preceding=_text(settlement, "InvoiceReferencedDocument/IssuerAssignedID"),
        delivered=_date(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"),
        terms=_terms(settlement),
        iban=_text(settlement, "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID"),
        tax_base=_text(sums, "TaxBasisTotalAmount"),
        tax_total=in_currency(_all(sums, "TaxTotalAmount"), currency),
        gross=_text(sums, "GrandTotalAmount"),
        prepaid=_text(sums, "TotalPrepaidAmount"),
        rounding=_text(sums, "RoundingAmount"),
        payable=_text(sums, "DuePayableAmount"),
        breakdown=tuple(_tax(one) for one in _all(settlement, "ApplicableTradeTax")),
        lines=tuple(_line(one) for one in _all(trade, "IncludedSupplyChainTradeLineItem")),
        allowances=tuple(_allowance(one) for one in _all(settlement, "SpecifiedTradeAllowanceCharge")),
    )


def _first(element: Element | None, *names: str) -> Element | None:
    if element is None:
        return None
    for name in names:
        found = element.find(f"{{*}}{name}")
        if found is not None:
            return found
    return None


def _text(element: Element | None, *paths: str) -> str:
    return "" if element is None else text_at(element, *paths)


def _all(element: Element | None, steps: str) -> list[Element]:
    return [] if element is None else all_at(element, steps)


def _context(root: Element, steps: str) -> str:
    return text_at(root, f"ExchangedDocumentContext/{steps}", f"SpecifiedExchangedDocumentContext/{steps}")


def _date(element: Element | None, steps: str) -> Stated:
    found = _all(element, steps)
    return Stated((found[0].text or "").strip(), found[0].get("format", "102")) if found else Stated()


def _identifiers(element: Element | None, *paths: str) -> tuple[Stated, ...]:
    found = [one for steps in paths for one in _all(element, steps)]
    return tuple(Stated((one.text or "").strip(), one.get("schemeID", "")) for one in found if (one.text or "").strip())


def _party(party: Element | None) -> PartyText:
    if party is None:
        return EMPTY
    address = _first(party, "PostalTradeAddress")
    mails = _identifiers(party, "URIUniversalCommunication/URIID")
    contact = _text(party, "DefinedTradeContact/EmailURIUniversalCommunication/URIID")
    return PartyText(
        name=_text(party, "Name", "SpecifiedLegalOrganization/TradingBusinessName"),
        own_code=_text(party, "ID"),
        identifiers=_identifiers(party, "SpecifiedLegalOrganization/ID", "GlobalID"),
        tax_numbers=_identifiers(party, "SpecifiedTaxRegistration/ID"),
        address=tuple(filter(None, (_text(address, name) for name in ("LineOne", "LineTwo", "LineThree")))),
        postcode=_text(address, "PostcodeCode"),
        city=_text(address, "CityName"),
        country=_text(address, "CountryID"),
        email=contact or next((mail.text for mail in mails if mail.scheme == "EM"), ""),
        phone=_text(party, "DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber"),
    )


def _terms(settlement: Element | None) -> tuple[tuple[Stated, str], ...]:
    found = [
        (_date(term, "DueDateDateTime/DateTimeString"), _text(term, "PartialPaymentAmount"))
        for term in _all(settlement, "SpecifiedTradePaymentTerms")
    ]
    return tuple(pair for pair in found if pair[0].text)


def _tax(element: Element) -> TaxText:
    return TaxText(
        _text(element, "CategoryCode"),
        _text(element, "RateApplicablePercent", "ApplicablePercent"),
        _text(element, "BasisAmount"),
        _text(element, "CalculatedAmount"),
    )


def _line(element: Element) -> TaxText:
    settlement = _first(element, *LINE_SETTLEMENT)
    tax = _first(settlement, "ApplicableTradeTax")
    return TaxText(
        _text(tax, "CategoryCode"),
        _text(tax, "RateApplicablePercent", "ApplicablePercent"),
        _text(_first(settlement, *LINE_SUMS), "LineTotalAmount"),
    )


def _allowance(element: Element) -> TaxText:
    sign = "" if _text(element, "ChargeIndicator/Indicator") == "true" else "-"
    return TaxText(
        _text(element, "CategoryTradeTax/CategoryCode"),
        _text(element, "CategoryTradeTax/RateApplicablePercent"),
        sign + _text(element, "ActualAmount"),
    )
