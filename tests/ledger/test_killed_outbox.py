"""Two workers killed again and again while they drain one outbox: nothing twice, nothing lost silently."""

import pytest

from tests.benchmarked import found_by


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_again_and_again_no_second_copy_leaves(kind: str, request: pytest.FixtureRequest) -> None:
    """60 messages, 6 SIGKILLs, a relay that drops before and after it stores; the long one is `benchmarks/kill_outbox.py`."""
    address = "sqlite"
    if kind == "postgresql":
        address = request.getfixturevalue("fresh_postgresql")

    told = found_by("kill_outbox", "--messages", "60", "--kills", "6", "--database", address, "--seed", "3")

    assert told["violations"] == []
    assert told["kills"] == 6
    assert sum(told["states"].values()) == 60
    assert told["states"]["sent"] + told["unknown_stored"] == told["stored"]
