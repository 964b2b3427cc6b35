"""Where an item stands on the ladder: the step reached, the next one, its day, and what blocks that step."""

from dataclasses import dataclass
from datetime import date, timedelta

from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.policy import CausePath, Policy, Step
from recouvrement.domain.position import DebtorPosition, ItemPosition, StepTaken
from recouvrement.domain.protection import accounts_stand_against
from recouvrement.domain.reasons import Action, Reason

A, R = Action, Reason

# what a debtor of unknown kind never gets, whatever a policy says (design.md §4)
BEYOND_AMICABLE = frozenset({Stage.FIRM, Stage.FORMAL_NOTICE, Stage.HAND_OFF})

WAITING_FOR = {
    ContactState.PLANNED: (A.WAIT, R.AWAITING_APPROVAL),
    ContactState.APPROVED: (A.WAIT, R.AWAITING_SENDING),
    ContactState.READY: (A.WAIT, R.AWAITING_SENDING),
    ContactState.CLAIMED: (A.WAIT, R.AWAITING_SENDING),
    ContactState.SENDING: (A.ASK, R.SENDING_UNKNOWN),
    ContactState.UNKNOWN: (A.ASK, R.SENDING_UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """The next step of an item: the day it falls due, the channel it would take, or what blocks it."""

    step: Step
    due_on: date
    channel: Channel = Channel.EMAIL
    blocked: tuple[Action, Reason] | None = None
    retries_step: bool = False  # another channel of a step that failed or bounced


def is_done(step: Step, taken: tuple[StepTaken, ...]) -> bool:
    """Say whether a step counts as taken: what left counts, and a call that could not be made in time."""
    gone = {t.channel for t in taken if t.step == step.code and _counts(t)}
    return bool(gone) and (not step.all_channels or gone >= set(step.channels))


def _counts(taken: StepTaken) -> bool:
    return taken.state in LEFT or (taken.channel is Channel.CALL and taken.state is ContactState.FAILED)


def highest_left(item: ItemPosition, policy: Policy) -> int | None:
    """The place of the highest step of the policy that left for this item, None when none did."""
    if item.taken:
        codes = {t.step for t in item.taken if _counts(t)}
        for place in range(len(policy.steps) - 1, -1, -1):
            if policy.steps[place].code in codes:
                return place
    return None


def stage_reached(highest: int | None, policy: Policy, late: int) -> Stage:
    """The stage of the highest step that left for an item."""
    if highest is not None:
        return policy.steps[highest].stage
    return Stage.AMICABLE if late > 0 else Stage.NOT_DUE


def rung_of(item: ItemPosition, position: DebtorPosition, policy: Policy, highest: int | None, *, on: date) -> Rung:
    """Find the next step of an item: in order, none left out but those waived, done, or only meant for before the due date.

    Nothing goes back: steps under the `highest` that left are over, also those that a newer policy put there.
    """
    before: date | None = None
    last = policy.steps[-1]
    path = policy.causes.get(position.cause) if position.cause is not None else None
    for step in policy.steps[highest or 0 :]:
        if item.taken and is_done(step, item.taken):
            before = max(t.on for t in item.taken if t.step == step.code and _counts(t))
            continue
        early = on >= item.due_on and (step.until_due or step.stage is Stage.PREVENTION)
        if early or step.code in item.waived or (path is not None and step.code in path.skip):
            continue
        due = item.due_on + timedelta(days=step.offset if path is None else _sooner(step, path))
        if item.broken_on is not None:
            due = _after_broken_word(step, due, item, policy, before)
        if before is not None:
            due = max(due, before + timedelta(days=step.gap))
        return _checked(Rung(step, due), item, position, policy, on)
    return Rung(last, on, blocked=(A.ASK, R.LADDER_ENDED))


def _sooner(step: Step, path: CausePath) -> int:
    """The offset of a step where the cause shortens the path: never before the day after the due date."""
    return step.offset if step.offset <= 0 else max(step.offset - path.earlier_days, 1)


def _after_broken_word(step: Step, due: date, item: ItemPosition, policy: Policy, before: date | None) -> date:
    """The first step after a broken promise or plan comes sooner: not before that day, nor before the day after the due date."""
    if step.offset <= 0 or item.broken_on is None or (before is not None and before >= item.broken_on):
        return due
    earliest = max(item.broken_on, item.due_on + timedelta(days=1), due - timedelta(days=policy.broken_promise_sooner))
    return min(due, earliest)


def _checked(rung: Rung, item: ItemPosition, position: DebtorPosition, policy: Policy, on: date) -> Rung:
    """The rung with its channel, or with what blocks it."""
    step = rung.step
    for taken in item.taken:
        if taken.state in WAITING_FOR:
            call = taken.channel is Channel.CALL and taken.state is ContactState.READY
            return _blocked(rung, *((A.WAIT, R.AWAITING_CALL) if call else WAITING_FOR[taken.state]))
    if step.stage is Stage.HAND_OFF and position.kind != "unknown" and not (item.policy_missing and rung.due_on <= on):
        return _after_notice(rung, item, policy, on)
    if rung.due_on > on:
        return rung
    if lacks := _lacking(step, item, position):
        return _blocked(rung, A.ASK, lacks)
    tried = {t.channel for t in item.taken if t.step == step.code} if item.taken else ()
    for channel in step.channels:
        if channel in position.channels and channel not in tried:
            return Rung(step, rung.due_on, channel, None, bool(tried))
    return _blocked(rung, A.ASK, R.NO_ADDRESS)


def _lacking(step: Step, item: ItemPosition, position: DebtorPosition) -> Reason | None:
    """What a person must supply before the step may go, or None."""
    if item.policy_missing:
        return R.POLICY_UNKNOWN
    if position.kind == "unknown" and (step.needs_known_kind or step.stage in BEYOND_AMICABLE):
        return R.KIND_UNKNOWN
    if step.documents and not item.documents.issuperset(step.documents):
        return R.EVIDENCE_MISSING
    if accounts_stand_against(step, position):
        return R.ACCOUNTS_DIFFER
    if step.claims_penalties and step.alone and not position.rates_known:
        return R.RATE_MISSING
    return None


def _after_notice(rung: Rung, item: ItemPosition, policy: Policy, on: date) -> Rung:
    """A hand-off waits for the posting, its outcome, and the deadline plus working days (design.md, law of order)."""
    notice = item.notice
    if notice is None:
        return _blocked(rung, A.WAIT, R.AWAITING_POSTING)
    if on <= notice.deadline_on:
        return _blocked(rung, A.WAIT, R.NOTICE_RUNNING)
    if notice.posted_on is None or notice.outcome not in {"delivered", "refused", "unclaimed"}:
        return _blocked(rung, A.WAIT, R.AWAITING_POSTING)
    if on < add_working_days(notice.deadline_on, policy.hand_off_wait):
        return _blocked(rung, A.WAIT, R.NOTICE_RUNNING)
    return rung if item.documents.issuperset(rung.step.documents) else _blocked(rung, A.ASK, R.EVIDENCE_MISSING)


def _blocked(rung: Rung, action: Action, reason: Reason) -> Rung:
    return Rung(rung.step, rung.due_on, rung.channel, (action, reason))
