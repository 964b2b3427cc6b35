"""Sending as a deployment of its own: any number of runs on any worker, nothing twice."""

from prefect import State
from prefect.artifacts import create_table_artifact

from flows.opening import opened
from flows.parameters import OptionalDay, day_of
from flows.verdicts import done, house_flow, paused
from tasks.sending import send_ready, troubles_of


@house_flow("drain-outbox")
def drain_outbox(on: OptionalDay = "", *, letters: bool = True) -> State:
    """Send what is ready: e-mails one by one at the pace of the account, letters as one batch to print and post.

    The balance of each debtor is read again before its message leaves: what was paid meanwhile does not go. What
    cannot be known (the line dropped after the message) waits for a person and is never sent again by itself.

    Each message leaves within the hours of its own policy on the clocks of its debtor: the others wait, and are counted.

    It ends as *Completed*, *Partial* (some were refused, their fate is unknown, or their hours do not come again before
    they expire with their day: `outside_sending_hours`; the mail account has sent all that it may in a day:
    `over_daily_limit`), or *Paused*.

    Args:
        on: The business day whose messages leave, like 2026-11-20; today in Paris when left empty.
        letters: Whether letters are printed too. The schedule, which tries again what a mail server put off, leaves them
            for the daily run or for a drain by hand, so that a clerk gets one batch and not many.
    """
    day = day_of(on)
    opened(day)
    counts = send_ready(day, post=letters)
    if counts["paused"]:
        return paused(str(counts["paused"]))
    outcomes = counts["outcomes"]
    assert isinstance(outcomes, dict)
    rows = [{"outcome": name, "messages": count} for name, count in sorted(outcomes.items())]
    rows.append({"outcome": "letters to post", "messages": counts["letters"]})
    rows.append({"outcome": "wait for their hours", "messages": counts["wait_for_hours"]})
    rows.append({"outcome": "wait for tomorrow, over the daily limit", "messages": counts["over_daily_limit"]})
    create_table_artifact(rows, key="sending", description=f"What left on {day}")
    told = f"{sum(outcomes.values())} e-mails tried, {counts['letters']} letters to post"
    told += f", {counts['wait_for_hours']} wait for their hours." if counts["wait_for_hours"] else "."
    return done(told, troubles=troubles_of(counts))
