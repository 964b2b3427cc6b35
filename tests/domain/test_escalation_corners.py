"""Corners of the rule that random positions meet too seldom: each fails when its condition is taken out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recouvrement.domain.reasons import Action, Reason
from tests.domain.test_escalation import CALL, LADDER, MONDAY, POLICY, carried, debtor, decided, item, reason, taken


def test_a_step_that_stands_alone_is_not_listed_in_a_higher_message() -> None:
    """A policy may have it so for other steps than the formal notice, which no person approves."""
    steps = tuple(replace(s, alone=s.code == "friendly") for s in LADDER)
    higher = item("a", 20, taken=(taken("friendly", 12), taken("call", 6, CALL)))

    decision = decided(debtor(higher, item("b", 5)), policy=replace(POLICY, steps=steps))

    assert carried(decision) == {"a": "firm"}
    assert decision.items[1].reason is Reason.ANOTHER_STEP_FIRST


def test_a_broken_word_brings_the_first_step_after_it_forward_and_no_other() -> None:
    """The firm reminder left after the promise was broken: the notice keeps its day."""
    papers = frozenset({"invoice", "delivery"})
    gone = (taken("friendly", 40), taken("call", 33, CALL), taken("firm", 11))
    late = item("a", 40, taken=gone, documents=papers)

    broken_before, broken_since = (replace(late, broken_on=MONDAY - timedelta(days=ago)) for ago in (12, 1))

    assert decided(debtor(broken_before)).contact is None
    assert carried(decided(debtor(broken_since))) == {"a": "notice"}


def test_a_difference_with_the_accounts_holds_the_formal_notice_alone() -> None:
    gone = (taken("friendly", 40), taken("call", 33, CALL), taken("firm", 20))
    due = item("a", 50, taken=gone, documents=frozenset({"invoice", "delivery"}))

    assert reason(debtor(due, accounts_differ=True)) == (Action.ASK, Reason.ACCOUNTS_DIFFER)
    assert reason(debtor(due)) == (Action.CONTACT, Reason.STEP_DUE)
    assert carried(decided(debtor(item("b", 5), accounts_differ=True))) == {"b": "friendly"}


@pytest.mark.parametrize(("read_to", "old"), [(25, False), (24, True)])
def test_a_bank_feed_is_old_after_the_policys_sending_days_today_not_counted(read_to: int, old: bool) -> None:
    """On Monday 2 March, Thursday and Friday are missing after Wednesday 25 February: two days, which the policy allows."""
    said = reason(debtor(item(), feed_to=date(2026, 2, read_to)))

    assert said == ((Action.HOLD, Reason.FEED_OLD) if old else (Action.CONTACT, Reason.STEP_DUE))


@pytest.mark.parametrize(("booked", "held"), [((10,), True), ((11,), False), ((11, 3), True)])
def test_a_receipt_in_doubt_holds_until_the_last_of_them_is_overdue(booked: tuple[int, ...], held: bool) -> None:
    doubts = tuple((f"line {ago}", MONDAY - timedelta(days=ago), 5_00) for ago in booked)

    said = reason(debtor(item(late=40), doubts=doubts))

    assert said == ((Action.HOLD, Reason.MONEY_IN_DOUBT) if held else (Action.CONTACT, Reason.RECEIPT_TO_ASK))


def test_a_message_that_could_not_be_written_waits_for_corrected_data() -> None:
    assert reason(debtor(item(), data_to_correct=True)) == (Action.ASK, Reason.DATA_TO_CORRECT)


def test_what_is_covered_by_a_receipt_under_way_says_so_rather_than_disputed() -> None:
    covered = item(under_way_cents=100_00, disputed_cents=100_00)

    assert reason(debtor(covered)) == (Action.HOLD, Reason.RECEIPT_UNDER_WAY)
