"""What users of other systems reported about grouping, calendar and spacing (reference/regressions.md), as stories."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlalchemy import select

from recouvrement.day import emailing
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.ledger import claims
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.tables.contacts import contact
from tests.scenarios.conftest import Story, change_policy
from tests.scenarios.facts import ACCOUNT, iban_of
from tests.scenarios.openings import OLD, ROY


def test_status_of_invoice_two_is_its_own(story: Story) -> None:
    told = story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2026-01-14
        2026-01-05  invoice F-2  Menuiserie Roy  600.00  due 2026-01-14
        2026-01-05  invoice F-3  Menuiserie Roy  700.00  due 2026-03-31
        2026-01-06  dispute F-2
        2026-01-15  payment F-1  500.00
        2026-01-19  run              -> nothing (disputed, not_due_yet)
        2026-01-19  end dispute F-2
        2026-01-20  run              -> friendly_reminder F-2 | F-3: not_due_yet
    """)

    assert told.said().keys() == {"F-2", "F-3"}


def test_hold_until_a_date_then_resume(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-06  hold Menuiserie Roy  until 2026-02-20
        2026-02-09  run              -> nothing (on_hold)
        2026-02-20  run              -> nothing (on_hold)
        2026-02-23  run              -> friendly_reminder F-17
        2026-02-24  hold F-17  until 2026-02-23          -> day_is_past
        2026-02-24  hold F-17  until 2026-12-31
        2026-03-02  run              -> nothing (on_hold)
        2026-03-02  end hold F-17
        2026-03-03  run              -> call by call F-17
    """
    )


def test_one_message_lists_all_invoices(story: Story) -> None:
    told = story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2026-01-14
        2026-01-05  invoice F-2  Menuiserie Roy  600.00  due 2026-01-15
        2026-01-05  invoice F-3  Menuiserie Roy  700.00  due 2026-01-16
        2026-01-05  invoice F-4  Hotel Grand Large  800.00  due 2026-01-16
        2026-01-19  run              -> friendly_reminder F-1, F-2, F-3; friendly_reminder F-4
        2026-01-20  run              -> nothing (next_step_later)
    """)

    assert len(told.mail.messages()) == 2
    assert any(all(n in text for n in ("F-1", "F-2", "F-3")) for text in told.mails())


def test_letter_and_email_of_one_step_are_both_needed(story: Story) -> None:
    both = (
        'offset = 3\nchannels = ["email", "letter"]',
        'offset = 3\nchannels = ["email", "letter"]\nall_channels = true',
    )
    told = story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  run              -> friendly_reminder by letter F-17
        2026-02-11  run              -> nothing (next_step_later)
        2026-02-16  run              -> call by call F-17
    """,
        policy=both,
    )

    assert len(told.mail.messages()) == 1
    assert sum(d.letters for d in told.drains) == 1


def test_blacklisted_address_falls_back_and_is_reported(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-09  bounce F-17
        2026-02-10  run              -> friendly_reminder by letter F-17
        2026-01-05  customer Sans Adresse  email none  address none  phone none
        2026-01-05  invoice F-18  Sans Adresse  300.00  due 2026-02-04
        2026-02-12  run              -> nothing (next_step_later, no_address)
        2026-02-13  customer Menuiserie Roy  email neuf@roy.example
        2026-02-16  run              -> call by call F-17 | F-18: no_address
        2026-02-17  call F-17
        2026-02-23  run              -> firm_reminder F-17 | F-18: no_address     # by e-mail again: the address is another
    """
    )


def test_nothing_on_holidays_or_outside_hours(story: Story) -> None:
    """Closed days are those of the debtor's region; what did not leave by the end of its day never leaves at night.

    Hours within a day are kept by the schedule of the run (08:30), not by the outbox.
    """
    told = story.check("""
        2026-05-05  invoice F-1  Menuiserie Roy  500.00  due 2026-05-11
        2026-05-05  customer Winstub  postcode 67000
        2026-03-05  invoice F-2  Winstub  500.00  due 2026-03-31
        2026-05-14  holiday
        2026-05-14  run              -> nothing (closed_day)
        2026-05-15  run              -> friendly_reminder F-1; friendly_reminder F-2
        2026-12-01  customer Reunion Bois  postcode 97400
        2027-12-01  invoice F-3  Reunion Bois  500.00  due 2027-12-16
        2027-12-20  holiday reunion
        2027-12-20  run              -> call by call F-1; call by call F-2 | F-3: closed_day
    """)
    told.check(
        """
        2027-12-24  plan             -> friendly_reminder F-3
        2027-12-25  send             -> 0 e-mails
        2027-12-27  send             -> 0 e-mails
        2027-12-27  run              -> friendly_reminder F-3 | F-1: awaiting_call
    """.replace(" | F-1: awaiting_call", "")
    )


def test_due_day_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    """At half past eleven in the evening, UTC, it is tomorrow in Paris: the due day is the day it is there."""
    from recouvrement import clock

    class Evening(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(2026, 2, 6, 23, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(clock, "datetime", Evening)

    assert clock.today_in_paris() == date(2026, 2, 7)


def test_language_is_the_debtors(story: Story) -> None:
    told = story.check("""
        2026-01-05  customer Smith Joinery  language en
        2026-01-05  invoice F-1  Smith Joinery  500.00  due 2026-01-14
        2026-01-05  invoice F-2  Menuiserie Roy  600.00  due 2026-01-14
        2026-01-19  run              -> friendly_reminder F-1; friendly_reminder F-2
    """)

    languages = {
        "F-1" if "F-1" in text else "F-2": "en" if "invoice" in text.lower() and "facture" not in text.lower() else "fr"
        for text in told.mails()
    }
    assert languages == {"F-1": "en", "F-2": "fr"}
    assert sorted(row.language for row in told.contacts()) == ["en", "fr"]


def test_cancelled_and_draft_invoices_are_left_out(story: Story) -> None:
    told = story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2026-01-14  status cancelled
        2026-01-05  invoice F-2  Menuiserie Roy  600.00  due 2026-01-14  status draft
        2026-01-05  invoice F-3  Menuiserie Roy  700.00  due 2026-01-14
        2026-01-05  invoice F-4  Menuiserie Roy  900.00  due 2026-01-14
        2026-01-15  invoice F-4  Menuiserie Roy  900.00  due 2026-01-14  status cancelled  issued 2026-01-05
        2026-01-19  run              -> friendly_reminder F-3
        2026-01-20  invoice F-2  Menuiserie Roy  600.00  due 2026-01-14  issued 2026-01-05
        2026-01-26  run              -> call by call F-3 | F-2: another_step_first
    """)

    assert not any(number in text for text in told.mails() for number in ("F-1", "F-2", "F-4"))


def test_spacing_counts_days_not_hours(story: Story) -> None:
    """A message of late Monday evening does not put off the one of Tuesday morning when the gap is a day."""
    told = story.check(
        OLD
        + """
        2026-01-05  bank stops
        2026-01-04  feed
        2026-01-05  plan             -> friendly_reminder F-1
    """,
        policy=("contact_gap = 5", "contact_gap = 1", "08:00-18:00", "00:00-23:59"),
    )
    change_policy(
        told,
        told.house.settings.data.parent,
        "contact_gap = 5",
        "contact_gap = 1",
        "offset = 10\ngap = 5",
        "offset = 10\ngap = 1",
        "08:00-18:00",
        "00:00-23:59",
    )
    late = datetime(2026, 1, 5, 22, 45, tzinfo=UTC)

    drain(told.at_hour(late), on=date(2026, 1, 5), pace=False)

    told.check("2026-01-06  run  -> call by call F-1")


def test_one_unreadable_invoice_does_not_stop_the_run(story: Story) -> None:
    told = story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2026-01-14
        2026-01-05  invoice F-2  Menuiserie Roy  abc  due 2026-01-14       -> invalid_amount
        2026-01-05  invoice F-3  Hotel Grand Large  700.00  due 2026-01-14
        2026-01-19  run              -> friendly_reminder F-1; friendly_reminder F-3
    """)

    assert len(told.mail.messages()) == 2


def test_rehearsal_and_live_decide_the_same(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-01-05  invoice F-18  Hotel Grand Large  300.00  due 2026-02-02
        2026-02-06  dispute F-18
        2026-02-09  rehearse         -> contact 1
        2026-02-09  run              -> friendly_reminder F-17 | F-18: disputed
    """
    )

    rehearsed, live = told.reports
    assert rehearsed.digest == live.digest


def test_pressing_process_again_sends_nothing(story: Story) -> None:
    """Nor when it is pressed on something that was blocked meanwhile."""
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-09  dispute F-17
        2026-02-09  run
        2026-02-09  send             -> 0 e-mails
        2026-02-10  run              -> nothing (disputed)
    """
    )


def test_tolerance_is_in_the_invoice_currency(story: Story) -> None:
    """19.00 is under the minimum in dollars and 18.00 is over it in euros; nothing is converted, the euros are not silenced."""
    policy = ('USD = "15.00"', 'USD = "20.00"')
    story.check(
        """
        2026-01-05  invoice F-1  Smith Joinery  19.00  due 2025-12-15  currency USD
        2026-01-05  invoice F-2  Smith Joinery  18.00  due 2025-12-15
        2026-01-12  run              -> friendly_reminder F-2 | F-1: below_minimum
    """,
        policy=policy,
    )


def test_failed_second_message_does_not_resend_the_first(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    told = story.check(
        """
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2026-01-14
        2026-01-05  invoice F-2  Hotel Grand Large  600.00  due 2026-01-14
        2026-01-19  plan             -> friendly_reminder F-1; friendly_reminder F-2
    """,
        smtp_connections=1,
    )
    begin, calls = claims.begin_sending, list[Any]()

    def second_fails(*given: Any, **named: Any) -> bool:
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("the second one")
        return begin(*given, **named)

    monkeypatch.setattr(emailing, "begin_sending", second_fails)
    with pytest.raises(Exception, match="second one"):
        drain(told.at, on=told.today, pace=False)
    monkeypatch.undo()

    later = datetime(2026, 1, 19, 9, 0, tzinfo=UTC) + timedelta(minutes=30)
    drain(told.at_hour(later), on=told.today, pace=False)

    assert sorted(message_from_bytes(m)["Message-ID"] for m in told.mail.messages()) == sorted(
        row.message_id for row in told.contacts()
    )
    assert len(told.mail.messages()) == 2


def test_counters_come_from_what_left(story: Story) -> None:
    """Planned twice and never sent: the ladder has not moved."""
    told = story.check(
        ROY
        + """
        2026-02-09  plan             -> friendly_reminder F-17
        2026-02-10  plan             -> friendly_reminder F-17
        2026-02-20  run              -> friendly_reminder F-17
        2026-02-25  run              -> call by call F-17
    """
    )

    assert len(told.mail.messages()) == 1
    with told.house.ledger.reading() as connection:
        assert counts_by_state(connection) == {"expired": 2, "ready": 1, "sent": 1}


def test_weekends_do_not_spend_the_ladder(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-07  run              -> nothing (closed_day)     # a Saturday, three days after the due date
        2026-02-08  run              -> nothing (closed_day)
        2026-02-09  run              -> friendly_reminder F-17
    """
    )


def test_only_one_contact_a_day_reaches_a_debtor(story: Story) -> None:
    """A call waits on the list; what is learned later that day waits for another day."""
    told = story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-16  run              -> call by call F-17
        2026-02-16  invoice F-18  Menuiserie Roy  300.00  due 2026-02-02
        2026-02-16  run              -> call by call F-17 | F-18: contact_today
    """
    )

    with told.house.ledger.reading() as connection:
        assert len(connection.execute(select(contact)).all()) == 2


def test_money_in_doubt_stops_firm_words_at_the_last_moment(story: Story) -> None:
    """A receipt that may be this debtor's, booked long ago and learned between freezing and sending."""
    from tests.scenarios.test_ladder import FIRM

    before, _, _ = FIRM.rpartition("2026-02-23")
    told = story.check(
        before
        + """
        2026-02-22  feed
        2026-02-23  bank stops
        2026-02-23  plan             -> firm_reminder F-17
    """
    )
    told.bank.append(f"{ACCOUNT},2026-02-05,2026-02-05,431.17,EUR,VIR MENUISERIE ROY,Menuiserie Roy,{iban_of('C1')}")
    told._read_bank(date(2026, 2, 22))
    from recouvrement.day.matching import match

    match(told.at, on=told.today)

    told.check("2026-02-23  send  -> 0 e-mails")


def test_running_a_day_twice_adds_nothing_to_the_outbox(story: Story) -> None:
    told = story.check(ROY + "2026-02-09  run  -> friendly_reminder F-17\n")
    before = told.contacts()

    again = run_day(told.at, on=told.today, mode=Mode.LIVE)

    assert told.contacts() == before
    assert again.planned.planned == {}
