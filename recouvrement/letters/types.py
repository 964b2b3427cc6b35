"""What a message needs to be written: the parties, the lines, the money, and arithmetic that must agree."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.parties import DebtorKind
from recouvrement.letters.countries import country_line


class MessageCode(StrEnum):
    """The texts that exist: the steps of the ladder that speak, and three messages outside it."""

    COURTESY = "courtesy"
    FRIENDLY_REMINDER = "friendly_reminder"
    CALL = "call"
    CALL_IN_WRITING = "call_in_writing"
    FIRM_REMINDER = "firm_reminder"
    LAST_REMINDER = "last_reminder"
    MISE_EN_DEMEURE = "mise_en_demeure"
    STATEMENT = "statement"
    WITHDRAWAL = "withdrawal"
    RECEIPT_IN_DOUBT = "receipt_in_doubt"

    @property
    def demands_money(self) -> bool:
        """Asks for payment of what is late: such a message with nothing to pay is an error.

        >>> [code.value for code in MessageCode if not code.demands_money]
        ['courtesy', 'statement', 'withdrawal', 'receipt_in_doubt']
        """
        return self not in {self.COURTESY, self.STATEMENT, self.WITHDRAWAL, self.RECEIPT_IN_DOUBT}


class RateBasis(StrEnum):
    """Where the rate of late penalties comes from."""

    DEFAULT_RATE = "default_rate"  # ECB + 10 points, C. com. L441-10 II
    PUBLIC_RATE = "public_rate"  # ECB + 8 points, CCP R2192-31
    CONTRACT = "contract"

    @classmethod
    def wrong_for(cls, kind: DebtorKind) -> frozenset["RateBasis"]:
        """The legal rate that this kind of debtor does not owe.

        >>> RateBasis.wrong_for(DebtorKind.PUBLIC) == {RateBasis.DEFAULT_RATE}
        True
        """
        return frozenset({cls.DEFAULT_RATE if kind is DebtorKind.PUBLIC else cls.PUBLIC_RATE})


class QuoteKind(StrEnum):
    """What the debtor said or signed that a message recalls."""

    PROMISE = "promise"
    CALL = "call"
    REPLY = "reply"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Contact:
    """The person whom the debtor can reach: a name, and at least one of e-mail and telephone."""

    name: str
    email: str | None = None
    phone: str | None = None
    role: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or not (self.email or self.phone):
            raise ValueError("a message names a contact who can be reached")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where to pay; the holder is the creditor, or the assignee when the debt was assigned."""

    iban: str
    holder: str
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """The creditor with the mentions of its letters (C. com. R123-237 and R123-238); capital in cents."""

    name: str
    address: tuple[str, ...]
    city: str
    contact: Contact
    account: BankAccount
    email: str | None = None
    phone: str | None = None
    siren: str | None = None
    legal_form: str | None = None
    capital_cents: int | None = None
    registry: str | None = None
    vat_number: str | None = None
    privacy_email: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """The debtor as addressed: postal lines below the name, language as two letters; repr shows nothing personal."""

    name: str = field(repr=False)
    kind: DebtorKind
    language: str
    address: tuple[str, ...] = field(default=(), repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    country: str = "FR"

    @property
    def window(self) -> tuple[str, ...]:
        """The lines of the window, the name first (once), the country last when it is not France."""
        lines = self.address if self.address[:1] == (self.name,) else (self.name, *self.address)
        country = country_line(self.country)
        return lines if country is None or lines[-1].upper() == country else (*lines, country)


@dataclass(frozen=True, slots=True)
class Line:
    """One open item as of the message's day; cents. `penalty_cents` is None when no penalty is stated.

    `open_cents` is the principal that remains; `penalty_settled_cents` what payments already took from the penalties
    (Civil Code 1343-1), so that what was received stays what the debtor sent.
    """

    invoice_number: str
    issue_on: date
    due_on: date
    amount_cents: int
    open_cents: int
    step: StepCode
    penalty_cents: int | None = None
    indemnity_cents: int = 0
    penalty_settled_cents: int = 0
    penalty_waived_cents: int = 0  # what the creditor gave up of the penalties that the segments show

    def days_late(self, on: date) -> int:
        """Days from the due date to `on`, negative before it."""
        return (on - self.due_on).days

    @property
    def paid_cents(self) -> int:
        """What came in for the invoice, whatever it was applied to.

        >>> day = date(2026, 9, 1)
        >>> Line("F1", day, day, 100_000, 52_000, StepCode.FIRM_REMINDER, penalty_settled_cents=2_000).paid_cents
        50000
        """
        return self.amount_cents - self.open_cents + self.penalty_settled_cents


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note or money received and not applied, deducted from what is asked; positive cents."""

    label: str
    on: date
    amount_cents: int
    is_credit_note: bool = True


@dataclass(frozen=True, slots=True)
class PenaltySegment:
    """Days of one invoice at one base and one yearly rate; the amount can be added again by hand (divisor 365)."""

    invoice_number: str
    first_day: date
    last_day: date
    base_cents: int
    rate_percent: Fraction
    is_provisional: bool = False

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.last_day - self.first_day).days + 1

    @property
    def exact_cents(self) -> Fraction:
        """Base x rate x days / 365 in cents, unrounded (legal.md §2.1).

        >>> segment = PenaltySegment("F1", date(2026, 8, 1), date(2026, 8, 30), 1_200_000, Fraction(124, 10))
        >>> segment.days, segment.exact_cents
        (30, Fraction(892800, 73))
        """
        return self.base_cents * self.rate_percent * self.days / 36500


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """The rate in force on the day of the message, in percent a year, and its basis."""

    basis: RateBasis
    rate_percent: Fraction


@dataclass(frozen=True, slots=True)
class Quote:
    """The debtor's own words, or what was agreed: recalled, never paraphrased."""

    kind: QuoteKind
    on: date
    words: str = field(default="", repr=False)
    promised_cents: int | None = None
    promised_by: date | None = None
    received_cents: int | None = None  # what came in of a promise that was kept in part


@dataclass(frozen=True, slots=True)
class Earlier:
    """A contact that left before this one."""

    on: date
    step: StepCode
    channel: Channel


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money seen on the account: the day it was available, and cents."""

    on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Cents: open principal less credits, stated penalties, 40 € fees, and their sum."""

    principal_cents: int
    penalties_cents: int
    indemnity_cents: int

    @property
    def total_cents(self) -> int:
        """What the message asks in all."""
        return self.principal_cents + self.penalties_cents + self.indemnity_cents


FLAT_FEE_CENTS: Final = 4_000
"""Indemnite forfaitaire per invoice paid late (C. com. D441-5, CCP D2192-35)."""


def totals_of(lines: tuple[Line, ...], credits_: tuple[Credit, ...] = ()) -> Totals:
    """Sum of the lines less the credits; cents.

    >>> line = Line("F1", date(2026, 9, 1), date(2026, 10, 1), 10_000, 6_000, StepCode.FIRM_REMINDER, 55, 4_000)
    >>> totals_of((line,), (Credit("AV1", date(2026, 9, 9), 1_000),))
    Totals(principal_cents=5000, penalties_cents=55, indemnity_cents=4000)
    """
    return Totals(
        sum(line.open_cents for line in lines) - sum(credit.amount_cents for credit in credits_),
        sum(line.penalty_cents or 0 for line in lines),
        sum(line.indemnity_cents for line in lines),
    )
