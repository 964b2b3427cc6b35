"""Sending as a task: what is ready leaves, through SMTP or the print-and-post folder; nothing twice."""

from datetime import date

from recouvrement.day.sending import DrainTally, MayNotSend, drain
from tasks.guard import house_task
from tasks.opening import house_on

TROUBLES = ("refused", "unknown", "trylater", "accountdown")


@house_task("sending")
def send_ready(on: date, *, post: bool = True) -> dict[str, object]:
    """Send what is ready for a day and count what became of it; `paused` holds why nothing was sent, if so.

    Without `post`, letters are left for another drain.

    Never retried by Prefect: the outbox itself knows what may be tried again, and when.
    """
    house = house_on(on)
    try:
        return {**drain(house, on=on, pace=not house.simulated, post=post).as_json(), "paused": ""}
    except MayNotSend as error:
        return {**DrainTally().as_json(), "paused": error.reason}


def troubles_of(counts: dict[str, object]) -> list[str]:
    """Codes of what a person should look at after a drain."""
    outcomes, recovered = counts["outcomes"], counts["recovered"]
    assert isinstance(outcomes, dict)
    assert isinstance(recovered, dict)
    found = [f"sends_{name}:{outcomes[name]}" for name in TROUBLES if outcomes.get(name)]
    if counts["stopped"]:
        found.append("mail_account_down")
    if counts["why"]:
        found.append(str(counts["why"]))
    if counts["over_daily_limit"]:
        found.append(f"over_daily_limit:{counts['over_daily_limit']}")
    if recovered.get("unknown"):
        found.append(f"sends_unknown_after_a_crash:{recovered['unknown']}")
    return found
