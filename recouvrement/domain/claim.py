"""What is claimed: principal, what came in, and what the contract or a judgment says about interest."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.rates import Category, rate_units


class Part(StrEnum):
    """The parts of a claim that money is applied to."""

    PENALTY = "penalty"
    PRINCIPAL = "principal"
    INDEMNITY = "indemnity"


# Civil Code 1343-1 puts interest first unless the parties agreed otherwise; the rank of the 40 € is not settled: last.
INTEREST_FIRST = (Part.PENALTY, Part.PRINCIPAL, Part.INDEMNITY)
PRINCIPAL_FIRST = (Part.PRINCIPAL, Part.PENALTY, Part.INDEMNITY)


@dataclass(frozen=True, slots=True)
class FixedRate:
    """A yearly rate in ten-thousandths of a percent."""

    units: int


@dataclass(frozen=True, slots=True)
class TimesLegalRate:
    """So many hundredths of the legal interest rate: 300 is three times."""

    hundredths: int


ContractRate = FixedRate | TimesLegalRate


def contract_rate(text: str) -> ContractRate:
    """Read a contractual rate: '15' is percent a year, '3x' is three times the legal rate; else raise ValueError.

    >>> contract_rate("15"), contract_rate("3x"), contract_rate("1.5x")
    (FixedRate(units=150000), TimesLegalRate(hundredths=300), TimesLegalRate(hundredths=150))
    """
    if not text.endswith("x"):
        return FixedRate(rate_units(text))
    try:
        hundredths = Decimal(text[:-1]) * 100
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a rate: write '15' for percent or '3x' for times the legal rate") from None
    if not 0 < hundredths <= 100_000 or hundredths != int(hundredths):
        raise ValueError(f"{text!r} is not a rate: a multiple has at most two decimals and is above zero")
    return TimesLegalRate(int(hundredths))


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received: the day the funds were available (C. com. L441-9 I), minor units, our reference."""

    on: date
    cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A credit note: reduces principal from the day after its date."""

    on: date
    cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """An enforceable title: the claim is computed from what it awards.

    `rate` None means the legal rate, the only one that L313-3 CMF raises. `interest_from` is the first day of interest
    that it awards; None means the day after the due date (a consumer: after the notice, else after `enforceable_on`).
    `awarded_penalty_cents` are penalties that it awards as a sum. Costs awarded are shown, not imputed.
    """

    enforceable_on: date
    rate: FixedRate | None = None
    interest_from: date | None = None
    awarded_penalty_cents: int = 0
    costs_cents: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One invoice or instalment: principal in minor units (gross of tax), its due date and what happened to it.

    `insolvency` is the day of the opening judgment, `notice_received` the day a formal notice reached the debtor.
    """

    principal_cents: int
    due: date
    kind: DebtorKind
    payments: tuple[Payment, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    insolvency: date | None = None
    notice_received: date | None = None
    title: Title | None = None


@dataclass(frozen=True, slots=True)
class PenaltyTerms:
    """What the contract and the firm's settings say; the default is what the law says when they are silent.

    `order` lists the parts money pays, first to last. `capitalise_from` is the day from which whole years of interest
    bear interest, only with a clause or judgment (C. civ. 1343-2). `provisional_rates` carries the last known rate
    forward. The two `claim_` flags are False when the firm waived.
    """

    rate: ContractRate | None = None
    order: tuple[Part, ...] = INTEREST_FIRST
    category: Category = Category.AUTRES
    provisional_rates: bool = False
    capitalise_from: date | None = None
    claim_penalties: bool = True
    claim_indemnity: bool = True


STATUTORY_TERMS = PenaltyTerms()
