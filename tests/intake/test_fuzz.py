"""A few hundred mutants of every format; `python benchmarks/fuzz_intake.py 20000` runs the long version."""

import pytest

from benchmarks.fuzz_intake import BrokenPromiseError, check, fuzz
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reading import read
from tests.intake import samples


def test_no_mutant_crashes_hangs_or_invents_money() -> None:
    verdicts = fuzz(600, seed=7)
    assert sum(verdicts.values()) == 600
    assert {verdict.split()[1] for verdict in verdicts} == {"read", "warning", "rejected"}


def test_the_fuzzer_would_see_a_reader_that_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    mappings = Mappings.shipped()
    good = samples.camt053()
    original = read("camt053.xml", good, mappings)
    monkeypatch.setattr("recouvrement.intake.camt_entry.line", lambda *_: 1 / 0)
    with pytest.raises(BrokenPromiseError, match="gave up"):
        check("camt053.xml", original, good, mappings)
