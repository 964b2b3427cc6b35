"""The drop folder as tasks."""

from datetime import date

from recouvrement.day.intake import take_inbox
from recouvrement.day.matching import match
from recouvrement.day.reporting import Shown, problem_rows
from tasks.guard import house_task
from tasks.hand import ACTOR
from tasks.opening import house_on
from tasks.showing import show_table


@house_task("intake")
def take_inbox_in(on: date) -> dict[str, int]:
    """Take in what lies in the drop folder; counts of files, of those set aside, and of rows written."""
    found = take_inbox(house_on(on), actor=ACTOR)
    refused = sum(result.verdict != "read" for result in found)
    return {"files": len(found), "set_aside": refused, "rows": sum(result.written for result in found)}


@house_task("matching")
def match_now(on: date) -> dict[str, object]:
    """Match bank lines booked up to a day."""
    return match(house_on(on), on=on).as_json()


@house_task("problems", retries=2)
def show_problems(on: date, language: str) -> int:
    """Write the table of what is wrong in files; how many rows it has."""
    rows = problem_rows(house_on(on), Shown(language))
    show_table("file-problems", rows, f"What is wrong in files, {on}")
    return len(rows)
