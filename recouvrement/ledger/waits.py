"""Waits end: what did not leave on its day expires, calls that were not made are noted, approvals lapse."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.domain.ladder import Channel
from recouvrement.domain.policy import Policy
from recouvrement.ledger.approvals import TOO_LATE, is_too_late
from recouvrement.ledger.book import Act
from recouvrement.ledger.outbox import Fence, move
from recouvrement.ledger.tables.contacts import contact

S = ContactState


def end_waits(act: Act, policy_of: Callable[[str], Policy], *, on: date) -> dict[str, int]:
    """Expire contacts of past days that never left; count by reason. `policy_of` gives the policy of a contact's digest.

    A notice that can no longer be posted in time for its printed deadline is void: the same run freezes it anew. A call
    counts as not made after `call_days` working days, so that the next amicable step may go. Replies, disputes, unknown
    sends never end here: they never lapse into sending.
    """
    counts = {"expired": 0, "not_made": 0, "approval_lapsed": 0, "frozen_anew": 0}
    waiting = (S.PLANNED.value, S.APPROVED.value, S.READY.value)
    query = select(contact).where(contact.c.state.in_(waiting), contact.c.business_day < on).order_by(contact.c.id)
    for row in act.connection.execute(query).all():
        before = S(row.state)
        if row.channel == Channel.CALL.value:
            if on > add_working_days(row.business_day, policy_of(row.policy_sha256).call_days):
                counts["not_made"] += move(act, row.id, S.FAILED, fence=Fence((before,)), reason="not_made")
        elif is_too_late(row, on):
            counts["frozen_anew"] += move(act, row.id, S.EXPIRED, fence=Fence((before,)), reason=TOO_LATE)
        elif row.needs_approval:
            if on > add_working_days(row.business_day, policy_of(row.policy_sha256).approval_days):
                counts["approval_lapsed"] += move(
                    act, row.id, S.EXPIRED, fence=Fence((before,)), reason="approval_lapsed"
                )
        else:
            counts["expired"] += move(act, row.id, S.EXPIRED, fence=Fence((before,)), reason="day_over")
    return counts
