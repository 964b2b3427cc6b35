"""Corners of the rule that random positions meet too seldom: each fails when its condition is taken out."""

from dataclasses import replace
from datetime import timedelta

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
