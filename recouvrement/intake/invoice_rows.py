"""A row of an invoice table into an InvoiceRecord; rows of one number may be joined as instalments."""

from collections.abc import Iterator
from dataclasses import replace
from sys import intern
from typing import Any

from recouvrement.domain.records import InvoiceRecord, Problem
from recouvrement.intake import identifiers
from recouvrement.intake.fields import RARER
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import RecordRefusedError
from recouvrement.intake.rows import Cells

KINDS = frozenset({"invoice", "credit_note"})
STATUSES = frozenset({"issued", "cancelled", "draft", "paid"})


def invoice(cells: Cells) -> InvoiceRecord:
    """The invoice of the row in hand; RecordRefusedError when a needed value is absent or cannot be read."""
    number = cells.needed("number", "invoice number")
    try:
        return _invoice(cells, number)
    except RecordRefusedError as refusal:
        refusal.subject = number
        raise


def _invoice(cells: Cells, number: str) -> InvoiceRecord:
    kind, gross, open_cents = _amounts(cells, number)
    issue_on, due_on = cells.needed_day("issue_on"), cells.day("due_on")
    if due_on is None and "due_on" not in cells.mapping.optional:
        raise RecordRefusedError(Reason.MISSING_VALUE, "due_on", "date", "due_on is empty")
    if due_on and due_on < issue_on and kind == "invoice":
        cells.warn(Reason.DUE_BEFORE_ISSUE, "due_on", "the invoice falls due before it was issued", number)
    return InvoiceRecord(
        number=number,
        kind=kind,
        customer_code=intern(cells.needed("customer_code", "customer code")),  # one text for a customer's thousand rows
        customer_name=cells.text("customer_name"),
        issue_on=issue_on,
        due_on=due_on,
        gross_cents=gross,
        currency=cells.currency(),
        open_cents=open_cents,
        status=cells.word("status", "issued", STATUSES),
        source_id=cells.optional("source_id"),
        line=cells.line,
        **(_rarer(cells, number) if cells.knows(RARER) else {}),
    )


def _rarer(cells: Cells, number: str) -> dict[str, Any]:
    """The fields that few tables have; looked for only where a column is mapped, since a million rows may not have them."""
    optional = cells.optional
    return {
        "delivery_on": cells.day("delivery_on"),
        "received_on": cells.day("received_on"),
        "order_reference": optional("order_reference"),
        "customer_reference": optional("customer_reference"),
        "discount_cents": cells.amount("discount"),
        "discount_until": cells.day("discount_until"),
        "preceding_invoice": optional("preceding_invoice"),
        "customer_siren": cells.checked("customer_siren", identifiers.siren, Reason.INVALID_IDENTIFIER, number),
        "customer_vat": cells.checked("customer_vat", identifiers.vat, Reason.INVALID_IDENTIFIER, number),
    }


def _amounts(cells: Cells, number: str) -> tuple[str, int, int | None]:
    """Kind, signed total and open part; a credit note is negative whichever sign the table writes."""
    gross, open_cents, paid = cells.amount("gross"), cells.amount("open"), cells.amount("paid")
    if gross is None:
        gross = open_cents
    if gross is None:
        raise RecordRefusedError(Reason.MISSING_VALUE, "gross", "amount", "the amount is empty")
    if open_cents is None and paid is not None:
        open_cents = gross - paid
    stated = cells.word("kind", "", KINDS)
    kind = stated or ("credit_note" if gross < 0 else "invoice")
    if kind == "invoice" and gross < 0:
        cells.warn(Reason.SIGN_CORRECTED, "gross", "a negative invoice was read as a credit note", number)
        kind = "credit_note"
    if kind == "credit_note":
        gross = -abs(gross)
        open_cents = None if open_cents is None else -abs(open_cents)
    return kind, gross, open_cents


class Numbers:
    """The numbers met so far in one file, each kind apart: a second row of the same number is refused."""

    def __init__(self) -> None:
        self._met: set[str] = set()

    def refuse_repeated(self, record: InvoiceRecord) -> None:
        """Remember the number; RecordRefusedError when it was there."""
        key = record.number if record.kind == "invoice" else f"\0{record.number}"
        if key in self._met:
            raise RecordRefusedError(
                Reason.DUPLICATE, "number", "invoice number", "this number stands twice in the file", record.number
            )
        self._met.add(key)


def joined(records: Iterator[InvoiceRecord | Problem]) -> Iterator[InvoiceRecord | Problem]:
    """Neighbouring rows of one number as one invoice with instalments (`repeated = "instalments"`)."""
    held: list[InvoiceRecord] = []
    for record in records:
        if isinstance(record, Problem):
            yield record
            continue
        if held and (held[-1].number, held[-1].kind) != (record.number, record.kind):
            yield _as_one(held)
            held = []
        held.append(record)
    if held:
        yield _as_one(held)


def _as_one(rows: list[InvoiceRecord]) -> InvoiceRecord:
    first = rows[0]
    if len(rows) == 1:
        return first
    parts = tuple(sorted((row.due_on or row.issue_on, row.gross_cents) for row in rows))
    opens = [row.open_cents for row in rows]
    return replace(
        first,
        due_on=parts[-1][0],
        gross_cents=sum(cents for _, cents in parts),
        open_cents=None if any(part is None for part in opens) else sum(part or 0 for part in opens),
        instalments=parts,
    )
