"""Power cut: everything killed in the middle of a live run; after a new start the day is completed at once, nothing twice."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from recouvrement.channels.maildir import messages
from recouvrement.day.house import House
from tests.flows.conftest import MakeLedger, count
from tests.flows.served import Served, cut_the_power, processes_of, serving
from tests.flows.small_ledger import DAY

PREFECT_YAML = Path(__file__).resolve().parents[2] / "prefect.yaml"


def by_state(house: House) -> Counter[str]:
    with house.ledger.reading() as connection:
        return Counter(row.state for row in connection.exec_driver_sql("SELECT state FROM contact"))


def message_ids(mailbox: Path) -> list[bytes]:
    found = [re.search(rb"(?im)^message-id:\s*(\S+)", raw) for _, raw, _ in messages(mailbox.parent)]
    return [one[1] for one in found if one]


def see_the_schedules_go_on(served: Served) -> None:
    """Every schedule of prefect.yaml has runs to come; the scheduler of the server looks once a minute."""
    wanted = {
        row["name"] for row in yaml.safe_load(PREFECT_YAML.read_text("utf-8"))["deployments"] if "schedules" in row
    }
    for _ in range(240):
        found = served.scheduled()
        if found == wanted:
            break
        time.sleep(0.5)
    assert found == wanted


def test_server_worker_and_flow_killed_in_a_live_run(
    ledger: MakeLedger, mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = ledger()
    home = house.settings.home
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with serving(home) as served:
        body = {"parameters": {"on": DAY.isoformat(), "mode": "live"}, "state": {"type": "SCHEDULED"}}
        path = f"/deployments/{served.deployment('daily-recovery')}/create_flow_run"
        run = served.ask(path, body)["id"]
        for _ in range(2400):
            if count(house, "contact"):
                break
            time.sleep(0.1)
        assert count(house, "contact"), "the run was under way"
        assert cut_the_power(home) >= 4, "make serve, its server, its worker and the flow"
    assert processes_of(home) == []
    before = by_state(house)

    with serving(home) as served:
        again = served.run("daily-recovery", on=DAY.isoformat(), mode="live")
        assert again["state"]["name"] in {"Completed", "Partial"}, again["state"]
        assert served.ask(f"/flow_runs/{run}")["state"]["type"] in {"RUNNING", "CRASHED", "SCHEDULED", "PENDING"}
        see_the_schedules_go_on(served)

    after = by_state(house)
    assert sum(after.values()) == sum(before.values()) == 4
    assert set(after) <= {"sent", "unknown"}, "nothing stays ready, claimed or sending"
    assert after["unknown"] <= 3, "at most what was on the wire, one a connection"
    ids = message_ids(mailbox)
    assert len(ids) == len(set(ids)), "no second copy"
    assert len(ids) >= after["sent"]
