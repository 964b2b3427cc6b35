"""The doctor says what is wrong, one trouble never hiding another, and greets the relay without sending."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.channels.maildir import messages
from recouvrement.clock import now
from recouvrement.day.alerts import alert
from recouvrement.day.doctor import ADVICE, CHECKS, Finding, Level, examine
from recouvrement.day.house import House
from recouvrement.day.order import Mode, run_day
from recouvrement.ledger.guards import NEVER_ALTERED
from recouvrement.settings import Settings

FRIDAY = date(2026, 11, 20)


def seen(found: list[Finding]) -> dict[str, Finding]:
    """The worst finding of each check."""
    worst: dict[str, Finding] = {}
    order = list(Level)
    for one in found:
        if one.check not in worst or order.index(one.level) > order.index(worst[one.check].level):
            worst[one.check] = one
    return worst


def test_a_house_that_never_ran_says_so(make_house) -> None:
    found = seen(examine(make_house(), now()))

    assert (found["runs"].level, found["runs"].facts) == (Level.BAD, "no daily run was ever completed")
    assert found["bank"].level is Level.BAD
    assert found["chains"].level is Level.OK
    assert found["witness"].level is Level.OK
    assert found["disk"].level is Level.OK


@pytest.mark.parametrize(
    ("moment", "level"),
    [
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), Level.OK),  # Saturday
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), Level.OK),  # Monday 9 o'clock: today's run is not due yet
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), Level.BAD),  # Monday 13 o'clock
    ],
)
def test_a_day_without_its_run_is_told_from_mid_morning_on(make_house, moment: datetime, level: Level) -> None:
    house = make_house()
    run_day(house, on=FRIDAY, mode=Mode.REHEARSE)

    assert seen(examine(house, moment))["runs"].level is level


def test_the_relay_is_greeted_and_nothing_is_sent(make_house, tmp_path: Path, monkeypatch) -> None:
    house = make_house()
    assert seen(examine(house, now()))["mail"].level is Level.BAD

    with Catcher(tmp_path / "mail") as catcher:
        monkeypatch.setenv("RECOUVREMENT_SMTP_PORT", str(catcher.port))
        up = House(Settings(), house.ledger, house.policies, house.law, house.simulated)
        assert seen(examine(up, now()))["mail"] == Finding("mail", Level.OK, "answers")
        assert list(messages(tmp_path / "mail")) == []
        assert alert(up, "2 things are wrong", ["bad   disk"], at=now()) == ""
        ((_, raw, _),) = messages(tmp_path / "mail")
    assert b"[recouvrement] 2 things are wrong" in raw


def with_settings(house: House, monkeypatch, **changed: str) -> House:
    """The same house under other settings."""
    for name, value in changed.items():
        monkeypatch.setenv(f"RECOUVREMENT_{name.upper()}", value)
    return House(Settings(), house.ledger, house.policies, house.law, house.simulated)


def test_every_mail_account_is_greeted_and_a_bad_file_of_them_is_told(make_house, tmp_path: Path, monkeypatch) -> None:
    house, file = make_house(), tmp_path / "accounts.toml"
    file.write_text(
        "[[account]]\nname = 'key'\nhost = '127.0.0.1'\nport = 1\nsecurity = 'none'\nsender = 'a@b.example'\n", "utf-8"
    )
    down = with_settings(house, monkeypatch, smtp_accounts=str(file), smtp_port="1")
    told = [one.facts for one in examine(down, now(), quick=True) if one.check == "mail"]
    assert [facts.startswith("key: ") for facts in told] == [True, False]
    file.write_text("[[account]]\nname = 'key'\n", "utf-8")
    mail = seen(examine(down, now(), quick=True))["mail"]
    assert (mail.level, "cannot be used" in mail.facts) == (Level.BAD, True)


def test_a_mailbox_that_is_not_there_and_a_role_mistyped_are_told(make_house, tmp_path: Path, monkeypatch) -> None:
    house = make_house()
    well = seen(examine(house, now(), quick=True))
    assert (well["mailbox"], well["operators"].level) == (Finding("mailbox", Level.OK, "none is read"), Level.OK)
    ill = seen(
        examine(with_settings(house, monkeypatch, maildir=str(tmp_path / "none"), operators="cm:record+aprove"), now())
    )
    assert (ill["mailbox"].level, ill["operators"].level) == (Level.BAD, Level.BAD)
    assert "aprove" in ill["operators"].facts
    (tmp_path / "none" / "new").mkdir(parents=True)
    assert seen(examine(with_settings(house, monkeypatch), now()))["mailbox"] == Finding("mailbox", Level.OK, "answers")


def test_whatever_is_not_well_says_what_to_do(make_house) -> None:
    assert set(CHECKS) | {"rates"} == set(ADVICE)
    for one in examine(make_house(), now()):
        assert bool(one.advice) == (one.level is not Level.OK), one.check
    assert "recouvrement run" in Finding("runs", Level.BAD).advice


def test_an_alert_that_does_not_leave_says_why(make_house) -> None:
    assert alert(make_house(), "test", ["test"], at=now()) != ""


def test_a_chain_altered_behind_the_triggers_is_found(make_house) -> None:
    house = make_house()
    with sqlite3.connect(house.settings.home / "recouvrement.db") as connection:
        assert "journal" in NEVER_ALTERED
        connection.execute("DROP TRIGGER journal_never_update")
        connection.execute("UPDATE journal SET line = replace(line, 'ledger_opened', 'ledger_closed')")

    chains = seen(examine(house, now()))["chains"]
    assert (chains.level, "house" in chains.facts) == (Level.BAD, True)
    assert "chains" not in seen(examine(house, now(), quick=True))


def test_a_machine_whose_clock_fell_back_is_told(make_house) -> None:
    house = make_house()
    early = now() - timedelta(days=2)

    assert seen(examine(house, early, quick=True))["clock"].level is Level.BAD
