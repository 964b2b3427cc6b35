"""What matching reads and what it answers: credits, open items, payers, past payments, outcomes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Credit:
    """One bank line; `amount_cents` is signed: money received is positive, returned or paid out negative."""

    id: str
    account: str
    booking_on: date
    value_on: date
    amount_cents: int
    currency: str
    label: str
    remittance: str
    counterparty_name: str
    counterparty_iban: str
    end_to_end_id: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One instalment of an invoice, or a credit note (negative cents); `open_cents` 0 = settled, kept for its number.

    `discount_bp` and `discount_until` are the early-payment discount that the invoice itself grants. `never_automatic`
    is a reason code (a claim older than an insolvency judgment, an assigned invoice): such an item is only proposed.
    """

    id: str
    invoice_number: str
    debtor_id: str
    issue_on: date
    due_on: date
    open_cents: int
    amount_cents: int
    currency: str
    kind: str = "invoice"
    customer_reference: str = ""
    discount_bp: int = 0
    discount_until: date | None = None
    never_automatic: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """A debtor as a bank line may name it; `ibans` and `aliases` are on file or confirmed by a person, nothing else."""

    debtor_id: str
    name: str
    siren: str = ""
    vat_number: str = ""
    ibans: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    group: str = ""


class PastAllocation(NamedTuple):
    """What a past payment settled: receipt cents and adjustment cents on one item."""

    item_id: str
    cents: int
    adjustment_cents: int = 0


class PastPayment(NamedTuple):
    """A credit already allocated, by the machine or by a person; the memory behind duplicates and reversals."""

    credit: Credit
    debtor_id: str
    allocations: tuple[PastAllocation, ...]
    confirmed: bool = False


class Verdict(StrEnum):
    """What is to become of a line."""

    AUTOMATIC = "automatic"
    PROPOSED = "proposed"
    UNKNOWN = "unknown"
    NOT_A_CUSTOMER = "not_a_customer"
    REVERSAL = "reversal"


class Method(StrEnum):
    """How an automatic match was found."""

    REFERENCE = "reference"
    ALTERED_REFERENCE = "altered_reference"
    CUSTOMER_REFERENCE = "customer_reference"
    PAYER_AND_AMOUNT = "payer_and_amount"
    PAYER_AND_SUM = "payer_and_sum"
    RETURNED_PAYMENT = "returned_payment"
    NONE = "none"


class Reason(StrEnum):
    """Why: coded grounds for or against; no name and no free text ever stands here."""

    PAYER_IBAN = "payer_iban"
    PAYER_ALIAS = "payer_alias"
    PAYER_IDENTIFIER = "payer_identifier"
    PAYER_NAME = "payer_name"
    PAYER_NAME_WEAK = "payer_name_weak"
    PAYER_IS_ANOTHER = "payer_is_another"
    THIRD_PARTY = "third_party"
    REFERENCE_EXACT = "reference_exact"
    REFERENCE_ALTERED = "reference_altered"
    REFERENCE_TAIL = "reference_tail"
    REFERENCE_LIST = "reference_list"
    REFERENCE_RANGE = "reference_range"
    REFERENCE_CUSTOMER = "reference_customer"
    REFERENCE_CONTRADICTED = "reference_contradicted"
    LIST_TRUNCATED = "list_truncated"
    AMOUNT_EXACT = "amount_exact"
    AMOUNT_SUM = "amount_sum"
    AMOUNT_ALL_DUE = "amount_all_due"
    AMOUNT_NET_OF_CREDIT_NOTE = "amount_net_of_credit_note"
    AMOUNT_ROUNDING = "amount_rounding"
    AMOUNT_BANK_FEE = "amount_bank_fee"
    AMOUNT_ESCOMPTE = "amount_escompte"
    AMOUNT_PARTIAL = "amount_partial"
    AMOUNT_OVER = "amount_over"
    AMOUNT_ALONE = "amount_alone"
    SUM_NOT_PROVEN_UNIQUE = "sum_not_proven_unique"
    EQUAL_RIVAL = "equal_rival"
    LOOKS_LIKE_A_DUPLICATE = "looks_like_a_duplicate"
    ALREADY_PAID = "already_paid"
    CHEQUE_DEPOSIT = "cheque_deposit"
    BAILIFF = "bailiff"
    OTHER_INCOME = "other_income"
    RETURNED_PAYMENT = "returned_payment"
    RETURN_FEE = "return_fee"
    RETURN_NOT_FOUND = "return_not_found"
    BEFORE_JUDGMENT = "before_judgment"
    TAKEN_BY_ANOTHER_LINE = "taken_by_another_line"


class Applied(NamedTuple):
    """Receipt cents applied to an item, and the cents written off beside them with their reason code.

    For a credit note both are negative: it is netted. `closes` says that nothing stays open: a decision of its own.
    """

    item_id: str
    cents: int
    adjustment_cents: int = 0
    adjustment_reason: str = ""
    closes: bool = False


class Proposal(NamedTuple):
    """One explanation of a line for a person to confirm: whole allocations, score, reasons."""

    debtor_id: str
    allocations: tuple[Applied, ...]
    score: int
    reasons: tuple[str, ...]
    customer_credit_cents: int = 0

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The items this proposal would pay or net."""
        return tuple(a.item_id for a in self.allocations)


class Doubt(NamedTuple):
    """The line may be money of this debtor; `item_ids` narrows it to the items it may pay (empty: any of them)."""

    debtor_id: str
    reason: str
    item_ids: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What matching says of one line on one day.

    `score` is evidence in hundredths of a factor of ten that the first explanation is right, against its best rival and
    against "none of these": 0 even, 200 a hundred to one, 300 a thousand to one; capped to 0..1000.
    """

    line_id: str
    verdict: Verdict
    allocations: tuple[Applied, ...] = ()
    customer_credit_cents: int = 0
    debtor_id: str = ""
    score: int = 0
    method: Method = Method.NONE
    reasons: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    undoes: str = ""

    @property
    def waits(self) -> bool:
        """Whether the line stays open: for a person, or for what comes later."""
        return self.verdict is Verdict.PROPOSED or self.verdict is Verdict.UNKNOWN
