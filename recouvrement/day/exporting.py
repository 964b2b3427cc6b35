"""Files for the accountant: CSV as French spreadsheets read it, with nothing in it that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from recouvrement.day.house import House
from recouvrement.domain.money import plain
from recouvrement.ledger.exported import allocation_rows, write_off_rows

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it a French spreadsheet reads UTF-8 as another page
RUNS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "bank_line", "account", "booked_on", "received", "currency", "debtor", "invoice", "credit_note", "kind", "amount", "value_on",
    "method", "score", "author", "reason", "effective_on", "act", "act_kind", "recorded_at", "allocation", "undoes", "receipt",
)  # fmt: skip


class Export(StrEnum):
    """What can be exported."""

    ALLOCATIONS = "allocations"
    WRITE_OFFS = "write-offs"


def export(house: House, what: Export, first: date, last: date) -> bytes:
    """The rows that take effect from one day to another, both included; the same ledger gives the same bytes.

    Amounts have a decimal comma. An undone row stands with the row that undoes it, so that the column `amount` adds up:
    by invoice and kind to what was applied, and for the kinds `payment` and `customer_credit` by bank line to `received`.
    """
    read = allocation_rows if what is Export.ALLOCATIONS else write_off_rows
    with house.ledger.reading() as connection:
        return _csv(_cells(row) for row in read(connection, house.creditor(), first, last))


def _csv(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return BYTE_ORDER_MARK + text.getvalue().encode()


def _cells(r: Any) -> list[str]:
    texts = (
        r.bank_line_id, r.account, r.booked_on, _amount(r.line_cents), r.currency, r.code, r.number, r.credit_note, r.kind,
        _amount(r.amount_cents), r.value_on, r.method, r.score, r.author, r.reason, r.effective_on, r.act_id, r.act_kind,
        r.at.isoformat(timespec="seconds"), r.id, r.undoes, r.receipt_id,
    )  # fmt: skip
    amounts = {COLUMNS.index("received"), COLUMNS.index("amount")}
    return [_told(value) if n in amounts else safe(_told(value)) for n, value in enumerate(texts)]


def _told(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _amount(amount: int | None) -> str:
    return "" if amount is None else plain(amount).replace(".", ",")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what begins like one is given an apostrophe.

    >>> safe("=1+1"), safe("FA-12"), safe("-12")
    ("'=1+1", 'FA-12', "'-12")
    """
    return f"'{cell}" if cell.startswith(RUNS) else cell
