"""How long the query of a claim takes in an outbox of 100,000 messages, some of which wait for the hours of their place.

    python -m benchmarks.claim_query [--messages 100000] [--database sqlite|postgresql|URL]

Rows are made by the tables alone, without debtors or bytes: only the query that each claim of twenty begins with is
timed, and the one count per drain. Milliseconds, the best of five.
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, insert, text

from benchmarks.ready_outbox import database
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.migrate import upgrade
from recouvrement.ledger.ready import Windows, ready_groups, ready_rows
from recouvrement.ledger.tables.contacts import contact

DAY, MOMENT = date(2026, 3, 2), datetime(2026, 3, 2, 8, tzinfo=UTC)
POLICY, CREDITOR = "a" * 64, "c" * 26
PAIRS = frozenset({(CREDITOR, POLICY)})
IN_HAND = 20


def main() -> None:
    """Fill an outbox, time the queries, print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--database", default="sqlite")
    told = parser.parse_args()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, database(told.database) as url:
        address = url or f"sqlite:///{Path(folder) / 'claims.db'}"
        upgrade(address)
        with open_engine(address, workers=1).connect() as connection:
            _fill(connection, told.messages)
            print(json.dumps({"messages": told.messages, "database": told.database, **_timed(connection)}))


def _fill(connection: Connection, messages: int) -> None:
    """The first nine in ten wait in the United States, the last one is in Paris: the worst order for a claim. Never committed."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(text("PRAGMA defer_foreign_keys=ON" if sqlite else "SET session_replication_role = replica"))
    rows = [
        {"id": f"{n:026d}", "act_id": 1, "creditor_id": CREDITOR, "debtor_id": f"d{n:025d}", "business_day": DAY,
         "channel": Channel.EMAIL.value, "step": "friendly_reminder", "template": "friendly_reminder", "language": "fr",
         "policy_sha256": POLICY, "place": "US" if n < messages * 9 // 10 else "metropole", "origin": "run",
         "message_id": f"<{n}@essai.example>", "needs_approval": 0, "void": 0, "state": "ready", "attempts": 0}
        for n in range(messages)
    ]  # fmt: skip
    connection.execute(insert(contact), rows)
    connection.execute(text("ANALYZE"))


def _timed(connection: Connection) -> dict[str, float]:
    def claim(windows: Windows | None) -> Callable[[], object]:
        query = ready_rows(Channel.EMAIL, DAY, MOMENT, pairs=PAIRS, windows=windows).order_by(contact.c.id)
        return lambda: connection.execute(query.limit(IN_HAND)).all()

    both = frozenset({(POLICY, "US"), (POLICY, "metropole")})
    return {
        "all open": _best(claim(both)),
        "the first nine in ten closed": _best(claim(frozenset({(POLICY, "metropole")}))),
        "all closed": _best(claim(frozenset({(POLICY, "DE")}))),
        "count by window": _best(lambda: ready_groups(connection, (Channel.EMAIL,), DAY, MOMENT)),
    }


def _best(query: Callable[[], object]) -> float:
    spent = []
    for _ in range(5):
        start = time.perf_counter()
        query()
        spent.append(time.perf_counter() - start)
    return round(min(spent) * 1000, 2)


if __name__ == "__main__":
    main()
