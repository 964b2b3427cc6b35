"""Ledgers that no rule was written on, of every kind and way of numbering: precision first; and their files tell the same."""

from collections import defaultdict
from datetime import date

import pytest

from benchmarks.held_out.files import write
from benchmarks.held_out.kinds import KINDS, NUMBERS
from benchmarks.held_out.ledgers import ledger
from benchmarks.held_out.measuring import Score, credits_of, measured
from benchmarks.matching import line_ids, matched
from benchmarks.matching_pure import load_book, load_lines
from recouvrement.matching.types import Credit

WAYS = list(NUMBERS)
SEED = 11
BY_NAME = {kind.name: kind for kind in KINDS}
STATEMENTS = ("bank_lines.csv", "statements/camt053.xml", "statements/cfonb120.txt", "statements/releve.csv")


def test_one_match_in_two_hundred_at_most_is_wrong_over_every_kind_of_ledger():
    total = Score()
    for place, kind in enumerate(KINDS):
        total += measured(ledger(kind, WAYS[place], SEED))
    assert total.automatic - total.right <= 0.005 * total.automatic, total.wrong
    assert total.cents_wrong <= 0.002 * total.cents, total.wrong
    assert total.automatic >= 2_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("held") / "hard"
    write(ledger(BY_NAME["hard"], "slash", SEED), made)
    return made


def test_a_ledger_is_the_same_to_the_byte_every_time(folder, tmp_path):
    write(ledger(BY_NAME["hard"], "slash", SEED), tmp_path)
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 9
    assert all((folder / name).read_bytes() == (tmp_path / name).read_bytes() for name in files)


def test_its_files_hold_the_ledger_that_is_measured(folder):
    made = ledger(BY_NAME["hard"], "slash", SEED)
    days: dict[date, list[Credit]] = defaultdict(list)
    for credit, _ in credits_of(made).values():
        days[credit.booking_on].append(credit)
    assert load_lines(folder) == days
    assert [i.invoice_number for i in load_book(folder).waiting_items()] == [s.number for s in made.sales]


@pytest.mark.parametrize("lines", STATEMENTS)
def test_any_of_its_statement_files_gives_every_line_its_id(folder, tmp_path, lines):
    ids = line_ids(matched(folder, tmp_path / "home", lines), folder)
    assert sorted(ids.values()) == sorted(credits_of(ledger(BY_NAME["hard"], "slash", SEED)))
