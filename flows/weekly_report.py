"""The week in figures: one page on this machine, and the same sections as artifacts without names of persons."""

from typing import Literal

from prefect import State

from flows.choices import FlowSettings
from flows.opening import opened
from flows.parameters import OptionalDay, day_of
from flows.verdicts import done, house_flow, refused
from recouvrement.clock import today_in_paris
from tasks.reports import write_weekly


@house_flow("weekly-report")
def weekly_report(on: OptionalDay = "", language: Literal["", "fr", "en"] = "") -> State:
    """Write the report of a day: balances over time, days of sales, cash forecast, the ladder, limits, cases, data quality.

    The page stands under `out/reports` of the home and names debtors; the artifacts `weekly-…` go by codes. Nothing is
    decided, planned or sent.

    Args:
        on: The day; today when empty.
        language: French or English; the operator's language when empty.
    """
    day = day_of(on)
    house = opened(day)
    if day > today_in_paris() and not house.simulated:
        return refused("day_in_the_future")
    name, artifacts = write_weekly(house, day, language or FlowSettings().operator_language)
    return done(f"out/reports/{name} and {artifacts} artifacts were written.")
