"""The outbox: written once, claimed once, read again before it leaves, never sent twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from recouvrement.channels.catcher import Catcher
from recouvrement.day import acts
from recouvrement.day.house import House, open_house
from recouvrement.day.order import LiveRefused, Mode, run_day
from recouvrement.day.sending import MayNotSend, drain
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.ledger import approvals
from recouvrement.ledger.claims import begin_sending, claim, settle
from recouvrement.ledger.outbox import AlreadyPlanned, Fence, NewContact, counts_by_state, move, write_contact
from recouvrement.ledger.owners import this_machine
from recouvrement.ledger.recovering import recover
from recouvrement.ledger.single_flight import AlreadyRunning, single_flight
from recouvrement.ledger.tables.contacts import contact

MONDAY = date(2026, 3, 2)
S = ContactState
COUNT = 12


NAMES = (
    "Roy",
    "Lefebvre",
    "Garnier",
    "Chevalier",
    "Blanchard",
    "Gauthier",
    "Perrin",
    "Mathieu",
    "Clement",
    "Lambert",
    "Dumont",
    "Fontaine",
)


def customers(count: int = COUNT) -> str:
    head = "customer_id,name,kind,email,phone,address,postcode,city,language\n"
    return head + "".join(
        f"C{n},Menuiserie {NAMES[n]},business,c{n}@client.example,,{n} rue du Bois,35000,Rennes,fr\n"
        for n in range(count)
    )


def invoices(count: int = COUNT, due: str = "2026-02-20") -> str:
    head = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n"
    return head + "".join(f"FA-2026-{n:04d},invoice,C{n},2026-01-20,{due},{100 + n}.00,EUR\n" for n in range(count))


def bank(*rows: tuple[str, str, str]) -> str:
    lines = []
    for day, label, amount in rows:
        d = date.fromisoformat(day).strftime("%d/%m/%Y")
        debit, credit = (amount[1:], "") if amount.startswith("-") else ("", amount)
        lines.append(f"FR7630006000011234567890189;{d};{d};{label};;{debit};{credit}")
    return "Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit\n" + "\n".join(lines) + "\n"


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Catcher]:
    with Catcher(tmp_path / "mail") as running:
        yield running


@pytest.fixture
def firm(house: House, take, mail: Catcher) -> House:
    """Twelve debtors, each with one invoice eleven days late; the bank was read up to yesterday."""
    take(house, "customers.csv", customers())
    take(house, "invoices.csv", invoices())
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    return open_house(house.settings.model_copy(update={"smtp_port": mail.port})).on_day(MONDAY)


def sent_ids(mail: Catcher) -> Counter[str]:
    return Counter(str(message_from_bytes(octets)["Message-ID"]) for octets in mail.messages())


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


def test_redirect_sends_everything_to_one_address(firm: House, mail: Catcher) -> None:
    trial = open_house(firm.settings.model_copy(update={"redirect_all_to": "essai@atelier.example"})).on_day(MONDAY)
    run_day(trial, on=MONDAY, mode=Mode.LIVE)

    drain(trial, on=MONDAY, pace=False)

    assert {to for envelope in mail.envelopes() for to in envelope["rcpt_tos"]} == {"essai@atelier.example"}
    assert len(mail.messages()) == COUNT


def test_an_approval_lapses_when_the_balance_changes(house: House, take, mail: Catcher) -> None:
    firm = _with_a_notice(house, take, mail)
    with firm.ledger.act("approve", "owner") as act:
        waiting = approvals.waiting(act.connection)
        assert approvals.approve(act, waiting[0].id, on=MONDAY, days=5) is None
    take(firm, "bank-2.csv", bank(("2026-03-01", "VIR MENUISERIE ROY FA-2026-0000", "40,00")))
    from recouvrement.day.matching import match

    match(firm, on=MONDAY)

    result = drain(firm, on=MONDAY, pace=False)

    assert result.letters == 0
    with firm.ledger.reading() as connection:
        assert counts_by_state(connection, day=MONDAY) == {"cancelled": 1}


def test_an_approved_notice_is_printed_once(house: House, take, mail: Catcher) -> None:
    firm = _with_a_notice(house, take, mail)
    with firm.ledger.act("approve", "owner") as act:
        for row in approvals.waiting(act.connection):
            approvals.approve(act, row.id, on=MONDAY, days=5)

    printed = [drain(firm, on=MONDAY, pace=False).letters for _ in range(2)]

    assert printed == [1, 0]
    batches = sorted((firm.settings.home / "out" / "post").iterdir())
    assert len(batches) == 1
    assert {p.suffix for p in batches[0].iterdir()} >= {".pdf", ".csv"}


def test_a_drain_without_the_post_leaves_letters_for_another(house: House, take, mail: Catcher) -> None:
    """What tries e-mails again in the day makes no batch of one letter."""
    firm = _with_a_notice(house, take, mail)
    with firm.ledger.act("approve", "owner") as act:
        for row in approvals.waiting(act.connection):
            approvals.approve(act, row.id, on=MONDAY, days=5)

    assert drain(firm, on=MONDAY, pace=False, post=False).letters == 0
    assert drain(firm, on=MONDAY, pace=False).letters == 1


def _with_a_notice(house: House, take, mail: Catcher) -> House:
    """One debtor whose every step but the notice was taken by hand, with the papers on file."""
    take(house, "customers.csv", customers(1))
    take(house, "invoices.csv", invoices(1, due="2026-01-10"))
    take(house, "bank.csv", bank(("2026-03-01", "FRAIS", "-1,00")))
    steps = "".join(
        f"FA-2026-0000,{step},2026-0{m}-{d:02d},email\n"
        for step, m, d in (
            ("friendly_reminder", 1, 13),
            ("call", 1, 20),
            ("firm_reminder", 1, 26),
            ("last_reminder", 2, 10),
        )
    )
    history = take(house, "history.csv", "invoice,step,date,channel\n" + steps)
    assert history.verdict == "read", history
    paper = house.settings.home / "paper.txt"
    paper.write_text("signed")
    for kind in ("order", "delivery_note", "invoice"):
        assert not acts.attach_document(
            house, "FA-2026-0000", paper, kind=kind, title=kind, on=MONDAY, operator="owner"
        ).refused
    firm = open_house(house.settings.model_copy(update={"smtp_port": mail.port})).on_day(MONDAY)
    report = run_day(firm, on=MONDAY, mode=Mode.LIVE)
    assert report.planned.planned == {"registered_letter": 1}, report.as_json()
    return firm
