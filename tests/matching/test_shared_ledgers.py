"""Four months of each shared ledger: no wrong match, enough right ones, and a few debtors held."""

from collections import defaultdict
from datetime import timedelta

import pytest

from benchmarks.matching_pure import load_book, load_lines, replay, rows
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Verdict


@pytest.mark.parametrize(("name", "recall"), [("realistic", 0.75), ("hard", 0.45), ("subscriptions", 0.50)])
def test_four_months_are_matched_without_an_error(shared, name, recall):
    folder = shared / "receivables" / name
    days = load_lines(folder)
    last = min(days) + timedelta(days=120)
    days = {d: lines for d, lines in days.items() if d <= last}
    truth = defaultdict(set)
    for row in rows(folder / "truth.csv"):
        truth[row["line_id"]].add(row["invoice_number"])
    outcomes = replay(load_book(folder), days)
    known = [c for lines in days.values() for c in lines if c.amount_cents > 0 and truth.get(c.id)]
    matched = {i: {a.item_id for a in o.allocations} for i, o in outcomes.items() if o.verdict is Verdict.AUTOMATIC}
    assert {i: chosen for i, chosen in matched.items() if chosen != truth.get(i)} == {}
    assert len(matched) >= recall * len(known)
    assert all(len(o.doubts) <= MatchingRules().doubted_debtors for o in outcomes.values())
