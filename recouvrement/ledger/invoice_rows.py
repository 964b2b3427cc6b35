"""The rows that an invoice becomes: itself, its version, its instalments and their versions."""

from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Table

from recouvrement.domain.records import InvoiceRecord
from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import Day, insert_rows, rising_ids, stored_day
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_event, item_version, open_item

DEFAULT_TERM = timedelta(days=30)  # C. com. L441-10 I, when nothing was agreed
Row = tuple[Any, ...]
NOTHING_RARE: Row = ((), None, None, None, None, None, None)
COLUMNS: dict[Table, tuple[str, ...]] = {
    invoice: ("id", "act_id", "creditor_id", "debtor_id", "number", "kind"),
    invoice_version: (
        "id", "invoice_id", "act_id", "effective_on", "status", "issue_on", "delivery_on", "received_on", "gross_cents",
        "currency", "order_reference", "customer_reference", "discount_bp", "discount_until", "content_hash", "source",
    ),
    open_item: ("id", "act_id", "creditor_id", "debtor_id", "invoice_id", "rank"),
    item_version: ("id", "open_item_id", "act_id", "effective_on", "due_on", "amount_cents", "currency"),
    item_event: ("id", "open_item_id", "act_id", "effective_on", "event", "step", "reason"),
}  # fmt: skip


def fingerprint(r: InvoiceRecord) -> str:
    """The digest of what a file states of an invoice; two files that state the same change nothing."""
    rare = (
        r.instalments, r.delivery_on, r.received_on, r.order_reference, r.customer_reference, r.discount_cents, r.discount_until,
    )  # fmt: skip
    told = "" if rare == NOTHING_RARE else repr(rare)
    stated = f"{r.status}|{_text(r.issue_on)}|{_text(r.due_on)}|{r.gross_cents}|{r.currency}|{told}"
    return sha256(stated.encode()).hexdigest()


@lru_cache(maxsize=20_000)
def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


@lru_cache(maxsize=20_000)
def _default_due(issue_on: date) -> date:
    return issue_on + DEFAULT_TERM


def instalments(r: InvoiceRecord) -> tuple[tuple[date, int], ...]:
    """Due day and cents of each part; nothing is due of a cancelled invoice or a draft."""
    parts = r.instalments or ((r.due_on or _default_due(r.issue_on), r.gross_cents),)
    return tuple((day, 0) for day, _ in parts) if r.status in {"cancelled", "draft"} else parts


def _discount(r: InvoiceRecord) -> int:
    return r.discount_cents * 10_000 // r.gross_cents if r.discount_cents and r.gross_cents else 0


def _cut(text: str | None) -> str | None:
    return text[:100].replace("\0", "") if text else text


class InvoiceRows:
    """Rows of one chunk, waiting to be written together."""

    def __init__(self, act: Act, creditor_id: str, source: str | None) -> None:
        self.act, self.creditor_id, self.source = act, creditor_id, source
        self.day: Day = stored_day(act.connection)
        self.new_id = rising_ids(act).__next__
        self.today = act.day
        self.rows: dict[Table, list[Row]] = {table: [] for table in COLUMNS}
        self.add = {table: rows.append for table, rows in self.rows.items()}

    def open(self, r: InvoiceRecord, debtor_id: str, digest: str) -> str:
        """A new invoice with its items and its first version; returns its id."""
        invoice_id, act_id = self.new_id(), self.act.id
        self.add[invoice]((invoice_id, act_id, self.creditor_id, debtor_id, r.number, r.kind))
        effective, item, version = self._effective(r), self.add[open_item], self.add[item_version]
        for rank, (due_on, cents) in enumerate(instalments(r), 1):
            item_id = self.new_id()
            item((item_id, act_id, self.creditor_id, debtor_id, invoice_id, rank))
            version((self.new_id(), item_id, act_id, effective, self.day(due_on), cents, r.currency))
            if r.status == "paid":
                self.event(item_id, "cleared_in_accounts", "paid_in_accounts")
        self.version(r, invoice_id, digest)
        return invoice_id

    def correct(self, r: InvoiceRecord, debtor_id: str, invoice_id: str, items: dict[int, str], digest: str) -> None:
        """A new version, and of the items (by rank) too; instalments that are gone keep their row with nothing due."""
        effective, parts, items = self._effective(r), instalments(r), dict(items)
        for rank, (due_on, cents) in enumerate(parts, 1):
            item_id = items.pop(rank, None) or self._item(invoice_id, debtor_id, rank)
            self.add[item_version](self._item_version(item_id, effective, due_on, cents, r.currency))
            if r.status == "paid":
                self.event(item_id, "cleared_in_accounts", "paid_in_accounts")
        for item_id in items.values():
            self.add[item_version](self._item_version(item_id, effective, parts[-1][0], 0, r.currency))
        self.version(r, invoice_id, digest)

    def version(self, r: InvoiceRecord, invoice_id: str, digest: str) -> None:
        """What the file states of the invoice, as its newest version."""
        day = self.day
        self.add[invoice_version]((
            self.new_id(), invoice_id, self.act.id, self._effective(r), r.status, day(r.issue_on), day(r.delivery_on),
            day(r.received_on), r.gross_cents, r.currency, _cut(r.order_reference), _cut(r.customer_reference),
            _discount(r) if r.discount_cents else 0, day(r.discount_until), digest, self.source,
        ))  # fmt: skip

    def event(self, item_id: str, event: str, reason: str) -> None:
        """Something that the accounts say of an item, from the day it was learned."""
        self.add[item_event]((self.new_id(), item_id, self.act.id, self.day(self.today), event, None, reason))

    def write(self) -> None:
        """Write what waits, parents first."""
        for table, columns in COLUMNS.items():
            insert_rows(self.act.connection, table, columns, self.rows[table])
            self.rows[table].clear()

    def _effective(self, r: InvoiceRecord) -> object:
        """A correction holds since the invoice was issued; a cancellation since the day it was learned."""
        return self.day(max(self.today, r.issue_on) if r.status == "cancelled" else r.issue_on)

    def _item(self, invoice_id: str, debtor_id: str, rank: int) -> str:
        item_id = self.new_id()
        self.add[open_item]((item_id, self.act.id, self.creditor_id, debtor_id, invoice_id, rank))
        return item_id

    def _item_version(self, item_id: str, effective: object, due_on: date, cents: int, currency: str) -> Row:
        return (self.new_id(), item_id, self.act.id, effective, self.day(due_on), cents, currency)
