"""Small invented files of every format, written by us; the same money told in each bank format."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date

import openpyxl
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

SIREN = "900000019"
VAT = "FR25900000019"
IBAN = "FR7699999000010000000000115"
OTHER_IBAN = "FR7699999000020000000000294"
CREDITS, DEBITS = "{ABCDEFGHI", "}JKLMNOPQR"


@dataclass(frozen=True)
class Move:
    """A movement before it takes a format."""

    on: date
    cents: int
    label: str = "VIR SEPA RECU"
    text: str = ""
    value_on: date | None = None


MOVES = (
    Move(date(2026, 3, 2), 120000, "VIR SEPA RECU ALPHA", "FACTURE FA-2026-001"),
    Move(date(2026, 3, 2), -1550, "FRAIS TENUE DE COMPTE"),
    Move(date(2026, 3, 3), 5000, "VIR SEPA RECU BETA", "ACOMPTE"),
    Move(date(2026, 3, 3), 5000, "VIR SEPA RECU BETA", "ACOMPTE"),
    Move(date(2026, 3, 5), 99999, "REMISE CHEQUES"),
)


def plain(cents: int) -> str:
    """Cents as a decimal with a point."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def french(cents: int) -> str:
    """Cents as the French write them, with thousands."""
    whole = f"{abs(cents) // 100:,}".replace(",", " ")
    return f"{'-' if cents < 0 else ''}{whole},{abs(cents) % 100:02d}"


def total(moves: tuple[Move, ...]) -> int:
    """Sum in cents."""
    return sum(move.cents for move in moves)


def camt053(moves: tuple[Move, ...] = MOVES, opening: int = 100000, version: str = "02", extra: str = "") -> bytes:
    """A CAMT.053 statement of one account."""
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{plain(abs(move.cents))}</Amt>'
        f"<CdtDbtInd>{'CRDT' if move.cents >= 0 else 'DBIT'}</CdtDbtInd><Sts>BOOK</Sts>"
        f"<BookgDt><Dt>{move.on}</Dt></BookgDt><ValDt><Dt>{move.value_on or move.on}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{move.text}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        f"<AddtlNtryInf>{move.label}</AddtlNtryInf></Ntry>"
        for move in moves
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId>'
        f"</GrpHdr><Stmt><Id>S1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{_balance('OPBD', opening)}{_balance('CLBD', opening + total(moves))}{extra}{entries}"
        f"</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(code: str, cents: int) -> str:
    mark = "CRDT" if cents >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{plain(abs(cents))}</Amt>'
        f"<CdtDbtInd>{mark}</CdtDbtInd><Dt><Dt>2026-03-31</Dt></Dt></Bal>"
    )


def overpunched(cents: int) -> str:
    """Thirteen digits and the sign character of CFONB 120."""
    digits = f"{abs(cents):014d}"
    return digits[:-1] + (CREDITS if cents >= 0 else DEBITS)[int(digits[-1])]


def cfonb120(moves: tuple[Move, ...] = MOVES, opening: int = 100000, newline: str = "\r\n") -> bytes:
    """A CFONB 120 statement of the same account."""
    out = [f"0199999    00001EUR2 00000000001  010326{' ' * 50}{overpunched(opening)}{' ' * 16}"]
    for number, move in enumerate(moves):
        day = f"{move.on:%d%m%y}"
        head = "99999000000001EUR2 0000000000105"
        value = f"{move.value_on or move.on:%d%m%y}"
        out.append(f"04{head}{day}  {value}{move.label[:31]:<31}  {number:07d}  {overpunched(move.cents)}{' ' * 16}")
        if move.text:
            out.append(f"05{head}{day}     LCC{move.text[:70]:<70}  ")
    out.append(f"0799999    00001EUR2 00000000001  310326{' ' * 50}{overpunched(opening + total(moves))}{' ' * 16}")
    return (newline.join(out) + newline).encode("latin-1")


def mt940(moves: tuple[Move, ...] = MOVES, opening: int = 100000) -> bytes:
    """An MT940 statement of the same account."""
    closing = opening + total(moves)
    out = [":20:S1", f":25:{IBAN}", ":28C:1/1", f":60F:{_mark(opening)}260301EUR{_comma(opening)}"]
    for move in moves:
        value = move.value_on or move.on
        out.append(f":61:{value:%y%m%d}{move.on:%m%d}{_mark(move.cents)}{_comma(move.cents)}NTRFNONREF")
        out.append(f":86:{move.label} {move.text}".rstrip())
    out += [f":62F:{_mark(closing)}260331EUR{_comma(closing)}", "-"]
    return "\r\n".join(out).encode() + b"\r\n"


def _mark(cents: int) -> str:
    return "C" if cents >= 0 else "D"


def _comma(cents: int) -> str:
    return plain(abs(cents)).replace(".", ",")


def ofx(moves: tuple[Move, ...] = MOVES, opening: int = 100000) -> bytes:
    """An OFX 1.x statement of the same account."""
    lines = "".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if move.cents >= 0 else 'DEBIT'}<DTPOSTED>{move.on:%Y%m%d}<TRNAMT>{plain(move.cents)}"
        f"<FITID>{number}<NAME>{move.label}<MEMO>{move.text}</STMTTRN>\n"
        for number, move in enumerate(moves)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
        "<CURDEF>EUR<BANKACCTFROM><BANKID>99999<BRANCHID>00001<ACCTID>00000000001<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20260301<DTEND>20260331\n{lines}</BANKTRANLIST><LEDGERBAL><BALAMT>"
        f"{plain(opening + total(moves))}<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def releve(moves: tuple[Move, ...] = MOVES, *, newest_first: bool = False) -> bytes:
    """A French bank's CSV of the same account, in Windows-1252."""
    out = [
        f"{IBAN};{move.on:%d/%m/%Y};{move.value_on or move.on:%d/%m/%Y};{move.label};{move.text};"
        f"{french(-move.cents) if move.cents < 0 else ''};{french(move.cents) if move.cents >= 0 else ''}"
        for move in (reversed(moves) if newest_first else moves)
    ]
    return "\r\n".join(["Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit", *out, ""]).encode("cp1252")


CUSTOMERS = (
    "Code client;Raison sociale;Type;SIREN;E-mail;Adresse;Code postal;Ville;IBAN\r\n"
    f"C1;Alpha SARL;Entreprise;{SIREN};compta@alpha.example;1 rue de la Paix;75001;Paris;{OTHER_IBAN}\r\n"
    "C2;Béta;Particulier;;;2 rue Haute;69001;Lyon;\r\n"
).encode("cp1252")

INVOICES = (
    b"invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    b"FA-1,invoice,C1,2026-01-15,2026-02-14,1200.00,EUR\n"
    b"FA-2,invoice,C2,2026-01-20,2026-02-19,55.50,EUR\n"
    b"AV-1,credit_note,C1,2026-02-01,2026-02-01,-20.00,EUR\n"
)


@dataclass(frozen=True)
class Paper:
    """What an e-invoice says; every default is right, tests spoil one thing at a time."""

    number: str = "FA-2026-001"
    type_code: str = "380"
    issued: str = "20260115"
    date_format: str = "102"
    due: tuple[str, ...] = ("20260214",)
    parts: tuple[str, ...] = ()
    base: str = "100.00"
    tax: str = "20.00"
    gross: str = "120.00"
    prepaid: str = ""
    payable: str = "120.00"
    line: str = "100.00"
    breakdown_tax: str = "20.00"
    breakdown_base: str = "100.00"
    seller_vat: str = VAT
    profile: str = "urn:cen.eu:en16931:2017"
    with_line: bool = True
    buyer: str = "Alpha SARL"
    buyer_siren: str = "000542258"


def cii(paper: Paper | None = None) -> bytes:
    """A CII invoice."""
    paper = paper or Paper()
    spaces = (
        'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
        'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
        'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
    )
    vat = f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{paper.seller_vat}</ram:ID></ram:SpecifiedTaxRegistration>'
    line = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>"
        "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>"
        "<ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
        f"<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{paper.line}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )
    terms = "".join(
        f"<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>{_cii_day(day, paper.date_format)}</ram:DueDateDateTime>"
        + (f"<ram:PartialPaymentAmount>{paper.parts[place]}</ram:PartialPaymentAmount>" if paper.parts else "")
        + "</ram:SpecifiedTradePaymentTerms>"
        for place, day in enumerate(paper.due)
    )
    prepaid = f"<ram:TotalPrepaidAmount>{paper.prepaid}</ram:TotalPrepaidAmount>" if paper.prepaid else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice {spaces}><rsm:ExchangedDocumentContext>'
        f"<ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{paper.profile}</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext><rsm:ExchangedDocument>"
        f"<ram:ID>{paper.number}</ram:ID><ram:TypeCode>{paper.type_code}</ram:TypeCode><ram:IssueDateTime>"
        f"{_cii_day(paper.issued, paper.date_format)}</ram:IssueDateTime></rsm:ExchangedDocument>"
        f"<rsm:SupplyChainTradeTransaction>{line if paper.with_line else ''}<ram:ApplicableHeaderTradeAgreement>"
        "<ram:SellerTradeParty><ram:Name>Vendeur SAS</ram:Name><ram:SpecifiedLegalOrganization>"
        f'<ram:ID schemeID="0002">{SIREN}</ram:ID></ram:SpecifiedLegalOrganization><ram:PostalTradeAddress>'
        "<ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"
        f"{vat if paper.seller_vat else ''}</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>{paper.buyer}</ram:Name>"
        f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{paper.buyer_siren}</ram:ID>'
        "</ram:SpecifiedLegalOrganization><ram:PostalTradeAddress><ram:PostcodeCode>75001</ram:PostcodeCode>"
        "<ram:LineOne>1 rue de la Paix</ram:LineOne><ram:CityName>Paris</ram:CityName><ram:CountryID>FR</ram:CountryID>"
        '</ram:PostalTradeAddress><ram:URIUniversalCommunication><ram:URIID schemeID="EM">compta@alpha.example</ram:URIID>'
        "</ram:URIUniversalCommunication></ram:BuyerTradeParty><ram:BuyerOrderReferencedDocument>"
        "<ram:IssuerAssignedID>BC-77</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/><ram:ApplicableHeaderTradeSettlement>"
        "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:SpecifiedTradeSettlementPaymentMeans>"
        f"<ram:PayeePartyCreditorFinancialAccount><ram:IBANID>{IBAN}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount>"
        "</ram:SpecifiedTradeSettlementPaymentMeans><ram:ApplicableTradeTax>"
        f"<ram:CalculatedAmount>{paper.breakdown_tax}</ram:CalculatedAmount><ram:BasisAmount>{paper.breakdown_base}"
        "</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20.00"
        f"</ram:RateApplicablePercent></ram:ApplicableTradeTax>{terms}"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"<ram:TaxBasisTotalAmount>{paper.base}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="EUR">{paper.tax}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{paper.gross}</ram:GrandTotalAmount>{prepaid}"
        f"<ram:DuePayableAmount>{paper.payable}</ram:DuePayableAmount>"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    ).encode()


def _cii_day(text: str, form: str) -> str:
    return f'<udt:DateTimeString format="{form}">{text}</udt:DateTimeString>'


def ubl(root: str = "Invoice", due: str = "2026-02-14", gross: str = "120.00") -> bytes:
    """A UBL invoice or credit note."""
    code = "<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>" if root == "Invoice" else ""
    due_element = f"<cbc:DueDate>{due}</cbc:DueDate>" if root == "Invoice" else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2" '
        'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        f"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>UB-1</cbc:ID><cbc:IssueDate>2026-01-15</cbc:IssueDate>{due_element}{code}"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cac:AccountingSupplierParty><cac:Party>"
        f"<cac:PartyTaxScheme><cbc:CompanyID>{VAT}</cbc:CompanyID></cac:PartyTaxScheme><cac:PartyLegalEntity>"
        "<cbc:RegistrationName>Vendeur SAS</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>"
        "</cac:AccountingSupplierParty><cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity>"
        "<cbc:RegistrationName>Alpha SARL</cbc:RegistrationName><cbc:CompanyID>000542258</cbc:CompanyID>"
        "</cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>"
        '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>'
        f"<cbc:TaxExclusiveAmount>100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount>{gross}</cbc:TaxInclusiveAmount>"
        f"<cbc:PayableAmount>{gross}</cbc:PayableAmount></cac:LegalMonetaryTotal></{root}>"
    ).encode()


def facturx(
    xml: bytes | None = None,
    name: str = "factur-x.xml",
    *,
    relationship: str | None = "/Data",
    metadata: bool = True,
    output_intent: bool = True,
    in_name_tree: bool = True,
) -> bytes:
    """A Factur-X PDF of one blank page; each mark of its container can be left out."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    stream = StreamObject()
    stream.set_data(cii() if xml is None else xml)
    stream[NameObject("/Type")] = NameObject("/EmbeddedFile")
    spec = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Filespec"),
            NameObject("/F"): TextStringObject(name),
            NameObject("/UF"): TextStringObject(name),
            NameObject("/EF"): DictionaryObject({NameObject("/F"): writer._add_object(stream)}),
        }
    )
    if relationship:
        spec[NameObject("/AFRelationship")] = NameObject(relationship)
    reference = writer._add_object(spec)
    root = writer._root_object
    if in_name_tree:
        tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject(name), reference])})
        root[NameObject("/Names")] = DictionaryObject({NameObject("/EmbeddedFiles"): tree})
        root[NameObject("/AF")] = ArrayObject([reference])
    else:
        root[NameObject("/Hidden")] = reference
    if metadata:
        xmp = StreamObject()
        xmp.set_data(b"<x:xmpmeta xmlns:fx='urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#'/>")
        root[NameObject("/Metadata")] = writer._add_object(xmp)
    if output_intent:
        root[NameObject("/OutputIntents")] = ArrayObject(
            [DictionaryObject({NameObject("/S"): NameObject("/GTS_PDFA1")})]
        )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def plain_pdf() -> bytes:
    """A PDF without anything inside."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


FEC_HEADING = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\t"
    "EcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
)


def fec_row(number: str, account: str, customer: str, piece: str, debit: str, credit: str, letter: str = "") -> str:
    """A row of a FEC of the sales or bank journal."""
    journal = "BQ" if account.startswith("512") or piece.startswith("REL") else "VE"
    lettered = "20260301" if letter else ""
    name = f"Client {customer}" if customer else ""
    first = (journal, "Journal", number, "20260115", account, "Compte", customer, name, piece, "20260115")
    return "\t".join((*first, f"Pièce {piece}", debit, credit, letter, lettered, "20260131", "", ""))


def fec(encoding: str = "utf-8-sig", separator: str = "\t") -> bytes:
    """A FEC: one open invoice, one paid and lettered, one receipt on account."""
    rows = (
        FEC_HEADING,
        fec_row("1", "411000", "C1", "FA-1", "1200,00", "0,00"),
        fec_row("1", "707000", "", "FA-1", "0,00", "1000,00"),
        fec_row("1", "445710", "", "FA-1", "0,00", "200,00"),
        fec_row("2", "411000", "C2", "FA-2", "0000000060,00", "0,00", "AA"),
        fec_row("2", "707000", "", "FA-2", "0,00", "60,00"),
        fec_row("3", "512000", "", "REL-1", "60,00", "0,00"),
        fec_row("3", "411000", "C2", "REL-1", "0,00", "60,00", "AA"),
        fec_row("4", "512000", "", "REL-2", "200,00", "0,00"),
        fec_row("4", "411000", "C1", "REL-2", "0,00", "200,00"),
    )
    return ("\r\n".join(rows) + "\r\n").replace("\t", separator).encode(encoding)


def cdar(code: str = "212", number: str = "FA-1", amounts: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A life-cycle message about one invoice."""
    paid = "".join(
        f"<ram:SpecifiedDocumentCharacteristic><ram:TypeCode>{kind}</ram:TypeCode>"
        f'<ram:ValueAmount currencyID="EUR">{amount}</ram:ValueAmount></ram:SpecifiedDocumentCharacteristic>'
        for kind, amount in amounts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rsm:CrossDomainAcknowledgementAndResponse '
        'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100" '
        'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
        'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"><rsm:ExchangedDocument><ram:ID>M-1</ram:ID>'
        f"<ram:IssueDateTime>{_cii_day('20260305101500', '204')}</ram:IssueDateTime></rsm:ExchangedDocument>"
        "<rsm:AcknowledgementDocument><ram:ReferenceReferencedDocument>"
        f"<ram:IssuerAssignedID>{number}</ram:IssuerAssignedID><ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>"
        f"<ram:SpecifiedDocumentStatus><ram:ReasonCode>DEST_INC</ram:ReasonCode>{paid}</ram:SpecifiedDocumentStatus>"
        "</ram:ReferenceReferencedDocument></rsm:AcknowledgementDocument></rsm:CrossDomainAcknowledgementAndResponse>"
    ).encode()


def announcement(nature: str, siren: str = SIREN, notice: str = "A202600010001", **more: object) -> dict[str, object]:
    """A BODACC announcement as the portal gives it."""
    judgment = {
        "date": "2026-03-04",
        "nature": nature,
        "complementJugement": "Liquidateur : SELARL Durand. Créances à déclarer",
    }
    return {
        "id": notice,
        "dateparution": "2026-03-10",
        "typeavis_lib": "Avis initial",
        "familleavis": "collective",
        "familleavis_lib": "Procédures collectives",
        "tribunal": "Greffe du Tribunal de Commerce de Paris",
        "commercant": "ALPHA SARL",
        "registre": [f"{siren[:3]} {siren[3:6]} {siren[6:]}", siren],
        "jugement": json.dumps(judgment),
    } | more


def bodacc(*records: dict[str, object]) -> bytes:
    """An answer of the portal."""
    found = list(records) or [announcement("Jugement d'ouverture de liquidation judiciaire")]
    return json.dumps({"total_count": len(found), "results": found}).encode()


def workbook(rows: list[list[object]]) -> bytes:
    """An Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: list[list[str]]) -> bytes:
    """An OpenDocument sheet of text cells."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return out.getvalue()


def every_format() -> dict[str, bytes]:
    """One good file of each format, by name."""
    heading = ["invoice_number", "customer_id", "issue_date", "due_date", "amount"]
    row: list[object] = ["FA-9", "C1", date(2026, 1, 15), date(2026, 2, 14), 1200.5]
    return {
        "customers.csv": CUSTOMERS,
        "invoices.csv": INVOICES,
        "releve.csv": releve(),
        "camt053.xml": camt053(),
        "cfonb120.txt": cfonb120(),
        "mt940.sta": mt940(),
        "statement.ofx": ofx(),
        "invoice-cii.xml": cii(),
        "invoice-ubl.xml": ubl(),
        "facturx.pdf": facturx(),
        f"{SIREN}FEC20261231.txt": fec(),
        "cdar.xml": cdar(amounts=(("MEN", "120.00"),)),
        "bodacc.json": bodacc(),
        "invoices.xlsx": workbook([list(heading), row]),
        "invoices.ods": ods([heading, ["FA-8", "C1", "2026-01-15", "2026-02-14", "1200.50"]]),
        "history.csv": b"invoice,step,date,channel,proof\nFA-1,relance 1,2026-02-20,e-mail,\n",
        "lifecycle.csv": b"invoice,status,date\nFA-1,207,2026-02-20\n",
        "documents.csv": b"path,role,invoice\nFA-1/devis.pdf,devis,FA-1\n",
    }
