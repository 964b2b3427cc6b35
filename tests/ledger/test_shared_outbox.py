"""One outbox, two workers, no rate: they split it between them and each message leaves once."""

from tests.benchmarked import found_by


def test_two_workers_split_the_outbox_and_send_each_message_once(fresh_postgresql: str) -> None:
    """300 messages on PostgreSQL; `benchmarks/outbox.py` drains 5,000 there, and 10,000 of 85 kB on SQLite."""
    told = found_by("outbox", "--messages", "300", "--workers", "2", "--keep", "--database", fresh_postgresql)

    assert told["wrong"] == []
    assert sum(told["shares"]) == 300
    assert min(told["shares"]) > 0
