"""A ledger as the files of `shared/receivables`: tables, truth, and the same lines as three formats of statement."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.held_out.ledgers import Ledger
from benchmarks.held_out.lines import Line
from benchmarks.held_out.receipts import Receipt
from benchmarks.held_out.statements import camt053, cfonb120, releve
from recouvrement.domain.money import plain


def write(ledger: Ledger, folder: Path) -> None:
    """Write every file of one ledger; two ledgers of the same kind, numbers and seed are the same to the byte."""
    (folder / "statements").mkdir(parents=True, exist_ok=True)
    _table(folder / "customers.csv", _customers(ledger))
    _table(folder / "invoices.csv", _invoices(ledger))
    _table(folder / "bank_lines.csv", _bank_lines(ledger))
    _table(folder / "truth.csv", _truth(ledger))
    _table(folder / "truth_lines.csv", _truth_lines(ledger))
    for name, made in (("camt053.xml", camt053), ("cfonb120.txt", cfonb120), ("releve.csv", releve)):
        (folder / "statements" / name).write_bytes(made(ledger.lines))
    kinds = Counter(line.kind for line in ledger.lines)
    about = {
        "kind": ledger.kind.name, "number_format": ledger.numbers, "seed": ledger.seed, "invoices": len(ledger.sales),
        "customers": len(ledger.customers), "lines": len(ledger.lines), "kinds": dict(sorted(kinds.items())),
    }  # fmt: skip
    (folder / "meta.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _table(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _customers(ledger: Ledger) -> Iterator[dict[str, str]]:
    for c in ledger.customers:
        iban = c.account if c.on_file else ""
        yield {
            "customer_id": c.code,
            "name": c.name,
            "siren": c.siren,
            "vat_number": c.vat_number,
            "iban_on_file": iban,
        }


def _invoices(ledger: Ledger) -> Iterator[dict[str, str]]:
    for s in ledger.sales:
        yield {
            "invoice_number": s.number, "kind": "credit_note" if s.cents < 0 else "invoice", "customer_id": s.customer.code,
            "issue_date": s.issue_on.isoformat(), "due_date": s.due_on.isoformat(), "amount": plain(s.cents), "currency": "EUR",
        }  # fmt: skip


def _numbered(ledger: Ledger) -> Iterator[tuple[str, Line]]:
    yield from ((f"L{rank:06d}", line) for rank, line in enumerate(ledger.lines, 1))


def _bank_lines(ledger: Ledger) -> Iterator[dict[str, str]]:
    for line_id, line in _numbered(ledger):
        words = line.words
        yield {
            "line_id": line_id, "account": "0", "booking_date": line.on.isoformat(), "value_date": line.on.isoformat(),
            "amount": plain(line.cents), "currency": "EUR", "label": words.label, "remittance": words.remittance,
            "counterparty_name": words.name, "counterparty_iban": words.iban, "end_to_end_id": words.e2e,
        }  # fmt: skip


def _truth(ledger: Ledger) -> Iterator[dict[str, str]]:
    for line_id, line in _numbered(ledger):
        for part in line.receipt.parts if line.receipt else ():
            yield {
                "line_id": line_id, "invoice_number": part.sale.number, "allocated": plain(part.cents),
                "adjustment": plain(part.adjustment), "adjustment_reason": part.reason, "closes": str(int(part.closes)),
            }  # fmt: skip


NOBODY = Receipt(on=None, cents=0, kind="", amount_mode="none", customers=())  # type: ignore[arg-type]


def _truth_lines(ledger: Ledger) -> Iterator[dict[str, str]]:
    for line_id, line in _numbered(ledger):
        receipt = line.receipt or replace(NOBODY, on=line.on)
        payer = receipt.customers[0].code if len(receipt.customers) == 1 else ""
        yield {
            "line_id": line_id, "kind": line.kind, "ref_mode": line.words.ref_mode, "name_mode": line.words.name_mode,
            "amount_mode": receipt.amount_mode, "customer_id": payer, "n_invoices": str(len(receipt.parts)),
            "unallocated": plain(receipt.excess), "resolvable": _resolvable(line, receipt),
        }  # fmt: skip


def _resolvable(line: Line, receipt: Receipt) -> str:
    """What the line shows: a number, one with a slip, a payer, or nothing; not whether that is enough."""
    if not receipt.parts or line.kind == "cheque_deposit":
        return "none"
    shown = f"{line.words.label} {line.words.remittance}"
    if all(part.sale.number in shown for part in receipt.parts if part.sale.cents > 0):
        return "ref"
    if line.words.ref_mode == "altered":
        return "ref_altered"
    return "payer+amount" if line.words.name_mode in {"exact", "variant", "trunc"} else "none"
