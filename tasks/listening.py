"""Listening as tasks: the mailbox into the ledger, and the messages that wait for a person; counts and codes only."""

from datetime import date

from recouvrement.channels.mailbox import MailboxDownError
from recouvrement.day.listening import listen, mailbox_of
from recouvrement.day.to_read import to_read
from recouvrement.day.waiting_told import reply_rows
from tasks.guard import house_task
from tasks.opening import house_on
from tasks.showing import show_table


@house_task("mailbox")
def read_mailbox(on: date) -> dict[str, object]:
    """Take in what came; `trouble` says why nothing could be read, if so. The next reading goes on where this one stopped."""
    house = house_on(on)
    source = mailbox_of(house)
    if source is None:
        return {"taken": {}, "found_sent": 0, "more": False, "trouble": "no_mailbox"}
    try:
        return {**listen(house, on, source).as_json(), "trouble": ""}
    except MailboxDownError:
        return {"taken": {}, "found_sent": 0, "more": True, "trouble": "mailbox_down"}


@house_task("replies to read", retries=2)
def show_replies(on: date) -> dict[str, int]:
    """Write the table of messages that wait for a person, overdue ones first; how many, and how many overdue."""
    house = house_on(on)
    rows = to_read(house, on=on)
    show_table("replies-to-read", reply_rows(house, on), f"Messages to read, with what their words suggest, {on}")
    return {"waiting": len(rows), "overdue": sum(bool(row["overdue"]) for row in rows)}
