"""What people agree, day by day: promises, plans, disputes in part, receipts on their way, notices taken back."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from recouvrement.day.acts_assignments import assign
from recouvrement.day.acts_disputes import settle_dispute
from recouvrement.day.acts_plans import record_plan
from recouvrement.day.acts_receipts import move_receipt, record_receipt
from recouvrement.day.withdrawals import propose_withdrawals
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.cases import open_case
from recouvrement.ledger.day_report import case_states
from recouvrement.ledger.facts import find_debtor, find_items
from recouvrement.ledger.promises import ended_promises
from recouvrement.ledger.tables.contacts import contact
from recouvrement.ledger.tables.facts import fact_event
from tests.planted import planted
from tests.scenarios.conftest import Story
from tests.scenarios.openings import FIRM, ROY
from tests.scenarios.player import Player


def on(player: Player, day: str) -> dict[str, Any]:
    """The day and the operator of an act, the story's clock set to it."""
    player.today = date.fromisoformat(day)
    return {"on": player.today, "operator": "owner"}


def events(player: Player, kind: str) -> list[tuple[str, int | None]]:
    """The events of the facts of a kind, oldest first."""
    query = select(fact_event.c.event, fact_event.c.amount_cents).where(fact_event.c.fact_kind == kind)
    with player.house.ledger.reading() as connection:
        return [(e, c) for e, c in connection.execute(query.order_by(fact_event.c.act_id, fact_event.c.id))]


def test_a_promise_kept_ends_without_a_word(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-05  promise F-17  1200.00  by 2026-02-16
        2026-02-09  run              -> nothing (promised)
        2026-02-13  payment F-17  1200.00
        2026-02-16  run              -> nothing (nothing_open)
    """
    )
    assert events(told, "promise") == [("kept", 120000)]


def test_a_promise_kept_in_part_brings_the_next_step_forward_and_is_quoted_as_such(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-10  promise F-17  1000.00  by 2026-02-12
        2026-02-12  cash F-17  400.00
        2026-02-13  run              -> nothing (promised)
        2026-02-16  run              -> call by call F-17
        2026-02-17  call F-17
        2026-02-23  run              -> firm_reminder F-17
    """
    )
    assert events(told, "promise") == [("part_kept", 40000)]
    with told.house.ledger.reading() as connection:
        debtor = find_debtor(connection, told.house.creditor(), "C1")
        [(row, event)] = ended_promises(connection, debtor or "", AsOf(told.today, told.house.ledger.known_to()))
    assert (event, row.received_cents) == ("part_kept", 40000)
    assert "nous n’en avons reçu que 400,00" in " ".join(told.mails()), "the reminder says what came of the promise"


def test_a_broken_promise_brings_the_next_step_forward_but_keeps_order_and_gap(story: Story) -> None:
    """The last reminder is due 30 days after the due date; the broken promise makes it a week sooner."""
    story.check(FIRM + "2026-03-04  run  -> nothing (next_step_later)\n2026-03-06  run  -> last_reminder F-17\n")


def test_the_step_after_a_broken_promise_comes_a_week_sooner(story: Story) -> None:
    told = story.check(
        FIRM
        + """
        2026-02-23  promise F-17  1200.00  by 2026-02-25
        2026-03-02  run              -> nothing (next_step_later)
        2026-03-03  run              -> last_reminder F-17
    """
    )
    assert events(told, "promise") == [("broken", 0)]


PLAN = (
    ROY
    + """
    2026-01-05  invoice F-18  Menuiserie Roy  600.00  due 2026-02-10
    2026-02-09  run              -> friendly_reminder F-17
"""
)
INSTALMENTS = [(date(2026, 2, 20), 60000), (date(2026, 3, 20), 60000), (date(2026, 4, 20), 60000)]


def agreed(story: Story, *, acceleration: bool) -> Player:
    told = story.check(PLAN)
    done = record_plan(told.at, ["F-17", "F-18"], INSTALMENTS, acceleration=acceleration, **on(told, "2026-02-10"))
    assert not done.refused
    return told


def test_a_plan_is_followed_and_ends_when_all_of_it_is_paid(story: Story) -> None:
    told = agreed(story, acceleration=True)
    told.check("""
        2026-02-16  run              -> nothing (on_a_plan)
        2026-02-19  cash F-17  600.00
        2026-02-23  run              -> nothing (on_a_plan)
        2026-03-23  run              -> nothing (on_a_plan)
        2026-03-23  cash F-17  600.00
        2026-03-24  run              -> nothing (on_a_plan)
        2026-04-20  payment F-18  600.00
        2026-04-21  run              -> nothing (nothing_open)
    """)
    assert events(told, "plan_instalment") == [("kept", 60000), ("missed", 60000), ("kept", 60000), ("kept", 60000)]
    assert events(told, "plan") == [("kept", None)]


def test_a_plan_with_its_clause_broken_makes_all_of_it_due(story: Story) -> None:
    told = agreed(story, acceleration=True)
    told.check("""
        2026-02-19  cash F-17  600.00
        2026-02-23  run              -> nothing (on_a_plan)
        2026-03-23  run              -> nothing (on_a_plan)
        2026-03-24  run              -> call by call F-17 | F-18: another_step_first
    """)
    assert events(told, "plan") == [("accelerated", 60000)]


def test_a_plan_without_the_clause_asks_only_for_what_fell_due(story: Story) -> None:
    told = agreed(story, acceleration=False)
    told.check("""
        2026-02-19  cash F-17  600.00
        2026-03-24  run              -> call by call F-17 | F-18: on_a_plan
    """)
    assert events(told, "plan") == [("broken", 60000)]


def test_a_payment_that_comes_back_is_a_missed_instalment(story: Story) -> None:
    told = agreed(story, acceleration=True)
    record_receipt(told.at, "F-17", kind="cash", cents=60000, state="cleared", **on(told, "2026-02-19"))
    told.check("2026-02-23  run  -> nothing (on_a_plan)\n")
    move_receipt(told.at, "F-17", to="returned", reason="false_note", **on(told, "2026-02-25"))
    told.check("2026-02-26  run\n")
    assert events(told, "plan") == [("accelerated", 60000)]


@pytest.mark.parametrize(
    ("numbers", "instalments", "code"),
    [
        (["F-17"], [(date(2026, 3, 1), 100)], "sum_is_not_what_is_open"),
        (["F-17"], [(date(2026, 2, 1), 120000)], "day_is_past"),
        (["F-17"], [(date(2026, 3, 1), 60000), (date(2026, 3, 1), 60000)], "two_instalments_in_one_day"),
        (["F-17", "F-99"], [(date(2026, 3, 1), 120000)], "unknown_invoice"),
        (["F-17"], [], "instalments_not_usable"),
        (["F-17"], [(date(2026, 3, 1), -1), (date(2026, 4, 1), 120001)], "amount_not_positive"),
        (["F-17", "F-20"], [(date(2026, 3, 1), 130000)], "several_debtors"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(story: Story, numbers: list[str], instalments: Any, code: str) -> None:
    told = story.check(ROY + "2026-01-05  invoice F-20  Autre Client  100.00  due 2026-02-10\n")
    before = told.house.ledger.known_to()
    done = record_plan(told.at, numbers, instalments, acceleration=True, **on(told, "2026-02-10"))
    assert (done.refused, told.house.ledger.known_to()) == (code, before)


def test_one_invoice_is_on_one_plan_at_a_time(story: Story) -> None:
    told = agreed(story, acceleration=True)
    done = record_plan(told.at, ["F-17"], [(date(2026, 3, 1), 120000)], acceleration=True, **on(told, "2026-02-11"))
    assert done.refused == "on_a_plan_already"


def test_what_is_accepted_of_a_dispute_waits_for_its_credit_note(story: Story) -> None:
    told = story.check(ROY + "2026-02-05  dispute F-17  500.00\n2026-02-09  run  -> friendly_reminder F-17\n")
    done = settle_dispute(
        told.at, "F-17", outcome="part", cents=20000, credit_by=date(2026, 2, 27), **on(told, "2026-02-10")
    )
    assert not done.refused
    told.check("""
        2026-02-16  run              -> call by call F-17
        2026-02-16  credit AV-1  Menuiserie Roy  200.00
    """)
    with told.house.ledger.reading() as connection:
        rows = connection.execute(select(contact.c.step).where(contact.c.channel == "call")).all()
    assert len(rows) == 1
    assert events(told, "dispute") == [("part", 20000)]


def test_a_cheque_on_its_way_holds_what_it_covers_until_the_bank_shows_it(story: Story) -> None:
    told = story.check(ROY)
    day = on(told, "2026-02-06")
    assert not record_receipt(told.at, "F-17", kind="cheque", cents=120000, state="announced", **day).refused
    told.check("2026-02-09  run  -> nothing (receipt_under_way)\n")
    assert not move_receipt(told.at, "F-17", to="banked", **on(told, "2026-02-10")).refused
    told.check("""
        2026-02-12  run              -> nothing (receipt_under_way)
        2026-02-12  payment F-17  1200.00
        2026-02-13  run              -> nothing (nothing_open)
    """)
    assert events(told, "receipt") == [("banked", None), ("cleared", None)]


def test_a_cheque_that_comes_back_unpaid_puts_the_invoice_back_on_its_ladder(story: Story) -> None:
    told = story.check(ROY)
    assert not record_receipt(
        told.at, "C1", kind="cheque", cents=120000, state="banked", **on(told, "2026-02-06")
    ).refused
    told.check("2026-02-09  run  -> nothing (receipt_under_way)\n")
    done = move_receipt(told.at, "C1", to="returned", reason="no_funds", **on(told, "2026-02-11"))
    assert not done.refused
    told.check("2026-02-12  run  -> friendly_reminder F-17\n")


def test_a_receipt_that_covers_a_part_leaves_the_rest_on_the_ladder(story: Story) -> None:
    told = story.check(ROY)
    record_receipt(told.at, "F-17", kind="cheque", cents=50000, state="announced", **on(told, "2026-02-06"))
    told.check("2026-02-09  run  -> friendly_reminder F-17\n")
    assert "700,00" in " ".join(told.mails())


def test_cash_is_applied_at_once_and_can_be_taken_back(story: Story) -> None:
    told = story.check(ROY)
    day = on(told, "2026-02-06")
    assert not record_receipt(told.at, "F-17", kind="cash", cents=120000, state="cleared", **day).refused
    told.check("2026-02-09  run  -> nothing (nothing_open)\n")
    assert not move_receipt(told.at, "F-17", to="returned", reason="false_note", **on(told, "2026-02-10")).refused
    told.check("2026-02-12  run  -> friendly_reminder F-17\n")


def notice_sent(story: Story) -> Player:
    """A formal notice for 1,200.00 that left by registered letter on 2026-03-02."""
    told = story.check("2026-01-05  invoice F-17  Menuiserie Roy  1200.00  due 2025-12-10\n2026-03-02  feed\n")
    planted(told.at, "F-17", 120000, on=told.today, needs_approval=True, deadline_on=date(2026, 3, 16))
    return told


def test_a_notice_is_withdrawn_the_day_its_earlier_payment_is_found(story: Story) -> None:
    told = notice_sent(story)
    sent = told.today
    paid = date.fromordinal(sent.toordinal() - 3)
    assert not record_receipt(
        told.at, "F-17", kind="cash", cents=120000, state="cleared", on=paid, operator="owner"
    ).refused
    told.today = date.fromordinal(sent.toordinal() + 1)
    counts = propose_withdrawals(told.at, on=told.today, actor="test")
    assert counts == {"withdrawals": 1, "cases_recalled": 0}
    [row] = [r for r in told.contacts() if r.step == "withdrawal"]
    assert (row.channel, row.state, bool(row.needs_approval)) == ("registered_letter", "planned", True)
    assert propose_withdrawals(told.at, on=told.today, actor="test")["withdrawals"] == 0, "once"
    day = told.today.isoformat()
    told.check(f"{day}  approve F-17\n{day}  send\n")
    assert [r.state for r in told.contacts() if r.step == "withdrawal"] == ["sent"], "being paid does not hold it back"


def test_money_that_came_while_a_notice_waited_for_its_approval_withdraws_it(story: Story) -> None:
    """Written on Monday and posted on Wednesday; the bank shows on Thursday what came on Tuesday."""
    from tests.scenarios.test_ladder import NOTICE

    told = story.check(NOTICE + "2026-03-25  approve F-17\n2026-03-25  send\n")
    paid = on(told, "2026-03-24")
    assert not record_receipt(told.at, "F-17", kind="cash", cents=120000, state="cleared", **paid).refused
    told.today = date(2026, 3, 26)

    assert propose_withdrawals(told.at, on=told.today, actor="test")["withdrawals"] == 1


def test_a_withdrawal_does_not_leave_when_its_payment_was_undone(story: Story) -> None:
    told = notice_sent(story)
    paid = date.fromordinal(told.today.toordinal() - 3)
    record_receipt(told.at, "F-17", kind="cash", cents=120000, state="cleared", on=paid, operator="owner")
    told.today = date.fromordinal(told.today.toordinal() + 1)
    propose_withdrawals(told.at, on=told.today, actor="test")
    day = told.today.isoformat()
    told.check(f"{day}  approve F-17\n")
    move_receipt(told.at, "F-17", to="returned", reason="false_note", on=told.today, operator="owner")
    told.check(f"{day}  send\n")
    assert [r.state for r in told.contacts() if r.step == "withdrawal"] == []


def test_a_notice_paid_in_part_before_it_starts_the_ladder_anew(story: Story) -> None:
    told = notice_sent(story)
    paid = date.fromordinal(told.today.toordinal() - 3)
    record_receipt(told.at, "F-17", kind="cash", cents=50000, state="cleared", on=paid, operator="owner")
    told.today = date.fromordinal(told.today.toordinal() + 1)
    assert propose_withdrawals(told.at, on=told.today, actor="test")["withdrawals"] == 1
    day = date.fromordinal(told.today.toordinal() + 12)
    told.check(f"{day.isoformat()}  run\n")
    assert told.kept()["F-17"][1] != "awaiting_posting"


def test_an_invoice_collected_for_a_factor_shows_its_account_only(story: Story) -> None:
    told = story.check(ROY)
    iban = "FR1420041010050500013M02606"
    assert not assign(told.at, "F-17", kind="factor", under_mandate=True, iban=iban, **on(told, "2026-02-06")).refused
    told.check("2026-02-09  run  -> friendly_reminder F-17\n")
    assert "FR14 2004 1010 0505 0001 3M02 606" in " ".join(told.mails())
    assert "FR76 3000 6000 0112" not in " ".join(told.mails())


def test_the_case_of_a_withdrawn_notice_is_recalled(story: Story) -> None:
    told = notice_sent(story)
    with told.at.ledger.act("propose_case", "test") as act:
        [item] = find_items(act.connection, told.house.creditor(), "F-17")
        case_id = open_case(
            act, creditor_id=told.house.creditor(), debtor_id=item.debtor_id, debtor_code="C1",
            items=[(item.id, 120000)], on=told.today,
        )  # fmt: skip
    record_receipt(told.at, "F-17", kind="cash", cents=120000, state="cleared", **on(told, "2026-02-27"))
    told.today = date(2026, 3, 3)
    assert propose_withdrawals(told.at, on=told.today, actor="test") == {"withdrawals": 1, "cases_recalled": 1}
    with told.house.ledger.reading() as connection:
        assert case_states(connection)[case_id] == "taken_back"
