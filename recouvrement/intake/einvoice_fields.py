"""What an e-invoice states, as text, before anything is judged: the same shape for CII and UBL."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stated:
    """A text and how it says it is written (date format, scheme of an identifier, currency)."""

    text: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class PartyText:
    """Seller or buyer."""

    name: str = ""
    own_code: str = ""
    identifiers: tuple[Stated, ...] = ()
    tax_numbers: tuple[Stated, ...] = ()
    address: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class TaxText:
    """One line of a VAT breakdown, an invoice line, or a document allowance: category, rate, base, tax."""

    category: str = ""
    rate: str = ""
    base: str = ""
    tax: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceText:
    """The fields of EN 16931 that a collector needs; amounts and days still as written."""

    syntax: str
    profile: str = ""
    process: str = ""
    number: str = ""
    type_code: str = ""
    issued: Stated = field(default_factory=Stated)
    currency: str = ""
    seller: PartyText = field(default_factory=PartyText)
    buyer: PartyText = field(default_factory=PartyText)
    has_tax_representative: bool = False
    buyer_reference: str = ""
    order_reference: str = ""
    preceding: str = ""
    delivered: Stated = field(default_factory=Stated)
    terms: tuple[tuple[Stated, str], ...] = ()  # due day, partial amount
    iban: str = ""
    tax_base: str = ""
    tax_total: str = ""
    gross: str = ""
    prepaid: str = ""
    rounding: str = ""
    payable: str = ""
    breakdown: tuple[TaxText, ...] = ()
    lines: tuple[TaxText, ...] = ()
    allowances: tuple[TaxText, ...] = ()  # bases of charges, minus those of allowances
