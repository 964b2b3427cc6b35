"""Past days decided again, and what should have been sent and was not."""

from typing import Literal

from prefect import State
from prefect.artifacts import create_progress_artifact

from flows.choices import FlowSettings, task_runner
from flows.opening import opened
from flows.parameters import Day, day_of
from flows.verdicts import done, house_flow, refused
from recouvrement.clock import today_in_paris
from recouvrement.day.backfill import DayAgain, Knowledge, not_past
from recouvrement.day.reporting import Shown
from tasks.past import day_rows, decide_days_again, missed_rows, open_days, show_progress
from tasks.showing import firms_may_be_named, show_table


@house_flow("backfill", runner=task_runner())
def backfill(start: Day, end: Day, knowledge: Literal["then", "now"] = "then") -> State:
    """Decide each past working day of a range again, and report the messages that should have gone and did not.

    It never plans and never sends. Stopped, it goes on where it was: days already done with the same knowledge,
    policy and law are found, not done again.

    Args:
        start: The first day.
        end: The last day, today at the latest.
        knowledge: `then`, with what was known on each day; `now`, with all that is known now about that day.
    """
    first, last = day_of(start), day_of(end)
    house = opened(last)
    if reason := not_past(house, first, last, today=today_in_paris()):
        return refused(reason)
    batches = open_days(house, first, last, Knowledge(knowledge))
    bar = create_progress_artifact(progress=0.0, key="backfill-progress", description=f"Past days {first} to {last}")
    days: list[DayAgain] = []
    for number, batch in enumerate(batches, start=1):  # in order: one writer, and a progress bar that means something
        days += decide_days_again(batch, batch.days[0].isoformat(), last)
        show_progress(bar, number, len(batches))
    language = FlowSettings().operator_language
    missed = missed_rows(house, days, Shown(language, firms_may_be_named()))
    show_table("backfill-days", day_rows(days, language), f"Past days {first} to {last}, as known {knowledge}")
    show_table("backfill-missed", missed, f"Messages that should have gone and did not, {first} to {last}")
    again = sum(day.made for day in days)
    return done(f"{len(days)} working days ({again} decided now), {len(missed)} messages missed. Nothing was sent.")
