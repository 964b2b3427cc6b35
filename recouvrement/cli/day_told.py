"""What a run and a sending did, in the lines that a person reads."""

from collections.abc import Iterator, Mapping
from typing import Any

from recouvrement.day.sending import OUTSIDE_HOURS
from recouvrement.domain.reasons import Reason, sentence

ACTIONS = {
    "contact": "to contact",
    "hand_off": "to hand off",
    "wait": "wait",
    "hold": "held",
    "leave": "left alone",
    "ask": "ask for a person",
}
PLANNED = {
    "already": "planned before",
    "seen_by_witness": "known to have left by the witness",
    "set_aside": "set aside: data to correct",
    "still_aside": "still set aside",
}


def counted(table: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Counts that are not zero, in words.

    >>> counted({"wait": 8, "hold": 0, "ask": 1}, ACTIONS)
    '8 wait, 1 ask for a person'
    """
    return ", ".join(f"{count} {words.get(name, name.replace('_', ' '))}" for name, count in table.items() if count)


def run_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The day of `DayReport.as_json`, with what was `sent` beside it: what was decided, why, what was planned and left.

    >>> day = {"on": "2026-11-20", "mode": "live", "decisions": 3, "contacts": 1, "decisions_sha256": "0a1b2c3d4e5f67"}
    >>> day |= {"actions": {"contact": 1, "wait": 2}, "reasons": {"step_due": 1, "not_due_yet": 2}, "warnings": [], "paused": ""}
    >>> day |= {"planned": {"planned": {"letter": 1}, "already": 0, "set_aside": 1}, "sent": None}
    >>> for line in run_lines(day):
    ...     print(line)
    2026-11-20, live: 3 open items decided, 1 messages due (digest 0a1b2c3d4e5f)
      1 to contact, 2 wait
             2  Not due yet.
             1  The step is due today.
      planned: 1 letter, 1 set aside: data to correct
    """
    head = f"{found['on']}, {found['mode']}: {found['decisions']} open items decided, {found['contacts']} messages due"
    yield f"{head} (digest {found['decisions_sha256'][:12]})"
    yield f"  {counted(found['actions'], ACTIONS) or 'nothing is open'}"
    for code, count in sorted(found["reasons"].items(), key=lambda one: (-one[1], one[0])):
        yield f"    {count:>6}  {sentence(Reason(code), 'en')}"
    planned = {**found["planned"]["planned"], **{k: v for k, v in found["planned"].items() if k != "planned"}}
    if told := counted(planned, PLANNED):
        yield f"  planned: {told}"
    if found["sent"]:
        yield from (f"  {line}" for line in sent_lines(found["sent"]))
    yield from (f"  {warning}" for warning in found["warnings"])
    if found["paused"]:
        yield f"  sending is paused: {found['paused']}; `recouvrement resume` when settled"


def sent_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The sending of `DrainTally.as_json`: what left, what was found after a crash, what waits and why."""
    yield f"e-mails and texts: {counted(found['outcomes'], {}) or 'nothing tried'}; letters to post: {found['letters']}"
    yield from (f"{count} {name} after a crash" for name, count in found["recovered"].items() if count)
    if found["stopped"]:
        yield f"stopped: {found['stopped']}"
    if found["wait_for_hours"]:
        ends = "; some expire with their day before these come" if found["why"] == OUTSIDE_HOURS else ""
        yield f"{found['wait_for_hours']} wait for the sending hours of their policy where the debtor is{ends}"
    if found["over_daily_limit"]:
        yield f"{found['over_daily_limit']} wait for tomorrow: their account has sent all that it may in a day"
