"""`make bench`: every figure of RESULTS.md again, one JSON object or table at a time."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared" / "receivables"

RUNS: tuple[tuple[str, list[str]], ...] = (
    ("positions, decisions and decision file", ["-m", "benchmarks.decisions", "10000", "100000"]),
    ("penalty ledgers", [str(HERE / "penalties.py")]),
    ("letters and e-mails", [str(HERE / "letters.py"), "100"]),
    ("smtp", [str(HERE / "smtp.py"), "--messages", "2000"]),
    ("outbox: 10,000 e-mails of 85 kB", ["-m", "benchmarks.outbox", "--octets", "85000"]),
    (
        "outbox: two workers",
        ["-m", "benchmarks.outbox", "--messages", "5000", "--workers", "2", "--keep", "--database", "postgresql"],
    ),
    ("outbox: the query of a claim", ["-m", "benchmarks.claim_query"]),
    ("outbox: killed, SQLite", ["-m", "benchmarks.kill_outbox"]),
    ("outbox: killed, PostgreSQL", ["-m", "benchmarks.kill_outbox", "--database", "postgresql"]),
    ("letters: killed, SQLite", ["-m", "benchmarks.kill_letters"]),
    ("letters: killed, PostgreSQL", ["-m", "benchmarks.kill_letters", "--database", "postgresql"]),
    ("intake readers", [str(HERE / "intake.py")]),
    ("mutants of files", [str(HERE / "fuzz_intake.py")]),
    ("matching at scale", [str(HERE / "matching_scale.py")]),
    ("matching at scale, through the ledger", [str(HERE / "matching_scale_ledger.py")]),
    ("matching of ledgers made from a seed", ["-m", "benchmarks.held_out", "--seed", "4", "--seeds", "1"]),
    ("dossiers", [str(HERE / "dossier.py")]),
    ("one year decided again", ["-m", "benchmarks.backfill"]),
)
ON_SHARED: tuple[tuple[str, list[str]], ...] = (
    ("matching, scored", [str(HERE / "matching.py"), "--proposals"]),
    ("a history replayed day by day", [str(HERE / "replay.py"), str(SHARED / "realistic")]),
    ("payer habits", [str(HERE / "habits.py"), str(SHARED / "realistic")]),
)


def main() -> int:
    """Run each in its own process; the load before it stands beside its figures."""
    failed = 0
    runs = [*RUNS, *(ON_SHARED if SHARED.is_dir() else ())]
    for title, words in runs:
        print(f"\n== {title} (load {os.getloadavg()[0]:.1f}): python {' '.join(words)}", flush=True)
        failed += subprocess.run([sys.executable, *words], check=False, cwd=HERE.parent).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
