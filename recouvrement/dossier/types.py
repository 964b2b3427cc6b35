"""What a dossier is made from (one frozen `CaseFile`) and what comes out of it.

Amounts are minor units (cents), rates ten-thousandths of a percent a year, days `date`, bytes exact. Everything that
may be unknown is None or an empty string and is printed "à compléter"; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.parties import DebtorKind


@dataclass(frozen=True, slots=True)
class Party:
    """Creditor or debtor as an act names it; `address` is one postal address, line by line.

    `reference` is our code (the journal's chain for the debtor). `registry` reads "RCS Lyon", `quality` "commerçant",
    `court` the competent court when a dated table gives it.
    """

    reference: str
    name: str
    address: tuple[str, ...] = ()
    legal_form: str = ""
    siren: str = ""
    registry: str = ""
    capital: str = ""
    representative: str = ""
    quality: str = ""
    kind: DebtorKind | None = None
    country: str = "FR"
    other_names: tuple[str, ...] = ()
    other_addresses: tuple[tuple[str, ...], ...] = ()
    court: str = ""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is claimed at the cut, each part apart; `payments` is the sum of all that was received on these invoices."""

    principal: int
    penalties: int
    indemnities: int
    interest: int = 0
    payments: int = 0
    currency: str = "EUR"

    @property
    def total(self) -> int:
        """All that remains due."""
        return self.principal + self.penalties + self.indemnities + self.interest


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """Days `first` to `last`, both included, on one base at one rate."""

    first: date
    last: date
    days: int
    rate_units: int
    base_cents: int
    article: str
    divisor: int = 365
    provisional: bool = False

    @property
    def exact_cents(self) -> Fraction:
        """Base x rate x days / (100 x divisor), exactly, in cents."""
        return Fraction(self.base_cents * self.days * self.rate_units, self.divisor * 1_000_000)


@dataclass(frozen=True, slots=True)
class RoundingRow:
    """Where the exact sum of segments became whole cents: at a payment, a capitalisation, or the cut."""

    on: date
    exact_cents: Fraction
    cents: int
    capitalised: bool = False


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment (value date) and what it was applied to; the parts sum to `cents`."""

    on: date
    cents: int
    to_principal: int = 0
    to_penalties: int = 0
    to_indemnity: int = 0
    to_interest: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit note that lowers the principal."""

    on: date
    cents: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One invoice (or instalment of it): from its original amount to what remains due, in re-addable steps.

    `segments` and `roundings` give the penalties accrued, `interest_segments` and `interest_roundings` the legal
    interest where the law gives that instead; `awarded_penalties` and `awarded_interest` are sums that an
    enforceable title awarded. `note` prints under the invoice (provisional rate, waiver…).
    """

    invoice: str
    issued_on: date
    due_on: date
    original: int
    principal: int
    penalties: int = 0
    indemnity: int = 0
    interest: int = 0
    indemnity_accrued: int = 0
    indemnity_article: str = ""
    label: str = ""
    delivered_on: date | None = None
    credits: tuple[CreditRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    roundings: tuple[RoundingRow, ...] = ()
    interest_segments: tuple[SegmentRow, ...] = ()
    interest_roundings: tuple[RoundingRow, ...] = ()
    note: str = ""
    awarded_penalties: int = 0
    awarded_interest: int = 0
    waived_penalties: int = 0
    waived_interest: int = 0
    waived_indemnity: int = 0


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the chronology; `exhibits` are references of exhibits, printed as their numbers."""

    on: date
    what: str
    detail: str = ""
    exhibits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """A file that belongs to an exhibit: SMTP answer, bounce, tracking record."""

    label: str
    content: bytes
    media_type: str
    file_name: str = ""
    payload_salt: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exhibit: exact bytes and how the bordereau names them.

    `owner` is the debtor's reference: an exhibit of another debtor is refused. `number` is None for a new exhibit, or
    the number an earlier version gave it. `payload_salt` (64 hexadecimal characters) ties the bytes to the journal,
    empty when the journal never referred to them. `reference` is the id that the chronology uses; `file_name` is never
    used as a path. `note` prints under the title in the bordereau: what the exhibit proves and does not.
    """

    owner: str
    kind: EvidenceKind
    title: str
    on: date | None
    content: bytes
    media_type: str
    file_name: str = ""
    source: str = ""
    note: str = ""
    number: int | None = None
    reference: str = ""
    payload_salt: str = ""
    annexes: tuple[Annex, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenNumber:
    """A number given by an earlier version of this case's dossier; never given to anything else."""

    number: int
    first_version: int
    kind: EvidenceKind
    title: str
    on: date | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor sheet, with its RFC 3161 token when an authority gave one."""

    on: date
    sheet: bytes
    token: bytes | None = None


@dataclass(frozen=True, slots=True)
class AnchorSalt:
    """The salt that shows line `seq` of this debtor's journal on the sheet of a day."""

    on: date
    seq: int
    salt: str


@dataclass(frozen=True, slots=True)
class MissingPiece:
    """A document that the checklist wants and nobody brought, or that someone waived."""

    what: str
    invoice: str = ""
    who: str = ""
    waived_because: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a dossier version is made from; the same value always gives the same bytes.

    `journal_lines` are the debtor's lines up to the cut, line feeds included; `anchors` consecutive sheets, oldest
    first. `routes` are opaque rows of text for case.json and the route documents. `moment` (with a zone) dates the PDFs.
    `statements_until` is the day up to which bank statements had been read. `convention` replaces the printed sentence
    on the order of imputation when the parties agreed another one. `letter_text` are the paragraphs of the covering
    letter. `facts` are other (label, value) lines for the route documents: title, insurer, court…
    """

    case_code: str
    version: int
    cut_on: date
    moment: datetime
    creditor: Party
    debtor: Party
    amounts: Amounts
    items: tuple[ItemRow, ...]
    exhibits: tuple[Exhibit, ...]
    events: tuple[EventRow, ...] = ()
    journal_lines: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    anchor_salts: tuple[AnchorSalt, ...] = ()
    previous: tuple[FrozenNumber, ...] = ()
    missing: tuple[MissingPiece, ...] = ()
    routes: tuple[Mapping[str, str], ...] = ()
    statements_until: date | None = None
    limitation_on: date | None = None
    contact: str = ""
    convention: str = ""
    letter_text: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NumberedExhibit:
    """How one exhibit stands in a version: number, member names in the ZIP, hash and pages of the reading copy.

    `withdrawn` numbers were communicated before and are not part of this version: they have no member.
    `unreadable` says why the reading copy holds a placeholder instead, empty when it shows the exhibit itself.
    """

    number: int
    first_version: int
    kind: EvidenceKind
    title: str
    on: date | None
    sha256: str
    member: str = ""
    annexes: tuple[tuple[str, str, str], ...] = ()
    pages: int = 0
    unreadable: str = ""
    withdrawn: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A sealed dossier: the ZIP, the hash of its manifest (also printed in the covering letter) and the numbering."""

    zip_bytes: bytes
    manifest_sha256: str
    numbering: tuple[NumberedExhibit, ...]
    covering_letter: bytes


class IncoherentCaseError(ValueError):
    """The case file contradicts itself; `reasons` say where. Nothing is sealed on figures that do not re-add.

    The message itself holds a count only: it may reach a log, the reasons are for the operator.
    """

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(f"{len(reasons)} contradictions in the case file")
