"""The weekly report of a small firm: figures that agree with the ledger, a file with names, rows without."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.acts import record_promise
from recouvrement.day.habits import habits_of
from recouvrement.day.house import House
from recouvrement.day.limits import grant_limit
from recouvrement.day.showing import balances
from recouvrement.day.weekly import weekly_figures, write_report
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.report_facts import limits
from tests.flows.small_ledger import DAY


def test_the_balance_is_that_of_the_ledger(small: House) -> None:
    found = weekly_figures(small, on=DAY)
    rows = balances(small, on=DAY)
    assert found.open_cents == sum(row["total_cents"] for row in rows)
    cells = found.evolution.aged[-1]
    for name in found.buckets:
        assert cells.get(name, 0) == sum(row["buckets"].get(name, 0) for row in rows)
    assert found.disputed == (1, 2_500_00)
    assert sum(row.cents for row in found.stages) == found.open_cents
    assert (
        found.forecast.silent + found.forecast.later + sum(c for _, c in found.forecast.weeks)
        == found.open_cents - 2_500_00
    )


def test_the_day_before_a_payment_was_booked_it_was_open(small: House) -> None:
    """F-107 was paid on the 18th."""
    before, after = (weekly_figures(small, on=date(2026, 11, day)).open_cents for day in (17, 18))
    assert before - after == 450_00
    assert habits_of(small, on=date(2026, 11, 17)).everyone.own == 0
    assert habits_of(small, on=DAY).everyone.expected() == 18


def test_a_promise_is_shown_and_forecast_on_its_day(small: House) -> None:
    record_promise(small, "F-104", cents=5_600_00, due_on=DAY + timedelta(days=10), on=DAY, operator="owner")
    found = weekly_figures(small, on=DAY)
    assert found.promised == (1, 5_600_00)
    assert found.forecast.weeks[1][1] >= 5_600_00, "in the second week, the days of grace included"


def test_a_limit_is_passed_until_it_is_raised_or_taken_away(small: House) -> None:
    assert grant_limit(small, "C3", kind="insured", cents=1_000_00, on=DAY, operator="owner").refused == ""
    assert [(p.kind, p.limit_cents, p.open_cents) for p in weekly_figures(small, on=DAY).limits] == [
        ("insured", 1_000_00, 5_675_00)
    ]
    assert weekly_figures(small, on=DAY - timedelta(days=1)).limits == ()
    grant_limit(small, "C3", kind="insured", cents=9_000_00, on=DAY, operator="owner")
    assert weekly_figures(small, on=DAY).limits == ()
    known = small.ledger.known_to()
    assert grant_limit(small, "nobody", kind="credit", cents=1, on=DAY, operator="owner").refused == "unknown_debtor"
    assert small.ledger.known_to() == known, "a refusal writes nothing, not even an act"
    with small.ledger.reading() as connection:
        assert len(limits(connection, small.creditor(), AsOf(DAY, known))) == 1


def test_the_file_names_debtors_and_only_its_owner_reads_it(small: House) -> None:
    grant_limit(small, "C3", kind="credit", cents=100, on=DAY, operator="owner")
    path, _ = write_report(small, on=DAY, language="fr")
    page = path.read_text("utf-8")
    assert path == small.settings.home / "out" / "reports" / "report-2026-11-20-fr.html"
    assert "Ferronnerie Lenoir" in page
    assert path.stat().st_mode & 0o077 == 0


def test_from_the_command_line(small: House, tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["report", "--on", "2026-11-20", "--lang", "en", "--out", str(tmp_path / "r.html")])
    assert done.exit_code == 0, done.output
    assert "Receivables on 2026-11-20" in (tmp_path / "r.html").read_text("utf-8")
    assert run(app, ["limit", "C1", "abc"]).exit_code != 0
    assert run(app, ["limit", "C1", "500.00", "--on", "2026-11-20"]).exit_code == 0
    assert len(weekly_figures(small, on=DAY).limits) == 1


def test_both_databases_tell_the_same(small: House, small_on_postgresql: House) -> None:
    grant_limit(small_on_postgresql, "C3", kind="credit", cents=0, on=DAY, operator="owner")
    grant_limit(small, "C3", kind="credit", cents=0, on=DAY, operator="owner")
    one, two = (weekly_figures(house, on=DAY) for house in (small, small_on_postgresql))
    assert (one.evolution, one.quality, one.stages, one.forecast.weeks) == (
        two.evolution,
        two.quality,
        two.stages,
        two.forecast.weeks,
    )
    assert [p.open_cents for p in one.limits] == [p.open_cents for p in two.limits] == [5_675_00]


def test_an_empty_ledger_has_a_report(make_house: Callable[..., House]) -> None:
    found = weekly_figures(make_house(), on=DAY)
    assert found.open_cents == 0
    assert found.evolution.count_back[-1] == 0
