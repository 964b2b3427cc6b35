"""A firm's history replayed day by day through the real daily run: who was contacted, and who should not have been.

`python benchmarks/replay.py DIR [--until 2026-11-20]` takes `customers.csv`, `invoices.csv`, `bank_lines.csv` of DIR into
a throw-away ledger (made-up kinds, e-mails and addresses, a bank feed read every day), runs every working day live
against a mail catcher on this machine, and compares each contact with `truth.csv`. Nobody settles a proposal.
"""

import argparse
import io
import json
import sys
import tempfile
from collections import defaultdict
from csv import DictReader
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow.parquet as pq
from sqlalchemy import select

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, init
from recouvrement.day.intake import take_files
from recouvrement.day.intake_demo import with_demo_contact
from recouvrement.day.intake_taking import How
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.domain.holidays_fr import is_working_day
from recouvrement.domain.money import cents
from recouvrement.ledger.content import fetch
from recouvrement.ledger.runs import decision_parts
from recouvrement.ledger.tables.contacts import contact, contact_item
from recouvrement.ledger.tables.invoices import invoice, open_item
from recouvrement.settings import Settings

FILES = ("customers.csv", "invoices.csv", "bank_lines.csv")
ASKING = "receipt_in_doubt"
CREDITOR = {
    "name": "Banc d'essai", "email": "compta@essai.example", "iban": "FR7630006000011234567890189", "siren": "732829320",
    "legal_form": "SAS", "contact_name": "Essai", "phone": "0200000000", "address": "1 rue de l'Essai\n44000 Nantes",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(DictReader(file))


def paid_on(folder: Path) -> tuple[dict[str, date], set[str]]:
    """From the truth: the day each invoice was fully paid, and those paid by lines that no evidence could tell."""
    lines = {r["line_id"]: r for r in rows(folder / "bank_lines.csv")}
    meta = {r["line_id"]: r for r in rows(folder / "truth_lines.csv")}
    amounts = {r["invoice_number"]: cents(r["amount"]) for r in rows(folder / "invoices.csv")}
    movements: dict[str, list[tuple[date, int, str]]] = defaultdict(list)
    for r in rows(folder / "truth.csv"):
        settled = cents(r["allocated"]) + cents(r["adjustment"])
        movements[r["invoice_number"]].append(
            (date.fromisoformat(lines[r["line_id"]]["booking_date"]), settled, r["line_id"])
        )
    found, blind = {}, set()
    for number, parts in movements.items():
        left = amounts[number]
        for day, settled, line in sorted(parts):
            left -= settled
            if meta[line]["resolvable"] == "none" and settled > 0:
                blind.add(number)
            if left > 0:
                found.pop(number, None)  # a returned payment opens it again
            else:
                found.setdefault(number, day)
    return found, blind


def played(folder: Path, home: Path, until: date, port: int) -> tuple[House, dict[str, Any]]:
    """Every working day up to `until`, and what was counted on the way."""
    first = min(date.fromisoformat(r["issue_date"]) for r in rows(folder / "invoices.csv"))
    settings = Settings(home=home, witness=home / "witness", database_url="", smtp_port=port, provisional_rates=True)
    house = init(settings, creditor=dict(CREDITOR), simulated_clock_=True, on=first).on_day(first)
    take_files(house, [folder / name for name in FILES], actor="bench", how=How(adjust=with_demo_contact))
    counts: dict[str, Any] = {"days": 0, "debtor_days": 0, "held_debtor_days": 0, "doubted": set()}
    day = first
    while day <= until:
        if is_working_day(day):
            report = run_day(house, on=day, mode=Mode.LIVE, actor="bench")
            drain(house.on_day(day), on=day, pace=False)
            _count(house, report.run_id, counts)
        day += timedelta(days=1)
    return house, counts


def _count(house: House, run_id: str, counts: dict[str, Any]) -> None:
    debtors, held = set(), set()
    with house.ledger.reading() as connection:
        for part in decision_parts(connection, run_id):
            table = pq.read_table(io.BytesIO(fetch(connection, part.sha256)), columns=["item", "debtor", "reason"])
            for item, debtor, reason in zip(
                *(table[name].to_pylist() for name in ("item", "debtor", "reason")), strict=True
            ):
                debtors.add(debtor)
                if reason in {"money_in_doubt", "receipt_to_ask", "receipt_asked"}:
                    counts["doubted"].add(item)
                if reason == "money_in_doubt":
                    held.add(debtor)
    counts["days"] += 1
    counts["debtor_days"] += len(debtors)
    counts["held_debtor_days"] += len(held)


def judged(folder: Path, house: House, counts: dict[str, Any], until: date) -> dict[str, object]:
    """The three shares of issue 5, and the two counts behind them."""
    paid, blind = paid_on(folder)
    query = (
        select(contact.c.business_day, contact.c.step, contact.c.state, invoice.c.number, contact_item.c.open_item_id)
        .join(contact_item, contact_item.c.contact_id == contact.c.id)
        .join(open_item, open_item.c.id == contact_item.c.open_item_id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
    )
    with house.ledger.reading() as connection:
        carried = connection.execute(query).all()
        items = {
            number: item
            for item, number in connection.execute(
                select(open_item.c.id, invoice.c.number).join(invoice, invoice.c.id == open_item.c.invoice_id)
            )
        }
    wrong = [r for r in carried if r.step != ASKING and r.number in paid and paid[r.number] < r.business_day]
    chased = {r.number for r in carried}
    due = {
        r["invoice_number"]: date.fromisoformat(r["due_date"])
        for r in rows(folder / "invoices.csv")
        if r["kind"] == "invoice"
    }
    late = [
        n
        for n, day in due.items()
        if day + timedelta(days=10) <= until and paid.get(n, until + timedelta(days=1)) > day + timedelta(days=10)
    ]
    clear = [n for n in late if items[n] not in counts["doubted"]]
    return {
        "folder": folder.name,
        "days": counts["days"],
        "contacts_by_invoice": len(carried),
        "asked_about_receipts": sum(r.step == ASKING for r in carried),
        "wrong_contacts": sum(r.number not in blind for r in wrong),
        "wrong_contacts_nobody_could_tell": sum(r.number in blind for r in wrong),
        "wrong_invoices": sorted({r.number for r in wrong if r.number not in blind})[:20],
        "late_ten_days_without_doubt": len(clear),
        "of_them_contacted": round(sum(n in chased for n in clear) / max(len(clear), 1), 4),
        "debtor_days_held_for_doubt": round(counts["held_debtor_days"] / max(counts["debtor_days"], 1), 4),
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 20))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, Catcher(Path(home) / "mail") as catcher:
        start = process_time()
        house, counts = played(given.folder, Path(home) / "home", given.until, catcher.port)
        print(
            json.dumps(
                {**judged(given.folder, house, counts, given.until), "cpu_s": round(process_time() - start, 1)},
                indent=1,
            )
        )


if __name__ == "__main__":
    main()
