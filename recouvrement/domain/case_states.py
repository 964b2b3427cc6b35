"""The states of a case and the moves between them, in one place; what a state makes run is in `case_clocks`."""

from recouvrement.domain.codes import Code


class CaseState(Code):
    """Where a case stands."""

    PROPOSED = "proposed"
    CHOSEN = "chosen"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ORDER_OBTAINED = "order_obtained"
    SERVED = "served"
    OPPOSED = "opposed"
    ENFORCEABLE = "enforceable"
    ENFORCEMENT = "enforcement"
    PAID = "paid"
    SETTLED = "settled"
    LOST = "lost"
    TAKEN_BACK = "taken_back"


S = CaseState

OVER = frozenset({S.PAID, S.SETTLED, S.LOST, S.TAKEN_BACK})
"""The ends: nothing moves from them; the ladder speaks again about what is still open."""

OUT = frozenset({S.SENT, S.ACKNOWLEDGED, S.ORDER_OBTAINED, S.SERVED, S.OPPOSED, S.ENFORCEABLE, S.ENFORCEMENT})
"""Somebody else holds the case."""

# choosing again changes the route; an agreement (CPCE L125-1) or a judgment makes a title without an order to serve
FORWARD: dict[CaseState, frozenset[CaseState]] = {
    S.PROPOSED: frozenset({S.CHOSEN}),
    S.CHOSEN: frozenset({S.CHOSEN, S.SENT}),
    S.SENT: frozenset({S.ACKNOWLEDGED, S.ORDER_OBTAINED, S.ENFORCEABLE}),
    S.ACKNOWLEDGED: frozenset({S.ORDER_OBTAINED, S.SERVED, S.OPPOSED, S.ENFORCEABLE}),
    S.ORDER_OBTAINED: frozenset({S.SERVED}),
    S.SERVED: frozenset({S.OPPOSED, S.ENFORCEABLE}),
    S.OPPOSED: frozenset({S.ENFORCEABLE}),
    S.ENFORCEABLE: frozenset({S.ENFORCEMENT}),
    S.ENFORCEMENT: frozenset(),
}

MOVES: dict[CaseState, frozenset[CaseState]] = {
    **{state: after | OVER for state, after in FORWARD.items()},
    **{state: frozenset() for state in OVER},
}
"""From each state the states that may follow: those of the procedure, and the four ends."""


def may_move(before: CaseState, after: CaseState) -> bool:
    """Whether a case in `before` may go to `after`.

    >>> may_move(CaseState.SERVED, CaseState.OPPOSED), may_move(CaseState.PROPOSED, CaseState.SENT)
    (True, False)
    """
    return after in MOVES[before]


def needs_reason(state: CaseState) -> bool:
    """Whether the move to a state is refused without a reason code: an end other than payment.

    >>> needs_reason(CaseState.LOST), needs_reason(CaseState.PAID)
    (True, False)
    """
    return state in OVER and state is not S.PAID
