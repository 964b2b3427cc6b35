"""What a penalty computation yields: segments, imputations and what remains due, all re-addable by hand."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from recouvrement.domain.claim import Claim, CreditNote, PenaltyTerms
from recouvrement.domain.rates import UNITS_PER_PERCENT, Semester, rate_text


class Caveat(StrEnum):
    """What a reader of the figures must know; each is printed with them."""

    PROVISIONAL_RATE = "provisional_rate"
    CONTRACT_RATE_UNDER_FLOOR = "contract_rate_under_floor"
    FLOOR_NOT_KNOWN = "floor_not_known"
    STOPPED_BY_INSOLVENCY = "stopped_by_insolvency"
    PAYMENT_AFTER_JUDGMENT = "payment_after_judgment"
    TITLE_REPLACES_PENALTIES = "title_replaces_penalties"
    CONSUMER_WITHOUT_NOTICE = "consumer_without_notice"
    CREDITED_IN_FULL = "credited_in_full"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Segment:
    """Days from first to last, both included, on one base at one rate; `divisor` days make a year, leap or not."""

    first: date
    last: date
    days: int
    rate_units: int
    base_cents: int
    article: str
    provisional: bool
    divisor: int

    @property
    def exact_cents(self) -> Fraction:
        """Base x rate x days / 36500, exactly."""
        return Fraction(self.base_cents * self.days * self.rate_units, self.divisor * 100 * UNITS_PER_PERCENT)

    @property
    def rate_pct(self) -> str:
        """The rate as printed, '12.40'."""
        return rate_text(self.rate_units)


@dataclass(frozen=True, slots=True)
class Imputation:
    """What one payment was applied to; the parts sum to `cents`."""

    on: date
    cents: int
    to_penalty_cents: int
    to_principal_cents: int
    to_indemnity_cents: int
    reference: str


@dataclass(frozen=True, slots=True)
class Rounding:
    """Where interest became whole cents: at a payment, a capitalisation, or the end."""

    on: date
    exact_cents: Fraction
    cents: int
    capitalised: bool


@dataclass(frozen=True, slots=True)
class PenaltyLedger:
    """The claim balance of one invoice at the end of the day `until`.

    The three `_cents` of what remains make the total. `segments` and `roundings` give every cent of penalty that ever
    accrued (`penalty_accrued_cents`), `payments` what was taken from it, the two `waived_` what the creditor gave up.
    """

    claim: Claim
    terms: PenaltyTerms
    until: date
    segments: tuple[Segment, ...]
    payments: tuple[Imputation, ...]
    credit_notes: tuple[CreditNote, ...]
    roundings: tuple[Rounding, ...]
    principal_due_cents: int
    penalty_cents: int
    indemnity_cents: int
    penalty_accrued_cents: int
    indemnity_accrued_cents: int
    indemnity_article: str
    provisional: bool
    caveats: tuple[Caveat, ...]
    semesters_under_floor: tuple[Semester, ...]
    waived_penalty_cents: int = 0
    waived_indemnity_cents: int = 0

    @property
    def total_cents(self) -> int:
        """Principal, penalties and indemnity that remain due."""
        return self.principal_due_cents + self.penalty_cents + self.indemnity_cents

    @property
    def forbids_formal_notice(self) -> bool:
        """A figure that rests on a provisional rate may be shown, not demanded by formal notice."""
        return self.provisional
