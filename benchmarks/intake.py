"""How fast each format is read and how much memory it takes, each in a process of its own: `python benchmarks/intake.py`.

Targets (issue 4): CAMT 100,000 entries ≤ 15 s; CFONB 120 100,000 movements ≤ 5 s; CSV 1,000,000 invoices ≤ 20 µs a row and
flat memory (the ledger takes the rest of 60 s and 600 MB); a Factur-X PDF ≤ 25 ms. Files are made by the generators of the
tests; CPU seconds, because the machine is shared.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import read, stream
from tests.intake import samples
from tests.intake.samples import Move

FIRST = date(2026, 1, 1)


@dataclass(frozen=True)
class Measure:
    """What one format took."""

    name: str
    records: int
    cpu: float
    peak_mb: int
    target: str
    met: bool

    @property
    def row(self) -> str:
        """A row of the table."""
        each = self.cpu / max(1, self.records) * 1e6
        mark = "met" if self.met else "MISSED"
        return f"| {self.name} | {self.records:,} | {self.cpu:.2f} | {each:.1f} | {self.peak_mb} | {self.target} | {mark} |"


def moves(count: int) -> Iterator[Move]:
    for number in range(count):
        day = FIRST + timedelta(days=number * 300 // count)
        yield Move(day, 100 + number % 5000, f"VIR SEPA RECU ALPHA {number % 700}", f"FACTURE FA-2026-{number:06d}")


def invoices(path: Path, count: int) -> None:
    with path.open("w") as out:
        out.write("invoice_number,kind,customer_id,issue_date,due_date,amount,currency,source_id\n")
        for number in range(count):
            day = FIRST + timedelta(days=number % 300)
            amount = f"{number % 90000 + 10}.{number % 100:02d}"
            out.write(
                f"FA{number:08d},invoice,C{number % 20000:06d},{day},{day + timedelta(days=30)},{amount},EUR,{number}\n"
            )


def streamed(path: Path) -> tuple[int, float]:
    """Records and CPU seconds of a file read as a stream."""
    mappings = Mappings.shipped()
    started = time.process_time()
    flow = stream(path.name, path, mappings)
    for _ in flow:
        pass
    spent = time.process_time() - started
    if flow.tally.verdict != "read":
        raise AssertionError(f"{path.name}: {flow.tally.reasons}")
    return flow.tally.taken, spent


def papers(path: Path) -> tuple[int, float]:
    """Factur-X PDFs read one after the other."""
    mappings, data = Mappings.shipped(), path.read_bytes()
    read(path.name, data, mappings)
    started = time.process_time()
    for _ in range(200):
        if read(path.name, data, mappings).verdict != "read":
            raise AssertionError(path.name)
    return 200, time.process_time() - started


def peak_mb() -> int:
    """The high-water mark of this process alone; getrusage would carry over the parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _apart(
    work: Callable[[Path], tuple[int, float]], path: Path, answers: "multiprocessing.Queue[tuple[int, float, int]]"
) -> None:
    records, cpu = work(path)
    answers.put((records, cpu, peak_mb()))


def measured(name: str, work: Callable[[Path], tuple[int, float]], path: Path, most: float, target: str) -> Measure:
    """Run in a fresh process, so that the peak memory is this format's own."""
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[tuple[int, float, int]] = context.Queue()
    worker = context.Process(target=_apart, args=(work, path, answers))
    worker.start()
    records, cpu, peak = answers.get()
    worker.join()
    return Measure(name, records, cpu, peak, target, met=cpu <= most)


def main() -> None:
    """Print a table for RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--invoices", type=int, default=1_000_000)
    chosen = parser.parse_args()
    print("| format | records | CPU s | µs each | peak MB | target | |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, make, seconds in (
            ("CAMT.053", samples.camt053, 15.0),
            ("CFONB 120", samples.cfonb120, 5.0),
            ("MT940", samples.mt940, 15.0),
            ("OFX", samples.ofx, 15.0),
            ("bank CSV", samples.releve, 5.0),
        ):
            path = Path(folder) / f"statement-{name.replace(' ', '')}"
            path.write_bytes(make(tuple(moves(chosen.lines))))
            most = seconds * chosen.lines / 100_000
            print(measured(name, streamed, path, most, f"≤ {most:g} s").row, flush=True)
        path = Path(folder) / "facture.pdf"
        path.write_bytes(samples.facturx())
        print(measured("Factur-X PDF", papers, path, 200 * 0.025, "≤ 25 ms each").row, flush=True)
        path = Path(folder) / "invoices.csv"
        invoices(path, chosen.invoices)
        print(measured("invoices CSV", streamed, path, chosen.invoices * 20e-6, "≤ 20 µs each").row, flush=True)


if __name__ == "__main__":
    main()
