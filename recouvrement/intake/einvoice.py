"""E-invoices of every syntax into an invoice, its customer, and the rules that it breaks."""

import hashlib
from collections.abc import Callable, Iterator

from recouvrement.domain.records import CustomerRecord, InvoiceRecord, Problem, Severity
from recouvrement.intake import cii, identifiers, ubl
from recouvrement.intake.einvoice_fields import InvoiceText, PartyText
from recouvrement.intake.einvoice_rules import Finding, findings
from recouvrement.intake.einvoice_values import Values, misprinted, valued
from recouvrement.intake.encodings import decoded
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, problem
from recouvrement.intake.safe_xml import Element, local_name, parsed, recovered
from recouvrement.intake.source import Source

CREDIT_NOTES = frozenset({"381", "261", "262", "308", "396", "420", "458", "502", "503", "532"})
EXTRACTORS: dict[str, Callable[[Element], InvoiceText]] = {
    "CrossIndustryInvoice": cii.extracted,
    "CrossIndustryDocument": cii.extracted,
    "Invoice": ubl.extracted,
    "CreditNote": ubl.extracted,
}
Item = CustomerRecord | InvoiceRecord | Problem


def read(source: Source) -> Iterator[Item]:
    """The invoice of a CII or UBL document; a grave finding rejects the file, yet the invoice is seen."""
    data = source.whole(source.limits.document_bytes)
    yield from read_xml(data, source.name, source.sha256, lenient=source.limits.lenient_einvoices)


def read_xml(data: bytes, file: str, sha256: str, *, lenient: bool) -> Iterator[Item]:
    """The same for bytes; `sha256` names the evidence (the PDF where there is one)."""
    root, flaw = _root(data)
    extract = EXTRACTORS.get(local_name(root))
    if extract is None:
        raise FileRefusedError(Reason.UNKNOWN_FORMAT, "XML that is not an invoice")
    text = extract(root)
    values = valued(text)
    values.loose += misprinted(root)
    record = _invoice(text, values, sha256)
    if record is not None:
        yield _customer(text.buyer, record)
        yield record
    elif flaw is None:
        raise FileRefusedError(Reason.MISSING_VALUE, "the invoice lacks its number, day or total", element="invoice")
    for finding in findings(text, values) if flaw is None else ():
        yield _problem(file, finding, text.number, lenient=lenient)
    if flaw is not None:
        yield problem(file, flaw.reason, flaw.message, severity=Severity.REJECTED, subject=text.number)


def _root(data: bytes) -> tuple[Element, FileRefusedError | None]:
    """The root, also of a damaged document, with what is wrong with it."""
    try:
        return parsed(data), None
    except FileRefusedError as refusal:
        if refusal.reason is Reason.DOCTYPE:
            raise
        flaw = refusal
    if not _is_utf8(data) and b"utf-8" in data[:200].lower():
        flaw = FileRefusedError(Reason.ENCODING_LIES, "the XML says UTF-8 and is not", element="XML declaration")
        data = decoded(data)[0].encode()
    root = recovered(data)
    if root is None:
        raise flaw
    return root, flaw


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _problem(file: str, finding: Finding, number: str, *, lenient: bool) -> Problem:
    return problem(
        file,
        finding.reason,
        f"{finding.rule}: {finding.message}",
        element=finding.rule,
        field=finding.field,
        value_class=finding.value_class,
        severity=Severity.REJECTED if finding.grave and not lenient else Severity.WARNING,
        subject=number,
    )


def _invoice(text: InvoiceText, values: Values, sha256: str) -> InvoiceRecord | None:
    gross = values.gross if values.gross is not None else values.payable
    if not text.number or values.issue_on is None or gross is None:
        return None
    kind = "credit_note" if text.type_code in CREDIT_NOTES or gross < 0 else "invoice"
    sign = -1 if kind == "credit_note" else 1
    payable = None if values.payable is None else sign * abs(values.payable)
    siren, vat = identity(text.buyer)
    return InvoiceRecord(
        number=text.number,
        kind=kind,
        customer_code=_code(text.buyer),
        customer_name=text.buyer.name,
        issue_on=values.issue_on,
        due_on=values.due_on,
        gross_cents=sign * abs(gross),
        currency=text.currency or "EUR",
        open_cents=payable,
        instalments=values.instalments if kind == "invoice" else (),
        delivery_on=values.delivery_on,
        order_reference=text.order_reference or None,
        customer_reference=text.buyer_reference or None,
        preceding_invoice=text.preceding or None,
        customer_siren=siren,
        customer_vat=vat,
        seller_siren=identity(text.seller)[0],
        seller_iban=identifiers.iban(text.iban) if text.iban else None,
        original_sha256=sha256,
    )


def identity(party: PartyText) -> tuple[str | None, str | None]:
    """SIREN and VAT number of a party, each only when its key is right."""
    vat = next(
        (valid for one in party.tax_numbers if one.scheme != "FC" and (valid := identifiers.vat(one.text))), None
    )
    siren = None
    for one in party.identifiers:
        number = identifiers.bare(one.text)
        if one.scheme in {"0002", "0009", "", "SIRENE"} and len(number) in {9, 14}:
            siren = siren or identifiers.siren(number[:9])
    if siren is None and vat and vat.startswith("FR"):
        siren = identifiers.siren(vat[4:])
    return siren, vat


def _code(buyer: PartyText) -> str:
    """What names the customer: the seller's own code, else a number, else the name."""
    siren, vat = identity(buyer)
    stated = next((one.text for one in buyer.identifiers), "")
    return buyer.own_code or siren or vat or stated or buyer.name


def _customer(buyer: PartyText, record: InvoiceRecord) -> CustomerRecord:
    lines, _ = identifiers.postal_lines(list(buyer.address))
    return CustomerRecord(
        code=record.customer_code,
        name=buyer.name,
        siren=record.customer_siren,
        siret=next((valid for one in buyer.identifiers if (valid := identifiers.siret(one.text))), None),
        vat_number=record.customer_vat,
        email=identifiers.email(buyer.email) if buyer.email else None,
        phone=buyer.phone or None,
        address_lines=lines[: identifiers.POSTAL_LINES],
        postcode=buyer.postcode or None,
        city=buyer.city or None,
        country=buyer.country or None,
    )


def sha256_of(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()
