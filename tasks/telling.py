"""Mail to the operator as a task: not repeated, since the next event or the doctor tells it again."""

from recouvrement.clock import now
from recouvrement.day.alerts import alert
from recouvrement.day.house import open_house
from recouvrement.settings import Settings
from tasks.guard import house_task

WORDS = {
    "run_failed": "A scheduled run failed or was refused. Open the Prefect UI, page Runs; then `recouvrement doctor`.",
    "nothing_ran": "No scheduled run ended well for 26 hours. Is a worker running? `recouvrement doctor` tells.",
    "files_set_aside": "The drop folder held files that could not be read: see inbox/set-aside, `recouvrement problems`.",
    "test": "This is a test: the operator's mail works.",
}


@house_task("tell")
def mail_the_operator(what: str) -> str:
    """Send the word; empty when the relay took it, else a code."""
    return alert(open_house(Settings()), what.replace("_", " "), [WORDS[what]], at=now())
