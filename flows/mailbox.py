"""The mailbox, every quarter of an hour: replies stop the ladder, bounces close an address or let the next channel go."""

from prefect import State

from flows.opening import opened
from flows.parameters import OptionalDay, day_of
from flows.verdicts import done, house_flow
from tasks.listening import read_mailbox, show_replies


@house_flow("mailbox")
def mailbox(on: OptionalDay = "") -> State:
    """Read what came to the mailbox since the last time; nothing in it is marked, moved or deleted.

    A debtor who wrote is left alone until somebody has read the message (form `mark-read`). Mail of nobody known waits
    for the form `attach-reply`. The same message twice changes nothing.

    It ends as *Completed*, or *Partial* (the mailbox could not be read, messages are overdue, or more is left).

    Args:
        on: The day on which it is read, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    opened(day)
    found = read_mailbox(day)
    waiting = show_replies(day)
    taken = found["taken"]
    assert isinstance(taken, dict)
    none = found["trouble"] == "no_mailbox"
    troubles = [str(found["trouble"])] if found["trouble"] and not none else []
    troubles += ["more_to_read"] if found["more"] and not found["trouble"] else []
    troubles += [f"replies_overdue:{waiting['overdue']}"] if waiting["overdue"] else []
    troubles += [f"mail_of_nobody_known:{taken['unattached']}"] if taken.get("unattached") else []
    new = sum(count for kind, count in taken.items() if kind != "known")
    read = "No mailbox is set (RECOUVREMENT_IMAP_HOST)" if none else f"{new} new messages"
    return done(f"{read}; {waiting['waiting']} wait to be read.", troubles=troubles)
