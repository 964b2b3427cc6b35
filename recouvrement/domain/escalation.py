"""The rule of the house: what to do with each open item of a debtor on a day, and why.

`decide` is pure: the same position, policy and day give the same decision. It looks in this order: what an item is
(a credit, paid, disputed…), what protects the debtor (money in doubt, an old bank feed…), where each item stands on the
ladder, and last which one message, if any, carries them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.lateness import bucket, days_late
from recouvrement.domain.policy import RECEIPT_IN_DOUBT, Policy, Step
from recouvrement.domain.position import DebtorPosition, ItemPosition, StepTaken
from recouvrement.domain.protection import debtor_block, item_block
from recouvrement.domain.reasons import Action, Reason
from recouvrement.domain.rungs import Rung, highest_left, rung_of, stage_reached
from recouvrement.domain.sending_days import is_open

A, R = Action, Reason
BUDGET_DAYS = 30
STAGE_RANK = {stage: rank for rank, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What happens to one open item, and why; `next_on` is the first day on which that may change by itself."""

    item_id: str
    bucket: str
    stage: Stage
    action: Action
    reason: Reason
    open_cents: int
    currency: str
    days_late: int
    step: str | None = None
    channel: Channel | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """The one message of the day: the highest due step sets `step` and `channel`; `items` pairs each item with its own step.

    `ladder` is the policy that set the step: the debtor's, or that of the invoice furthest along.
    """

    step: str
    channel: Channel
    currency: str
    items: tuple[tuple[str, str, int], ...]  # item, its step, its open principal
    informed: tuple[str, ...]  # late items that stand in the statement only
    needs_approval: bool
    ladder: Policy


@dataclass(frozen=True, slots=True)
class Decision:
    """All decisions for one debtor: one per open item, in the order of `position.items`, and at most one contact."""

    debtor_id: str
    policy: Policy
    items: tuple[ItemDecision, ...]
    contact: PlannedContact | None = None
    hand_off: tuple[str, ...] = ()


def decide(position: DebtorPosition, policy: Policy, *, on: date) -> Decision:
    """Decide for every open item of a debtor on a day; at most one contact comes out, or the reason why not.

    `policy` is the debtor's: its limits hold for every contact. An invoice with a ladder of its own climbs that one.
    """
    block = debtor_block(position, policy, on=on)
    seen = [_seen(item, position, item.ladder or policy, block, on) for item in position.items]
    ready = [(item, found) for item, _, found in seen if isinstance(found, Rung)]
    hand_off = tuple(item.id for item, rung in ready if rung.step.stage is Stage.HAND_OFF)
    contact, verdicts = _message(position, policy, [(i, r) for i, r in ready if r.step.stage is not Stage.HAND_OFF], on)
    decisions = tuple([_final(item, place, found, verdicts) for item, place, found in seen])
    return Decision(position.id, policy, decisions, contact, hand_off)


Place = tuple[str, Stage, int]  # of an item: its bucket, the stage that it reached, its days late
Seen = tuple[ItemPosition, Place, Rung | ItemDecision]


def _seen(
    item: ItemPosition, position: DebtorPosition, policy: Policy, block: tuple[Action, Reason] | None, on: date
) -> Seen:
    """The item's own verdict: its due rung when nothing stands in the way, else the decision that says what does."""
    late = days_late(item.due_on, on=on)
    highest = highest_left(item, policy)
    stage = stage_reached(highest, policy, late)
    place = (bucket(late, soon=policy.due_soon, edges=policy.edges), stage, late)
    if own := item_block(item, position, on=on):
        action, reason, left = own
        return item, place, _verdict(item, place, action, reason, None, None, left or stage)
    rung = rung_of(item, position, policy, highest, on=on)
    if rung.blocked:
        return item, place, _verdict(item, place, *rung.blocked, rung, None, stage)
    if rung.due_on > on:
        reason = R.NEXT_STEP_LATER if late > 0 else R.NOT_DUE_YET
        return item, place, _verdict(item, place, A.WAIT, reason, rung, None, stage)
    if block:
        return item, place, _verdict(item, place, *block, rung, None, stage)
    return item, place, _asking(item, place, position, rung) if position.doubts else rung


def _asking(item: ItemPosition, place: Place, position: DebtorPosition, rung: Rung) -> Rung | ItemDecision:
    """With receipts in doubt for too long, the one message that may go asks about them, once an item."""
    channel = next((c for c in RECEIPT_IN_DOUBT.channels if c in position.channels), None)
    asked = item.due_on >= rung.due_on or any(t.step == RECEIPT_IN_DOUBT.code for t in item.taken)
    if asked or channel is None:
        return _verdict(item, place, A.ASK, R.RECEIPT_ASKED, rung, None, place[1])
    return Rung(RECEIPT_IN_DOUBT, rung.due_on, channel)


Verdicts = dict[str, tuple[Action, Reason, Channel | None]]


def _message(
    position: DebtorPosition, policy: Policy, ready: list[tuple[ItemPosition, Rung]], on: date
) -> tuple[PlannedContact | None, Verdicts]:
    """The one message that the due rungs call for, and the verdict of each of their items.

    Items that are too small for their own step wait; they do not stand before those under them.
    """
    if not ready:
        return None, {}
    if refusal := _refusal_today(position, policy, ready, on):
        return None, {item.id: (A.WAIT, refusal, None) for item, _ in ready}
    allowed = _allowed_by_gap(position, policy, ready, on)
    verdicts: Verdicts = {}
    if allowed is not ready:
        verdicts, ready = {item.id: (A.WAIT, R.CONTACT_GAP, None) for item, _ in ready}, allowed
    if _budget_spent(position, policy, on):
        verdicts |= {item.id: (A.WAIT, R.CONTACT_BUDGET, None) for item, _ in ready}
        ready = [(i, r) for i, r in ready if r.step.stage is Stage.FORMAL_NOTICE]
    while ready:
        top_item, top = max(ready, key=_height)
        ladder, currency = top_item.ladder or policy, top_item.currency
        carried = [(i, r) for i, r in ready if i.currency == currency and _rides_with(i, r, top)]
        reason = _too_little(position, policy, [i for i, _ in carried], top, currency)
        if reason is None:
            return _contact(position, ladder, carried, top, on), verdicts | _verdicts(ready, carried, top)
        small = {i.id for i, r in carried if _is_same(r.step, top.step)}
        verdicts |= dict.fromkeys(small, (A.WAIT, reason, None))
        ready = [(i, r) for i, r in ready if i.id not in small]
    return None, verdicts


def _height(pair: tuple[ItemPosition, Rung]) -> tuple[int, int, int, str]:
    """How far an item has come, whichever ladder it climbs: stage, then offset; the larger debt first among equals."""
    item, rung = pair
    return STAGE_RANK[rung.step.stage], rung.step.offset, item.open_cents, item.id


def _is_same(step: Step, other: Step) -> bool:
    """Whether two items stand at one step: the very same, or written alike in two policies."""
    return step is other or step == other


def _budget_spent(position: DebtorPosition, policy: Policy, on: date) -> bool:
    """Whether the debtor had all its contacts of the last 30 days; formal notices are not held by it (see Policy)."""
    if len(position.contacted_on) < policy.contact_budget:
        return False
    since = on - timedelta(days=BUDGET_DAYS)
    return sum(since < day <= on for day in position.contacted_on) >= policy.contact_budget


def _verdicts(ready: list[tuple[ItemPosition, Rung]], carried: list[tuple[ItemPosition, Rung]], top: Rung) -> Verdicts:
    verdicts: Verdicts = {item.id: (A.WAIT, R.ANOTHER_STEP_FIRST, None) for item, _ in ready}
    for item, rung in carried:
        verdicts[item.id] = (
            A.CONTACT,
            R.STEP_DUE if _is_same(rung.step, top.step) else R.LISTED_WITH_HIGHER_STEP,
            top.channel,
        )
    return verdicts


def _contact(
    position: DebtorPosition, ladder: Policy, carried: list[tuple[ItemPosition, Rung]], top: Rung, on: date
) -> PlannedContact:
    ids = {item.id for item, _ in carried}
    currency = carried[0][0].currency
    informed = tuple(i.id for i in position.items if i.id not in ids and i.currency == currency and _may_be_told(i, on))
    rows = tuple((item.id, rung.step.code, item.open_cents) for item, rung in carried)
    return PlannedContact(top.step.code, top.channel, currency, rows, informed, top.step.needs_approval, ladder)


def _may_be_told(item: ItemPosition, on: date) -> bool:
    """Late items may stand in a statement for information, but not those that are no longer ours to ask for, or in doubt."""
    gone = item.handed_over or item.assigned or item.insolvent or item.cleared_in_accounts or item.not_received
    barred = item.barred_on is not None and on >= item.barred_on
    return item.open_cents > 0 and item.due_on < on and not gone and not barred


def _too_little(
    position: DebtorPosition, policy: Policy, items: list[ItemPosition], top: Rung, currency: str
) -> Reason | None:
    """Why what these items come to, credits taken off, is not worth the message; None when it is."""
    total = sum(i.open_cents - i.disputed_cents for i in items)
    demanded = total + min(_credit(position, currency), 0)
    if demanded >= max(policy.minimum_cents.get(currency, 0), top.step.minimum_cents, 1):
        return None
    return R.CREDIT_COVERS if demanded <= 0 else R.BELOW_MINIMUM


def _rides_with(item: ItemPosition, rung: Rung, top: Rung) -> bool:
    """A lower step advances only in a message that contains what it requires: written ones within written ones."""
    if _is_same(rung.step, top.step):
        return rung.channel is top.channel
    if top.step.alone or rung.step.alone or rung.step.needs_approval or rung.step.stage is Stage.PREVENTION:
        return False
    if any(t.step == rung.step.code and t.channel is top.channel for t in item.taken):
        return False  # that channel was tried for this very step
    return top.channel is not Channel.CALL and Channel.CALL not in rung.step.channels


def _credit(position: DebtorPosition, currency: str) -> int:
    """Money that is the debtor's, as a negative number of minor units: unapplied receipts and open credit notes."""
    unapplied = sum(amount for code, amount in position.credit_cents if code == currency)
    notes = sum(i.open_cents for i in position.items if i.open_cents < 0 and i.currency == currency)
    return notes - unapplied


def _refusal_today(
    position: DebtorPosition, policy: Policy, ready: list[tuple[ItemPosition, Rung]], on: date
) -> Reason | None:
    if position.last_contact_on == on or any(_stands_for(t, on) for i in position.items for t in i.taken):
        return R.CONTACT_TODAY
    if not is_open(on, policy, position.region, position.closed):
        return R.CLOSED_DAY
    return None if _allowed_by_gap(position, policy, ready, on) else R.CONTACT_GAP


def _stands_for(taken: StepTaken, on: date) -> bool:
    """Whether a contact is the one of the day, also when it has not left yet; one that failed is not."""
    return taken.on == on and taken.state is not ContactState.FAILED


def _allowed_by_gap(
    position: DebtorPosition, policy: Policy, ready: list[tuple[ItemPosition, Rung]], on: date
) -> list[tuple[ItemPosition, Rung]]:
    """What may go so soon after the last contact: only that very step, through the channel it still lacks."""
    last = position.last_contact_on
    if last is None or on >= last + timedelta(days=policy.contact_gap):
        return ready
    return [(i, r) for i, r in ready if r.retries_step and any(t.step == r.step.code and t.on == last for t in i.taken)]


def _final(item: ItemPosition, place: Place, found: Rung | ItemDecision, verdicts: Verdicts) -> ItemDecision:
    if isinstance(found, ItemDecision):
        return found
    step = found.step
    if step.stage is Stage.HAND_OFF:
        return _verdict(item, place, A.HAND_OFF, R.NOTICE_EXPIRED, found, None, Stage.HAND_OFF)
    action, reason, channel = verdicts[item.id]
    if action is not A.CONTACT:
        return _verdict(item, place, action, reason, found, channel, place[1])
    if step is RECEIPT_IN_DOUBT:
        return _verdict(item, place, action, R.RECEIPT_TO_ASK, found, channel, place[1])
    return _verdict(item, place, action, reason, found, channel, step.stage)


def _verdict(
    item: ItemPosition,
    place: Place,
    action: Action,
    reason: Reason,
    rung: Rung | None,
    channel: Channel | None,
    stage: Stage,
) -> ItemDecision:
    name, _, late = place
    step, next_on = (None, None) if rung is None else (rung.step.code, rung.due_on)
    return ItemDecision(
        item.id, name, stage, action, reason, item.open_cents, item.currency, late, step, channel, next_on
    )
