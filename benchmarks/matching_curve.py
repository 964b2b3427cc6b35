"""Precision against recall by threshold, and the threshold that cross-validation over customers would choose.

    python benchmarks/matching_curve.py [folder ...] [--renumber FORMAT] [--nameless]

Each folder is replayed once with a low threshold; a line counts at a threshold when its score reaches it. Customers are
cut into five folds by the hash of their code; for each fold the lowest threshold that keeps the precision of the other
four at or above 0.998 is chosen, and its precision and recall are measured on the fold left out. `--renumber` writes the
invoices and the numbers in the texts in another format ({y} year, {m} month, {n} rank); `--nameless` drops every name.
"""

import argparse
import hashlib
import re
from collections import defaultdict
from dataclasses import replace

from matching_pure import SHARED, load_book, load_lines, replay, rows

from recouvrement.matching.book import Book
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Verdict

WANTED = 0.998
FOLDS = 5
LOWEST = 60
THRESHOLDS = (60, 80, 100, 120, 135, 150, 175, 200, 250, 300, 400)


def fold_of(customer):
    return int(hashlib.sha256(customer.encode()).hexdigest(), 16) % FOLDS


def renumbered(folder, pattern):
    """Old number to new number, in order of issue."""
    found = {}
    for rank, row in enumerate(rows(folder / "invoices.csv"), 101):
        year, month = row["issue_date"][:4], row["issue_date"][5:7]
        found[row["invoice_number"]] = pattern.format(y=year, yy=year[2:], m=month, n=rank)
    return found


def varied(folder, pattern, nameless):
    """The book and the lines of a folder, with other numbers or without names."""
    rules = MatchingRules(automatic_score=LOWEST)
    book, days, names = load_book(folder, rules), load_lines(folder), {}
    if pattern:
        names = renumbered(folder, pattern)
        items = [replace(i, invoice_number=names[i.invoice_number]) for i in book.waiting_items()]
        fresh = Book(rules)
        for payer in book.payers.values():
            fresh.add_payer(payer)
        for item in items:
            fresh.add_item(item)
        book = fresh
    old = re.compile(r"\b(?:FA\d{9}|\d{4}-\d{2}-\d{4}|AV\d{4}-\d{4})\b")
    for lines in days.values():
        for position, line in enumerate(lines):
            text = old.sub(lambda m: names.get(m.group(), m.group()), line.remittance)
            label = old.sub(lambda m: names.get(m.group(), m.group()), line.label)
            name = "" if nameless else line.counterparty_name
            lines[position] = replace(line, remittance=text, label=label, counterparty_name=name)
    return book, days


def judged(folder, pattern, nameless):
    """(fold, has a truth, score or -1 when not automatic, right) for each line."""
    truth = defaultdict(set)
    for row in rows(folder / "truth.csv"):
        truth[row["line_id"]].add(row["invoice_number"])
    meta = {r["line_id"]: r for r in rows(folder / "truth_lines.csv")}
    outcomes = replay(*varied(folder, pattern, nameless))
    found = []
    for line, row in meta.items():
        outcome = outcomes[line]
        if row["kind"] != "reversal":
            automatic = outcome.verdict is Verdict.AUTOMATIC
            chosen = {a.item_id for a in outcome.allocations}
            score = outcome.score if automatic else -1
            found.append((fold_of(row["customer_id"] or line), line in truth, score, chosen == truth.get(line, set())))
    return found


def shares(judgements, threshold):
    known = sum(1 for j in judgements if j[1])
    predicted = [j for j in judgements if j[2] >= threshold]
    right = sum(1 for j in predicted if j[3])
    return right / max(len(predicted), 1), right / max(known, 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", default=["realistic", "hard", "subscriptions"])
    parser.add_argument("--renumber", default="")
    parser.add_argument("--nameless", action="store_true")
    args = parser.parse_args()
    found = {name: judged(SHARED / name, args.renumber, args.nameless) for name in args.folders}
    print("| threshold | " + " | ".join(f"{name} P / R" for name in found) + " |")
    print("|---" * (len(found) + 1) + "|")
    for threshold in THRESHOLDS:
        cells = ["{:.4f} / {:.3f}".format(*shares(judgements, threshold)) for judgements in found.values()]
        print(f"| {threshold} | " + " | ".join(cells) + " |")
    everything = [j for judgements in found.values() for j in judgements]
    for left_out in range(FOLDS):
        others = [j for j in everything if j[0] != left_out]
        good = [t for t in THRESHOLDS if all(shares(others, u)[0] >= WANTED for u in THRESHOLDS if u >= t)]
        threshold = min(good, default=max(THRESHOLDS))
        precision, recall = shares([j for j in everything if j[0] == left_out], threshold)
        print(f"fold {left_out}: threshold {threshold}, on the fold left out P {precision:.4f} R {recall:.3f}")


if __name__ == "__main__":
    main()
