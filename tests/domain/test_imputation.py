"""Money shared among invoices in the order of the Civil Code; no cent is made or lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.imputation import Debt, allocate, apply_credit_note, set_off
from recouvrement.domain.refusals import Refused

ON = date(2026, 6, 30)
JAN, MAR, DEC = date(2026, 1, 31), date(2026, 3, 31), date(2026, 12, 31)


def given_to(found):
    return {share.key: share.cents for share in found.shares}


def test_due_debts_come_before_those_that_are_not():
    debts = [Debt("later", 100, DEC, weight=9), Debt("due", 100, MAR)]
    assert given_to(allocate(150, debts, ON)) == {"due": 100, "later": 50}


def test_then_the_debt_he_gains_most_by_paying():
    debts = [Debt("old", 100, JAN), Debt("with a title", 100, MAR, weight=1)]
    assert given_to(allocate(100, debts, ON)) == {"with a title": 100}


def test_then_the_oldest():
    assert given_to(allocate(150, [Debt("b", 100, MAR), Debt("a", 100, JAN)], ON)) == {"a": 100, "b": 50}


def test_then_in_proportion_to_the_cent():
    debts = [Debt("a", 100, JAN), Debt("b", 100, JAN), Debt("c", 100, JAN)]
    assert given_to(allocate(100, debts, ON)) == {"a": 34, "b": 33, "c": 33}
    assert given_to(allocate(10, [Debt("big", 300, JAN), Debt("small", 100, JAN)], ON)) == {"big": 8, "small": 2}


def test_the_debtor_chooses_only_by_paying_in_full():
    debts = [Debt("old", 100, JAN), Debt("new", 100, MAR)]
    assert given_to(allocate(100, debts, ON, chosen=["new"])) == {"new": 100}
    assert given_to(allocate(60, debts, ON, chosen=["new"])) == {"old": 60}
    assert given_to(allocate(60, debts, ON, chosen=["new"], part_of_chosen=True)) == {"new": 60}


def test_what_no_debt_can_take_is_left_over():
    assert allocate(150, [Debt("a", 100, JAN)], ON).left_cents == 50


def test_a_credit_note_goes_to_its_invoice_first():
    debts = [Debt("old", 100, JAN), Debt("named", 100, MAR)]
    assert given_to(apply_credit_note(130, debts, ON, invoice="named")) == {"named": 100, "old": 30}
    assert given_to(apply_credit_note(50, debts, ON, invoice="paid long ago")) == {"old": 50}


def test_set_off_takes_the_lesser_of_both_sides():
    found = set_off([Debt("sale", 300, JAN)], [Debt("purchase", 120, MAR)], ON)
    assert (found.cents, given_to_side(found.ours), given_to_side(found.theirs)) == (
        120,
        {"sale": 120},
        {"purchase": 120},
    )


def given_to_side(side):
    return {share.key: share.cents for share in side}


@pytest.mark.parametrize(
    "theirs", [Debt("not due", 120, DEC), Debt("disputed", 120, JAN, certain_and_liquid=False), Debt("nil", 0, JAN)]
)
def test_no_set_off_with_what_is_not_certain_liquid_and_due(theirs):
    assert isinstance(set_off([Debt("sale", 300, JAN)], [theirs], ON), Refused)


@pytest.mark.parametrize(("cents", "chosen"), [(0, []), (-1, []), (10, ["unknown"]), (10, ["a", "a"])])
def test_bad_input(cents, chosen):
    assert isinstance(allocate(cents, [Debt("a", 100, JAN)], ON, chosen=chosen), Refused)


def test_one_name_for_two_debts_is_refused():
    assert isinstance(allocate(10, [Debt("a", 100, JAN), Debt("a", 50, MAR)], ON), Refused)


DEBTS = st.lists(
    st.builds(
        Debt,
        key=st.uuids().map(str),
        cents=st.integers(0, 10_000),
        due=st.sampled_from([JAN, MAR, DEC]),
        weight=st.integers(0, 2),
    ),
    max_size=8,
    unique_by=lambda debt: debt.key,
)


@given(st.integers(1, 60_000), DEBTS, st.randoms())
def test_the_parts_sum_to_the_payment_and_order_of_input_changes_nothing(cents, debts, dice):
    found = allocate(cents, debts, ON)
    assert sum(share.cents for share in found.shares) + found.left_cents == cents
    assert all(share.cents > 0 for share in found.shares)
    received = given_to(found)
    assert all(received.get(debt.key, 0) <= debt.cents for debt in debts)
    assert found.left_cents == 0 or received == {debt.key: debt.cents for debt in debts if debt.cents}
    mixed = list(debts)
    dice.shuffle(mixed)
    assert given_to(allocate(cents, mixed, ON)) == received


@given(DEBTS, DEBTS, st.integers(0, 400))
def test_set_off_extinguishes_the_same_sum_on_both_sides(ours, theirs, days):
    found = set_off(ours, theirs, JAN + timedelta(days=days))
    if not isinstance(found, Refused):
        assert sum(s.cents for s in found.ours) == sum(s.cents for s in found.theirs) == found.cents > 0
