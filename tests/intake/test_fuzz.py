"""Twenty thousand mutants over all formats; `python benchmarks/fuzz_intake.py 20000` runs the long version."""

import pytest

from benchmarks.fuzz_intake import BrokenPromiseError, check, fuzz
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import read
from tests.intake import samples


@pytest.mark.parametrize("seed", [7, 8, 9, 10])
def test_no_mutant_crashes_hangs_or_invents_money(seed: int) -> None:
    verdicts = fuzz(5_000, seed=seed)
    assert sum(verdicts.values()) == 5_000
    assert {verdict.split()[1] for verdict in verdicts} == {"read", "warning", "rejected"}


def test_the_fuzzer_would_see_a_reader_that_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    mappings = Mappings.shipped()
    good = samples.camt053()
    original = read("camt053.xml", good, mappings)
    monkeypatch.setattr("recouvrement.intake.camt_entry.line", lambda *_: 1 / 0)
    with pytest.raises(BrokenPromiseError, match="gave up"):
        check("camt053.xml", original, good, mappings)
