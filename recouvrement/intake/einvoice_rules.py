"""The rules of EN 16931 and of the French profile that a collector must know broken, checked without Saxon."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from recouvrement.intake.einvoice_fields import InvoiceText, TaxText
from recouvrement.intake.einvoice_values import Values
from recouvrement.intake.reasons import Reason

ONE = Decimal(1)
CENT = Decimal("0.01")
ADVANCE_TYPES = frozenset({"386", "500", "503"})
ADVANCE_PROCESSES = frozenset({"B2", "S2", "M2"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that the invoice breaks; `grave` when the customer may refuse the invoice for it."""

    rule: str
    message: str
    reason: Reason
    field: str
    value_class: str
    grave: bool = True


def findings(text: InvoiceText, values: Values) -> Iterator[Finding]:
    """Every broken rule, in the order in which a person should look."""
    yield from values.findings()
    yield from _totals(text)
    yield from _vat(text)
    yield from _days(text, values)
    lines_forbidden = text.profile.endswith((":minimum", ":basicwl"))
    if lines_forbidden and text.lines:
        message = "the invoice has lines, which the profile that it declares does not"
        yield Finding("profile", message, Reason.NOT_CONFORMANT, "BT-24", "profile", grave=False)


def _totals(text: InvoiceText) -> Iterator[Finding]:
    base, tax, gross = (number(stated) for stated in (text.tax_base, text.tax_total, text.gross))
    if base is not None and tax is not None and gross is not None and base + tax != gross:
        yield _sum("BR-CO-15", "total with VAT is not total without VAT plus VAT", "BT-112")
    parts = [number(one.tax) for one in text.breakdown]
    if text.breakdown and tax is not None and None not in parts and sum(part or 0 for part in parts) != tax:
        yield _sum("BR-CO-14", "total VAT is not the sum of the VAT breakdown", "BT-110")
    payable = number(text.payable)
    prepaid, rounding = number(text.prepaid) or Decimal(0), number(text.rounding) or Decimal(0)
    if gross is None or payable is None or text.profile.endswith(":minimum"):
        return
    if gross - prepaid + rounding != payable:
        yield _sum("BR-CO-16", "amount due is not total minus prepaid plus rounding", "BT-115")


def _vat(text: InvoiceText) -> Iterator[Finding]:
    standard = [line for line in text.lines if line.category == "S"]
    if standard and not text.seller.tax_numbers and not text.has_tax_representative:
        message = "lines carry VAT at the standard category and the seller has no VAT number"
        yield Finding("BR-S-02", message, Reason.NOT_CONFORMANT, "BT-31", "VAT number")
    if not text.lines or text.profile.endswith(("extended", "#extended")):
        return
    for one in text.breakdown:
        base = number(one.base)
        if one.category == "S" and base is not None and abs(_bases(text, one) - base) >= ONE:
            message = "a base of the VAT breakdown is not the sum of the lines at its rate"
            yield Finding("BR-S-08", message, Reason.TOTALS_DISAGREE, "BT-116", "amount")


def _bases(text: InvoiceText, of: TaxText) -> Decimal:
    rate = number(of.rate)
    same = [part for part in (*text.lines, *text.allowances) if part.category == "S" and number(part.rate) == rate]
    return sum((number(part.base) or Decimal(0) for part in same), Decimal(0))


def _days(text: InvoiceText, values: Values) -> Iterator[Finding]:
    excepted = text.type_code in ADVANCE_TYPES or text.process in ADVANCE_PROCESSES
    if values.issue_on is None or values.due_on is None or values.due_on >= values.issue_on or excepted:
        return
    message = "the invoice falls due before it was issued"
    french = text.seller.country == "FR"
    yield Finding("BR-FR-CO-07_BT-9", message, Reason.DUE_BEFORE_ISSUE, "BT-9", "date", grave=french)


def _sum(rule: str, message: str, field: str) -> Finding:
    return Finding(rule, message, Reason.TOTALS_DISAGREE, field, "amount")


def number(text: str) -> Decimal | None:
    """A decimal, or None when it is none.

    >>> number("12.50"), number("12,50"), number("")
    (Decimal('12.50'), None, None)
    """
    try:
        found = Decimal(text.removeprefix("--"))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
