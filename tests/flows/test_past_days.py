"""Backfill: past days decided again, what was missed is told, nothing is ever sent."""

import json
from datetime import date
from pathlib import Path

from flows.backfill import backfill
from flows.daily import daily_recovery
from recouvrement.day.backfill import Knowledge, decide_again, missed_in, past_working_days
from recouvrement.day.house import House
from recouvrement.ledger.backfilled import complete_runs
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY, write

THEN, NOW = Knowledge.THEN, Knowledge.NOW
LATE_PAYMENT = """account;booking_date;value_date;amount;currency;label;remittance;counterparty;line_id
FR7630006000011234567890189;2026-11-19;2026-11-19;5600,00;EUR;VIREMENT FERRONNERIE LENOIR;F-104;Ferronnerie Lenoir;B9
"""


def of_daily_run(house: House) -> dict[str, object]:
    """What the live run of the day recorded of itself."""
    with house.ledger.reading() as connection:
        found: dict[str, object] = json.loads(complete_runs(connection, kind="daily", on=DAY, mode="live")[0].detail)
    return found


def test_a_range_counts_the_working_days_only(ledger: MakeLedger) -> None:
    days = past_working_days(ledger(), date(2026, 11, 9), date(2026, 11, 15))
    assert [day.day for day in days] == [9, 10, 12, 13]  # the 11th is Armistice day


def test_a_day_as_known_then_is_decided_byte_for_byte_as_its_run_did(
    server: Server, ledger: MakeLedger, mailbox: Path
) -> None:
    house = ledger()
    daily_recovery(on=DAY.isoformat(), mode="live", return_state=True)
    ran = of_daily_run(house)
    write(house.inbox, "late.csv", LATE_PAYMENT)
    daily_recovery(on="2026-11-23", return_state=True)  # a payment learned afterwards
    then = decide_again(house, DAY, THEN, actor="test")
    assert then.detail["decisions_sha256"] == ran["decisions_sha256"]
    assert then.missed == (), "what was due went"
    now = decide_again(house, DAY, NOW, actor="test")
    assert now.detail["decisions_sha256"] != ran["decisions_sha256"]
    assert int(now.detail["decisions"]) == int(str(ran["decisions"])) - 1, "the paid invoice is not open any more"


def test_days_without_a_run_tell_what_should_have_gone(ledger: MakeLedger) -> None:
    house = ledger()
    days = [decide_again(house, day, NOW, actor="test") for day in (date(2026, 11, 19), DAY)]
    missed = missed_in(days)
    assert {(m.missed.step, m.first_on, m.days) for m in missed} >= {("friendly_reminder", date(2026, 11, 19), 2)}
    assert [m.missed.cents for m in missed] == sorted((m.missed.cents for m in missed), reverse=True)
    assert count(house, "contact") == 0


def test_a_day_done_is_found_until_something_new_is_learned(ledger: MakeLedger) -> None:
    house = ledger()
    first = decide_again(house, DAY, NOW, actor="test")
    again = decide_again(house, DAY, NOW, actor="test")
    assert (first.made, again.made) == (True, False)
    assert (again.run_id, again.missed) == (first.run_id, first.missed)
    with house.ledger.act("promise", "owner"):
        pass
    assert decide_again(house, DAY, NOW, actor="test").made


def test_the_flow_goes_on_where_it_was_stopped_and_never_sends(
    server: Server, ledger: MakeLedger, mailbox: Path
) -> None:
    house = ledger()
    decide_again(house, date(2026, 11, 16), NOW, actor="test")
    state = backfill(start="2026-11-14", end=DAY, knowledge="now", return_state=True)
    assert state.name == "Completed", state.message
    assert "5 working days (4 decided now)" in str(state.message)
    assert count(house, "contact") == 0
    assert not mailbox.exists() or not list(mailbox.iterdir())
    shown = server.artifacts()
    assert [row["Day"] for row in json.loads(shown["backfill-days"])] == [f"2026-11-{n}" for n in range(16, 21)]
    assert "friendly reminder" in shown["backfill-missed"]


def test_a_range_that_ends_before_it_starts_is_refused(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    state = backfill(start="2026-11-20", end="2026-11-19", return_state=True)
    assert (state.name, state.is_failed()) == ("Refused", True)
    assert count(house, "run") == 0
