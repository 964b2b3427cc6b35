"""The day of recovery, as the operator sees it: eight steps in one graph, one verdict."""

from collections.abc import Sequence
from typing import Any, Literal, cast

from prefect import State, Task

from flows.choices import FlowSettings, task_runner
from flows.opening import opened, our_turn
from flows.outbox import send_the_day
from flows.parameters import OptionalDay, day_of
from flows.verdicts import done, holiday, house_flow, paused
from recouvrement.day.going_live import agreed_mode
from recouvrement.day.order import Mode
from recouvrement.day.reporting import is_closed
from tasks.evidence import show_the_cases
from tasks.hand import DayInHand
from tasks.shards import decide
from tasks.showing import show_the_day
from tasks.steps import match_money, open_cases, plan_contacts, take_files_in


@house_flow("daily-recovery", runner=task_runner())
def daily_recovery(on: OptionalDay = "", mode: Literal["rehearse", "live", "agreed"] = "rehearse") -> State:
    """The working day of recovery: read the files, match the money, decide, and in live mode write and send.

    Each morning it takes in what lies in the drop folder, applies the bank lines to the invoices, decides for every
    open invoice the one next step or the reason why not, writes the day's messages, sends them, opens cases for debts
    at the end of the ladder, and shows it all as artifacts. A rehearsal decides and reports; it writes no message and
    sends nothing. Running a day twice sends nothing twice.

    It ends as *Completed*, *Partial* (done, and something waits for a person), *Holiday* (closed day), *Refused* (a
    live run that may not be), *Paused* (sending is stopped until `recouvrement resume`) or *AlreadyRunning*.

    Args:
        on: The business day, like 2026-11-20; today in Paris when left empty. A live run is for today only.
        mode: `rehearse` decides and reports; `live` also writes the day's messages and sends them; `agreed`, which the schedule
            uses, is live once somebody accepted it with `recouvrement go-live`, and a rehearsal until then.
    """
    day = day_of(on)
    house = opened(day)
    if is_closed(house, day):
        return holiday(day.isoformat())
    wanted = agreed_mode(house) if mode == "agreed" else Mode(mode)
    with our_turn(house, on=day, mode=wanted) as run:
        hand = DayInHand(house, run, wanted)
        last = work(hand)
    sent = send_the_day(hand, after=last)
    _step(show_the_day, hand, [*last, *sent], FlowSettings().operator_language)
    _step(show_the_cases, hand, last)
    return verdict(hand)


def work(hand: DayInHand) -> list[State]:
    """Intake, matching, decisions, contacts and cases, in this order; the last steps, for what follows them."""
    intake = _step(take_files_in, hand, [])
    matching = _step(match_money, hand, [intake])
    decisions = decide(hand, after=[matching])
    contacts = _step(plan_contacts, hand, decisions or [matching])
    cases = _step(open_cases, hand, [contacts])
    return [contacts, cases]


def _step(task: Task[..., Any], hand: DayInHand, after: Sequence[object], *more: object) -> State:
    """Run a task after others; its failure ends the flow, and says so by its own exception."""
    state: Any = task(hand, *more, return_state=True, wait_for=list(after))
    state.result()
    return cast("State", state)


def verdict(hand: DayInHand) -> State:
    """The final state of a day, in counts."""
    report = hand.report
    if report.paused:
        return paused(report.paused)
    sent = ", ".join(f"{count} {name}" for name, count in sorted(hand.sending.items())) or "nothing to send"
    message = (
        f"{report.tallies.items} open items decided, {report.tallies.contacts} messages due, {len(report.cases)} cases opened"
        f"; {sent if report.mode is Mode.LIVE else 'rehearsal: nothing was written'}."
    )
    return done(message, troubles=hand.troubles)
