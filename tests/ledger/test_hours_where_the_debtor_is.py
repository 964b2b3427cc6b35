"""A message leaves within the hours of its own policy, where its debtor is: one day of one firm, half hour by half hour."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.clock import PARIS
from recouvrement.day import emailing
from recouvrement.day.acts_creditor import change_iban
from recouvrement.day.house import House, open_house
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import DrainTally, drain
from recouvrement.day.sending_windows import RINGING, Waiting, waiting_for_hours
from recouvrement.day.showing import explain
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.claims import Claimed, claim
from recouvrement.ledger.content import keep
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.ready import ready_rows
from recouvrement.ledger.tables.contacts import contact
from tests.conftest import MakeHouse
from tests.ledger.firm import MONDAY, bank, invoices

CUSTOMERS = """customer_id,name,kind,email,address,postcode,city,country,language
C0,Menuiserie Roy,business,paris@client.example,1 rue du Bois,75011,Paris,FR,fr
C1,Ateliers Payet,business,reunion@client.example,2 rue du Bois,97400,Saint-Denis,FR,fr
C2,Garage Louis,business,guadeloupe@client.example,3 rue du Bois,97110,Pointe-à-Pitre,FR,fr
C3,Holz GmbH,business,berlin@client.example,Ringstrasse 4,10115,Berlin,DE,en
C4,Wood Inc,business,newyork@client.example,5 Main Street,10001,New York,US,en
C5,Camille Durand,consumer,particulier@client.example,6 rue du Bois,35000,Rennes,FR,fr
C6,Mines du Sud,business,noumea@client.example,7 rue du Bois,98800,Nouméa,FR,fr
"""
HALF = timedelta(minutes=30)
Take = Callable[..., object]


@pytest.fixture
def world(house: House, take: Take, mail: Catcher) -> House:
    """Seven debtors around the world, each with one late invoice, their messages planned and none sent."""
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", invoices(7))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    firm = open_house(house.settings.model_copy(update={"smtp_port": mail.port})).on_day(MONDAY)
    report = run_day(firm, on=MONDAY, mode=Mode.LIVE)
    assert dict(report.planned.planned) == {"email": 7}
    return firm


def at(firm: House, moment: datetime) -> House:
    """The same firm at a moment, on a clock that goes."""
    return replace(firm, ledger=Ledger(firm.ledger.engine, lambda: moment), simulated=False)


def paris(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def reached(mail: Catcher) -> list[str]:
    return [str(message_from_bytes(octets)["To"]).partition("@")[0].rpartition("<")[2] for octets in mail.messages()]


def sent_at(firm: House, moment: datetime) -> DrainTally:
    return drain(at(firm, moment), on=MONDAY, pace=False)


def test_each_leaves_in_the_first_half_hour_of_its_own_window(world: House, mail: Catcher) -> None:
    left: dict[str, str] = {}
    waiting = []
    for n in range(48):
        moment = paris(0) + n * HALF
        waiting.append(sent_at(world, moment).wait_for_hours)
        left |= {who: f"{moment.astimezone(PARIS):%H:%M}" for who in reached(mail) if who not in left}
    assert left == {
        "noumea": "00:00",
        "reunion": "05:00",
        "berlin": "08:00",
        "paris": "08:00",
        "particulier": "09:00",  # the consumers' policy begins an hour later
        "guadeloupe": "13:00",
        "newyork": "19:00",  # the United States as a whole: from 13:00 in New York, 08:00 in Honolulu
    }
    assert [count for n, count in enumerate(waiting) if n == 0 or count != waiting[n - 1]] == [6, 5, 3, 2, 1, 0]
    assert sorted(reached(mail)) == sorted(left), "one copy each"


def test_the_drain_says_how_many_wait_and_whether_they_expire(world: House, mail: Catcher) -> None:
    told = sent_at(world, paris(8, 30))
    assert (dict(told.outcomes), told.wait_for_hours, told.why) == ({"accepted": 3}, 4, ""), "22:00 comes in Noumea too"

    assert waiting_for_hours(at(world, paris(8, 30)), RINGING, MONDAY) == Waiting(4, late=0, to_come=4)

    told = sent_at(world, paris(18, 30))
    assert (told.wait_for_hours, told.why) == (3, "outside_sending_hours"), "the consumer's are over"
    assert waiting_for_hours(at(world, paris(18, 30)), RINGING, MONDAY) == Waiting(3, late=1, to_come=2)
    assert told.as_json()["wait_for_hours"] == 3
    assert set(reached(mail)) == {"paris", "berlin", "reunion", "guadeloupe"}


def test_hours_that_end_between_claim_and_data_hold_the_message_back(
    world: House, mail: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claimed in the last second of the day, 18:00 when the relay is ready for DATA."""
    moments = [paris(18) - timedelta(seconds=1)]

    def claimed(*args: object, **options: object) -> list[Claimed]:
        found = claim(*args, **options)  # type: ignore[arg-type]
        moments.append(paris(18))
        return found

    monkeypatch.setattr(emailing, "claim", claimed)
    firm = replace(world, ledger=Ledger(world.ledger.engine, lambda: moments[-1]), simulated=False)

    told = drain(firm, on=MONDAY, pace=False)

    assert (told.outcomes["withdrawn"], set(reached(mail))) == (3, {"guadeloupe"})
    assert told.wait_for_hours == 6
    with world.ledger.reading() as connection:
        assert counts_by_state(connection) == {"ready": 6, "sent": 1}


def test_a_version_that_is_no_more_in_force_keeps_its_hours(world: House, mail: Catcher) -> None:
    old = b'name = "old"\nsending_hours = "10:00-11:00"\n' + STEP
    with world.ledger.act("an_old_version", "test") as act:
        digest = keep(act, old, "application/toml")
        act.connection.execute(contact.update().where(contact.c.place == "metropole").values(policy_sha256=digest))
    sent_at(world, paris(9, 30))
    assert set(reached(mail)) == {"berlin", "reunion"}
    sent_at(world, paris(10))
    assert set(reached(mail)) == {"berlin", "reunion", "paris", "particulier"}


STEP = b'[[step]]\ncode = "friendly_reminder"\nstage = "amicable"\noffset = 3\nchannels = ["email"]\n'


def test_a_claim_of_no_open_hours_takes_nothing(world: House) -> None:
    none = claim(
        world.ledger, "one", channel=Channel.EMAIL, on=MONDAY, policy=world.policy, limit=9, windows=frozenset()
    )
    assert none == []


def test_a_claim_walks_an_index_and_sorts_nothing(make_house: MakeHouse) -> None:
    """In an outbox of 100,000 each claim stops at its limit (benchmarks/claim_query.py)."""
    house = make_house()
    with house.ledger.reading() as connection:
        query = ready_rows(
            Channel.EMAIL, MONDAY, paris(9), windows=frozenset({("a" * 64, "US"), ("a" * 64, "reunion")})
        )
        wanted = str(query.order_by(contact.c.id).limit(20).compile(connection, compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}"))
    assert "ix_contact_outbox" in plan
    assert "TEMP B-TREE" not in plan


def test_a_simulated_day_stands_for_all_its_hours(world: House, mail: Catcher) -> None:
    """Its clock stands at 08:30 in Paris: a rehearsal or a demo does not leave out those who wake later."""
    told = drain(world, on=MONDAY, pace=False)
    assert (told.outcomes["accepted"], told.wait_for_hours) == (7, 0)
    assert {"newyork", "guadeloupe", "noumea", "particulier"} < set(reached(mail))


@pytest.mark.parametrize(
    ("moment", "number", "said"),
    [
        (
            paris(7, 30),
            "FA-2026-0000",
            "its hours are 08:00-18:00 where the debtor is (metropole): from 08:00 in Paris",
        ),
        (paris(9, 0), "FA-2026-0002", "where the debtor is (guadeloupe): from 13:00 in Paris"),
        (paris(9, 0), "FA-2026-0000", None),
        (paris(19, 0), "FA-2026-0000", "are over for this day: it expires, its step is planned anew"),
    ],
)
def test_why_tells_which_hours_a_ready_message_waits_for(
    world: House, moment: datetime, number: str, said: str | None
) -> None:
    [told] = explain(at(world, moment), number, on=MONDAY)
    [step] = told["steps"]
    [line] = [line for line in told["lines"] if " by email: ready" in line]

    assert (said is None) == ("waits" not in step)
    assert line.endswith(f"; {step['sentence']}" if said else ": ready")
    assert said is None or said in line
    assert said is None or step["waits"]["reason"] == "outside_sending_hours"


def test_why_tells_that_everything_stands_still(world: House) -> None:
    change_iban(world, "FR1420041010050500013M02606", on=MONDAY, operator="owner")

    [told] = explain(at(world, paris(9)), "FA-2026-0000", on=MONDAY)

    assert told["steps"][0]["waits"] == {"reason": "iban_not_confirmed", "until": None}
