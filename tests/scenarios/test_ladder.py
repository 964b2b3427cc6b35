"""The ladder from the first note to the hand-off, and what takes an invoice off it."""

from recouvrement.day.cases import cases_by_debtor
from tests.scenarios.conftest import Story
from tests.scenarios.openings import FIRM, ROY

LAST = FIRM + "2026-03-06  run  -> last_reminder F-17\n"
NOTICE = (
    LAST
    + """
    2026-03-20  papers F-17
    2026-03-23  run              -> mise_en_demeure by registered_letter F-17
"""
)


def test_from_the_courtesy_note_to_the_hand_off(story: Story) -> None:
    told = story.check(
        NOTICE.replace("2026-02-09", "2026-01-28  run              -> courtesy F-17\n    2026-02-09", 1)
        + """
        2026-03-23  why F-17         -> wait awaiting_approval
        2026-03-24  approve F-17
        2026-03-24  run              -> nothing (awaiting_sending)
        2026-03-25  post deposited  F-17
        2026-03-30  post delivered  F-17
        2026-04-07  run              -> nothing (notice_running)
        2026-04-09  run              -> nothing (notice_running)    # deadline Tuesday 7 April, then three working days
        2026-04-10  run              -> nothing (notice_expired)
        2026-04-13  run              -> nothing (handed_over)
    """
    )

    [case] = [row for rows in cases_by_debtor(told.house).values() for row in rows]
    assert [len(report.cases) for report in told.reports[-2:]] == [1, 0]
    assert [sealed.case_code for sealed in told.reports[-2].dossiers] == [case.code]


def test_paid_in_time_is_left_alone(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-01-28  run              -> courtesy F-17
        2026-02-04  payment F-17  1200.00
        2026-02-09  run              -> nothing (nothing_open)
    """
    )


def test_paid_in_full_twenty_days_late_is_never_contacted_again(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-20  payment F-17  1200.00
        2026-02-24  run              -> nothing (nothing_open)
        2026-04-20  run              -> nothing (nothing_open)
    """
    )

    assert len(told.contacts()) == 1


def test_a_promise_protects_until_its_day_and_its_grace(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-13  promise F-17  1200.00  by 2026-02-20
        2026-02-16  run              -> nothing (promised)
        2026-02-23  run              -> nothing (promised)     # three days of grace, that day included
        2026-02-24  run              -> call by call F-17
    """
    )


def test_a_promise_kept_is_closed(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-13  promise F-17  1200.00  by 2026-02-20
        2026-02-19  payment F-17  1200.00
        2026-02-20  run              -> nothing (nothing_open)
    """
    )

    assert (told.reports[-1].waits["kept"], told.reports[-1].waits["broken"]) == (1, 0)


def test_a_dispute_holds_until_a_person_settles_it(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-06  dispute F-17
        2026-02-09  run              -> nothing (disputed)
        2026-05-04  run              -> nothing (disputed)
        2026-05-04  end dispute F-17
        2026-05-05  run              -> friendly_reminder F-17
    """
    )


def test_a_dispute_in_part_leaves_the_rest_on_the_ladder(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-06  dispute F-17  300.00
        2026-02-09  run              -> friendly_reminder F-17
    """
    )

    [letter] = [octets.decode("utf-8", "replace") for octets in told.mail.messages()]
    assert "900" in letter


def test_a_reply_stops_everything_until_it_is_read(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  reply F-17
        2026-02-16  run              -> nothing (reply_unread)
        2026-04-15  run              -> nothing (reply_unread)
    """
    )


def test_a_returned_payment_starts_the_ladder_again(story: Story) -> None:
    """A new cycle: the steps of before are over, nobody goes on where the first time ended."""
    story.check(
        FIRM
        + """
        2026-02-25  payment F-17  1200.00
        2026-02-26  run              -> nothing (nothing_open)
        2026-03-03  returned F-17  1200.00
        2026-03-04  run              -> friendly_reminder F-17
    """
    )


def test_unknown_kind_stays_amicable(story: Story) -> None:
    story.check("""
        2026-01-05  customer Client Neuf  kind unknown
        2026-01-05  invoice F-1  Client Neuf  500.00  due 2026-02-04
        2026-02-09  run              -> friendly_reminder F-1
        2026-02-16  run              -> call by call F-1
        2026-02-17  call F-1
        2026-02-23  run              -> nothing (kind_unknown)
        2026-02-24  customer Client Neuf  kind business
        2026-02-24  run              -> firm_reminder F-1
    """)


def test_a_notice_waits_for_its_papers_and_for_a_person(story: Story) -> None:
    told = story.check(
        LAST
        + """
        2026-03-23  run              -> nothing (evidence_missing)
        2026-03-23  papers F-17
        2026-03-24  run              -> mise_en_demeure by registered_letter F-17
        2026-03-25  run              -> nothing (awaiting_approval)
        2026-03-26  refuse F-17
        2026-03-26  run              -> mise_en_demeure by registered_letter F-17
        2026-03-27  approve F-17
        2026-03-27  run              -> nothing (awaiting_sending)
        2026-03-30  run              -> nothing (notice_running)
    """
    )

    assert [d.letters for d in told.drains[-3:]] == [0, 1, 0]


def test_an_approval_lapses_and_asks_again(story: Story) -> None:
    told = story.check(
        NOTICE
        + """
        2026-03-27  run              -> nothing (awaiting_approval)
        2026-03-30  run              -> mise_en_demeure by registered_letter F-17   # too late for the deadline printed
    """
    )

    assert told.reports[-1].waits["frozen_anew"] == 1
    assert sum(d.letters for d in told.drains) == 0


def test_a_waived_step_is_left_out(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  waive call F-17
        2026-02-19  run              -> firm_reminder F-17
    """
    )


def test_history_by_hand_is_where_the_ladder_goes_on(story: Story) -> None:
    """Only the last step by hand was imported: nothing softer goes after it."""
    told = story.check(ROY)
    told.take("history.csv", "invoice,step,date,channel\nF-17,firm_reminder,2026-02-20,letter\n")

    told.check("""
        2026-03-02  run              -> nothing (next_step_later)
        2026-03-06  run              -> last_reminder F-17
    """)


def test_the_gap_after_a_call_counts_from_the_day_it_was_made(story: Story) -> None:
    story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2025-12-05
        2026-01-12  run              -> friendly_reminder F-1
        2026-01-19  run              -> call by call F-1
        2026-01-26  call F-1
        2026-01-27  run              -> nothing (next_step_later)
        2026-02-02  run              -> firm_reminder F-1
    """)


def test_a_call_not_made_in_five_working_days_lets_the_next_step_go(story: Story) -> None:
    told = story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2025-12-05
        2026-01-12  run              -> friendly_reminder F-1
        2026-01-19  run              -> call by call F-1
        2026-01-26  run              -> nothing (awaiting_call)
        2026-01-27  run              -> firm_reminder F-1
    """)

    assert told.reports[-1].waits["not_made"] == 1
