"""A mail account sends so many messages a day over all workers; the others go the next day, once, if they are still due."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.ready_outbox import MONDAY, ready_outbox
from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, open_house
from recouvrement.day.mail_accounts import AccountsRefused, mail_accounts
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.domain.ladder import Channel
from recouvrement.ledger import approvals
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.claims import claim, release
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tokens import Rate, left_today, used_up_today, wait_for_token
from recouvrement.settings import PROJECT, Settings
from tests.conftest import MakeHouse
from tests.ledger.firm import COUNT, bank, customers, invoices

DAY = timedelta(days=1)
LIMIT = 5


@pytest.fixture
def twelve(make_house: MakeHouse, take, mail: Catcher) -> House:  # type: ignore[no-untyped-def]
    """A firm with twelve debtors late, whose account may send five messages a day."""
    house = make_house(on=MONDAY)
    take(house, "customers.csv", customers())
    take(house, "invoices.csv", invoices())
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    settings = house.settings.model_copy(update={"smtp_port": mail.port, "smtp_per_day": LIMIT})
    return open_house(settings).on_day(MONDAY)


def reached(mail: Catcher) -> Counter[str]:
    return Counter(str(message_from_bytes(octets)["To"]).split("@")[0].split("<")[-1] for octets in mail.messages())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_workers_share_the_limit_of_a_day_and_have_a_new_one_on_the_next(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("fresh_postgresql") if kind == "postgresql" else ""
    full = ready_outbox(Settings(home=tmp_path / "full", witness=tmp_path / "w", database_url=url), COUNT)
    rate = Rate("main", 0, 10)
    moments = [full.ledger.now()]
    ledger = Ledger(full.ledger.engine, lambda: moments[-1])

    def claimed(owner: str, limit: int) -> int:
        return len(claim(ledger, owner, channel=Channel.EMAIL, on=MONDAY, policy=full.policy, limit=limit, rate=rate))

    assert [claimed("one", 7), claimed("two", 7), claimed("one", 7)] == [7, 3, 0]
    with ledger.reading() as connection:
        assert used_up_today(connection, rate, moments[-1])
        assert wait_for_token(connection, rate, moments[-1]) == timedelta(), "nobody waits for tomorrow"
    moments.append(moments[-1] + DAY)
    with ledger.reading() as connection:
        assert left_today(connection, rate, moments[-1]) == 10


def test_what_is_over_the_limit_stays_ready_and_is_counted(twelve: House, mail: Catcher) -> None:
    run_day(twelve, on=MONDAY, mode=Mode.LIVE)

    told = drain(twelve, on=MONDAY, pace=False)

    assert (dict(told.outcomes), told.over_daily_limit, told.why) == ({"accepted": LIMIT}, COUNT - LIMIT, "")
    again = drain(twelve, on=MONDAY, pace=False)
    assert (dict(again.outcomes), again.as_json()["over_daily_limit"]) == ({}, COUNT - LIMIT)
    assert len(mail.messages()) == LIMIT
    with twelve.ledger.reading() as connection:
        assert counts_by_state(connection) == {"ready": COUNT - LIMIT, "sent": LIMIT}


def test_the_others_go_on_the_next_days_once_unless_they_paid(twelve: House, take, mail: Catcher) -> None:  # type: ignore[no-untyped-def]
    run_day(twelve, on=MONDAY, mode=Mode.LIVE)
    drain(twelve, on=MONDAY, pace=False)
    first = set(reached(mail))
    payer = next(n for n in range(COUNT) if f"c{n}" not in first)

    lines = (f"VIR FA-2026-{payer:04d}", f"{100 + payer},00"), ("FRAIS", "-1,00")
    for days, (line, expected) in enumerate(zip(lines, (LIMIT, COUNT - 2 * LIMIT - 1), strict=True), 1):
        today = twelve.on_day(MONDAY + days * DAY)
        take(today, f"bank-{days}.csv", bank((f"{MONDAY + days * DAY}", *line)))
        run_day(today, on=MONDAY + days * DAY, mode=Mode.LIVE)
        assert dict(drain(today, on=MONDAY + days * DAY, pace=False).outcomes) == {"accepted": expected}

    assert reached(mail) == Counter(f"c{n}" for n in range(COUNT) if n != payer), "one copy each, none to who paid"


def test_messages_outside_their_hours_are_counted_there_and_not_here(twelve: House) -> None:
    run_day(twelve, on=MONDAY, mode=Mode.LIVE)
    with twelve.ledger.act("moved_abroad", "test") as act:
        last = act.connection.scalar(select(contact.c.id).order_by(contact.c.id.desc()).limit(1))
        act.connection.execute(contact.update().where(contact.c.id == last).values(place="US"))

    told = drain(replace(twelve, simulated=False), on=MONDAY, pace=False)

    assert (told.wait_for_hours, told.over_daily_limit) == (1, COUNT - LIMIT - 1)


def test_what_a_person_approved_outlives_its_day_and_goes_on_the_next_ones(  # type: ignore[no-untyped-def]
    twelve: House, take, mail: Catcher, tmp_path: Path
) -> None:
    """Approved on Friday: five leave then, none on Saturday, five on Monday and the rest on Tuesday, as they were frozen."""
    data = tmp_path / "data"
    shutil.copytree(PROJECT / "data", data, ignore=shutil.ignore_patterns("sample"))
    policy = data / "policies" / "standard.toml"
    first = 'code = "friendly_reminder"\n'
    policy.write_text(policy.read_text("utf-8").replace(first, first + "needs_approval = true\n"), "utf-8")
    friday = MONDAY + 4 * DAY
    firm = open_house(twelve.settings.model_copy(update={"data": data})).on_day(friday)
    take(firm, "bank-2.csv", bank((f"{friday}", "FRAIS", "-1,00")))
    run_day(firm, on=friday, mode=Mode.LIVE)
    with firm.ledger.act("approve", "owner") as act:
        for row in approvals.waiting(act.connection):
            assert approvals.approve(act, row.id, on=friday, days=5) is None
    frozen = _frozen(firm)

    told = [drain(firm.on_day(friday + n * DAY), on=friday + n * DAY, pace=False) for n in (0, 1, 3, 4)]

    assert [one.outcomes.total() for one in told] == [LIMIT, 0, LIMIT, COUNT - 2 * LIMIT]
    assert [(one.wait_for_hours, one.over_daily_limit, one.why) for one in told[:2]] == [(0, 7, ""), (7, 0, "")]
    assert _frozen(firm) == frozen
    assert reached(mail) == Counter(f"c{n}" for n in range(COUNT))


def _frozen(house: House) -> list[str]:
    with house.ledger.reading() as connection:
        return list(connection.scalars(select(contact.c.frozen_sha256).order_by(contact.c.id)))


def test_what_never_reached_the_relay_is_not_charged(twelve: House, mail: Catcher) -> None:
    """Claims given back, and a relay that does not answer: the day is as it was."""
    run_day(twelve, on=MONDAY, mode=Mode.LIVE)
    rate = Rate("main", 0, LIMIT)
    held = claim(twelve.ledger, "one", channel=Channel.EMAIL, on=MONDAY, policy=twelve.policy, limit=3, rate=rate)
    release(twelve.ledger, held, "one", rate=rate)
    down = replace(twelve, settings=twelve.settings.model_copy(update={"smtp_port": 1}))

    assert drain(down, on=MONDAY, pace=False).stopped

    with twelve.ledger.reading() as connection:
        assert left_today(connection, rate, twelve.ledger.now()) == LIMIT
    assert dict(drain(twelve, on=MONDAY, pace=False).outcomes) == {"accepted": LIMIT}


def test_each_account_has_its_own_limit(tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    text = '[[account]]\nname = "a"\nhost = "h"\nper_day = {}\n'
    file.write_text(text.format(200), encoding="utf-8")
    settings = Settings(home=tmp_path, smtp_accounts=file, smtp_per_day=90)
    assert [account.rate.per_day for account in mail_accounts(settings)] == [200, 90]
    assert Settings(home=tmp_path).smtp_per_day == 0

    file.write_text(text.format(-1), encoding="utf-8")
    with pytest.raises(AccountsRefused, match="per_day"):
        mail_accounts(settings)
