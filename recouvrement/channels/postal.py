"""Post as an interface: a letter to send, what became of it, and what a postal service must be able to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

ADDRESS_LINES: Final = 6  # NF Z 10-011: six lines of 38 characters
LINE_LENGTH: Final = 38


class PostalStatus(StrEnum):
    """Where a letter is, in words common to all services."""

    PREPARED = "prepared"
    SUBMITTED = "submitted"
    DEPOSITED = "deposited"
    PRESENTED = "presented"
    AVAILABLE_AT_OFFICE = "available_at_office"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"
    UNDELIVERABLE = "undeliverable"
    RETURNED = "returned"
    ERROR = "error"

    @property
    def keeps_the_notice_valid(self) -> bool:
        """Whether a formal notice with this outcome stands: delivered, refused or never collected.

        A registered notice that was not collected is still valid (Cass. 1re civ., 20 January 2021, n° 19-20.680); one
        that could not be delivered to the address does not advance the case.

        >>> [status.value for status in PostalStatus if status.keeps_the_notice_valid]
        ['delivered', 'refused', 'unclaimed']
        """
        return self in {PostalStatus.DELIVERED, PostalStatus.REFUSED, PostalStatus.UNCLAIMED}


class ProofKind(StrEnum):
    """The papers that prove what the post did."""

    DEPOSIT = "deposit"
    ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True)
class PostalLetter:
    """A frozen letter: our key (the contact), the case, one to six address lines, the PDF.

    `country` (ISO 3166) is, outside France, the last address line too.
    """

    key: str
    case: str
    address: tuple[str, ...] = field(repr=False)
    pdf: bytes = field(repr=False)
    registered: bool = True
    country: str = "FR"


class LetterProblem(StrEnum):
    """Why a letter cannot be posted as it is; the case goes to "data to correct"."""

    NO_ADDRESS = "no_address"
    TOO_MANY_LINES = "too_many_lines"
    LINE_TOO_LONG = "line_too_long"
    CONTROL_IN_ADDRESS = "control_in_address"
    UNREADABLE_PDF = "unreadable_pdf"
    EMPTY_PDF = "empty_pdf"
    KEY_TWICE = "key_twice"
    NO_POSTCODE_LINE = "no_postcode_line"
    TOO_BIG = "too_big"
    REFUSED_BY_SERVICE = "refused_by_service"


OF_THE_ADDRESS: Final = frozenset(
    {
        LetterProblem.NO_ADDRESS,
        LetterProblem.TOO_MANY_LINES,
        LetterProblem.LINE_TOO_LONG,
        LetterProblem.CONTROL_IN_ADDRESS,
        LetterProblem.NO_POSTCODE_LINE,
    }
)


def address_problem(lines: tuple[str, ...]) -> LetterProblem | None:
    """What is wrong with an address block, or None (NF Z 10-011: at most 6 lines of 38 characters).

    >>> address_problem(("SARL DUPONT", "1 rue du Port", "44000 NANTES")) is None
    True
    >>> address_problem(("X" * 39, "44000 NANTES"))
    <LetterProblem.LINE_TOO_LONG: 'line_too_long'>
    """
    if not any(line.strip() for line in lines):
        return LetterProblem.NO_ADDRESS
    if len(lines) > ADDRESS_LINES:
        return LetterProblem.TOO_MANY_LINES
    if any(len(line) > LINE_LENGTH for line in lines):
        return LetterProblem.LINE_TOO_LONG
    return None if all(line.isprintable() for line in lines) else LetterProblem.CONTROL_IN_ADDRESS


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One thing that happened to a letter: the service's own code, ours, when, and the tracking number if known."""

    external_id: str
    status: PostalStatus
    code: str
    at: datetime
    number: str | None = None
    raw: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as the service gives it, byte for byte."""

    kind: ProofKind
    external_id: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a service can do."""

    registered: bool
    acknowledgement: bool
    max_octets: int
    max_pages: int


class PostalDownError(Exception):
    """The service cannot be used now, or answers what it never should; holds codes only."""


class PostalConnector(Protocol):
    """A service that prints and posts; each call may be repeated after an outage (`PostalDownError`)."""

    capabilities: Capabilities

    def prepare(self, letter: PostalLetter) -> str | LetterProblem:
        """Put a letter there without sending it; the same key gives the same external id again."""

    def submit(self, external_id: str) -> PostalStatus:
        """Send it, irrevocably; asked again about a letter already sent, it sends nothing and says where it is."""

    def poll(self, external_ids: Iterable[str], since: datetime) -> Iterable[StatusEvent]:
        """What happened to these letters from `since` on; the same event may come twice."""

    def fetch_proofs(self, external_id: str) -> Iterable[Proof]:
        """The proofs that exist by now."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a clerk gave back about one letter: number and day of deposit, and the outcome once it is known."""

    key: str
    case: str
    number: str | None
    deposited_on: date
    outcome: PostalStatus | None = None
    outcome_on: date | None = None
