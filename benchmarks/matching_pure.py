"""Drive the matching engine alone over a folder of shared/receivables, day by day, and score it.

python benchmarks/matching_pure.py [folder ...] [--proposals] [--wrong]
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from time import perf_counter

from recouvrement.cycles import without_cycles
from recouvrement.domain.money import cents, plain
from recouvrement.matching.book import Book
from recouvrement.matching.day import match_day
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Credit, OpenItem, Outcome, Payer, Verdict

SHARED = Path(__file__).resolve().parents[2] / "shared" / "receivables"


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def load_book(folder, rules=None):
    book = Book(rules)
    for row in rows(folder / "customers.csv"):
        ibans = tuple(i for i in (row["iban_on_file"],) if i)
        book.add_payer(Payer(row["customer_id"], row["name"], row["siren"], row["vat_number"], ibans))
    for row in rows(folder / "invoices.csv"):
        amount = cents(row["amount"])
        issue, due = date.fromisoformat(row["issue_date"]), date.fromisoformat(row["due_date"])
        number = row["invoice_number"]
        book.add_item(
            OpenItem(number, number, row["customer_id"], issue, due, amount, amount, row["currency"], row["kind"])
        )
    return book


def load_lines(folder):
    days = defaultdict(list)
    for row in rows(folder / "bank_lines.csv"):
        credit = Credit(
            row["line_id"],
            row["account"],
            date.fromisoformat(row["booking_date"]),
            date.fromisoformat(row["value_date"]),
            cents(row["amount"]),
            row["currency"],
            row["label"],
            row["remittance"],
            row["counterparty_name"],
            row["counterparty_iban"],
            row["end_to_end_id"],
        )
        days[credit.booking_on].append(credit)
    return days


@without_cycles()
def replay(book, days):
    """Every booking day in order, open lines retried; the last outcome of each line."""
    outcomes = {}
    for on in sorted(days):
        outcomes.update((outcome.line_id, outcome) for outcome in match_day(book, days[on], on))
    return outcomes


def predictions(outcomes: dict[str, Outcome]):
    return [
        {"line_id": o.line_id, "invoice_number": a.item_id, "allocated": plain(a.cents)}
        for o in outcomes.values()
        if o.verdict is Verdict.AUTOMATIC
        for a in o.allocations
    ]


def proposal_share(folder, outcomes, size=3):
    truth = defaultdict(set)
    for row in rows(folder / "truth.csv"):
        truth[row["line_id"]].add(row["invoice_number"])
    meta = {r["line_id"]: r for r in rows(folder / "truth_lines.csv")}
    truth = {k: v for k, v in truth.items() if meta[k]["kind"] != "reversal"}
    missed, good = [], 0
    for line, right in truth.items():
        outcome = outcomes[line]
        options = [{a.item_id for a in outcome.allocations}] if outcome.verdict is Verdict.AUTOMATIC else []
        options += [set(p.item_ids) for p in outcome.proposals[:size]]
        if right in options:
            good += 1
        else:
            missed.append(line)
    return good / len(truth), missed


def main():
    sys.path.insert(0, str(SHARED))
    from score import rd, score

    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", default=["realistic", "hard", "subscriptions"])
    parser.add_argument("--proposals", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    for name in args.folders:
        folder = SHARED / name
        started = perf_counter()
        outcomes = replay(load_book(folder, MatchingRules()), load_lines(folder))
        took = perf_counter() - started
        result = score(str(folder), predictions(outcomes), show=False)
        print(f"== {name}: {took:.1f} s", Counter(o.verdict.value for o in outcomes.values()))
        for key in (
            "precision",
            "recall",
            "lines_predicted",
            "right",
            "fp_on_unmatchable",
            "money_wrong",
            "money_matched_right",
            "allocation_exact_share",
        ):
            print(f"   {key} {result.get(key)}")
        print("   ", {k: f"{v['right']}/{v['pred']}/{v['truth']}" for k, v in result["by_resolvable"].items()})
        print("   ", {k: f"{v['right']}/{v['pred']}/{v['truth']}" for k, v in result["by_amount_mode"].items()})
        print("   ", {k: f"{v['right']}/{v['pred']}/{v['truth']}" for k, v in result["by_ref_mode"].items()})
        print("   ", {k: f"{v['right']}/{v['pred']}/{v['truth']}" for k, v in result["by_kind"].items()})
        if args.proposals:
            share, _ = proposal_share(folder, outcomes)
            print(f"   automatic or in the first three proposals: {share:.4f}")
        if args.wrong:
            show_wrong(folder, outcomes)
    del rd


def show_wrong(folder, outcomes):
    truth = defaultdict(set)
    for row in rows(folder / "truth.csv"):
        truth[row["line_id"]].add(row["invoice_number"])
    lines = {r["line_id"]: r for r in rows(folder / "bank_lines.csv")}
    names = {r["customer_id"]: r["name"] for r in rows(folder / "customers.csv")}
    meta = {r["line_id"]: r for r in rows(folder / "truth_lines.csv")}
    for o in outcomes.values():
        chosen = {a.item_id for a in o.allocations}
        if o.verdict is Verdict.AUTOMATIC and chosen != truth.get(o.line_id, set()):
            row, m = lines[o.line_id], meta[o.line_id]
            print(
                "   WRONG",
                o.line_id,
                row["booking_date"],
                row["amount"],
                "|",
                row["label"],
                "|",
                row["remittance"],
                "|",
                row["counterparty_name"],
            )
            print(
                "        ",
                sorted(chosen),
                "instead of",
                sorted(truth.get(o.line_id, set())),
                "score",
                o.score,
                o.method,
                o.reasons,
                names.get(o.debtor_id),
                "| true:",
                names.get(m["customer_id"]),
                m["amount_mode"],
                m["ref_mode"],
                m["kind"],
            )


if __name__ == "__main__":
    main()
