"""A slow, obvious reading of the rule: lists of sentences tried in order, every candidate message written out.

It is written from the design page, not from `domain/escalation.py`; a property test holds the two equal. It shares with
the other only the types, the calendar, and the codes.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from recouvrement.domain.contact_states import ContactState as S
from recouvrement.domain.holidays_fr import add_working_days, is_holiday, is_working_day
from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.policy import RECEIPT_IN_DOUBT, CausePath, Policy, Step
from recouvrement.domain.position import DebtorPosition, ItemPosition, StepTaken
from recouvrement.domain.reasons import Action, Reason

Said = tuple[Action, Reason]
WAIT, HOLD, ASK, LEAVE = Action.WAIT, Action.HOLD, Action.ASK, Action.LEAVE


@dataclass
class Candidate:
    """An item that may go today with its own step."""

    item: ItemPosition
    step: Step
    channel: Channel | None
    again: bool


def slow_decide(
    position: DebtorPosition, policy: Policy, on: date
) -> tuple[dict[str, Said], dict[str, object] | None, set[str]]:
    """What is said of each item, the one message (or None), and the items to hand off."""
    said: dict[str, Said] = {}
    ready: list[Candidate] = []
    hand_off: set[str] = set()
    for item in position.items:
        own = policy if item.ladder is None else item.ladder
        answer = off_the_ladder(item, position, on) or on_the_ladder(item, position, own, policy, on)
        if not isinstance(answer, Candidate):
            said[item.id] = answer
        elif answer.step.stage is Stage.HAND_OFF:
            hand_off.add(item.id)
            said[item.id] = Action.HAND_OFF, Reason.NOTICE_EXPIRED
        else:
            ready.append(answer)
    return said, the_message(ready, position, policy, on, said), hand_off


def off_the_ladder(item: ItemPosition, position: DebtorPosition, on: date) -> Said | None:
    sentences = [
        (item.open_cents < 0, LEAVE, Reason.CREDIT_LISTED),
        (item.handed_over, LEAVE, Reason.HANDED_OVER),
        (item.insolvent, HOLD, Reason.INSOLVENT),
        (item.assigned, LEAVE, Reason.ASSIGNED),
        (item.cleared_in_accounts, ASK, Reason.CLEARED_IN_ACCOUNTS),
        (item.barred_on is not None and item.barred_on <= on, ASK, Reason.TIME_BARRED),
        (item.open_cents <= item.under_way_cents, HOLD, Reason.RECEIPT_UNDER_WAY),
        (item.open_cents - item.disputed_cents <= 0, HOLD, Reason.DISPUTED),
        (item.not_received, ASK, Reason.NOT_RECEIVED_AS_DUE),
        (item.on_plan, HOLD, Reason.ON_A_PLAN),
        (item.promised_until is not None and item.promised_until >= on, HOLD, Reason.PROMISED),
        (item.hold is not None and item.hold.until_on >= on, HOLD, Reason.ON_HOLD),
        (position.hold is not None and position.hold.until_on >= on, HOLD, Reason.ON_HOLD),
    ]
    return next(((action, reason) for true, action, reason in sentences if true), None)


def left(taken: StepTaken) -> bool:
    not_made = taken.channel is Channel.CALL and taken.state is S.FAILED
    return not_made or taken.state in (S.SENT, S.DELIVERED, S.REPLIED)


def complete(step: Step, item: ItemPosition) -> bool:
    through = [t.channel for t in item.taken if t.step == step.code and left(t)]
    return through != [] and (not step.all_channels or all(c in through for c in step.channels))


def path_of(position: DebtorPosition, policy: Policy) -> CausePath:
    return policy.causes.get(position.cause or "no cause at all", CausePath())


def steps_to_come(item: ItemPosition, path: CausePath, policy: Policy, on: date) -> list[Step]:
    """The ladder without what is done, waived, left out for the cause, under a step that left, or too late to make sense."""
    reached = [n for n, step in enumerate(policy.steps) if any(t.step == step.code and left(t) for t in item.taken)]
    floor = reached[-1] if reached else 0
    return [
        step
        for n, step in enumerate(policy.steps)
        if n >= floor
        and not complete(step, item)
        and step.code not in item.waived | path.skip
        and not ((step.until_due or step.stage is Stage.PREVENTION) and item.due_on <= on)
    ]


def due_day(step: Step, item: ItemPosition, path: CausePath, policy: Policy) -> date:
    """The day of the offset (sooner for some causes), or the gap after the highest step that left when that is later."""
    day = item.due_on + timedelta(days=step.offset)
    if day > item.due_on:
        day = max(day - timedelta(days=path.earlier_days), item.due_on + timedelta(days=1))
    reached = [s for s in policy.steps if any(t.step == s.code and left(t) for t in item.taken)]
    started = bool(reached) and complete(reached[-1], item)
    last = max((t.on for t in item.taken if reached and t.step == reached[-1].code and left(t)), default=date.min)
    if item.broken_on and step.offset > 0 and not (started and last >= item.broken_on):
        sooner = day - timedelta(days=policy.broken_promise_sooner)
        day = min(day, max(sooner, item.broken_on, item.due_on + timedelta(days=1)))
    return max(day, last + timedelta(days=step.gap)) if started else day


def on_the_ladder(
    item: ItemPosition, position: DebtorPosition, policy: Policy, limits: Policy, on: date
) -> Said | Candidate:
    """`policy` is the ladder that the item climbs, `limits` the debtor's policy."""
    path = path_of(position, policy)
    to_come = steps_to_come(item, path, policy, on)
    if not to_come:
        return ASK, Reason.LADDER_ENDED
    step = to_come[0]
    due = due_day(step, item, path, policy)
    return (
        pending(item)
        or ((ASK, Reason.POLICY_UNKNOWN) if item.policy_missing and due <= on else None)
        or (expired_notice(item, policy, on) if step.stage is Stage.HAND_OFF and position.kind != "unknown" else None)
        or (not_yet(item, on) if due > on else None)
        or missing(step, item, position)
        or no_way(step, item, position)
        or protected(position, limits, on)
        or asked(step, item, position, due)
        or Candidate(item, step, way(step, item, position), tried(step, item) != [])
    )


def pending(item: ItemPosition) -> Said | None:
    for t in item.taken:
        if t.state is S.PLANNED:
            return WAIT, Reason.AWAITING_APPROVAL
        if t.state is S.READY and t.channel is Channel.CALL:
            return WAIT, Reason.AWAITING_CALL
        if t.state in (S.APPROVED, S.READY, S.CLAIMED):
            return WAIT, Reason.AWAITING_SENDING
        if t.state in (S.SENDING, S.UNKNOWN):
            return ASK, Reason.SENDING_UNKNOWN
    return None


def expired_notice(item: ItemPosition, policy: Policy, on: date) -> Said | None:
    notice = item.notice
    if notice is None:
        return WAIT, Reason.AWAITING_POSTING
    if notice.deadline_on >= on:
        return WAIT, Reason.NOTICE_RUNNING
    if not notice.posted_on or notice.outcome not in ("delivered", "refused", "unclaimed"):
        return WAIT, Reason.AWAITING_POSTING
    if add_working_days(notice.deadline_on, policy.hand_off_wait) > on:
        return WAIT, Reason.NOTICE_RUNNING
    demanded = {paper for step in policy.steps if step.stage is Stage.HAND_OFF for paper in step.documents}
    return (ASK, Reason.EVIDENCE_MISSING) if demanded - item.documents else None


def not_yet(item: ItemPosition, on: date) -> Said:
    return WAIT, Reason.NEXT_STEP_LATER if item.due_on < on else Reason.NOT_DUE_YET


def missing(step: Step, item: ItemPosition, position: DebtorPosition) -> Said | None:
    amicable = step.stage in (Stage.PREVENTION, Stage.AMICABLE)
    if position.kind == "unknown" and (step.needs_known_kind or not amicable):
        return ASK, Reason.KIND_UNKNOWN
    if step.stage is Stage.HAND_OFF:
        return None
    if set(step.documents) - item.documents:
        return ASK, Reason.EVIDENCE_MISSING
    if position.accounts_differ and step.stage is Stage.FORMAL_NOTICE:
        return ASK, Reason.ACCOUNTS_DIFFER
    if step.claims_penalties and step.alone and not position.rates_known:
        return ASK, Reason.RATE_MISSING
    return None


def tried(step: Step, item: ItemPosition) -> list[Channel]:
    return [t.channel for t in item.taken if t.step == step.code]


def way(step: Step, item: ItemPosition, position: DebtorPosition) -> Channel | None:
    ways = [c for c in step.channels if c in position.channels and c not in tried(step, item)]
    return ways[0] if ways else None


def no_way(step: Step, item: ItemPosition, position: DebtorPosition) -> Said | None:
    return None if step.stage is Stage.HAND_OFF or way(step, item, position) else (ASK, Reason.NO_ADDRESS)


def protected(position: DebtorPosition, policy: Policy, on: date) -> Said | None:
    recent = [line for line in position.doubts if on - line[1] <= timedelta(days=policy.doubt_overdue_days)]
    sentences = [
        (position.protected is not None, ASK, Reason.PROTECTED_PARTY),
        (position.reply_unread, ASK, Reason.REPLY_UNREAD),
        ("dispute" in (position.cause or ""), ASK, Reason.DISPUTE_TO_RECORD),
        (path_of(position, policy).answer_first, ASK, Reason.DOCUMENT_REQUESTED),
        (position.data_to_correct, ASK, Reason.DATA_TO_CORRECT),
        (position.feed_to is None, HOLD, Reason.FEED_ABSENT),
        (
            position.feed_to is not None and days_unread(position.feed_to, on) > policy.feed_max_age,
            HOLD,
            Reason.FEED_OLD,
        ),
        (recent != [], HOLD, Reason.MONEY_IN_DOUBT),
        (position.pays_by_direct_debit, HOLD, Reason.DIRECT_DEBIT),
    ]
    return next(((action, reason) for true, action, reason in sentences if true), None)


def days_unread(feed_to: date, on: date) -> int:
    day, count = feed_to + timedelta(days=1), 0
    while day < on and count < 60:
        count += day.weekday() < 5 and is_working_day(day, "metropole")
        day += timedelta(days=1)
    return count


def asked(step: Step, item: ItemPosition, position: DebtorPosition, due: date) -> Said | Candidate | None:
    if not position.doubts:
        return None
    ways = [c for c in RECEIPT_IN_DOUBT.channels if c in position.channels]
    once = any(t.step == RECEIPT_IN_DOUBT.code for t in item.taken)
    if due <= item.due_on or once or not ways:
        return ASK, Reason.RECEIPT_ASKED
    return Candidate(item, RECEIPT_IN_DOUBT, ways[0], again=False)


def the_message(
    ready: list[Candidate], position: DebtorPosition, policy: Policy, on: date, said: dict[str, Said]
) -> dict[str, object] | None:
    today = [t for i in position.items for t in i.taken if t.on == on and t.state is not S.FAILED]
    last = position.last_contact_on
    soon = last is not None and on < last + timedelta(days=policy.contact_gap)
    closed = (
        on.weekday() not in policy.sending_weekdays
        or is_holiday(on, position.region)
        or on in position.closed
        or any(is_paused(on, first, last) for first, last in policy.closed_periods)
    )
    month = [on - timedelta(days=n) for n in range(30)]
    spent = sum(position.contacted_on.count(day) for day in month) >= policy.contact_budget
    for c in ready:
        same_step = any(t.step == c.step.code and t.on == last for t in c.item.taken)
        if today or last == on:
            said[c.item.id] = WAIT, Reason.CONTACT_TODAY
        elif closed:
            said[c.item.id] = WAIT, Reason.CLOSED_DAY
        elif soon and not (c.again and same_step):
            said[c.item.id] = WAIT, Reason.CONTACT_GAP
        elif spent and c.step.stage is not Stage.FORMAL_NOTICE:
            said[c.item.id] = WAIT, Reason.CONTACT_BUDGET
    waiting = [c for c in ready if c.item.id not in said]
    waiting.sort(key=lambda c: (place(c.step), c.item.open_cents, c.item.id), reverse=True)
    for top in waiting:
        if top.item.id in said:
            continue
        others = [c for c in waiting if c.item.id not in said and goes_with(c, top)]
        if small := too_small(others, top, position, policy):
            said.update({c.item.id: (WAIT, small) for c in others if c.step == top.step})
            continue
        for c in waiting:
            reason = Reason.STEP_DUE if c.step == top.step else Reason.LISTED_WITH_HIGHER_STEP
            reason = Reason.RECEIPT_TO_ASK if c.step is RECEIPT_IN_DOUBT else reason
            said.setdefault(c.item.id, (Action.CONTACT, reason) if c in others else (WAIT, Reason.ANOTHER_STEP_FIRST))
        return {"step": top.step.code, "channel": top.channel, "items": {c.item.id: c.step.code for c in others}}
    return None


def place(step: Step) -> tuple[int, int]:
    """Stages in order, offsets within them: the order of every ladder, also of several at once."""
    return list(Stage).index(step.stage), step.offset


def is_paused(on: date, first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Walk from the first day of the pause to the last; a pause over the new year begins the year before."""
    for year in (on.year - 1, on.year):
        day, end = date(year, *first), date(year if first <= last else year + 1, *last)
        while day <= end:
            if day == on:
                return True
            day += timedelta(days=1)
    return False


def goes_with(c: Candidate, top: Candidate) -> bool:
    if c.item.currency != top.item.currency:
        return False
    if c.step == top.step:
        return c.channel is top.channel
    written = top.channel is not Channel.CALL and Channel.CALL not in c.step.channels
    lower_alone = c.step.alone or c.step.needs_approval or c.step.stage is Stage.PREVENTION
    return written and not top.step.alone and not lower_alone and top.channel not in tried(c.step, c.item)


def too_small(others: list[Candidate], top: Candidate, position: DebtorPosition, policy: Policy) -> Reason | None:
    currency = top.item.currency
    owed = sum(c.item.open_cents - c.item.disputed_cents for c in others)
    on_account = sum(cents for code, cents in position.credit_cents if code == currency)
    notes = -sum(i.open_cents for i in position.items if i.currency == currency and i.open_cents < 0)
    demanded = owed - max(on_account + notes, 0)
    if demanded <= 0:
        return Reason.CREDIT_COVERS
    least = max(policy.minimum_cents.get(currency, 0), top.step.minimum_cents)
    return Reason.BELOW_MINIMUM if demanded < least else None
