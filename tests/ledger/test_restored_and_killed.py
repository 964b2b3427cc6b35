"""A restored ledger and a killed sender: no second copy leaves by itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, open_house
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import MayNotSend, drain
from recouvrement.ledger.outbox import counts_by_state
from tests.ledger.firm import COUNT, MONDAY, bank, customers, invoices, sent_ids


def test_a_restored_ledger_sends_no_second_copy(make_house, take, mail: Catcher, tmp_path: Path) -> None:
    house = make_house(smtp_port=mail.port)
    take(house, "customers.csv", customers())
    take(house, "invoices.csv", invoices())
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    backup = _copy(house, tmp_path / "backup.db")
    run_day(house, on=MONDAY, mode=Mode.LIVE)
    drain(house, on=MONDAY, pace=False)
    house.ledger.engine.dispose()
    _restore(house, backup)

    restored = open_house(house.settings).on_day(MONDAY)
    paused = run_day(restored, on=MONDAY, mode=Mode.LIVE)
    with pytest.raises(MayNotSend, match="witness"):
        drain(restored, on=MONDAY, pace=False)
    from recouvrement.day.going_live import resume

    found = resume(restored, operator="owner")
    after = run_day(restored, on=MONDAY, mode=Mode.LIVE)
    drain(restored, on=MONDAY, pace=False)

    assert paused.paused == "behind_its_witness"
    assert found == {"marked_sent": 0, "not_in_ledger": COUNT}
    assert after.planned.seen_by_witness == COUNT
    assert set(sent_ids(mail).values()) == {1}
    assert len(mail.messages()) == COUNT


def _copy(house: House, to: Path) -> Path:
    import sqlite3

    with sqlite3.connect(house.settings.home / "recouvrement.db") as source, sqlite3.connect(to) as target:
        source.backup(target)
    return to


def _restore(house: House, backup: Path) -> None:
    for name in ("recouvrement.db", "recouvrement.db-wal", "recouvrement.db-shm"):
        (house.settings.home / name).unlink(missing_ok=True)
    (house.settings.home / "recouvrement.db").write_bytes(backup.read_bytes())


KILLED = """
import os, signal, sys
from datetime import date
from recouvrement.day.house import open_house
from recouvrement.day.sending import drain
from recouvrement.ledger import claims
from recouvrement.settings import Settings

at, after = sys.argv[1], int(sys.argv[2])
counts = {"n": 0}
def killing(name):
    real = getattr(claims, name)
    def wrapped(*args, **kwargs):
        counts["n"] += at == name
        if at == name and counts["n"] == after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*args, **kwargs)
        return done
    return wrapped
from recouvrement.day import emailing
for name in ("claim", "begin_sending", "settle"):
    setattr(emailing, name, killing(name))
day = date(2026, 3, 2)
drain(open_house(Settings()).on_day(day), on=day, pace=False)
"""


@pytest.mark.parametrize("point", ["claim", "begin_sending", "settle"])
def test_killed_while_sending_no_second_copy_leaves(firm: House, mail: Catcher, point: str) -> None:
    """SIGKILL before the claim, before `sending` is committed, and after the relay took the message."""
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    environment = _environment(firm, mail)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, point, "4"], env=environment, capture_output=True, check=False
    )
    drain(firm, on=MONDAY, pace=False)
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    drain(firm, on=MONDAY, pace=False)

    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()[-500:]
    assert set(sent_ids(mail).values()) == {1}
    with firm.ledger.reading() as connection:
        states = counts_by_state(connection)
    assert states.get("sent", 0) + states.get("unknown", 0) == COUNT
    assert states.get("unknown", 0) <= 3  # one per connection: what cannot be known
    assert len(mail.messages()) >= states["sent"]


def _environment(firm: House, mail: Catcher) -> dict[str, str]:
    settings = firm.settings
    ours = {
        "RECOUVREMENT_HOME": str(settings.home), "RECOUVREMENT_WITNESS": str(settings.witness), "RECOUVREMENT_DATABASE_URL": settings.database_url,
        "RECOUVREMENT_SMTP_PORT": str(mail.port),
    }  # fmt: skip
    return {k: v for k, v in os.environ.items() if not k.startswith("RECOUVREMENT_")} | ours
