"""What is known of a debtor on a day: open items, what was done to them, what blocks them. The input of `decide`."""

from dataclasses import dataclass
from datetime import date

from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.ladder import Channel
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One contact that carried the item: its step, day, channel and the state it has reached."""

    step: str
    on: date
    channel: Channel
    state: ContactState
    contact_id: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A formal notice that carried the item: printed deadline, posting day and outcome once known."""

    deadline_on: date
    posted_on: date | None = None
    outcome: str | None = None  # delivered | refused | unclaimed | undeliverable


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause until a day included."""

    until_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ItemPosition:
    """One open item: amounts in minor units of `currency`; a credit note's are negative.

    `disputed_cents` is the part that left the ladder; `promised_until` the last day a running promise protects.
    `ladder` is the policy that its invoice was given, None where the debtor's holds; `policy_missing` says that the policy
    named for it does not exist.
    """

    id: str
    due_on: date
    amount_cents: int
    open_cents: int
    currency: str = "EUR"
    taken: tuple[StepTaken, ...] = ()
    waived: frozenset[str] = frozenset()
    cycle: int = 1
    disputed_cents: int = 0
    promised_until: date | None = None
    on_plan: bool = False
    hold: Hold | None = None
    cleared_in_accounts: bool = False
    not_received: bool = False
    handed_over: bool = False
    assigned: bool = False
    notice: Notice | None = None
    documents: frozenset[str] = frozenset()
    barred_on: date | None = None  # from that day on nobody is chased; None also while it is more than a year ahead
    insolvent: bool = False
    ladder: Policy | None = None
    policy_missing: bool = False
    under_way_cents: int = 0  # a receipt that the bank has not shown yet; it is part of `disputed_cents` too
    broken_on: date | None = None  # the newest broken promise or plan


@dataclass(frozen=True, slots=True)
class DebtorPosition:
    """A debtor of one creditor on a day.

    `feed_to` is the day up to which the receiving accounts were read (None: no statement at all); `credit_cents`
    money received and not applied, by currency; `doubts` the bank lines that may be this debtor's
    (id, booking day, cents). `contacted_on` has one day per contact that reached out in the last 30; `cause` is the newest
    known cause of non-payment; `closed` the holidays of a debtor abroad; `named_policy` what its file or a person says;
    `data_to_correct` that its last message could not be written and that nothing has changed since.
    """

    id: str
    kind: DebtorKind
    items: tuple[ItemPosition, ...]
    channels: frozenset[Channel] = frozenset()
    language: str = "fr"
    region: str = "metropole"
    feed_to: date | None = None
    credit_cents: tuple[tuple[str, int], ...] = ()
    doubts: tuple[tuple[str, date, int], ...] = ()
    hold: Hold | None = None
    protected: str | None = None  # over_indebted | deceased | protected_adult | struck_off
    pays_by_direct_debit: bool = False
    reply_unread: bool = False
    accounts_differ: bool = False
    last_contact_on: date | None = None
    rates_known: bool = True
    contacted_on: tuple[date, ...] = ()
    cause: str | None = None
    closed: frozenset[date] = frozenset()
    named_policy: str | None = None
    committed: bool = False
    data_to_correct: bool = False
