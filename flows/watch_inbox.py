"""The drop folder, every hour: files are taken in and money matched, so that the morning finds them done."""

from prefect import State

from flows.choices import FlowSettings
from flows.opening import opened
from flows.parameters import day_of
from flows.verdicts import done, house_flow
from recouvrement.ledger.single_flight import single_flight
from tasks.inbox import match_now, show_problems, take_inbox_in


@house_flow("watch-inbox")
def watch_inbox() -> State:
    """Take in what lies in the drop folder and match the bank lines it brought; nothing is decided or sent.

    The same file twice changes nothing. A file that cannot be read goes to `inbox/set-aside` and is listed; the rest
    goes in. It ends as *Completed*, *Partial* (something was set aside) or *AlreadyRunning* (the day is being run).
    """
    day = day_of("")
    house = opened(day)
    with single_flight(house.ledger):
        taken = take_inbox_in(day, return_state=True)
        counts = taken.result()
        matched = match_now(day, wait_for=[taken]) if counts["files"] else {}
    language = FlowSettings().operator_language
    troubles = []
    if counts["set_aside"]:
        show_problems(day, language, wait_for=[taken])
        troubles.append(f"files_set_aside:{counts['set_aside']}")
    return done(
        f"{counts['files']} files, {counts['rows']} rows, {matched.get('automatic', 0)} receipts matched.",
        troubles=troubles,
    )
