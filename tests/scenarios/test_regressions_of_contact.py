"""What users of other systems reported about contacts, spacing and grouping (reference/regressions.md), as stories."""

from datetime import date

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day import acts
from recouvrement.day.showing import balances
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.tables.parties import debtor_version
from tests.scenarios.conftest import Story
from tests.scenarios.openings import OLD, ROY


def test_many_runs_in_one_day_send_once(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-09  run
        2026-02-09  run
        2026-02-09  send             -> 0 e-mails
    """
    )

    assert len(told.mail.messages()) == 1


def test_blank_parameter_never_means_everything(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    told = story.check(ROY + "2026-02-09  run  -> friendly_reminder F-17\n")
    house, on = told.at, told.today

    refusals = [
        acts.record_hold(house, "", until=on, reason="ours", on=on, operator="owner").refused,
        acts.record_promise(house, "", cents=100, due_on=on, on=on, operator="owner").refused,
        acts.end_fact(house, "hold", "", event="settled", reason="", on=on, operator="owner").refused,
        acts.record_dispute(house, "", category="quality", wait_until=on, on=on, operator="owner").refused,
    ]
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    nothing_named = CliRunner().invoke(app, ["approve"])
    blank_named = CliRunner().invoke(app, ["approve", "", "--json"])

    assert refusals == ["unknown_debtor_or_invoice"] * 3 + ["unknown_invoice"]
    assert nothing_named.exit_code == 2
    assert '"not_waiting"' in blank_named.output
    assert len(told.contacts()) == 1


def test_missed_day_is_caught_up_in_order(story: Story) -> None:
    story.check(
        ROY
        + """
        2026-02-09  missed day
        2026-02-10  missed day
        2026-02-20  run              -> friendly_reminder F-17    # not the call, though its day has come
        2026-02-23  run              -> nothing (next_step_later)
        2026-02-25  run              -> call by call F-17
    """
    )


def test_policy_switched_on_late_applies_to_old_debts_without_a_burst(story: Story) -> None:
    """Two hundred days late on the first day: one step at a time, each after its gap."""
    story.check(
        OLD
        + """
        2026-01-06  runs until 2026-01-20  -> 2026-01-06 friendly_reminder, 2026-01-12 call, 2026-01-20 firm_reminder
    """
    )


def test_paying_the_oldest_does_not_skip_a_level(story: Story) -> None:
    story.check("""
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2025-12-15
        2026-01-05  invoice F-2  Menuiserie Roy  700.00  due 2026-01-14
        2026-01-05  waive call F-1
        2026-01-06  run              -> friendly_reminder F-1
        2026-01-19  run              -> firm_reminder F-1, F-2 (friendly_reminder)
        2026-01-20  payment F-1  500.00
        2026-01-26  run              -> call by call F-2
    """)


def test_part_payment_keeps_the_reminders_going(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-11  cash F-17  800.00
        2026-02-16  run              -> call by call F-17
        2026-02-17  call F-17
        2026-02-23  run              -> firm_reminder F-17
    """
    )

    assert "400,00" in told.mails()[-1] or "400,00" in told.mails()[0]
    assert balances(told.house, on=told.today)[0]["total_cents"] == 400_00


def test_customer_in_credit_is_left_alone(story: Story) -> None:
    """A receipt kept on account, or a credit note, covers what is due."""
    story.check(
        ROY
        + """
        2026-01-20  credit A-1  Menuiserie Roy  1200.00
        2026-02-09  run              -> nothing (credit_covers, credit_listed)
    """
    )


def test_credit_notes_reduce_the_total_and_are_listed(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-01-20  credit A-1  Menuiserie Roy  450.00
        2026-02-09  run              -> friendly_reminder F-17 | A-1: credit_listed
    """
    )

    [text] = told.mails()
    assert "A-1" in text
    assert "750" in text


def test_payment_arriving_during_the_run_wins(story: Story) -> None:
    told = story.check(
        ROY
        + """
        2026-02-06  payment F-17  1200.00
        2026-02-09  bank stops
        2026-02-05  feed
    """.replace("2026-02-05  feed", "2026-02-09  missed day")
    )
    payment, told.bank = told.bank, []
    told._read_bank(date(2026, 2, 6))
    told.check("2026-02-09  plan -> friendly_reminder F-17")
    told.bank = payment
    told._read_bank(date(2026, 2, 8))
    from recouvrement.day.matching import match

    match(told.at, on=told.today)

    told.check("2026-02-09  send -> 0 e-mails")

    with told.house.ledger.reading() as connection:
        assert counts_by_state(connection) == {"cancelled": 1}


@pytest.mark.parametrize("fact", ["credit A-1  Menuiserie Roy  300.00", "dispute F-17  300.00"])
def test_a_sum_that_changed_by_less_than_the_whole_stops_the_frozen_message_too(story: Story, fact: str) -> None:
    """A credit note or a dispute in part learned between freezing and sending: the figure printed is no longer asked for."""
    told = story.check(
        ROY
        + f"""
        2026-02-09  plan             -> friendly_reminder F-17
        2026-02-09  {fact}
        2026-02-09  send             -> 0 e-mails
        2026-02-09  run              -> friendly_reminder F-17
    """
    )

    [text] = told.mails()
    assert "900" in text


def test_direct_debit_customers_are_not_chased(story: Story) -> None:
    told = story.check(ROY)
    with told.at.ledger.act("direct_debit", "owner") as act:
        row = dict(act.connection.execute(select(debtor_version)).one()._mapping)
        act.connection.execute(
            insert(debtor_version).values(**row | {"id": act.new_id(), "act_id": act.id, "pays_by_direct_debit": 1})
        )

    told.check("2026-02-09  run  -> nothing (direct_debit)")

    assert told.mail.messages() == []


def test_cancelling_an_issued_reminder_restores_the_balance(story: Story) -> None:
    """Planning and refusing a notice move no money, and the step is free again."""
    from tests.scenarios.test_ladder import NOTICE

    told = story.check(NOTICE)
    planned = balances(told.house, on=told.today)
    told.check("2026-03-24  refuse F-17")
    refused = balances(told.house, on=told.today)
    told.check("2026-03-24  run  -> mise_en_demeure by registered_letter F-17")

    assert planned == refused
    assert refused[0]["total_cents"] == 1200_00
