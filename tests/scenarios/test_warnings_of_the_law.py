"""The day's report tells what the law data will lack, while there is time to add it."""

from datetime import date

from recouvrement.day.order import Mode, run_day
from recouvrement.reports.summary import Summary, markdown


def test_from_mid_december_a_run_warns_of_next_semesters_rates(make_house) -> None:
    house = make_house(on=date(2026, 12, 15))

    before = run_day(house, on=date(2026, 12, 14), mode=Mode.REHEARSE)
    after = run_day(house, on=date(2026, 12, 15), mode=Mode.REHEARSE)

    assert not any("2027-S1" in warning for warning in before.warnings)
    assert any("2027-S1" in warning and "rates add" in warning for warning in after.warnings)


def test_warnings_stand_in_the_summary_that_the_operator_reads() -> None:
    empty = Summary(
        date(2026, 12, 15), "rehearse", 0, 0, {}, (), [], [], {}, 0, 0, 0, None, "0" * 64, warnings=("rate_soon_missing: add it",)
    )  # fmt: skip

    assert "rate_soon_missing: add it" in markdown(empty, "en")
