"""Amounts and days of an e-invoice read strictly, then leniently with a finding, so that a collector still sees them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from recouvrement.intake import values
from recouvrement.intake.einvoice_fields import InvoiceText, Stated
from recouvrement.intake.reasons import Reason
from recouvrement.intake.safe_xml import Element

if TYPE_CHECKING:
    from recouvrement.intake.einvoice_rules import Finding

NUMBERS = ("Amount", "Quantity", "Percent")
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)$")


@dataclass(slots=True)
class Values:
    """The values of an invoice; what could only be guessed is remembered in `loose`."""

    text: InvoiceText
    issue_on: date | None = None
    due_on: date | None = None
    delivery_on: date | None = None
    gross: int | None = None
    payable: int | None = None
    instalments: tuple[tuple[date, int], ...] = ()
    loose: list[tuple[str, Reason, str, str]] = field(default_factory=list)

    def findings(self) -> Iterator["Finding"]:
        """What was not written as it must be."""
        from recouvrement.intake.einvoice_rules import Finding

        for rule, reason, name, value_class in self.loose:
            yield Finding(rule, f"{name} is not written as {rule} asks", reason, name, value_class)


def valued(text: InvoiceText) -> Values:
    """The days and amounts of these texts."""
    found = Values(text)
    found.issue_on = _day(found, text.issued, "BT-2")
    found.delivery_on = _day(found, text.delivered, "BT-72")
    found.gross = _cents(text.gross)
    found.payable = _cents(text.payable)
    _terms(found)
    return found


def misprinted(root: Element) -> list[tuple[str, Reason, str, str]]:
    """Numbers anywhere in the document that are not written as XML Schema writes a decimal, each element name once."""
    met: dict[str, None] = {}
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name.endswith(NUMBERS) and element.text and not DECIMAL.match(element.text.strip()) and not len(element):
            met.setdefault(name)
    return [("xs:decimal", Reason.INVALID_AMOUNT, name, "amount") for name in met]


def _terms(found: Values) -> None:
    terms = [(day, part) for stated, part in found.text.terms if (day := _day(found, stated, "BT-9"))]
    if not terms:
        return
    found.due_on = max(day for day, _ in terms)
    parts = [(day, _cents(part)) for day, part in sorted(terms)]
    total = found.gross if found.gross is not None else found.payable
    if len(parts) < 2 or total is None or any(cents is None for _, cents in parts):
        if len(terms) > 1:
            found.instalments = _even(total or 0, sorted({day for day, _ in terms}))
        return
    stated = tuple((day, cents or 0) for day, cents in parts)
    if sum(cents for _, cents in stated) in {found.gross, found.payable}:
        found.instalments = stated
    else:
        found.loose.append(("instalments", Reason.TOTALS_DISAGREE, "BT-X-275", "amount"))
        found.instalments = ()


def _even(total: int, days: list[date]) -> tuple[tuple[date, int], ...]:
    """Several due days without amounts: even parts, the odd cents with the last."""
    if len(days) < 2:
        return ()
    part = abs(total) // len(days) * (1 if total >= 0 else -1)
    return (*((day, part) for day in days[:-1]), (days[-1], total - part * (len(days) - 1)))


def _cents(text: str) -> int | None:
    if not text:
        return None
    if DECIMAL.match(text):
        try:
            return values.amount(text, ".")
        except ValueError:
            pass  # three decimals that count
    try:
        return values.amount(text)
    except ValueError:
        return None


def _day(found: Values, stated: Stated, name: str) -> date | None:
    text = stated.text
    if not text:
        return None
    form = ("YYYY-MM-DD",) if stated.scheme == "ISO" else ("YYYYMMDD",)
    width = 10 if stated.scheme == "ISO" else 8
    try:
        if len(text) == width:
            return values.day(text, form)
    except ValueError:
        pass
    rule = "BR-FR-03_BT-2, CII-DT-097" if stated.scheme != "ISO" else "xs:date"
    found.loose.append((rule, Reason.INVALID_DATE, name, "date"))
    try:
        return values.day(text)
    except ValueError:
        return None
