"""Payer habits against two simple guesses, walking forward: `python benchmarks/habits.py [DIR]`.

For each invoice of the later half (by issue date) the days late are guessed with what was known on its issue day, then
compared with what happened. Errors are mean absolute errors in days; the interval is a 95 % bootstrap over debtors of
the gain on each guess. An invoice that is still open at the end, or was paid by lines that nobody could tell, counts as
truth.csv says.
"""

import argparse
import json
import random
import sys
from collections import defaultdict
from csv import DictReader
from datetime import date
from pathlib import Path
from statistics import mean
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recouvrement.domain.money import cents
from recouvrement.reports.habits import Settled, habits

HERE = Path(__file__).resolve().parents[2] / "shared" / "receivables" / "realistic"
Guess = tuple[str, int, float, float, float]  # debtor, actual, and the errors of due date, debtor's mean, habit


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(DictReader(file))


def history(folder: Path) -> tuple[list[tuple[date, str, str, date]], dict[str, Settled]]:
    """Invoices (issue day, number, debtor, due day) by issue day, and those that were paid in full."""
    booked = {r["line_id"]: date.fromisoformat(r["booking_date"]) for r in rows(folder / "bank_lines.csv")}
    moves: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for r in rows(folder / "truth.csv"):
        moves[r["invoice_number"]].append((booked[r["line_id"]], cents(r["allocated"]) + cents(r["adjustment"])))
    invoices, settled = [], {}
    for r in rows(folder / "invoices.csv"):
        if r["kind"] != "invoice":
            continue
        number, due_on = r["invoice_number"], date.fromisoformat(r["due_date"])
        invoices.append((date.fromisoformat(r["issue_date"]), number, r["customer_id"], due_on))
        left, paid_on = cents(r["amount"]), None
        for day, amount in sorted(moves[number]):
            left -= amount
            paid_on = (paid_on or day) if left <= 0 else None  # a returned payment opens it again
        if paid_on:
            settled[number] = Settled(r["customer_id"], due_on, paid_on)
    return sorted(invoices), settled


def guesses(folder: Path, *, every: int = 1) -> list[Guess]:
    """The guesses of the later half, or of one invoice in `every` of them."""
    invoices, settled = history(folder)
    found = []
    for issue_on, number, debtor, due_on in invoices[len(invoices) // 2 :: every]:
        if number not in settled:
            continue
        known = [one for one in settled.values() if one.paid_on < issue_on]
        own = [one.delay for one in known if one.debtor == debtor] or [one.delay for one in known]
        actual, ours = settled[number].delay, habits(known, on=issue_on).of(debtor).expected() or 0
        assert settled[number].due_on == due_on
        found.append((debtor, actual, float(abs(actual)), abs(actual - mean(own)), float(abs(actual - ours))))
    return found


def gain(found: list[Guess], place: int, *, rounds: int = 2_000, seed: int = 1) -> tuple[float, float]:
    """The 95 % interval of (error of a guess - error of the habit), debtors drawn again with replacement."""
    by_debtor: dict[str, list[float]] = defaultdict(list)
    for one in found:
        by_debtor[one[0]].append(float(one[place]) - one[4])
    groups, chance = sorted(by_debtor.values()), random.Random(seed)
    means = []
    for _ in range(rounds):
        drawn = chance.choices(groups, k=len(groups))
        means.append(sum(map(sum, drawn)) / sum(map(len, drawn)))
    means.sort()
    return means[rounds * 25 // 1000], means[rounds * 975 // 1000]


def main() -> int:
    """Print one JSON object; exit 1 when a simple guess does better."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=HERE)
    given = parser.parse_args()
    start, found = process_time(), guesses(given.folder)
    errors = {
        name: round(mean(float(one[n]) for one in found), 2) for n, name in ((2, "due_date"), (3, "mean"), (4, "habit"))
    }
    gains = {f"gain_on_{name}_95": [round(x, 2) for x in gain(found, n)] for n, name in ((2, "due_date"), (3, "mean"))}
    print(json.dumps({"folder": given.folder.name, "held_out": len(found), "days_late_error": errors, **gains,
                      "cpu_s": round(process_time() - start, 1)}))  # fmt: skip
    return int(errors["habit"] >= min(errors["due_date"], errors["mean"]))


if __name__ == "__main__":
    sys.exit(main())
