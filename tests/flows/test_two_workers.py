"""Several workers: PostgreSQL for the ledger and, apart, for Prefect; a day's messages are split, each sent once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from flows.serve import environment, running
from recouvrement.channels.maildir import messages
from recouvrement.day.house import House
from recouvrement.day.order import Mode, run_day
from recouvrement.settings import Settings
from tests.flows.served import Served, serving
from tests.flows.small_ledger import DAY, make_ledger, write
from tests.flows.whole_postgresql import whole_postgresql

FIRMS = 60


@pytest.fixture
def two_databases() -> Iterator[tuple[str, str]]:
    """The ledger's database and, apart, Prefect's."""
    with whole_postgresql() as server:
        engine = create_engine(f"postgresql+psycopg:{server % 'postgres'}", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("ledger", "prefect"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield f"postgresql:{server % 'ledger'}", f"postgresql+asyncpg:{server % 'prefect'}"


@pytest.fixture
def house(two_databases: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mailbox: Path) -> House:
    """A ledger on PostgreSQL with sixty firms to remind today."""
    home = tmp_path / "home"
    home.mkdir()
    for name, value in (
        ("RECOUVREMENT_HOME", str(home)),
        ("RECOUVREMENT_DATABASE_URL", two_databases[0]),
        ("RECOUVREMENT_WORKERS", "2"),
        ("PREFECT_SERVER_DATABASE_CONNECTION_URL", two_databases[1]),
        ("PREFECT_API_URL", "http://127.0.0.1:9/api"),
    ):
        monkeypatch.setenv(name, value)
    made = make_ledger(Settings(), taken=False)
    rows = [f"F{n};Firme {n};business;f{n}@firme.example;;{n} rue;44000;Nantes;fr" for n in range(FIRMS)]
    bills = [f"B-{n};F{n};2026-10-01;2026-11-01;{100 + n},00;EUR" for n in range(FIRMS)]
    write(made.inbox, "firms.csv", "code;name;kind;email;phone;address;postcode;city;language\n" + "\n".join(rows))
    write(
        made.inbox, "bills.csv", "invoice_number;customer_code;issue_date;due_date;amount;currency\n" + "\n".join(bills)
    )
    return made


@contextmanager
def second_worker(served: Served) -> Iterator[None]:
    """Another worker at the same pool; it ends with the block, whatever it is doing."""
    port = int(served.address.rpartition(":")[2])
    arguments = ["worker", "start", "--pool", "recouvrement", "--type", "process", "--name", "another"]
    with running("another", arguments, served.home / "prefect", environment(served.home, port)):
        yield


def test_two_workers_split_a_day_and_send_each_message_once(house: House, mailbox: Path) -> None:
    with serving(house.settings.home) as served, second_worker(served):
        run = served.run("watch-inbox")
        assert run["state"]["name"] in {"Completed", "Partial"}, run["state"]
        report = run_day(house, on=DAY, mode=Mode.LIVE)
        assert report.planned.as_json()["planned"] == {"email": FIRMS + 5}
        path = f"/deployments/{served.deployment('drain-outbox')}/create_flow_run"
        body = {"parameters": {"on": DAY.isoformat()}, "state": {"type": "SCHEDULED"}}
        runs = [served.ask(path, body)["id"] for _ in range(2)]
        ended = [served.wait_for(one)["state"] for one in runs]
    assert {state["name"] for state in ended} == {"Completed"}, ended
    sent = [int(re.match(r"(\d+)", state["message"])[1]) for state in ended]  # type: ignore[index]
    with house.ledger.reading() as connection:
        states = dict(connection.execute(text("SELECT state, count(*) FROM contact GROUP BY state")).all())
    assert sum(sent) == FIRMS + 5, (ended, states)
    assert states == {"sent": FIRMS + 5}
    left = [raw for _, raw, _ in messages(mailbox.parent) if b"<alert." not in raw]  # the automation's word apart
    ids = [re.search(rb"(?im)^message-id:\s*(\S+)", raw)[1] for raw in left]  # type: ignore[index]
    assert len(ids) == len(set(ids)) == FIRMS + 5
