"""The ledger of `matching_scale.py` through the real one: its three files taken in, then every line matched at once.

python benchmarks/matching_scale_ledger.py [lines] [items] [customers]
"""

import csv
import os
import sys
import tempfile
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from matching_scale import LAST, ledger, sizes

from recouvrement.day.house import init
from recouvrement.day.intake import take_files
from recouvrement.day.matching import match
from recouvrement.domain.money import plain
from recouvrement.settings import Settings

HEADS = {
    "customers": "customer_id,name",
    "invoices": "invoice_number,kind,customer_id,issue_date,due_date,amount,currency",
    "bank_lines": "line_id,account,booking_date,value_date,amount,currency,label,remittance,"
    "counterparty_name,counterparty_iban,end_to_end_id",
}


def write(folder, book, days):
    """The three files of a folder of receivables; their paths."""
    tables = {
        "customers": [(payer.debtor_id, payer.name) for payer in book.payers.values()],
        "invoices": [
            (i.invoice_number, i.kind, i.debtor_id, i.issue_on, i.due_on, plain(i.amount_cents), i.currency)
            for i in book.waiting_items()
        ],
        "bank_lines": [line(credit) for lines in days.values() for credit in lines],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADS[name].split(","), *rows])
    return [folder / f"{name}.csv" for name in tables]


def line(c):
    """One row of the bank's file."""
    said = c.label, c.remittance, c.counterparty_name, c.counterparty_iban, c.end_to_end_id
    return c.id, c.account, c.booking_on, c.value_on, plain(c.amount_cents), c.currency, *said


def main():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = write(folder, *ledger(*sizes()))
        settings = Settings(home=folder / "home", witness=folder / "witness", database_url="", snapshot_floor_percent=0)
        house = init(settings, creditor={"name": "Essai"}, simulated_clock_=True, on=LAST).on_day(LAST)
        started = process_time()
        results = take_files(house, files, actor="bench")
        taken = process_time()
        tally = match(house, on=LAST)
        ended = process_time()
    assert not [r for r in results if r.verdict == "rejected"], results
    print(
        f"{sizes()}: CPU: taking in {taken - started:.1f} s, matching {ended - taken:.1f} s, load {os.getloadavg()[0]:.1f},"
        f" {tally.as_json()}"
    )


if __name__ == "__main__":
    main()
