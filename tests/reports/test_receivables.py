"""Balances over time, days of sales, effectiveness: figures that can be added up by hand."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.lateness import bucket
from recouvrement.reports.forecast import sales_to_make_up
from recouvrement.reports.receivables import (
    Item,
    Sales,
    aged_over_time,
    dso_count_back,
    dso_simple,
    effectiveness,
    month_ends,
)

JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)
ITEMS = [
    Item("1", "A", date(2026, 1, 10), date(2026, 2, 9), 10_000, ((date(2026, 2, 20), 4_000), (date(2026, 3, 5), 6_000))),
    Item("2", "B", date(2026, 2, 15), date(2026, 3, 17), 5_000),
    Item("3", "B", date(2026, 2, 20), date(2026, 2, 20), -1_000, ((date(2026, 3, 20), -1_000),), paid=False),
]  # fmt: skip
START = date(2026, 1, 1)


def test_each_end_of_month_is_what_was_open_then() -> None:
    assert aged_over_time(ITEMS, [JAN, FEB, MAR], bucket) == [
        {"not_due": 10_000},
        {"1-30": 6_000, "not_due": 5_000 - 1_000},
        {"1-30": 5_000},
    ]


def test_an_invoice_is_settled_on_the_day_nothing_is_left_and_open_again_when_a_payment_returns() -> None:
    moves = ((date(2026, 2, 20), 10_000), (date(2026, 2, 25), -10_000), (date(2026, 3, 9), 10_000))
    again = Item("1", "A", date(2026, 1, 10), date(2026, 2, 9), 10_000, moves)
    assert again.settled_on == date(2026, 3, 9)
    assert [again.open_on(date(2026, 2, d)) for d in (19, 20, 25)] == [10_000, 0, 10_000]
    assert ITEMS[1].settled_on is None


def test_days_of_sales_both_ways() -> None:
    sales = Sales(ITEMS)
    assert sales.between(date(2026, 2, 1), FEB) == 4_000
    assert dso_simple(10_000, sales, FEB, days=59) == Fraction(10_000 * 59, 14_000)
    # 10,000 open: all of February (4,000, 28 days), then 6,000 of January's 10,000 over 31 days
    assert dso_count_back(10_000, sales, FEB) == 28 + Fraction(31 * 6_000, 10_000)
    assert dso_count_back(99_000, sales, FEB) is None
    assert dso_simple(10_000, Sales([]), FEB) is None
    assert dso_count_back(0, sales, FEB) == 0


def test_effectiveness_is_whole_when_nothing_is_overdue_and_stays_between_its_ends() -> None:
    assert effectiveness({"1-30": 500}, {"not_due": 300}, 300, ["not_due"]) == 1
    assert effectiveness({}, {}, 0, ["not_due"]) is None
    assert effectiveness({"1-30": 100}, {"1-30": 400}, 100, ["not_due"]) == 0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 400), st.integers(-60, 120), st.integers(-(10**7), 10**7).filter(bool),
            st.lists(st.tuples(st.integers(0, 400), st.integers(-(10**6), 10**6)), max_size=4),
        ),
        max_size=12,
    ),
    st.integers(0, 500),
)  # fmt: skip
def test_the_buckets_of_a_day_add_up_to_the_open_items(
    drawn: list[tuple[int, int, int, list[tuple[int, int]]]], day: int
) -> None:
    items = [
        Item(
            str(n), "A", START + timedelta(days=issue), START + timedelta(days=issue + term), cents,
            tuple(sorted((START + timedelta(days=on), amount) for on, amount in moves)),
        )
        for n, (issue, term, cents, moves) in enumerate(drawn)
    ]  # fmt: skip
    on = START + timedelta(days=day)
    ends = month_ends(on, 12)
    for end, cells in zip(ends, aged_over_time(items, ends, bucket), strict=True):
        assert sum(cells.values()) == sum(item.open_on(end) for item in items)


def test_what_must_be_sold_to_make_up_for_a_loss() -> None:
    assert sales_to_make_up(1_000_00, 8) == 12_500_00
    assert sales_to_make_up(1_000_00, 0) is None
