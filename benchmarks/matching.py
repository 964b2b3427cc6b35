"""The whole pipeline on folders of receivables: files in, ledger, matching; predictions out, to be scored.

    python benchmarks/matching.py [DIR]... [--out predictions.csv] [--proposals [FILE]] [--lines FILE]

reads `customers.csv`, `invoices.csv` and `bank_lines.csv` of each DIR into a throw-away ledger and matches them through
the day's own code. `--out` gets `line_id,invoice_number,allocated` of what was allocated automatically; with several DIR,
one file each, the folder's name in its name. When DIR has a truth, precision, recall, unrelated credits matched and money
wrong are printed as `score.py` counts them, with recall by class. `--proposals` prints besides the share of the lines whose
right invoices are automatic or among the first three proposals, and writes the ranked proposals to FILE. `--lines` takes
another file of the same lines, such as `statements/camt053.xml`, `statements/cfonb120.txt` or `statements/releve.csv`.
"""

import argparse
import csv
import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import select

from recouvrement.day.house import House, init
from recouvrement.day.intake import take_files
from recouvrement.day.matching import match
from recouvrement.domain.money import cents, plain
from recouvrement.ledger.tables.bank import allocation, bank_account, bank_line, line_opinion
from recouvrement.ledger.tables.invoices import invoice, open_item
from recouvrement.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "receivables"
FILES = ("customers.csv", "invoices.csv")
# `score.py` leaves out what was taken back.
UNJUDGED = frozenset({"reversal"})


def matched(folder: Path, home: Path, lines: str = "bank_lines.csv") -> House:
    """A throw-away ledger with the three files taken in and every line matched."""
    last = date(2099, 1, 1)
    settings = Settings(home=home, witness=home / "witness", database_url="", snapshot_floor_percent=0)
    house = init(settings, creditor={"name": "Essai"}, simulated_clock_=True, on=last).on_day(last)
    results = take_files(house, [folder / name for name in (*FILES, lines)], actor="bench")
    refused = [result for result in results if result.verdict == "rejected"]
    if refused:
        raise SystemExit(f"{refused[0].file}: {'; '.join(refused[0].reasons)}")
    match(house, on=last)
    return house


def predictions(house: House, ids: dict[str, str]) -> list[dict[str, str]]:
    """What stands allocated, by bank line and invoice; reversed payments keep their line's first reading."""
    a = allocation
    query = (
        select(bank_line.c.id, invoice.c.number, a.c.amount_cents)
        .join(a, a.c.bank_line_id == bank_line.c.id)
        .join(open_item, open_item.c.id == a.c.open_item_id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .where(a.c.kind.in_(("payment", "credit_note")), a.c.undoes.is_(None))
        .order_by(bank_line.c.id, a.c.id)
    )
    netted = (
        select(bank_line.c.id, invoice.c.number, -a.c.amount_cents)
        .join(a, a.c.bank_line_id == bank_line.c.id)
        .join(open_item, open_item.c.id == a.c.credit_item_id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .where(a.c.undoes.is_(None))
    )
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with house.ledger.reading() as connection:
        for line, number, applied in [*connection.execute(query), *connection.execute(netted)]:
            sums[line, number] += applied
    return [
        {"line_id": ids[line], "invoice_number": number, "allocated": plain(total)}
        for (line, number), total in sums.items()
    ]


def proposals(house: House, ids: dict[str, str]) -> list[dict[str, Any]]:
    """The first three proposals of each line that waits for a person, as sets of invoice numbers."""
    with house.ledger.reading() as connection:
        items = select(open_item.c.id, invoice.c.number).join(invoice, invoice.c.id == open_item.c.invoice_id)
        numbers = {item: number for item, number in connection.execute(items)}
        query = select(bank_line.c.id, line_opinion.c.verdict, line_opinion.c.proposals)
        query = query.join(line_opinion, line_opinion.c.bank_line_id == bank_line.c.id).order_by(
            line_opinion.c.act_id, line_opinion.c.id
        )
        newest = {line: (verdict, text) for line, verdict, text in connection.execute(query)}
    return [
        {
            "line_id": ids[line],
            "proposals": [sorted(numbers[item] for item, *_ in p["items"]) for p in json.loads(text)[:3]],
        }
        for line, (verdict, text) in newest.items()
        if verdict == "proposed"
    ]


def line_ids(house: House, folder: Path) -> dict[str, str]:
    """The id that `bank_lines.csv` gives each line of the ledger: by account, day, amount and rank among equals."""
    table, known = _rows(folder / "bank_lines.csv"), {}
    accounts, equals = sorted({row["account"] for row in table}), Counter[tuple[int, str, int]]()
    for row in table:
        key = accounts.index(row["account"]), row["booking_date"], cents(row["amount"])
        known[*key, equals[key]] = row["line_id"]
        equals[key] += 1
    b = bank_line.c
    query = select(b.id, bank_account.c.number, b.effective_on, b.amount_cents, b.rank)
    with house.ledger.reading() as connection:
        rows = connection.execute(query.join(bank_account, bank_account.c.id == b.account_id)).all()
    mine = sorted({row.number for row in rows})
    return {r.id: known[mine.index(r.number), r.effective_on.isoformat(), r.amount_cents, r.rank] for r in rows}


def judged(folder: Path, predicted: list[dict[str, str]], waiting: list[dict[str, Any]]) -> dict[str, Any]:
    """What `score.py` tells of the automatic matches, and the share of right sets automatic or among the first three proposals."""
    right, said = _by_line(_rows(folder / "truth.csv")), _by_line(predicted)
    lines = {row["line_id"]: row for row in _rows(folder / "truth_lines.csv")}
    amounts = {row["line_id"]: abs(cents(row["amount"])) for row in _rows(folder / "bank_lines.csv")}
    asked = [line for line in right if lines[line]["kind"] not in UNJUDGED]
    made = [line for line in said if lines[line]["kind"] not in UNJUDGED]
    good = {line for line in made if said[line] == right.get(line)}
    classes = Counter(lines[line]["resolvable"] for line in asked)
    classes_good = Counter(lines[line]["resolvable"] for line in good)
    money = sum(amounts[line] for line in made if line not in good) / max(sum(amounts[line] for line in asked), 1)
    offered = {row["line_id"]: [set(numbers) for numbers in row["proposals"][:3]] for row in waiting}
    found = sum(line in good or (line not in said and right[line] in offered.get(line, ())) for line in asked)
    return {
        "lines_with_truth": len(asked),
        "automatic": len(made),
        "right": len(good),
        "precision": round(len(good) / max(len(made), 1), 4),
        "recall": round(len(good) / max(len(asked), 1), 4),
        "unrelated_matched": sum(line not in right for line in made),
        "money_wrong": round(money, 5),
        "automatic_or_first_three": round(found / max(len(asked), 1), 4),
        "recall_by_resolvable": {k: f"{classes_good[k]}/{n}" for k, n in sorted(classes.items())},
    }


def _by_line(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row["line_id"]].add(row["invoice_number"])
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(folder: Path, lines: str, out: Path, waiting_to: Path | None) -> None:
    """Match one folder, write what was asked for and print what is known of it."""
    with tempfile.TemporaryDirectory() as home:
        house = matched(folder, Path(home) / "home", lines)
        ids = line_ids(house, folder)
        rows, waiting = predictions(house, ids), proposals(house, ids)
    with out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["line_id", "invoice_number", "allocated"])
        writer.writeheader()
        writer.writerows(rows)
    told: dict[str, Any] = {"folder": folder.resolve().name, "lines": len(_by_line(rows)), "allocations": len(rows)}
    if (folder / "truth.csv").is_file():
        told |= judged(folder, rows, waiting)
        if waiting_to:
            print(f"automatic or in the first three proposals: {told['automatic_or_first_three']:.4f}")
    if waiting_to:
        waiting_to.write_text("".join(json.dumps(row) + "\n" for row in waiting), encoding="utf-8")
    print(json.dumps(told), flush=True)


def own(path: Path, folder: Path, *, several: bool) -> Path:
    """Where the answers of one folder go; each its own file when there are several."""
    if not several or path == Path(os.devnull):
        return path
    return path.with_name(f"{path.stem}-{folder.resolve().name}{path.suffix}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="DIR", type=Path, nargs="*", help="default: those of ../shared/receivables")
    parser.add_argument("--out", type=Path, default=Path(os.devnull))
    parser.add_argument("--proposals", type=Path, nargs="?", const=Path(os.devnull))
    parser.add_argument("--lines", default="bank_lines.csv", help="the file that the lines are read from, within DIR")
    given = parser.parse_args()
    folders = given.folders or [one for one in sorted(SHARED.iterdir()) if (one / "bank_lines.csv").is_file()]
    missing = [str(one / name) for one in folders for name in (*FILES, given.lines) if not (one / name).is_file()]
    if missing:
        parser.error(f"no such file: {', '.join(missing)}")
    for folder in folders:
        several = len(folders) > 1
        waiting_to = own(given.proposals, folder, several=several) if given.proposals else None
        run(folder, given.lines, own(given.out, folder, several=several), waiting_to)


if __name__ == "__main__":
    main()
