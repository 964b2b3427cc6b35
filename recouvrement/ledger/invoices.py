"""Taking invoices in: new ones are opened, changed ones corrected by a new version, the same ones change nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, select

from recouvrement.domain.records import CustomerRecord, InvoiceRecord, Problem, Severity
from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import indexes_after, wanted
from recouvrement.ledger.invoice_rows import InvoiceRows, fingerprint
from recouvrement.ledger.parties import Tally, debtor_ids, take_customers
from recouvrement.ledger.tables.invoices import invoice, open_item

LONGEST_NUMBER = 64  # the width of the column, and more than any numbering needs
# CROSS JOIN keeps SQLite to this order: from the numbers to their rows
KNOWN = (
    "SELECT i.number, i.id, i.debtor_id, i.kind, v.content_hash, v.act_id FROM {wanted} "
    "CROSS JOIN invoice i CROSS JOIN invoice_version v "
    "WHERE i.creditor_id = {p} AND i.number = value AND v.invoice_id = i.id "
    "AND v.act_id = (SELECT max(w.act_id) FROM invoice_version w WHERE w.invoice_id = i.id)"
)


@dataclass(slots=True)
class InvoiceTally(Tally):
    """A tally of invoices, with those set aside, and the numbers opened."""

    problems: list[Problem] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)


class _Known(NamedTuple):
    """What is known of a number; one is made for every invoice of a large file."""

    id: str
    debtor_id: str
    kind: str
    digest: str
    act_id: int


Debtors = dict[str, str]


def take_invoices(
    act: Act,
    creditor_id: str,
    records: Iterable[InvoiceRecord],
    *,
    file: str,
    source: str | None = None,
    debtors: Debtors | None = None,
    only_new: bool = False,
) -> InvoiceTally:
    """Record invoices of one chunk; customers not yet known are opened by name with kind unknown.

    A number that comes back with another customer or kind, or twice in the act with other content, is set aside: one of
    the two is wrong. `debtors` (code to id) is filled as it goes, for the next chunk; `only_new` leaves known invoices
    as they are.
    """
    tally = InvoiceTally()
    records = [r for r in records if _fits(r, file, tally)]
    debtors = {} if debtors is None else debtors
    _open_debtors(act, creditor_id, records, source, tally, debtors)
    known = _known(act, creditor_id, records)
    rows = InvoiceRows(act, creditor_id, source)
    chunk = _Chunk(act, file, known, rows, tally, only_new)
    for record in records:
        chunk.take(record, debtors[record.customer_code])
    rows.write()
    return tally


def known_numbers(connection: Connection, creditor_id: str) -> list[str]:
    """Every invoice number of a creditor."""
    return list(connection.scalars(select(invoice.c.number).where(invoice.c.creditor_id == creditor_id)))


@contextmanager
def first_of_all(connection: Connection, *, large: bool) -> Iterator[None]:
    """While the first large file of a ledger goes in, indexes wait: no invoice of an earlier file is looked for by them."""
    empty = large and connection.scalar(select(invoice.c.id).limit(1)) is None
    with indexes_after(connection, (invoice, open_item), when=empty):
        yield


def _fits(r: InvoiceRecord, file: str, tally: InvoiceTally) -> bool:
    if len(r.number) <= LONGEST_NUMBER and len(r.customer_code) <= LONGEST_NUMBER:
        return True
    what = "number" if len(r.number) > LONGEST_NUMBER else "customer_code"
    message = f"The {what.replace('_', ' ')} is longer than {LONGEST_NUMBER} characters; the line was set aside."
    tally.problems.append(
        _problem(file, r, what, "text", "too_long", message, "Check that the right column is mapped.")
    )
    return False


def _open_debtors(
    act: Act, creditor_id: str, records: list[InvoiceRecord], source: str | None, tally: InvoiceTally, debtors: Debtors
) -> None:
    missing = {r.customer_code: r for r in records if r.customer_code not in debtors}
    if missing:
        debtors |= debtor_ids(act.connection, creditor_id, list(missing))
    unknown = [
        CustomerRecord(code=code, name=r.customer_name or code, siren=r.customer_siren, vat_number=r.customer_vat)
        for code, r in missing.items()
        if code not in debtors
    ]
    if unknown:
        tally.debtors |= take_customers(act, creditor_id, unknown, source).debtors
        debtors |= debtor_ids(act.connection, creditor_id, [r.code for r in unknown])


def _known(act: Act, creditor_id: str, records: list[InvoiceRecord]) -> dict[str, _Known]:
    rows = wanted(act.connection, KNOWN, [r.number for r in records], creditor_id)
    return {row[0]: _Known(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One chunk being taken."""

    act: Act
    file: str
    known: dict[str, _Known]
    rows: InvoiceRows
    tally: InvoiceTally
    only_new: bool

    def take(self, r: InvoiceRecord, debtor_id: str) -> None:
        """Open, correct, leave or set aside one invoice."""
        digest, found, tally = fingerprint(r), self.known.get(r.number), self.tally
        if found is None:
            invoice_id = self.rows.open(r, debtor_id, digest)
            tally.new += 1
            tally.opened.add(r.number)
        elif refused := self._refusal(r, found, debtor_id, digest):
            tally.problems.append(refused)
            return
        elif self.only_new or found.digest == digest:
            tally.same += 1
            return
        else:
            invoice_id = found.id
            tally.corrected += 1
            self.rows.correct(r, debtor_id, invoice_id, self._items(invoice_id), digest)
        tally.debtors.add(debtor_id)
        self.known[r.number] = _Known(invoice_id, debtor_id, r.kind, digest, self.act.id)

    def _refusal(self, r: InvoiceRecord, found: _Known, debtor_id: str, digest: str) -> Problem | None:
        for what, other in (("customer", found.debtor_id != debtor_id), ("kind", found.kind != r.kind)):
            if other:
                message = f"The number {r.number} is known with another {what}; the line was set aside."
                remedy = "Correct the number in the file, or cancel the first invoice; then import again."
                return _problem(self.file, r, what, f"other {what}", f"other_{what}", message, remedy)
        if found.act_id == self.act.id and found.digest != digest:
            message = (
                f"The number {r.number} stands twice in the file with other content; the later line was set aside."
            )
            remedy = "Keep one line per number, or map the lines as instalments."
            return _problem(self.file, r, "number", "invoice number", "duplicate", message, remedy)
        return None

    def _items(self, invoice_id: str) -> dict[int, str]:
        query = select(open_item.c.rank, open_item.c.id).where(open_item.c.invoice_id == invoice_id)
        return {rank: item_id for rank, item_id in self.act.connection.execute(query.order_by(open_item.c.rank))}


def _problem(
    file: str, r: InvoiceRecord, field_: str, value_class: str, reason: str, message: str, remedy: str
) -> Problem:
    return Problem(
        file=file, line=r.line, element=f"invoice {r.number[:80]}", field=field_, value_class=value_class, reason=reason,
        message=message, remedy=remedy, severity=Severity.SET_ASIDE, subject=r.number,
    )  # fmt: skip
