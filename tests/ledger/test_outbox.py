"""The outbox: written once, claimed once, read again before it leaves, never sent twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from recouvrement.channels.catcher import Catcher
from recouvrement.day import acts
from recouvrement.day.house import House, open_house
from recouvrement.day.order import LiveRefused, Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.claims import begin_sending, claim, settle
from recouvrement.ledger.outbox import AlreadyPlanned, Fence, NewContact, counts_by_state, move, write_contact
from recouvrement.ledger.owners import this_machine
from recouvrement.ledger.recovering import recover
from recouvrement.ledger.single_flight import AlreadyRunning, single_flight
from recouvrement.ledger.tables.contacts import contact
from tests.ledger.firm import COUNT, MONDAY, S, bank, sent_ids


def test_many_runs_in_one_day_send_once(firm: House, mail: Catcher) -> None:
    for _ in range(3):
        run_day(firm, on=MONDAY, mode=Mode.LIVE)
        drain(firm, on=MONDAY, pace=False)

    assert len(sent_ids(mail)) == COUNT
    assert set(sent_ids(mail).values()) == {1}


def test_pressing_process_again_sends_nothing(firm: House, mail: Catcher) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    drain(firm, on=MONDAY, pace=False)

    again = drain(firm, on=MONDAY, pace=False)

    assert dict(again.outcomes) == {}
    assert len(mail.messages()) == COUNT


def test_rehearsal_and_live_decide_the_same(firm: House) -> None:
    rehearsed = run_day(firm, on=MONDAY, mode=Mode.REHEARSE)
    live = run_day(firm, on=MONDAY, mode=Mode.LIVE)

    assert rehearsed.digest == live.digest
    assert rehearsed.planned.planned == {}
    assert live.planned.planned == {"email": COUNT}


def test_payment_arriving_during_the_run_wins(firm: House, take, mail: Catcher) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    take(firm, "bank-2.csv", bank(("2026-03-01", "VIR MENUISERIE CHEVALIER FA-2026-0003", "103,00")))
    from recouvrement.day.matching import match

    match(firm, on=MONDAY)

    drain(firm, on=MONDAY, pace=False)

    assert len(mail.messages()) == COUNT - 1
    assert not any(b"FA-2026-0003" in octets for octets in mail.messages())
    with firm.ledger.reading() as connection:
        assert counts_by_state(connection) == {"cancelled": 1, "sent": COUNT - 1}


def test_a_dispute_recorded_before_sending_stops_the_message(firm: House, mail: Catcher) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    acts.record_dispute(
        firm, "FA-2026-0005", category="quality", wait_until=MONDAY + timedelta(days=5), on=MONDAY, operator="owner"
    )

    drain(firm, on=MONDAY, pace=False)

    assert not any(b"FA-2026-0005" in octets for octets in mail.messages())


def test_the_keys_refuse_a_second_contact(firm: House) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    with firm.ledger.reading() as connection:
        row = connection.execute(select(contact).limit(1)).one()
    same_day = NewContact(
        row.creditor_id, row.debtor_id, MONDAY, "email", "x", "x", "fr", "0" * 64, "<x@y>", (), None, None, S.READY
    )

    with pytest.raises(AlreadyPlanned), firm.ledger.act("probe", "test") as act:
        write_contact(act, same_day)


def test_two_workers_never_claim_the_same_contact(firm: House) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)

    first = claim(firm.ledger, "worker-1", channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=7)
    second = claim(firm.ledger, "worker-2", channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=50)

    assert len(first) == 7
    assert len(second) == COUNT - 7
    assert not {c.id for c in first} & {c.id for c in second}


def test_a_contact_is_held_to_the_limits_of_its_own_policy(firm: House) -> None:
    """Its customers wait longer for a bank statement than the firm's own policy does."""
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    hasty = replace(firm.policy, feed_max_age=-1)
    asked = {"channel": Channel.EMAIL, "on": MONDAY, "policy": hasty, "limit": 3}

    assert len(claim(firm.ledger, "one", **asked, policy_of=lambda _: firm.policy)) == 3
    assert claim(firm.ledger, "two", **asked) == []


def test_a_worker_that_lost_its_claim_cannot_send(firm: House) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    one = claim(firm.ledger, "worker-1", channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=1)[0]
    with firm.ledger.act("take_back", "test") as act:
        move(act, one.id, S.READY, fence=Fence((S.CLAIMED,), "worker-1"))

    assert not begin_sending(firm.ledger, firm.witness(), one, "worker-1")


def test_claimed_goes_back_and_sending_becomes_unknown_when_a_worker_dies(firm: House) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    dead = f"{this_machine()}:999999:1:dead"
    one, two = claim(firm.ledger, dead, channel=Channel.EMAIL, on=MONDAY, policy=firm.policy, limit=2)
    begin_sending(firm.ledger, firm.witness(), two, dead)

    counts = recover(firm.ledger, "system")

    assert counts == {"ready": 1, "unknown": 1, "sent": 0}
    assert not settle(firm.ledger, two, "another", S.SENT, reason="late")
    with firm.ledger.reading() as connection:
        states = dict(
            connection.execute(select(contact.c.id, contact.c.state).where(contact.c.id.in_([one.id, two.id]))).all()
        )
    assert states == {one.id: "ready", two.id: "unknown"}


def test_what_is_unknown_waits_for_a_person(firm: House, mail: Catcher) -> None:
    test_claimed_goes_back_and_sending_becomes_unknown_when_a_worker_dies(firm)

    drain(firm, on=MONDAY, pace=False)
    report = run_day(firm, on=MONDAY, mode=Mode.LIVE)

    assert len(mail.messages()) == COUNT - 1
    assert report.tallies.reasons["sending_unknown"] == 1


def test_contacts_expire_at_the_end_of_their_day(firm: House, mail: Catcher) -> None:
    run_day(firm, on=MONDAY, mode=Mode.LIVE)
    tuesday = MONDAY + timedelta(days=1)

    report = run_day(firm, on=tuesday, mode=Mode.LIVE)
    drain(firm.on_day(tuesday), on=tuesday, pace=False)

    assert report.waits["expired"] == COUNT
    assert set(sent_ids(mail).values()) == {1}


def test_a_second_run_in_flight_is_refused(firm: House) -> None:
    with single_flight(firm.ledger), pytest.raises(AlreadyRunning), single_flight(firm.ledger):
        pass


def test_live_is_for_today_and_for_those_who_went_live(make_house) -> None:
    simulated = make_house(name="far", smtp_host="relay.example")

    with pytest.raises(LiveRefused, match="loopback"):
        run_day(simulated, on=MONDAY, mode=Mode.LIVE)


def test_redirect_sends_everything_to_one_address(firm: House, mail: Catcher) -> None:
    trial = open_house(firm.settings.model_copy(update={"redirect_all_to": "essai@atelier.example"})).on_day(MONDAY)
    run_day(trial, on=MONDAY, mode=Mode.LIVE)

    drain(trial, on=MONDAY, pace=False)

    assert {to for envelope in mail.envelopes() for to in envelope["rcpt_tos"]} == {"essai@atelier.example"}
    assert len(mail.messages()) == COUNT
