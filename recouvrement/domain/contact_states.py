"""The states of a contact in the outbox, and which may follow which."""

from recouvrement.domain.codes import Code


class ContactState(Code):
    """Where a contact stands; see design.md §5 Contacts."""

    PLANNED = "planned"
    APPROVED = "approved"
    READY = "ready"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    REPLIED = "replied"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"


S = ContactState
VOID = frozenset({S.CANCELLED, S.EXPIRED, S.REFUSED})
LEFT = frozenset({S.SENT, S.DELIVERED, S.REPLIED})
PENDING = frozenset({S.PLANNED, S.APPROVED, S.READY, S.CLAIMED, S.SENDING})

MOVES: dict[ContactState, frozenset[ContactState]] = {
    S.PLANNED: frozenset({S.APPROVED, *VOID}),
    S.APPROVED: frozenset({S.READY, S.CANCELLED, S.EXPIRED}),
    S.READY: frozenset({S.CLAIMED, S.CANCELLED, S.EXPIRED, S.SENT, S.FAILED}),  # SENT, FAILED: calls, done by a person
    S.CLAIMED: frozenset({S.READY, S.SENDING, S.CANCELLED, S.EXPIRED, S.FAILED}),
    S.SENDING: frozenset({S.SENT, S.READY, S.FAILED, S.UNKNOWN}),
    S.SENT: frozenset({S.DELIVERED, S.BOUNCED, S.REPLIED}),
    S.DELIVERED: frozenset({S.BOUNCED, S.REPLIED}),
    S.UNKNOWN: frozenset({S.SENT, S.FAILED}),  # by what is found, or by a person; never back to ready
    S.BOUNCED: frozenset({S.CANCELLED}),  # as FAILED: nobody was reached, a person corrected the address
    S.REPLIED: frozenset({S.BOUNCED}),
    S.FAILED: frozenset({S.CANCELLED}),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset(),
    S.REFUSED: frozenset(),
}


def may_move(before: ContactState, after: ContactState) -> bool:
    """Say whether a contact may go from one state to another.

    >>> may_move(S.UNKNOWN, S.READY), may_move(S.SENDING, S.UNKNOWN), may_move(S.SENT, S.CANCELLED)
    (False, True, False)
    """
    return after in MOVES[before]
