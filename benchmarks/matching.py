"""The whole pipeline on a folder of receivables: files in, ledger, matching; predictions out, to be scored.

`python benchmarks/matching.py DIR --out predictions.csv` reads `invoices.csv`, `customers.csv` and `bank_lines.csv` of
DIR into a throw-away ledger, matches them through the day's own code and writes `line_id,invoice_number,allocated` for
what was allocated automatically. `--proposals [FILE]` prints the share of the lines with a truth whose right invoices are
automatic or among the first three proposals, when DIR has a truth, and writes the ranked proposals to FILE.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from recouvrement.day.house import House, init
from recouvrement.day.intake import take_files
from recouvrement.day.matching import match
from recouvrement.domain.money import plain
from recouvrement.ledger.tables.bank import allocation, bank_line, line_opinion
from recouvrement.ledger.tables.invoices import invoice, open_item
from recouvrement.settings import Settings

FILES = ("customers.csv", "invoices.csv", "bank_lines.csv")


def matched(folder: Path, home: Path) -> House:
    """A throw-away ledger with the three files taken in and every line matched."""
    last = date(2099, 1, 1)
    settings = Settings(home=home, witness=home / "witness", database_url="", snapshot_floor_percent=0)
    house = init(settings, creditor={"name": "Essai"}, simulated_clock_=True, on=last).on_day(last)
    results = take_files(house, [folder / name for name in FILES], actor="bench")
    refused = [result for result in results if result.verdict == "rejected"]
    if refused:
        raise SystemExit(f"{refused[0].file}: {'; '.join(refused[0].reasons)}")
    match(house, on=last)
    return house


def predictions(house: House) -> list[dict[str, str]]:
    """What stands allocated, by bank line and invoice; reversed payments keep their line's first reading."""
    a = allocation
    query = (
        select(bank_line.c.bank_reference, invoice.c.number, a.c.amount_cents)
        .join(a, a.c.bank_line_id == bank_line.c.id)
        .join(open_item, open_item.c.id == a.c.open_item_id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .where(a.c.kind.in_(("payment", "credit_note")), a.c.undoes.is_(None))
        .order_by(bank_line.c.id, a.c.id)
    )
    netted = (
        select(bank_line.c.bank_reference, invoice.c.number, -a.c.amount_cents)
        .join(a, a.c.bank_line_id == bank_line.c.id)
        .join(open_item, open_item.c.id == a.c.credit_item_id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .where(a.c.undoes.is_(None))
    )
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with house.ledger.reading() as connection:
        for line, number, cents in [*connection.execute(query), *connection.execute(netted)]:
            sums[line, number] += cents
    return [
        {"line_id": line, "invoice_number": number, "allocated": plain(cents)} for (line, number), cents in sums.items()
    ]


def proposals(house: House) -> list[dict[str, Any]]:
    """The first three proposals of each line that waits for a person, as sets of invoice numbers."""
    with house.ledger.reading() as connection:
        items = select(open_item.c.id, invoice.c.number).join(invoice, invoice.c.id == open_item.c.invoice_id)
        numbers = {item: number for item, number in connection.execute(items)}
        query = select(bank_line.c.bank_reference, line_opinion.c.verdict, line_opinion.c.proposals)
        query = query.join(line_opinion, line_opinion.c.bank_line_id == bank_line.c.id).order_by(
            line_opinion.c.act_id, line_opinion.c.id
        )
        newest = {line: (verdict, text) for line, verdict, text in connection.execute(query)}
    return [
        {"line_id": line, "proposals": [sorted(numbers[item] for item, *_ in p["items"]) for p in json.loads(text)[:3]]}
        for line, (verdict, text) in newest.items()
        if verdict == "proposed"
    ]


def found_share(folder: Path, predicted: list[dict[str, str]], waiting: list[dict[str, Any]]) -> float:
    """The share of the lines with a truth whose right set of invoices is automatic or among the first three proposals."""
    right, said = _by_line(_rows(folder / "truth.csv")), _by_line(predicted)
    answers = defaultdict(list, {line: [numbers] for line, numbers in said.items()})
    for row in waiting:
        answers[row["line_id"]] += [set(numbers) for numbers in row["proposals"][:3]]
    taken_back = {row["line_id"] for row in _rows(folder / "truth_lines.csv") if row["kind"] == "reversal"}
    asked = right.keys() - taken_back
    return sum(right[line] in answers[line] for line in asked) / len(asked)


def _by_line(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["line_id"]].add(row["invoice_number"])
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(os.devnull))
    parser.add_argument("--proposals", type=Path, nargs="?", const=Path(os.devnull))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        house = matched(given.folder, Path(home) / "home")
        rows = predictions(house)
        waiting = proposals(house) if given.proposals else []
    with given.out.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, ["line_id", "invoice_number", "allocated"])
        writer.writeheader()
        writer.writerows(rows)
    if given.proposals and (given.folder / "truth.csv").is_file():
        print(f"automatic or in the first three proposals: {found_share(given.folder, rows, waiting):.4f}")
    if given.proposals:
        given.proposals.write_text("\n".join(json.dumps(row) for row in waiting) + "\n", encoding="utf-8")
    print(
        json.dumps(
            {"folder": given.folder.name, "lines": len({row["line_id"] for row in rows}), "allocations": len(rows)}
        )
    )


if __name__ == "__main__":
    main()
