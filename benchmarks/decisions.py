"""Positions + decisions + decision file: CPU per open invoice, beside the floor that the same database sets.

`python benchmarks/decisions.py 10000 100000` prints one JSON object a size. CPU seconds of our process, best of three.
"""

import json
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.generate import ON, ledger
from recouvrement.day.decisions import Tallies, decide_range, ranges
from recouvrement.day.house import House

FLOOR = """
INSERT INTO bench_floor
SELECT oi.id, v.due_on,
       CASE WHEN v.due_on >= :on THEN 'not_due' WHEN v.due_on >= :d30 THEN '1-30' WHEN v.due_on >= :d60 THEN '31-60'
            WHEN v.due_on >= :d90 THEN '61-90' WHEN v.due_on >= :d180 THEN '91-180' ELSE 'over_180' END,
       v.amount_cents - COALESCE((SELECT SUM(a.amount_cents) FROM allocation a WHERE a.open_item_id = oi.id), 0)
FROM open_item oi JOIN item_version v ON v.open_item_id = oi.id
"""


def best_of_three(work) -> float:
    """The least CPU time of three goes, in seconds."""
    found = []
    for _ in range(3):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def decide_all(house: House) -> Tallies:
    """Decide for the whole ledger, as a run does, keeping nothing but counts."""
    tallies, known_to, creditor_id = Tallies(), house.ledger.known_to(), house.creditor()
    for part in ranges(house, creditor_id, known_to):
        tallies.merge(decide_range(house, creditor_id, part, on=ON, known_to=known_to).tallies)
    return tallies


def floor(house: House) -> None:
    """Classify the same rows by one statement in the same database."""
    days = {f"d{n}": (ON - timedelta(days=n)).isoformat() for n in (30, 60, 90, 180)}
    with house.ledger.act("floor", "bench") as act:
        act.connection.execute(text("DROP TABLE IF EXISTS bench_floor"))
        act.connection.execute(
            text("CREATE TABLE bench_floor (item TEXT, due_on TEXT, bucket TEXT, open_cents INTEGER)")
        )
        act.connection.execute(text(FLOOR), {"on": ON.isoformat(), **days})


def measure(invoices: int) -> dict[str, object]:
    """The figures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        house = ledger(Path(folder) / "home", invoices)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours = best_of_three(lambda: decide_all(house))
        least = best_of_three(lambda: floor(house))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "invoices": invoices, "decisions": decide_all(house).items, "cpu_s": round(ours, 3),
            "us_per_invoice": round(ours / invoices * 1e6, 1), "floor_us_per_invoice": round(least / invoices * 1e6, 1),
            "peak_mb": peak // 1024, "peak_before_mb": before // 1024, "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip


if __name__ == "__main__":
    for size in [int(word) for word in sys.argv[1:]] or [10_000, 100_000]:
        print(json.dumps(measure(size)), flush=True)
