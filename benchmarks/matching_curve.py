"""Precision against recall of the matching engine for several thresholds, and thresholds chosen by cross-validation.

    python benchmarks/matching_curve.py [folder ...] [--scores 100 150 200]

Customers are cut into five folds by the hash of their code; for each fold the smallest threshold that keeps the precision
of the other four at or above 0.997 is chosen, and its precision and recall are measured on the fold left out.
"""

import argparse
import hashlib
from collections import defaultdict

from matching_pure import SHARED, load_book, load_lines, replay, rows

from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Verdict

WANTED = 0.997
FOLDS = 5


def fold_of(customer):
    return int(hashlib.sha256(customer.encode()).hexdigest(), 16) % FOLDS


def judged(folder, score):
    """For each fold: lines with a truth, lines predicted, lines right."""
    truth = defaultdict(set)
    for row in rows(folder / "truth.csv"):
        truth[row["line_id"]].add(row["invoice_number"])
    meta = {r["line_id"]: r for r in rows(folder / "truth_lines.csv")}
    outcomes = replay(load_book(folder, MatchingRules(automatic_score=score)), load_lines(folder))
    counts = [[0, 0, 0] for _ in range(FOLDS)]
    for line, row in meta.items():
        if row["kind"] == "reversal":
            continue
        outcome = outcomes[line]
        chosen = {a.item_id for a in outcome.allocations} if outcome.verdict is Verdict.AUTOMATIC else set()
        tally = counts[fold_of(row["customer_id"] or line)]
        tally[0] += line in truth
        tally[1] += bool(chosen)
        tally[2] += bool(chosen) and chosen == truth.get(line, set())
    return counts


def shares(tallies):
    known, predicted, right = (sum(t[i] for t in tallies) for i in range(3))
    return right / max(predicted, 1), right / max(known, 1)


def chosen_score(counts, left_out):
    for score in sorted(counts):
        kept = [t for folder in counts[score].values() for i, t in enumerate(folder) if i != left_out]
        if shares(kept)[0] >= WANTED:
            return score
    return max(counts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", default=["realistic", "hard", "subscriptions"])
    parser.add_argument("--scores", nargs="*", type=int, default=[50, 100, 125, 150, 200, 250, 300])
    args = parser.parse_args()
    counts = {score: {name: judged(SHARED / name, score) for name in args.folders} for score in args.scores}
    for score, folders in counts.items():
        cells = [f"{name} P {shares(c)[0]:.4f} R {shares(c)[1]:.4f}" for name, c in folders.items()]
        print(score, " | ".join(cells), flush=True)
    for left_out in range(FOLDS):
        score = chosen_score(counts, left_out)
        precision, recall = shares([folder[left_out] for folder in counts[score].values()])
        print(f"fold {left_out}: threshold {score}, left out P {precision:.4f} R {recall:.4f}")


if __name__ == "__main__":
    main()
