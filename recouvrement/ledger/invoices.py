"""Taking invoices in: new ones are opened, changed ones corrected by a new version, the same ones change nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, insert, select

from recouvrement.domain.records import CustomerRecord, InvoiceRecord, Problem, Severity
from recouvrement.ledger.as_of import AsOf, newest
from recouvrement.ledger.book import Act
from recouvrement.ledger.parties import CHUNK, Tally, debtor_ids, take_customers
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_event, item_version, open_item

DEFAULT_TERM = timedelta(days=30)  # C. com. L441-10 I, when nothing was agreed
FOR_EVER = date(9999, 12, 31)


@dataclass(slots=True)
class InvoiceTally(Tally):
    """A tally of invoices, with those set aside and the numbers seen."""

    problems: list[Problem] = field(default_factory=list)
    invoices: dict[str, str] = field(default_factory=dict)  # number to id


@dataclass(slots=True)
class _Rows:
    """Rows that wait to be written together."""

    invoices: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    item_versions: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def write(self, act: Act) -> None:
        pairs: list[tuple[Table, list[dict[str, Any]]]] = [
            (invoice, self.invoices), (invoice_version, self.versions), (open_item, self.items),
            (item_version, self.item_versions), (item_event, self.events),
        ]  # fmt: skip
        for table, rows in pairs:
            if rows:
                act.connection.execute(insert(table), rows)


def take_invoices(
    act: Act, creditor_id: str, records: Iterable[InvoiceRecord], *, file: str, source: str | None = None
) -> InvoiceTally:
    """Record invoices of one chunk; customers not yet known are opened by name with kind unknown.

    A number that comes back with another customer or kind is set aside: one of the two files is wrong.
    """
    tally = InvoiceTally()
    records = list(records)
    debtors = _debtors(act, creditor_id, records, source, tally)
    known = _known(act, creditor_id, [r.number for r in records])
    rows = _Rows()
    for record in records:
        _take(act, creditor_id, record, debtors[record.customer_code], known, rows, tally, file, source)
    rows.write(act)
    return tally


def _debtors(
    act: Act, creditor_id: str, records: list[InvoiceRecord], source: str | None, tally: InvoiceTally
) -> dict[str, str]:
    wanted = {r.customer_code: r for r in records}
    found = debtor_ids(act.connection, creditor_id, list(wanted))
    missing = [
        CustomerRecord(code=code, name=r.customer_name or code, siren=r.customer_siren, vat_number=r.customer_vat)
        for code, r in wanted.items()
        if code not in found
    ]
    if missing:
        tally.debtors |= take_customers(act, creditor_id, missing, source).debtors
        found |= debtor_ids(act.connection, creditor_id, [r.code for r in missing])
    return found


def _known(act: Act, creditor_id: str, numbers: list[str]) -> dict[str, Any]:
    """What is known of the numbers: identity, newest hash, items by rank."""
    now = AsOf(FOR_EVER, act.id)
    found: dict[str, Any] = {}
    v = invoice_version
    for start in range(0, len(numbers), CHUNK):
        query = (
            select(invoice.c.number, invoice.c.id, invoice.c.debtor_id, invoice.c.kind, v.c.content_hash)
            .join(v, v.c.invoice_id == invoice.c.id)
            .where(
                invoice.c.creditor_id == creditor_id,
                invoice.c.number.in_(numbers[start : start + CHUNK]),
                newest(v, "invoice_id", now),
            )
        )
        found |= {row.number: row for row in act.connection.execute(query)}
    return found


def _fingerprint(r: InvoiceRecord) -> str:
    parts = (
        r.status,
        r.issue_on,
        r.due_on,
        r.instalments,
        r.gross_cents,
        r.currency,
        r.delivery_on,
        r.received_on,
        r.order_reference,
        r.customer_reference,
        r.discount_cents,
        r.discount_until,
    )
    return sha256(repr(parts).encode()).hexdigest()


def _take(
    act: Act,
    creditor_id: str,
    r: InvoiceRecord,
    debtor_id: str,
    known: dict[str, Any],
    rows: _Rows,
    tally: InvoiceTally,
    file: str,
    source: str | None,
) -> None:
    digest = _fingerprint(r)
    row = known.get(r.number)
    if row is None:
        invoice_id = act.new_id()
        rows.invoices.append(
            {
                "id": invoice_id,
                "act_id": act.id,
                "creditor_id": creditor_id,
                "debtor_id": debtor_id,
                "number": r.number,
                "kind": r.kind,
            }
        )
        tally.new += 1
        _open(act, creditor_id, debtor_id, invoice_id, r, rows)
    elif row.debtor_id != debtor_id or row.kind != r.kind:
        tally.problems.append(_conflict(file, r, "customer" if row.debtor_id != debtor_id else "kind"))
        return
    elif row.content_hash == digest:
        tally.same += 1
        tally.invoices[r.number] = row.id
        return
    else:
        invoice_id = row.id
        tally.corrected += 1
        _correct(act, creditor_id, debtor_id, invoice_id, r, rows)
    tally.debtors.add(debtor_id)
    tally.invoices[r.number] = invoice_id
    head = {"id": act.new_id(), "invoice_id": invoice_id, "act_id": act.id, "effective_on": _effective(act, r)}
    rows.versions.append({
        **head, "status": r.status, "issue_on": r.issue_on, "delivery_on": r.delivery_on, "received_on": r.received_on,
        "gross_cents": r.gross_cents, "currency": r.currency, "order_reference": r.order_reference,
        "customer_reference": r.customer_reference, "discount_bp": _discount(r), "discount_until": r.discount_until,
        "content_hash": digest, "source": source,
    })  # fmt: skip


def _effective(act: Act, r: InvoiceRecord) -> date:
    """A correction holds since the invoice was issued; a cancellation since the day it was learned."""
    return act.at.date() if r.status == "cancelled" and act.at.date() > r.issue_on else r.issue_on


def _discount(r: InvoiceRecord) -> int:
    return r.discount_cents * 10_000 // r.gross_cents if r.discount_cents and r.gross_cents else 0


def _instalments(r: InvoiceRecord) -> list[tuple[date, int]]:
    if r.status in {"cancelled", "draft"}:
        return [(day, 0) for day, _ in r.instalments] or [(r.due_on or r.issue_on + DEFAULT_TERM, 0)]
    return list(r.instalments) or [(r.due_on or r.issue_on + DEFAULT_TERM, r.gross_cents)]


def _version(act: Act, item_id: str, r: InvoiceRecord, due_on: date, cents: int) -> dict[str, Any]:
    return {
        "id": act.new_id(),
        "open_item_id": item_id,
        "act_id": act.id,
        "effective_on": _effective(act, r),
        "due_on": due_on,
        "amount_cents": cents,
        "currency": r.currency,
    }


def _open(act: Act, creditor_id: str, debtor_id: str, invoice_id: str, r: InvoiceRecord, rows: _Rows) -> None:
    for rank, (due_on, cents) in enumerate(_instalments(r), 1):
        item_id = act.new_id()
        rows.items.append(
            {
                "id": item_id,
                "act_id": act.id,
                "creditor_id": creditor_id,
                "debtor_id": debtor_id,
                "invoice_id": invoice_id,
                "rank": rank,
            }
        )
        rows.item_versions.append(_version(act, item_id, r, due_on, cents))
        if r.status == "paid":
            rows.events.append(
                {
                    "id": act.new_id(),
                    "open_item_id": item_id,
                    "act_id": act.id,
                    "effective_on": act.at.date(),
                    "event": "cleared_in_accounts",
                    "step": None,
                    "reason": "paid_in_accounts",
                }
            )


def _correct(act: Act, creditor_id: str, debtor_id: str, invoice_id: str, r: InvoiceRecord, rows: _Rows) -> None:
    """New versions of the items; instalments that are gone keep their row with nothing due."""
    query = (
        select(open_item.c.rank, open_item.c.id).where(open_item.c.invoice_id == invoice_id).order_by(open_item.c.rank)
    )
    items = {rank: item_id for rank, item_id in act.connection.execute(query)}
    wanted = _instalments(r)
    for rank, (due_on, cents) in enumerate(wanted, 1):
        item_id = items.pop(rank, None)
        if item_id is None:
            item_id = act.new_id()
            rows.items.append(
                {
                    "id": item_id,
                    "act_id": act.id,
                    "creditor_id": creditor_id,
                    "debtor_id": debtor_id,
                    "invoice_id": invoice_id,
                    "rank": rank,
                }
            )
        rows.item_versions.append(_version(act, item_id, r, due_on, cents))
    for item_id in items.values():
        rows.item_versions.append(_version(act, item_id, r, wanted[-1][0], 0))


def _conflict(file: str, r: InvoiceRecord, what: str) -> Problem:
    return Problem(
        file=file, line=r.line, element=f"invoice {r.number}", field=what, value_class=f"other {what}", reason=f"other_{what}",
        message=f"The number {r.number} is known with another {what}; the line was set aside.",
        remedy="Correct the number in the file, or cancel the first invoice; then import again.",
        severity=Severity.SET_ASIDE, subject=r.number,
    )  # fmt: skip
