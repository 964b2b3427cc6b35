"""What taking files into the ledger costs, file to rows on disk: `python benchmarks/intake_ledger.py`.

Targets (issue 4): a CSV of 1,000,000 invoices into a SQLite ledger in ≤ 60 s of CPU and ≤ 600 MB, 100,000 bank lines beside
it. Each measure runs in a process of its own (its peak memory is its own); the best of `--rounds` stands for small sizes,
because the machine is shared: the load is printed beside. `--again` takes the same invoices from another file afterwards:
the day after the first day.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.intake import invoices, moves, peak_mb
from recouvrement.day.house import House, init
from recouvrement.day.intake import take_files
from recouvrement.settings import Settings
from tests.intake import samples

CREDITOR = {"code": "bench", "name": "Bench", "address": "1 rue du Banc"}
ON = date(2026, 11, 20)
PARTS = ("invoices", "again", "bank")


@dataclass(frozen=True)
class Measure:
    """CPU and wall seconds of our process, and its peak memory."""

    records: int
    cpu: float
    wall: float
    peak: int
    load: float

    def row(self, name: str, target: str) -> str:
        """A row of the table."""
        each = self.cpu / max(1, self.records) * 1e6
        return (
            f"| {name} | {self.records:,} | {self.cpu:.2f} | {each:.1f} | {self.wall:.1f} | {self.peak} "
            f"| {self.load:.1f} | {target} |"
        )


def small_house(home: Path) -> House:
    """A ledger with one creditor and nothing else."""
    settings = Settings(home=home, witness=home.with_name("witness"), database_url="", max_bank_file_mb=1024)
    return init(settings, creditor=dict(CREDITOR), simulated_clock_=True, on=ON).on_day(ON)


def _work(part: str, count: int, answers: "multiprocessing.Queue[Measure]") -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = small_house(Path(folder) / "home")
        path, second = Path(folder) / "file", Path(folder) / "again"
        if part == "bank":
            path.write_bytes(samples.camt053(tuple(moves(count))))
        else:
            invoices(path, count)
        if part == "again":
            take_files(house, [path], actor="bench")
            invoices(second, count)
            with second.open("a") as out:
                out.write("\n")
            path = second
        answers.put(_measured(house, path, count))


def _measured(house: House, path: Path, count: int) -> Measure:
    cpu, wall = time.process_time(), time.perf_counter()
    result = take_files(house, [path], actor="bench")[0]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if result.verdict != "read" or result.records != count:
        raise AssertionError(result)
    return Measure(count, cpu, wall, peak_mb(), os.getloadavg()[0])


def measured(part: str, count: int, rounds: int) -> Measure:
    """The best round of a part, each in a fresh process."""
    context = multiprocessing.get_context("spawn")
    found = []
    for _ in range(rounds):
        answers: multiprocessing.Queue[Measure] = context.Queue()
        worker = context.Process(target=_work, args=(part, count, answers))
        worker.start()
        while worker.is_alive() and answers.empty():
            worker.join(0.2)
        if answers.empty():
            raise AssertionError(f"{part} of {count:,} failed")
        found.append(answers.get())
        worker.join()
    return min(found, key=lambda one: one.cpu)


def rows(sizes: list[int], rounds: int, parts: list[str]) -> Iterator[str]:
    """The table, a row as soon as it is measured."""
    yield "| into the ledger | records | CPU s | µs each | wall s | peak MB | load | target |"
    yield "|---|---|---|---|---|---|---|---|"
    names = {"invoices": "invoices CSV", "again": "the same invoices again", "bank": "CAMT.053"}
    for part in parts:
        for size in sizes if part != "bank" else [min(100_000, max(sizes))]:
            best = measured(part, size, rounds if size <= 100_000 else 1)
            yield best.row(names[part], f"≤ {60 * size / 1e6:g} s, ≤ 600 MB" if part == "invoices" else "-")


def main() -> None:
    """Print a table for RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    for row in rows(chosen.sizes, chosen.rounds, chosen.parts):
        print(row, flush=True)


if __name__ == "__main__":
    main()
