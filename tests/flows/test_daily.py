"""`daily-recovery`: what a morning does, how it ends, and that Prefect learns nothing it may not know."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.choices import task_runner
from flows.daily import daily_recovery
from flows.drain_outbox import drain_outbox
from recouvrement.channels.maildir import messages
from recouvrement.day.going_live import go_back, go_live
from recouvrement.day.house import House
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.positions import Range
from recouvrement.ledger.runs import latest_run
from tasks.shards import shares_of
from tests.channels.faults import Fault, FaultServer
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY, PERSON, PHONE, POISON, STREET, write

ON = DAY.isoformat()
SECRETS = (POISON, "jean.dupont", PERSON, "Trucmuche", PHONE, STREET, "impasse du Poison")


def digest(house: House) -> str:
    """The digest of the newest run's decisions."""
    with house.ledger.reading() as connection:
        return str(json.loads(latest_run(connection, on=DAY).detail)["decisions_sha256"])


def states(house: House) -> dict[str, int]:
    """Contacts by state."""
    with house.ledger.reading() as connection:
        return counts_by_state(connection)


def test_a_rehearsal_decides_and_reports_but_writes_no_message(
    server: Server, ledger: MakeLedger, mailbox: Path
) -> None:
    house = ledger()
    state = daily_recovery(on=ON, return_state=True)
    assert (state.name, state.is_completed()) == ("Completed", True)
    assert "7 open items decided, 4 messages due" in str(state.message)
    assert count(house, "contact") == 0
    assert not mailbox.exists() or not list(mailbox.iterdir())
    shown = server.artifacts()
    assert {
        "day-summary",
        "aged-balance",
        "contacts",
        "held-debtors",
        "unmatched-credits",
        "cases",
        "file-problems",
    } <= set(shown)
    assert "data:image/svg+xml;base64," in shown["day-summary"]
    assert "![Open amount by lateness (EUR): not due €75.00" in shown["day-summary"]
    aged = json.loads(shown["aged-balance"])
    assert (aged[0]["Debtor"], aged[0]["Total"]) == ("Total EUR", "€11,505.50")
    assert {row["Debtor"] for row in aged[1:]} == {"C1", "C2", "C3", "C4", "C5"}  # codes unless the setting says full
    assert "Disputed." in shown["held-debtors"]
    assert "123.45" in shown["unmatched-credits"]
    assert {
        "File": "invoices.csv",
        "Why": "invalid date",
        "Field": "due_on",
        "Count": "1",
        "Lines": "10",
    } in json.loads(shown["file-problems"])


def test_a_scheduled_day_rehearses_until_the_house_went_live_and_again_once_it_went_back(
    server: Server, ledger: MakeLedger, mailbox: Path
) -> None:
    house = ledger()
    first = daily_recovery(on=ON, mode="agreed", return_state=True)
    assert "rehearsal: nothing was written" in str(first.message)
    assert count(house, "contact") == 0

    go_live(house, operator="owner", accepted=True)
    go_back(house, operator="owner")
    assert "rehearsal: nothing was written" in str(daily_recovery(on=ON, mode="agreed", return_state=True).message)

    go_live(house, operator="owner", accepted=True)
    assert "4 sent" in str(daily_recovery(on=ON, mode="agreed", return_state=True).message)
    assert states(house) == {"sent": 4}


def test_a_live_day_sends_once_however_often_it_runs(server: Server, ledger: MakeLedger, mailbox: Path) -> None:
    house = ledger(taken=False)
    first = daily_recovery(on=ON, mode="live", return_state=True)
    assert first.name == "Completed", first.message
    assert states(house) == {"sent": 5}  # one more than above: the dispute is not recorded here
    arrived = len(list(messages(mailbox.parent)))
    assert arrived == 5
    again = daily_recovery(on=ON, mode="live", return_state=True)
    assert again.name == "Completed", again.message
    assert drain_outbox(on=ON, return_state=True).name == "Completed"
    assert len(list(messages(mailbox.parent))) == arrived
    assert states(house) == {"sent": 5}
    assert not list(house.inbox.glob("*.csv"))  # the files went in
    names = [row["name"] for row in server.ask("/flow_runs/filter", sort="START_TIME_DESC")]
    assert f"daily-recovery {ON} live" in names


def test_the_graph_names_every_step_and_stays_small(server: Server, ledger: MakeLedger, mailbox: Path) -> None:
    ledger()
    state = daily_recovery(on=ON, mode="live", return_state=True)
    run_id = str(state.state_details.flow_run_id)
    tasks = server.ask("/task_runs/filter", flow_runs={"id": {"any_": [run_id]}})
    assert sorted(task["name"] for task in tasks) == [
        "cases", "contacts", "decisions-0", "intake", "matching", "report", "sending", "show-cases",
    ]  # fmt: skip
    waits_for = {task["name"]: task["task_inputs"].get("wait_for", []) for task in tasks}
    assert not waits_for["intake"]
    assert all(waits_for[name] for name in waits_for if name != "intake"), "each step is drawn after another"


@pytest.mark.parametrize("count_", [0, 1, 39, 40, 41, 79, 81, 1000, 100_000])
def test_however_many_ranges_a_ledger_has_they_are_few_task_runs_in_order(count_: int) -> None:
    """One range an invoice would be the worst; with the seven other steps of a day it stays under 60 task runs."""
    parts = [Range(str(number), str(number)) for number in range(count_)]
    shares = shares_of(parts, DAY, 7)
    assert len(shares) + 7 <= 60
    assert [part for share in shares for part in share.parts] == parts
    assert [share.number for share in shares] == list(range(len(shares)))


@pytest.mark.parametrize("runner", ["processes", "dask"])
def test_threads_processes_and_dask_decide_the_same(
    server: Server, ledger: MakeLedger, mailbox: Path, monkeypatch: pytest.MonkeyPatch, runner: str
) -> None:
    if runner == "dask":
        pytest.importorskip("prefect_dask", reason="the extra [dask] is not installed")
    monkeypatch.setenv("RECOUVREMENT_DECISION_BATCH", "2")  # several shards
    house = ledger()
    daily_recovery(on=ON, return_state=True)
    threads = digest(house)
    monkeypatch.setenv("RECOUVREMENT_TASK_RUNNER", runner)
    monkeypatch.setenv("RECOUVREMENT_TASK_WORKERS", "2")
    apart = daily_recovery.with_options(task_runner=task_runner())  # type: ignore[arg-type]
    state = apart(on=ON, return_state=True)
    assert state.name == "Completed", state.message
    assert digest(house) == threads


def test_a_closed_day_ends_as_holiday(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    for day in ("2026-11-21", "2026-11-11"):
        state = daily_recovery(on=day, mode="live", return_state=True)
        assert (state.name, state.is_completed()) == ("Holiday", True)
    assert count(house, "run") == 0


def test_live_on_another_day_than_today_is_refused(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger()
    monkeypatch.setenv("RECOUVREMENT_SMTP_HOST", "smtp.relay.example")  # a simulated ledger may not reach it
    state = daily_recovery(on=ON, mode="live", return_state=True)
    assert (state.name, state.is_failed()) == ("Refused", True)
    assert "simulated_ledgers_send_to_loopback_only" in str(state.message)


@pytest.mark.parametrize("typed", ["2026-02-31", "nope", "demain matin"])
def test_what_is_no_day_is_refused_without_being_repeated(server: Server, ledger: MakeLedger, typed: str) -> None:
    house = ledger()
    state = daily_recovery(on=typed, return_state=True)
    assert state.name == "Refused"
    assert typed not in str(state.message)
    assert count(house, "run") == 0


def test_without_a_ledger_it_says_so(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOUVREMENT_HOME", str(tmp_path / "jean.dupont"))
    state = daily_recovery(on=ON, return_state=True)
    assert state.name == "NoLedger"
    assert "jean.dupont" not in str(state.message)
    assert not (tmp_path / "jean.dupont").exists()


HOLDER = """
import sys
from recouvrement.day.house import open_house
from recouvrement.ledger.single_flight import single_flight
from recouvrement.settings import Settings
with single_flight(open_house(Settings()).ledger):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held_elsewhere(ledger: MakeLedger) -> Iterator[House]:
    """The ledger, its run lock held by another process."""
    house = ledger()
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield house
        other.kill()


def test_another_run_in_flight_is_a_state_of_its_own(server: Server, held_elsewhere: House) -> None:
    state = daily_recovery(on=ON, return_state=True)
    assert (state.name, state.is_failed()) == ("AlreadyRunning", True)
    assert count(held_elsewhere, "run") == 0


def test_a_ledger_behind_its_witness_sends_nothing(server: Server, ledger: MakeLedger, mailbox: Path) -> None:
    house = ledger()
    house.witness().record(7, "<r.unknown@recouvrement.invalid>")  # something left that this ledger does not know
    state = daily_recovery(on=ON, mode="live", return_state=True)
    assert (state.name, state.is_failed()) == ("Paused", True)
    assert drain_outbox(on=ON, return_state=True).name == "Paused"
    assert states(house) == {}
    assert not mailbox.exists() or not list(mailbox.iterdir())


def test_one_bad_file_makes_the_day_partial_and_stops_nothing(
    server: Server, ledger: MakeLedger, mailbox: Path
) -> None:
    house = ledger()
    write(house.inbox, "releve.xml", "<Document><BkToCstmrStmt><Stmt>")
    state = daily_recovery(on=ON, mode="live", return_state=True)
    assert (state.name, state.is_completed()) == ("Partial", True)
    assert "files_set_aside" in str(state.message)
    assert states(house) == {"sent": 4}
    assert list((house.inbox / "set-aside").iterdir())


def test_no_address_reaches_prefect_even_when_everything_fails(
    server: Server, ledger: MakeLedger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Law 10: a relay that repeats addresses in its refusals, then a step that breaks with one in its message."""
    monkeypatch.setenv("RECOUVREMENT_ARTIFACT_DETAIL", "full")
    house = ledger(taken=False)
    refusal = Fault("rcpt", reply=f"550 5.1.1 <{POISON}> {PERSON}: unknown user")
    with FaultServer(refusal, maildir=tmp_path / "mail") as relay:
        monkeypatch.setenv("RECOUVREMENT_SMTP_PORT", str(relay.port))
        state = daily_recovery(on=ON, mode="live", return_state=True)
    assert state.name == "Partial", state.message
    assert "sends_refused" in str(state.message)
    assert states(house) == {"failed": 5}

    def breaks(*_: object, **__: object) -> None:
        raise ValueError(f"recipient {POISON}, {PERSON}, {STREET}, {PHONE} refused")

    monkeypatch.setattr("tasks.steps.plan", breaks)
    broken = daily_recovery(on=ON, mode="live", return_state=True)
    assert (broken.name, broken.is_failed()) == ("Broke", True)
    monkeypatch.setattr("flows.daily.is_closed", breaks)  # outside of any task
    assert daily_recovery(on=ON, mode="live", return_state=True).name == "Broke"

    told = server.artifacts()
    assert "C3 Ferronnerie Lenoir" in told["aged-balance"], "firms are named on a server of this machine"
    kept = server.kept()
    assert f"daily-recovery {ON} live".encode() in kept, "the search reads what Prefect wrote"
    assert b"Ferronnerie Lenoir" in kept
    for secret in SECRETS:
        assert secret.encode() not in kept, secret
        assert json.dumps(secret)[1:-1].encode() not in kept, secret
    errors = [path.read_text("utf-8") for path in (house.settings.home / "log" / "errors").iterdir()]
    assert sum(POISON in text for text in errors) == 2, "the whole error stands in the house, for who repairs it"
