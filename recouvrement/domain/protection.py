"""What protects an item or a debtor from being chased, in the order in which it is looked at."""

from datetime import date

from recouvrement.domain.ladder import Stage
from recouvrement.domain.policy import Policy, Step
from recouvrement.domain.position import DebtorPosition, Hold, ItemPosition
from recouvrement.domain.reasons import Action, Reason
from recouvrement.domain.sending_days import is_sending_day

A, R = Action, Reason

Block = tuple[Action, Reason]
ItemBlock = tuple[Action, Reason, Stage | None]


def item_block(item: ItemPosition, position: DebtorPosition, *, on: date) -> ItemBlock | None:  # noqa: C901 a list of reasons, in order
    """What keeps this item off the ladder, with the state it then shows; None when nothing does."""
    if item.open_cents < 0:
        return A.LEAVE, R.CREDIT_LISTED, None
    if item.handed_over:
        return A.LEAVE, R.HANDED_OVER, Stage.HANDED_OVER
    if item.insolvent:
        return A.HOLD, R.INSOLVENT, Stage.INSOLVENT
    if item.assigned:
        return A.LEAVE, R.ASSIGNED, None
    if item.cleared_in_accounts:
        return A.ASK, R.CLEARED_IN_ACCOUNTS, None
    if item.barred_on is not None and on >= item.barred_on:
        return A.ASK, R.TIME_BARRED, None
    if item.under_way_cents >= item.open_cents:
        return A.HOLD, R.RECEIPT_UNDER_WAY, Stage.PROMISED
    if item.disputed_cents >= item.open_cents:
        return A.HOLD, R.DISPUTED, Stage.DISPUTED
    if item.not_received:
        return A.ASK, R.NOT_RECEIVED_AS_DUE, Stage.DISPUTED
    if item.on_plan:
        return A.HOLD, R.ON_A_PLAN, Stage.ON_A_PLAN
    if item.promised_until is not None and on <= item.promised_until:
        return A.HOLD, R.PROMISED, Stage.PROMISED
    return (A.HOLD, R.ON_HOLD, Stage.PAUSED) if _lasts(item.hold, on) or _lasts(position.hold, on) else None


def _lasts(hold: Hold | None, on: date) -> bool:
    return hold is not None and on <= hold.until_on


def debtor_block(position: DebtorPosition, policy: Policy, *, on: date) -> Block | None:
    """What keeps every due item of this debtor from being chased today; None when nothing does."""
    if position.protected:
        return A.ASK, R.PROTECTED_PARTY
    if position.reply_unread:
        return A.ASK, R.REPLY_UNREAD
    if position.cause is not None and (first := _to_settle_first(position.cause, policy)):
        return first
    if position.data_to_correct:
        return A.ASK, R.DATA_TO_CORRECT
    if position.feed_to is None:
        return A.HOLD, R.FEED_ABSENT
    if feed_age(position.feed_to, on=on) > policy.feed_max_age:
        return A.HOLD, R.FEED_OLD
    if position.doubts and not all_doubts_overdue(position, policy, on=on):
        return A.HOLD, R.MONEY_IN_DOUBT
    if position.pays_by_direct_debit:
        return A.HOLD, R.DIRECT_DEBIT
    return None


def _to_settle_first(cause: str, policy: Policy) -> Block | None:
    """What the debtor waits for from us: a disagreement that nobody recorded, a document that was asked for."""
    if cause.startswith("dispute_"):
        return A.ASK, R.DISPUTE_TO_RECORD
    path = policy.causes.get(cause)
    return (A.ASK, R.DOCUMENT_REQUESTED) if path is not None and path.answer_first else None


def accounts_stand_against(step: Step, position: DebtorPosition) -> bool:
    """Whether a formal notice waits because the accounts say otherwise of this debtor than the ledger."""
    return position.accounts_differ and step.stage is Stage.FORMAL_NOTICE


def all_doubts_overdue(position: DebtorPosition, policy: Policy, *, on: date) -> bool:
    """Say whether every receipt in doubt is older than the policy waits: then the debtor may be asked about it."""
    return bool(position.doubts) and all(
        (on - booked).days > policy.doubt_overdue_days for _, booked, _ in position.doubts
    )


def feed_age(feed_to: date, *, on: date) -> int:
    """How old the bank feed is: sending days after the last day read, today not counted.

    A statement that ends on Friday is not old on Monday morning.

    >>> feed_age(date(2026, 11, 20), on=date(2026, 11, 23)), feed_age(date(2026, 11, 16), on=date(2026, 11, 23))
    (0, 4)
    """
    if (on - feed_to).days > 60:
        return 60
    week = (0, 1, 2, 3, 4)
    between = range(feed_to.toordinal() + 1, on.toordinal())
    return sum(1 for day in between if is_sending_day(date.fromordinal(day), "metropole", week))
