"""A policy as the rules see it: a frozen value, validated when it was loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.lateness import STANDARD_EDGES
from recouvrement.domain.money_rules import MoneyRules


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: when it is due, through which channels, and what it demands.

    `offset` counts days from the due date (negative before it); `gap` is the least number of days after the step
    before; `channels` in order of preference, the next one when the one before has no address or failed.
    """

    code: str
    stage: Stage
    offset: int
    gap: int
    channels: tuple[Channel, ...]
    template: str
    until_due: bool = False
    all_channels: bool = False
    minimum_cents: int = 0
    needs_approval: bool = False
    needs_known_kind: bool = False
    claims_penalties: bool = False
    documents: tuple[str, ...] = ()
    days_to_pay: int = 0
    days_to_pay_consumer: int = 0
    alone: bool = False  # carries only invoices that stand at this very step


# outside every ladder: the only message that may go to a debtor whose receipt stays unattributed for long
RECEIPT_IN_DOUBT = Step("receipt_in_doubt", Stage.AMICABLE, 0, 0, (Channel.EMAIL, Channel.LETTER), "receipt_in_doubt")

# outside every ladder too: a formal notice is taken back (template `withdrawal`)
WITHDRAWAL = "withdrawal"


MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CausePath:
    """What a known cause of non-payment changes: steps left out, days gained, or a question to answer first.

    `earlier_days` brings the steps after the due date forward, never before the day after it; gaps stay.
    """

    skip: frozenset[str] = frozenset()
    earlier_days: int = 0
    answer_first: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A ladder and its limits; `sha256` names the exact text it was read from.

    `contact_budget` is the most contacts a debtor gets in any 30 days over all channels, formal notices apart: a person
    approves each of those, and a budget must not let limitation run. `closed_periods` are pauses (first and last
    month and day, both included); `posting_days` the working days planned between freezing a notice and posting it.
    """

    name: str
    sha256: str
    steps: tuple[Step, ...]
    minimum_cents: dict[str, int] = field(default_factory=dict)
    contact_gap: int = 5
    feed_max_age: int = 4
    doubt_overdue_days: int = 10
    approval_days: int = 5
    call_days: int = 5
    promise_grace: int = 3
    transit_days: int = 3
    hand_off_wait: int = 3
    due_soon: int = 7
    edges: tuple[int, ...] = STANDARD_EDGES
    sending_weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    after_principal_paid: str = "keep"
    money: MoneyRules = field(default_factory=MoneyRules)
    contact_budget: int = 6
    sending_hours: tuple[time, time] = (time(8), time(18))
    closed_periods: tuple[tuple[MonthDay, MonthDay], ...] = ()
    posting_days: int = 1
    cause_days: int = 60
    causes: Mapping[str, CausePath] = field(default_factory=dict)
    broken_promise_sooner: int = 7  # days by which the step after a broken promise or plan comes forward
    accelerates_plans: bool = True  # a broken plan that has the clause makes all of it due

    def step(self, code: str) -> Step | None:
        """The step of that code, in the ladder or outside it, or None."""
        return next((step for step in (*self.steps, RECEIPT_IN_DOUBT) if step.code == code), None)
