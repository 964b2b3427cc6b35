"""Two lines for one item: the earlier poor text may be the payment and the later clear one its repetition; a person decides."""

from collections import defaultdict
from collections.abc import Mapping

from recouvrement.matching.book import Book
from recouvrement.matching.types import Credit, Outcome, Reason, Verdict

VAGUE = frozenset({Reason.AMOUNT_PARTIAL.value, Reason.AMOUNT_OVER.value})


def contested_lines(book: Book, pending: Mapping[str, Credit], outcomes: Mapping[str, Outcome]) -> set[str]:
    """Automatic lines whose items another open line of the same weeks claims above every other explanation."""
    claims: dict[str, list[str]] = defaultdict(list)
    for line_id in pending:
        outcome = outcomes[line_id]
        if outcome.verdict is Verdict.PROPOSED and outcome.proposals and outcome.proposals[0].score > 0:
            first = outcome.proposals[0]
            if not VAGUE.intersection(first.reasons):
                for item_id in first.item_ids:
                    claims[item_id].append(line_id)
    found = set()
    for line_id in pending:
        outcome = outcomes[line_id]
        if outcome.verdict is Verdict.AUTOMATIC:
            day = pending[line_id].booking_on
            rivals = {r for a in outcome.allocations for r in claims.get(a.item_id, ())}
            if any(abs((pending[r].booking_on - day).days) <= book.rules.duplicate_days for r in rivals):
                found.add(line_id)
    return found
