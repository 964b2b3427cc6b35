"""Payer habits: what few invoices may say, what a forecast may promise, and who may never read them."""

import ast
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.habits import guesses
from recouvrement.reports.forecast import Owed, forecast
from recouvrement.reports.habits import Settled, habits

ON = date(2026, 11, 20)
DUE = date(2026, 6, 1)
DELAYS = st.lists(st.integers(-60, 200), min_size=1, max_size=12)


def paid(debtor: str, *delays: int, due: date = DUE) -> list[Settled]:
    """Invoices paid that many days after one due date."""
    return [Settled(debtor, due, due + timedelta(days=delay)) for delay in delays]


def test_one_late_payment_does_not_make_a_late_payer() -> None:
    crowd = paid("A", *[0] * 30) + paid("B", *[0] * 30)
    once = habits([*crowd, *paid("C", 60)], on=ON).of("C")
    often = habits([*crowd, *paid("C", *[60] * 12)], on=ON).of("C")
    assert once.expected() is not None
    assert once.mean < 30 < often.mean
    assert once.late < Fraction(1, 2) < often.late
    assert (once.own, often.own, often.expected()) == (1, 12, 60)


def test_what_was_not_known_on_the_day_is_not_used() -> None:
    known = paid("A", 5, 5, 5)
    later = [Settled("A", DUE, ON + timedelta(days=1))]
    assert habits([*known, *later], on=ON) == habits(known, on=ON)


def test_a_debtor_who_slows_down_shows_a_trend() -> None:
    slower = [Settled("A", DUE + timedelta(days=n), DUE + timedelta(days=n + 2 * n)) for n in range(20)]
    steady = paid("B", *[10] * 20)
    found = habits([*slower, *steady], on=ON)
    assert found.of("A").trend > 5
    assert found.of("B").trend < found.of("A").trend


def test_an_unknown_debtor_has_the_habit_of_all_and_nobody_has_one_without_history() -> None:
    found = habits(paid("A", 10, 10, 10), on=ON)
    assert found.of("new").expected() == 10
    assert habits([], on=ON).of("new").expected() is None


@given(DELAYS, DELAYS, st.integers(-100, 250))
def test_chances_rise_with_time_from_zero_to_one(mine: list[int], others: list[int], age: int) -> None:
    habit = habits([*paid("A", *mine), *paid("B", *others)], on=date(2027, 6, 1)).of("A")
    chances = [habit.chance_by(delay, not_before=age) for delay in range(age, 320, 10)]
    if chances[0] is None:
        assert age >= max([*mine, *others])  # later than anything ever paid
        return
    told = [chance for chance in chances if chance is not None]
    assert told == sorted(told)
    assert told[0] == 0
    assert habit.chance_by(400, not_before=age) == 1


@given(DELAYS, st.lists(st.tuples(st.integers(-90, 400), st.integers(1, 10**9)), max_size=8))
def test_a_forecast_adds_up_to_what_is_owed(delays: list[int], owed: list[tuple[int, int]]) -> None:
    known = habits(paid("A", *delays), on=ON)
    rows = [Owed("A", ON - timedelta(days=age), cents) for age, cents in owed]
    found = forecast(rows, known, on=ON)
    assert sum(cents for _, cents in found.weeks) + found.later + found.silent == sum(cents for _, cents in owed)
    assert all(cents >= 0 for _, cents in found.weeks)


def test_a_promise_stands_on_its_day_and_the_hopeless_is_not_forecast() -> None:
    known = habits(paid("A", 0, 5, 10), on=ON)
    promised = Owed("A", ON - timedelta(days=90), 1_000, ON + timedelta(days=9))
    hopeless = Owed("A", ON - timedelta(days=90), 500)
    found = forecast([promised, hopeless], known, on=ON)
    assert [cents for _, cents in found.weeks][:3] == [0, 1_000, 0]
    assert found.silent == 500


def test_the_ladder_never_reads_a_habit() -> None:
    """Habits serve forecasts and priorities: neither the rules, nor what plans and sends, may import them."""
    house = Path(__file__).resolve().parents[2] / "recouvrement"
    may = {"habits.py", "weekly.py", "weekly_standing.py", "hold_out.py"}
    readers = [*(house / "domain").rglob("*.py"), *(house / "policy").rglob("*.py"), *(house / "ledger").rglob("*.py")]
    readers += [file for file in (house / "day").glob("*.py") if file.name not in may]
    for file in readers:
        names = {
            alias
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in (node.module, *(f"{node.module}.{a.name}" for a in node.names))
        }
        assert not any("habits" in name or "reports.forecast" in name for name in names), file.name


def test_on_real_payers_habits_beat_both_simple_guesses(shared: Path) -> None:
    """One held-out invoice in eight here; `benchmarks/habits.py` takes all, with an interval over debtors."""
    found = guesses(shared / "receivables" / "realistic", every=8)
    assert len(found) > 130
    due_date, debtors_mean, habit = (sum(float(one[place]) for one in found) for place in (2, 3, 4))
    assert habit < debtors_mean < due_date
