"""What the readers hand over: records of business facts and problems, free of any database."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """What a problem did to the record or the file that it names."""

    NOTE = "note"  # information; the record is whole
    WARNING = "warning"  # the record goes in without the field named
    SET_ASIDE = "set_aside"  # the record stays out, the rest of the file goes in
    REJECTED = "rejected"  # the file stays out, whole


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file, told without any personal value.

    `line` counts from 1 (physical line, sheet row, or ordinal of an XML entry); `element` names the part of the file;
    `value_class` says what kind of value was wrong, never the value; `subject` is the invoice number, customer code or
    account that the record names, when it could be read, so that a snapshot does not take the item for absent.
    """

    file: str
    line: int | None
    element: str
    field: str
    value_class: str
    reason: str
    message: str
    remedy: str
    severity: Severity = Severity.SET_ASIDE
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer as a file states it; identifiers that fail their check are left None and reported."""

    code: str
    name: str
    kind: str | None = None
    siren: str | None = None
    siret: str | None = None
    vat_number: str | None = None
    ibans: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    address_lines: tuple[str, ...] = ()
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    language: str | None = None
    region: str | None = None
    policy: str | None = None
    legal_form: str | None = None
    registry: str | None = None
    representative: str | None = None
    aliases: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """An invoice or a credit note; amounts in hundredths of the currency, a credit note's are negative.

    `due_on` is the last due day, `instalments` the pairs (due day, cents) when there is more than one.
    """

    number: str
    kind: str
    customer_code: str
    customer_name: str
    issue_on: date
    due_on: date | None
    gross_cents: int
    currency: str
    open_cents: int | None = None
    status: str = "issued"
    instalments: tuple[tuple[date, int], ...] = ()
    delivery_on: date | None = None
    received_on: date | None = None
    order_reference: str | None = None
    customer_reference: str | None = None
    discount_cents: int | None = None
    discount_until: date | None = None
    preceding_invoice: str | None = None
    customer_siren: str | None = None
    customer_vat: str | None = None
    seller_siren: str | None = None
    seller_iban: str | None = None
    source_id: str | None = None
    original_sha256: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class BankDetail:
    """One transaction inside a booked entry that groups several; `amount_cents` is signed like the entry."""

    amount_cents: int
    remittance: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    end_to_end_id: str = ""
    structured_reference: str = ""
    mandate_id: str = ""
    return_reason: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankLineRecord:
    """One booked movement; `amount_cents` is signed, credit positive.

    `rank` counts equals (same account, booking day and amount) from 0 in the order of the file, so that the same
    period in another format has the same identities (design.md §5).
    """

    account: str
    booking_on: date
    value_on: date | None
    amount_cents: int
    currency: str
    label: str
    remittance: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    end_to_end_id: str = ""
    structured_reference: str = ""
    bank_reference: str = ""
    transaction_code: str = ""
    reversal: bool = False
    return_reason: str = ""
    details: tuple[BankDetail, ...] = ()
    rank: int = 0
    line: int | None = None

    @property
    def identity(self) -> tuple[str, date, int, int]:
        """Account, booking day, signed amount, rank among equals of that day.

        >>> day = date(2026, 3, 2)
        >>> BankLineRecord("FR76", day, None, -500, "EUR", "FRAIS", rank=1).identity
        ('FR76', datetime.date(2026, 3, 2), -500, 1)
        """
        return self.account, self.booking_on, self.amount_cents, self.rank


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One statement of one account: an IBAN where it can be known, else the national or bank's own number."""

    account: str
    currency: str
    from_on: date | None
    to_on: date | None
    opening_cents: int | None
    closing_cents: int | None
    sequence: str = ""
    lines: tuple[BankLineRecord, ...] = ()
    line_count: int = 0
    balanced: bool | None = None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A recovery step already taken by hand before the house went live (history.csv)."""

    invoice_number: str
    step: str
    done_on: date
    channel: str
    proof: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class LifecycleRecord:
    """An e-invoice life-cycle status (XP Z12-012) and the fact that it means here (legal.md §12)."""

    invoice_number: str
    status_code: str
    status: str
    meaning: str
    on: date | None
    reason_code: str = ""
    amount_cents: int | None = None
    currency: str = "EUR"
    message_id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class InsolvencyNotice:
    """A BODACC notice; `event` is opening, conversion, plan, closure or other; only the first two make a fact."""

    notice_id: str
    siren: str | None
    debtor_name: str
    event: str
    procedure: str
    judgment_on: date | None
    published_on: date | None
    court: str = ""
    nature: str = ""
    officer: str = ""
    line: int | None = None

    @property
    def makes_a_fact(self) -> bool:
        """True for an opening or a conversion about a readable SIREN; the rest is information."""
        return self.siren is not None and self.event in {"opening", "conversion"}


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A paper that belongs to an invoice or a customer: named by a manifest or by where it lies."""

    path: str
    role: str
    invoice_number: str = ""
    customer_code: str = ""
    document_on: date | None = None
    title: str = ""
    sha256: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FecEntry:
    """One row of accounts 411 of a FEC; `amount_cents` is debit less credit."""

    journal: str
    entry_number: str
    entry_on: date
    account: str
    customer_code: str
    customer_name: str
    piece: str
    piece_on: date | None
    label: str
    amount_cents: int
    lettering: str = ""
    lettered_on: date | None = None
    currency: str = "EUR"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FecBalance:
    """The balance of account 411 for one customer at the end of the FEC, for the control sheet."""

    customer_code: str
    customer_name: str
    balance_cents: int
    open_cents: int


Record = (
    CustomerRecord
    | InvoiceRecord
    | BankLineRecord
    | StatementRecord
    | StepRecord
    | LifecycleRecord
    | InsolvencyNotice
    | DocumentRecord
    | FecEntry
    | FecBalance
)


@dataclass(frozen=True, slots=True)
class FileReading:
    """A file read whole: what it is, what may go in, what may not and why.

    `records` counts what may go in, `set_aside` what stays out. `complete` is True when no record stayed out, so that
    absence from a snapshot may be believed. `held` marks a file that was read but must not be published before a person
    confirms it (balances that disagree in a format whose pages may be missing). `quarantined` shows the invoices seen in a
    rejected file, for a person to look at; they go nowhere.
    """

    name: str
    sha256: str
    kind: str
    verdict: str
    customers: tuple[CustomerRecord, ...] = ()
    invoices: tuple[InvoiceRecord, ...] = ()
    statements: tuple[StatementRecord, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    lifecycle: tuple[LifecycleRecord, ...] = ()
    insolvency: tuple[InsolvencyNotice, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    fec_entries: tuple[FecEntry, ...] = ()
    fec_balances: tuple[FecBalance, ...] = ()
    quarantined: tuple[InvoiceRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    records: int = 0
    set_aside: int = 0
    content: str | None = None
    scope: str = ""
    mapping: str = ""
    complete: bool = True
    held: bool = False
