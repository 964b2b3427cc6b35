"""A batch of letters killed between every two file operations and commits: each letter printed once, none forgotten."""

from tests.benchmarked import found_by


def test_killed_at_every_step_each_letter_is_printed_once() -> None:
    """Two letters on SQLite, a death at each of their steps; `benchmarks/kill_letters.py` has more, and PostgreSQL."""
    told = found_by("kill_letters", "--letters", "2")

    assert told["deaths"] >= 20
    assert told["states"] == {"sent": 2 * (told["deaths"] + 1)}
