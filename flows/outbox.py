"""How the day has its outbox sent: by the deployment `drain-outbox` where a worker takes it up, else at once, here."""

import time
from typing import Any
from uuid import UUID

from prefect import State
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.runtime import deployment
from prefect.states import Cancelled

from flows.choices import FlowSettings
from recouvrement.day.order import Mode
from recouvrement.day.sending_windows import RINGING, waiting_for_hours
from recouvrement.ledger.outbox import counts_by_state
from tasks.hand import DayInHand
from tasks.sending import send_ready, troubles_of

DEPLOYMENT = "drain-outbox/drain-outbox"
POLL = 2.0  # seconds


def send_the_day(hand: DayInHand, after: list[State]) -> list[State]:
    """Send what is ready and wait for the counts; a rehearsal sends nothing. Troubles are noted on the day in hand."""
    if hand.report.mode is not Mode.LIVE or hand.report.paused:
        return []
    states = [] if _drained_by_a_worker(hand) else [_drained_here(hand, after)]
    with hand.house.ledger.reading() as connection:
        hand.sending = counts_by_state(connection, day=hand.on)
    to_come = waiting_for_hours(hand.house, RINGING, hand.on).to_come  # no trouble: a drain of later today sends them
    counts = {**hand.sending, "ready": hand.sending.get("ready", 0) - to_come}
    for state, code in (("unknown", "sends_unknown"), ("failed", "sends_failed"), ("ready", "not_sent_yet")):
        if counts.get(state, 0) > 0 and not any(t.startswith(code) for t in hand.troubles):
            hand.troubles.append(f"{code}:{counts[state]}")
    return states


def _drained_here(hand: DayInHand, after: list[State]) -> State:
    state: State = send_ready(hand.on, return_state=True, wait_for=after)
    counts = state.result()
    hand.report.paused = str(counts["paused"])
    hand.troubles += troubles_of(counts)
    return state


def _drained_by_a_worker(hand: DayInHand) -> bool:
    """Start the deployment and wait for its end; False when there is none, or nobody took it up in time."""
    if not deployment.id:
        return False
    with get_client(sync_client=True) as client:
        try:
            client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound:
            return False
        run: Any = run_deployment(DEPLOYMENT, parameters={"on": hand.on.isoformat()}, timeout=0, as_subflow=True)
        return _awaited(client, run.id, hand)


def _awaited(client: SyncPrefectClient, run_id: UUID, hand: DayInHand) -> bool:
    waited = 0.0
    while True:
        state = client.read_flow_run(run_id).state
        if state is not None and state.is_final():
            break
        started = state is not None and state.is_running()
        if not started and waited >= FlowSettings().drain_start_wait:
            client.set_flow_run_state(run_id, Cancelled(name="NotTakenUp"), force=True)
            return False
        time.sleep(POLL)
        waited += POLL
    if state.name == "Paused":
        hand.report.paused = "paused"
    elif not state.is_completed():
        hand.troubles.append("drain_outbox_failed")
    return True
