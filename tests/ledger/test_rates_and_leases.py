"""Leases and rates over several workers, by a clock that the tests move: nobody waits, nothing is sent twice."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.ready_outbox import MONDAY, ready_outbox
from recouvrement.channels.account import Security, SmtpAccount
from recouvrement.channels.catcher import Catcher
from recouvrement.day.emailing import FRESH, Desk, send_emails
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import MailAccount
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.claims import LEASE, begin_sending, claim, release, settle
from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.owners import new_owner
from recouvrement.ledger.recovering import recover
from recouvrement.ledger.tables.contacts import contact, contact_event, rate_token
from recouvrement.ledger.tokens import MINUTE, Rate, tokens_left, wait_for_token
from recouvrement.settings import Settings
from tests.ledger.firm import sent_ids

S = ContactState
COUNT = 25
ELSEWHERE = "far-away/1:42:1:abcd"  # a worker of another machine: only its lease tells


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    at: datetime
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.at

    def go(self, by: timedelta) -> None:
        self.at += by

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.go(timedelta(seconds=seconds))
        await asyncio.sleep(0)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A full outbox, filled once and copied by each test."""
    folder = tmp_path_factory.mktemp("outbox")
    house = ready_outbox(Settings(home=folder / "home", witness=folder / "witness"), COUNT)
    house.ledger.engine.dispose()
    return house


@pytest.fixture
def firm(full: House, tmp_path: Path) -> House:
    shutil.copytree(full.settings.home, tmp_path / "home")
    settings = full.settings.model_copy(update={"home": tmp_path / "home", "witness": tmp_path / "witness"})
    return replace(full, settings=settings, ledger=Ledger(open_engine(settings.url), Clock(full.ledger.now())))


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    """The same on each of the two databases."""
    if request.param == "sqlite":
        return request.getfixturevalue("firm")
    url = request.getfixturevalue("fresh_postgresql")
    house = ready_outbox(Settings(home=tmp_path / "home", witness=tmp_path / "w", database_url=url), COUNT)
    return replace(house, ledger=Ledger(house.ledger.engine, Clock(house.ledger.now())))


def clock_of(firm: House) -> Clock:
    assert isinstance(firm.ledger.now, Clock)
    return firm.ledger.now


def claimed(firm: House, owner: str, limit: int, rate: Rate | None = None) -> list[str]:
    found = claim(firm.ledger, owner, channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=limit, rate=rate)
    return [one.id for one in found]


def desk(firm: House, mail: Catcher, rate: Rate | None, name: str = "main") -> Desk:
    with firm.ledger.reading() as connection:
        row = connection.execute(select(contact).limit(1)).one()
    smtp = SmtpAccount(name, "127.0.0.1", mail.port, Security.NONE, local_hostname="localhost")
    pairs = frozenset({(row.creditor_id, row.policy_sha256)})
    return Desk(
        firm, new_owner(), MONDAY, MailAccount(smtp, 0), pairs, rate, firm.witness(), lambda _: None, lambda _: None,
        clock_of(firm).sleep,
    )  # fmt: skip


def test_two_workers_share_the_rate_of_an_account(on_both: House) -> None:
    """Whoever asks first has the tokens; after a minute there are new ones."""
    rate = Rate("main", 10)

    first = claimed(on_both, "one", 7, rate)
    second = claimed(on_both, "two", 7, rate)
    third = claimed(on_both, "one", 7, rate)
    clock_of(on_both).go(MINUTE)
    fourth = claimed(on_both, "two", 7, rate)

    assert [len(first), len(second), len(third), len(fourth)] == [7, 3, 0, 7]
    assert len({*first, *second, *fourth}) == 17


def test_accounts_have_rates_of_their_own(firm: House) -> None:
    assert len(claimed(firm, "one", 9, Rate("main", 2))) == 2
    assert len(claimed(firm, "one", 9, Rate("key-accounts", 3))) == 3


def test_what_did_not_leave_costs_no_token(firm: House) -> None:
    rate = Rate("main", 5)
    held = claim(firm.ledger, "one", channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=5, rate=rate)

    assert release(firm.ledger, held[2:], "one", rate=rate) == 3

    with firm.ledger.reading() as connection:
        assert tokens_left(connection, rate, firm.ledger.now()) == 3
        assert counts_by_state(connection) == {"claimed": 2, "ready": COUNT - 2}


def test_the_wait_is_as_long_as_the_oldest_token_of_the_minute(firm: House) -> None:
    rate = Rate("main", 2)
    claimed(firm, "one", 1, rate)
    clock_of(firm).go(timedelta(seconds=20))
    claimed(firm, "one", 1, rate)
    clock_of(firm).go(timedelta(seconds=15))

    with firm.ledger.reading() as connection:
        assert wait_for_token(connection, rate, firm.ledger.now()) == timedelta(seconds=25)


def test_in_no_minute_more_leave_than_the_account_may(on_both: House, mail: Catcher) -> None:
    """Two workers at once at ten a minute: 25 messages take two minutes of the clock, and none of ours."""
    rate = Rate("main", 10)

    async def both() -> None:
        await asyncio.gather(*(send_emails(desk(on_both, mail, rate)) for _ in range(2)))

    start = on_both.ledger.now()
    asyncio.run(both())

    with on_both.ledger.reading() as connection:
        moments = sorted(connection.scalars(select(contact_event.c.at).where(contact_event.c.state == "claimed")))
        assert counts_by_state(connection) == {"sent": COUNT}
    assert all(later - moments[n] >= MINUTE for n, later in enumerate(moments[10:]))
    assert on_both.ledger.now() - start >= 2 * MINUTE
    assert set(sent_ids(mail).values()) == {1}


def test_nobody_holds_a_claim_while_it_waits_for_a_token(firm: House, mail: Catcher) -> None:
    """Each time a worker goes to sleep for the rate, the outbox holds nothing claimed: no lease can run out."""
    seen: list[dict[str, int]] = []
    watched = desk(firm, mail, Rate("main", 10))

    async def sleep(seconds: float) -> None:
        with firm.ledger.reading() as connection:
            seen.append(counts_by_state(connection))
        await clock_of(firm).sleep(seconds)

    asyncio.run(send_emails(replace(watched, sleep=sleep)))

    assert seen
    assert all(set(states) <= {"ready", "sent", "sending", "claimed"} for states in seen)
    in_hand = [states.get("claimed", 0) + states.get("sending", 0) for states in seen]
    assert max(in_hand) <= 2  # what the other two connections are sending at that moment


def test_a_lease_that_ran_out_moves_the_message_once(firm: House) -> None:
    """The worker of another machine fell silent: its claim is taken over, and it can neither send nor settle."""
    slow = claim(firm.ledger, ELSEWHERE, channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=1)[0]
    assert recover(firm.ledger, "system")["ready"] == 0
    clock_of(firm).go(LEASE)

    assert recover(firm.ledger, "system") == {"ready": 1, "unknown": 0, "sent": 0}
    (again,) = claim(firm.ledger, "two", channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=1)

    assert again.id == slow.id
    assert not begin_sending(firm.ledger, firm.witness(), slow, ELSEWHERE)
    assert not settle(firm.ledger, slow, ELSEWHERE, S.READY, reason="withdrawn")
    assert begin_sending(firm.ledger, firm.witness(), again, "two")
    assert settle(firm.ledger, again, "two", S.SENT, reason="ok")
    assert _events(firm, slow.id) == ["ready", "claimed", "ready", "claimed", "sending", "sent"]


def test_a_relay_may_take_as_long_as_its_time_limit_to_answer(firm: House) -> None:
    """The lease of `sending` outlasts `smtp_data_timeout`, however long that is set."""
    (one,) = claim(firm.ledger, ELSEWHERE, channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=1)
    begin_sending(firm.ledger, firm.witness(), one, ELSEWHERE, lease=timedelta(seconds=3600) + timedelta(minutes=5))
    clock_of(firm).go(timedelta(seconds=3600))

    assert recover(firm.ledger, "system") == {"ready": 0, "unknown": 0, "sent": 0}
    assert settle(firm.ledger, one, ELSEWHERE, S.SENT, reason="ok")


def test_a_worker_that_slept_past_its_lease_still_tells_what_the_relay_said(firm: House) -> None:
    """A laptop closed in the middle: another machine says `unknown`, the relay's answer then settles it."""
    (one,) = claim(firm.ledger, ELSEWHERE, channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=1)
    begin_sending(firm.ledger, firm.witness(), one, ELSEWHERE)
    clock_of(firm).go(LEASE)
    recover(firm.ledger, "system")

    assert not settle(firm.ledger, one, "somebody", S.SENT, reason="ok")
    assert not settle(firm.ledger, one, ELSEWHERE, S.READY, reason="later")  # never back by itself
    assert settle(firm.ledger, one, ELSEWHERE, S.SENT, reason="ok")
    assert _events(firm, one.id) == ["ready", "claimed", "sending", "unknown", "sent"]


def test_claims_in_hand_for_too_long_are_given_back_and_read_again(firm: House, mail: Catcher) -> None:
    """A relay that takes a minute for each: what was claimed together is not sent on a balance read long ago."""
    watched = desk(firm, mail, None)
    slow = replace(watched, told=lambda _: clock_of(firm).go(timedelta(minutes=1)))

    asyncio.run(send_emails(slow))

    with firm.ledger.reading() as connection:
        assert counts_by_state(connection) == {"sent": COUNT}
        query = select(contact_event).order_by(contact_event.c.act_id)
        events: dict[str, list[object]] = {}
        for row in connection.execute(query):
            events.setdefault(row.contact_id, []).append(row)
    assert set(sent_ids(mail).values()) == {1}
    for history in events.values():
        last = {row.state: row.at for row in history}
        assert last["sending"] - last["claimed"] <= FRESH + timedelta(minutes=3)
    assert any("given_back" in [row.reason for row in history] for history in events.values())


def test_tokens_are_forgotten_after_their_minute(firm: House) -> None:
    rate = Rate("main", 10)
    claimed(firm, "one", 8, rate)
    clock_of(firm).go(MINUTE)
    claimed(firm, "one", 1, rate)

    with firm.ledger.reading() as connection:
        assert len(connection.execute(select(rate_token)).all()) == 1


def test_any_interleaving_of_workers_sends_each_message_once(on_both: House) -> None:
    """Random workers claim, die, wake late and settle, over hours of the clock: a message is sent at most once."""
    chance = random.Random(7)
    owners = [f"far-{n}/1:1:1:x" for n in range(3)]
    held: list[tuple[str, object]] = []
    left: Counter[str] = Counter()
    moves: list[Callable[[], None]] = []

    def take() -> None:
        owner = chance.choice(owners)
        got = claim(
            on_both.ledger, owner, channel=Channel.EMAIL, on=MONDAY, policy=on_both.policy, limit=chance.randrange(1, 4)
        )
        held.extend((owner, one) for one in got)

    def send() -> None:
        if held:
            owner, one = held.pop(chance.randrange(len(held)))
            if begin_sending(on_both.ledger, on_both.witness(), one, owner):  # type: ignore[arg-type]
                left[one.id] += 1  # type: ignore[attr-defined]
                if chance.random() < 0.7:
                    settle(on_both.ledger, one, owner, S.SENT, reason="ok")  # type: ignore[arg-type]

    def die() -> None:
        if held:
            held.pop(chance.randrange(len(held)))

    def wait() -> None:
        clock_of(on_both).go(timedelta(minutes=chance.randrange(1, 20)))
        recover(on_both.ledger, "system")

    moves = [take, send, send, die, wait]
    for _ in range(150):
        chance.choice(moves)()

    assert set(left.values()) == {1}
    with on_both.ledger.reading() as connection:
        states = dict(connection.execute(select(contact.c.id, contact.c.state)).all())
    assert all(states[one] in {"sent", "unknown", "sending"} for one in left)
    assert all(one in left for one, state in states.items() if state in {"sent", "unknown", "sending"})


def _events(firm: House, contact_id: str) -> list[str]:
    with firm.ledger.reading() as connection:
        query = select(contact_event.c.state).where(contact_event.c.contact_id == contact_id)
        return list(connection.scalars(query.order_by(contact_event.c.act_id)))
