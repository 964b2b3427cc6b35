"""How long 100,000 penalty ledgers take: three segments and one payment each, one process.

Run: python benchmarks/penalties.py [COUNT]
"""

import json
import sys
import time
from datetime import date

from recouvrement.domain.claim import Claim, Payment
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.policy.law import load_law

DUE, PAID, UNTIL = date(2026, 1, 31), date(2026, 4, 15), date(2026, 7, 20)


def main(count: int) -> None:
    law = load_law().penalties
    started = time.process_time()
    checked = 0
    for number in range(count):
        claim = Claim(500_000 + number, DUE, DebtorKind.BUSINESS, (Payment(PAID, 200_000),))
        ledger = penalty_ledger(claim, UNTIL, law)
        assert isinstance(ledger, PenaltyLedger)
        assert len(ledger.segments) == 3
        checked += ledger.total_cents
    seconds = time.process_time() - started
    figures = {
        "what": "penalty ledgers, three segments and one payment each",
        "ledgers": count,
        "cpu_seconds": round(seconds, 3),
        "microseconds_each": round(seconds / count * 1e6, 1),
        "target_seconds_per_100000": 10,
        "checksum_cents": checked,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
