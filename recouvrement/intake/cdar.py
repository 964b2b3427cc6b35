"""CDAR life-cycle messages of French e-invoicing (UN/CEFACT, XP Z12-012): one status per invoice named."""

from collections.abc import Iterator
from datetime import date

from recouvrement.domain import lifecycle
from recouvrement.domain.records import LifecycleRecord, Problem, Severity
from recouvrement.intake import lifecycle_codes, values
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import problem
from recouvrement.intake.safe_xml import Element, all_at, parsed, text_at
from recouvrement.intake.source import Source

PAID_TYPES = frozenset({"MEN", "MPA"})  # amount cashed, amount sent; others (RAP: left to pay) are not added


def read(source: Source) -> Iterator[LifecycleRecord | Problem]:
    """A record per referenced invoice; an unknown status or a nameless reference is set aside."""
    root = parsed(source.whole(source.limits.document_bytes))
    message = text_at(root, "ExchangedDocument/ID")
    sent_on = _day(text_at(root, "ExchangedDocument/IssueDateTime/DateTimeString"))
    ordinal = 0
    for document in all_at(root, "AcknowledgementDocument"):
        on = _day(text_at(document, "IssueDateTime/DateTimeString")) or sent_on
        for reference in all_at(document, "ReferenceReferencedDocument"):
            ordinal += 1
            yield _status(reference, on, message, ordinal, source.name)


def _status(reference: Element, on: date | None, message: str, ordinal: int, file: str) -> LifecycleRecord | Problem:
    number = text_at(reference, "IssuerAssignedID")
    stated = text_at(reference, "ProcessConditionCode", "SpecifiedDocumentStatus/ProcessConditionCode")
    code = lifecycle_codes.code_of(stated or text_at(reference, "ProcessCondition"))
    if not number or code is None:
        missing = not number
        return problem(
            file,
            Reason.MISSING_VALUE if missing else Reason.UNKNOWN_VALUE,
            "a reference names no invoice" if missing else "not a life-cycle status",
            line=ordinal,
            element="ReferenceReferencedDocument",
            field="IssuerAssignedID" if missing else "ProcessConditionCode",
            value_class="invoice number" if missing else "code",
            severity=Severity.SET_ASIDE,
            subject=number,
        )
    cents, currency = _amount(reference)
    return LifecycleRecord(
        invoice_number=number,
        status_code=code,
        status=lifecycle.NAMES[code],
        meaning=lifecycle.meaning(code),
        on=on,
        reason_code=text_at(reference, "SpecifiedDocumentStatus/ReasonCode"),
        amount_cents=cents,
        currency=currency or "EUR",
        message_id=message,
        line=ordinal,
    )


def _amount(reference: Element) -> tuple[int | None, str]:
    """The sum of the amounts cashed or sent, one per VAT rate, and their currency; None when the message has none."""
    total: int | None = None
    currency = ""
    for one in all_at(reference, "SpecifiedDocumentStatus/SpecifiedDocumentCharacteristic"):
        if text_at(one, "TypeCode") not in PAID_TYPES:
            continue
        for amount in all_at(one, "ValueAmount"):
            try:
                total = (total or 0) + values.amount(amount.text or "", ".")
            except ValueError:
                return None, ""
            currency = currency or amount.get("currencyID", "")
    return total, currency


def _day(text: str) -> date | None:
    try:
        return values.day(text[:8]) if text[:8].isdigit() else values.day(text)
    except ValueError:
        return None
