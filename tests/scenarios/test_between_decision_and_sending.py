"""What is learned between the decision and the sending of a message: it stays here when it would no longer be true."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from recouvrement.clock import PARIS
from recouvrement.day.acts_creditor import change_iban, confirm_iban
from recouvrement.day.acts_debtors import set_direct_debit, set_kind
from recouvrement.day.decisions import Shard, decide_range
from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.reviewing import not_a_customer
from recouvrement.day.reviewing_list import waiting_lines
from recouvrement.day.sending import drain
from recouvrement.domain.ladder import Channel
from recouvrement.ledger.claims import begin_sending, claim
from recouvrement.ledger.tables.contacts import contact
from tests.scenarios.conftest import Story
from tests.scenarios.openings import ROY
from tests.scenarios.player import Player
from tests.scenarios.test_ladder import NOTICE

NEW_IBAN = "FR1420041010050500013M02606"


def voided(told: Player) -> list[tuple[str, str]]:
    with told.house.ledger.reading() as connection:
        rows = connection.execute(select(contact.c.step, contact.c.state).where(contact.c.void == 1))
        return [(step, state) for step, state in rows]


def test_a_step_that_a_person_waives_does_not_leave(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-09  plan             -> friendly_reminder F-17
        2026-02-09  waive friendly_reminder F-17
        2026-02-09  send             -> 0 e-mails
    """
    )

    assert voided(told) == [("friendly_reminder", "cancelled")]


def test_a_notice_to_a_firm_does_not_leave_once_the_debtor_is_a_consumer(story: Story) -> None:
    """It claims 40 € and penalties that a consumer does not owe, and leaves eight days where fifteen are due."""
    told = story.check(NOTICE + "2026-03-24  approve F-17\n")
    set_kind(told.at, "C1", kind="consumer", on=told.today, operator="owner")

    told.check("2026-03-24  send  -> 0 e-mails")

    assert told.drains[-1].letters == 0
    assert voided(told) == [("mise_en_demeure", "cancelled")]


def test_a_corrected_address_gets_the_message_and_the_wrong_one_does_not(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-09  plan             -> friendly_reminder F-17
        2026-02-09  customer Menuiserie Roy  email right@roy.example
        2026-02-09  send             -> 0 e-mails
        2026-02-09  run              -> friendly_reminder F-17
    """
    )

    assert [to for envelope in told.mail.envelopes() for to in envelope["rcpt_tos"]] == ["right@roy.example"]


def test_an_invoice_told_for_information_that_was_paid_meanwhile(story: Story) -> None:
    """The notice demands F-17 alone, but its statement shows F-18 as open."""
    told = story.check(
        NOTICE.replace(
            "2026-03-23", "2026-03-18  invoice F-18  Menuiserie Roy  300.00  due 2026-03-18\n    2026-03-23", 1
        )
        + """
        2026-03-24  approve F-17
        2026-03-24  cash F-18  300.00
        2026-03-24  send             -> 0 e-mails
    """
    )

    assert told.drains[-1].letters == 0


def test_a_ladder_that_began_anew_does_not_send_its_old_notice(story: Story) -> None:
    """Paid, then returned unpaid: the same sum is open, and the ladder starts again below."""
    told = story.check(
        NOTICE
        + """
        2026-03-24  approve F-17
        2026-03-24  payment F-17  1200.00
        2026-03-24  feed
        2026-03-24  returned F-17  1200.00
        2026-03-24  feed
    """
    )
    match(told.at, on=told.today)

    told.check("2026-03-24  send  -> 0 e-mails")

    assert told.drains[-1].letters == 0


def test_an_invoice_whose_due_date_was_corrected_is_not_reminded(story: Story) -> None:
    """The file that came at noon says that it falls due at the end of the month."""
    story.check(
        ROY
        + """
        2026-02-09  plan             -> friendly_reminder F-17
        2026-02-09  invoice F-17  Menuiserie Roy  1200.00  due 2026-02-28  issued 2026-01-05
        2026-02-09  send             -> 0 e-mails
        2026-02-09  run              -> nothing (not_due_yet)
    """
    )


def test_a_fact_learned_while_the_run_decides_is_news_to_its_messages(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decisions knew nothing of it, although it was written before they were kept."""
    told = story.check(ROY)
    told.today = date(2026, 2, 9)

    def meanwhile(house: House, *args: object, **kwargs: object) -> Shard:
        shard = decide_range(house, *args, **kwargs)  # type: ignore[arg-type]
        told.check("2026-02-09  dispute F-17  300.00\n")
        return shard

    monkeypatch.setattr("recouvrement.day.order.decide_range", meanwhile)
    told.check("2026-02-09  plan  -> friendly_reminder F-17")
    monkeypatch.undo()

    told.check("2026-02-09  send  -> 0 e-mails")


def test_a_receipt_that_turns_out_to_be_nobodys_is_not_asked_about(story: Story) -> None:
    """A person says that it is no customer's: there is nothing left to ask."""
    told = story.check(
        ROY
        + """
        2026-01-20  receipt Menuiserie Roy  431.17
        2026-02-09  plan             -> receipt_in_doubt F-17
    """
    )
    [line] = waiting_lines(told.at, on=told.today)
    assert not not_a_customer(told.at, str(line["line"]), on=told.today, operator="owner").refused

    told.check("2026-02-09  send  -> 0 e-mails")


def test_a_message_with_the_old_iban_never_leaves_even_if_its_worker_had_claimed_it(story: Story) -> None:
    """Claimed, the worker dies, two persons change the account, and the claim is given back: it was written before."""
    told = story.check(ROY + "2026-02-09  plan  -> friendly_reminder F-17\n")
    [held] = claim(told.at.ledger, "worker", channel=Channel.EMAIL, on=told.today, policy=told.house.policy, limit=1)

    assert not change_iban(told.at, NEW_IBAN, on=told.today, operator="owner").refused
    assert not begin_sending(told.at.ledger, told.at.witness(), held, "worker"), "nothing begins while the change waits"
    assert not confirm_iban(told.at, last_four="2606", on=told.today, operator="accountant").refused

    told.check("2026-02-09  send  -> 0 e-mails\n2026-02-09  run  -> friendly_reminder F-17")
    assert NEW_IBAN in told.mails()[0].replace(" ", "")


def test_a_drain_that_runs_past_midnight_leaves_the_day_behind(story: Story) -> None:
    """What Monday planned expires with Monday, also in a sender that began on Monday."""
    told = story.check(
        NOTICE
        + "2026-03-24  approve F-17\n2026-03-24  invoice F-18  Garage Petit  300.00  due 2026-03-10\n2026-03-24  plan\n"
    )
    after = told.at_hour(datetime(2026, 3, 25, 0, 0, 30, tzinfo=PARIS))

    tally = drain(after, on=told.today, pace=False)

    assert tally.letters == 0
    assert tally.outcomes.total() == 0


@pytest.mark.parametrize("way", ["paid", "in_part", "credit", "dispute", "direct_debit", "hold", "promise"])
def test_whatever_was_approved_asks_again_what_is_owed(story: Story, way: str) -> None:
    told = story.check(NOTICE + "2026-03-24  approve F-17\n")
    lines = {
        "paid": "cash F-17  1200.00", "in_part": "cash F-17  200.00", "credit": "credit A-1  Menuiserie Roy  300.00",
        "dispute": "dispute F-17", "hold": "hold F-17  until 2026-04-10", "promise": "promise F-17  1200.00  by 2026-03-30",
    }  # fmt: skip
    if way == "direct_debit":
        assert not set_direct_debit(told.at, "C1", mandate=True, on=told.today, operator="owner").refused
    else:
        told.check(f"2026-03-24  {lines[way]}")

    told.check("2026-03-24  send")

    assert told.drains[-1].letters == 0
    assert voided(told) == [("mise_en_demeure", "cancelled")]
