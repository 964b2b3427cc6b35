"""Held-out ledgers: measure the engine on them, or write one with the files of `shared/receivables`.

    python -m benchmarks.held_out [--kind NAME]... [--numbers NAME]... [--seeds N] [--wrong]
    python -m benchmarks.held_out --out DIR --kind NAME --numbers NAME --seed N

The first prints a table, one row for each kind and number format over all seeds (0 to N - 1); `--wrong` shows every wrong
automatic match. The second writes DIR, on which `benchmarks/matching.py` and `score.py` work.
"""

import argparse
from pathlib import Path

from benchmarks.held_out.files import write
from benchmarks.held_out.kinds import KINDS, NUMBERS
from benchmarks.held_out.ledgers import ledger
from benchmarks.held_out.measuring import Score, measured

HEAD = (
    "automatic | wrong | precision | recall | unrelated matched | money wrong | automatic or in the first 3 proposals"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", action="append", choices=[k.name for k in KINDS])
    parser.add_argument("--numbers", action="append", choices=list(NUMBERS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    kinds = [k for k in KINDS if not given.kind or k.name in given.kind]
    numbers = given.numbers or list(NUMBERS)
    if given.out:
        write(ledger(kinds[0], numbers[0], given.seed), given.out)
        return
    print(f"| kind | numbers | {HEAD} |\n|{'---|' * 9}", flush=True)
    for kind in kinds:
        total = Score()
        for way in numbers:
            score = sum(
                (measured(ledger(kind, way, seed)) for seed in range(given.seed, given.seed + given.seeds)), Score()
            )
            total += score
            print(f"| {kind.name} | {way} | {score.row()} |", flush=True)
            for one in score.wrong if given.wrong else ():
                print(f"   WRONG {one}")
        print(f"| **{kind.name}** | all | {total.row()} |", flush=True)


if __name__ == "__main__":
    main()
