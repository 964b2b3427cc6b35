"""A word to the operator, by mail: what the server's automations run."""

from typing import Literal

from prefect import State

from flows.opening import opened
from flows.parameters import day_of
from flows.verdicts import done, house_flow
from tasks.telling import mail_the_operator

What = Literal["run_failed", "nothing_ran", "files_set_aside", "test"]


@house_flow("tell-operator")
def tell_operator(what: What = "test") -> State:
    """Mail the operator that something wants a look; the message holds codes only, and where to look.

    Automations run it: when a scheduled run fails, when nothing has run since yesterday, when files were set aside.
    Run it by hand with `test` to see that the word arrives. It ends as *Completed*, or *Partial* when the mail account
    did not take the message.

    Args:
        what: What happened.
    """
    opened(day_of(""))
    trouble = mail_the_operator(what)
    return done("The operator was told.", troubles=[f"not_told:{trouble}"] if trouble else [])
