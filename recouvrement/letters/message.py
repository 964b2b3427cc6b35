"""One message to one debtor, refused at birth when its figures or its kind of debtor do not agree."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from recouvrement.domain.ladder import StepCode
from recouvrement.domain.money import rounded_half_up
from recouvrement.letters.types import (
    FLAT_FEE_CENTS,
    Credit,
    Earlier,
    Line,
    MessageCode,
    PenaltySegment,
    PenaltyTerms,
    Quote,
    RateBasis,
    Receipt,
    Recipient,
    Sender,
    Totals,
    totals_of,
)


@dataclass(frozen=True, slots=True)
class Message:
    """Everything a text may say. `lines` are asked for, `information` is only shown, `credits` are deducted.

    `feed_read_to` is the last day of the bank statements that were read; `reference` the code of the debtor's thread;
    `bank_reference` what the debtor should write on the transfer. `notice_on` is the day of the notice withdrawn. `cause` is
    why the debtor has not paid, as far as it told; `notice_follows` says that its policy has a formal notice to come, `statement_attached`
    that a statement of account goes with the e-mail; `accompanies`, of a statement, names the message that it goes with.

    Raises:
        ValueError: totals differ from the lines, segments from the penalties, a consumer or a debtor of unknown kind
            is asked for professional penalties or 40 €, a formal notice holds an item that is not at that step or has
            no deadline, a demand asks for nothing, or a payment link is not https.
    """

    code: MessageCode
    on: date
    reference: str
    sender: Sender
    recipient: Recipient
    feed_read_to: date
    totals: Totals
    lines: tuple[Line, ...] = ()
    information: tuple[Line, ...] = ()
    credits: tuple[Credit, ...] = ()
    segments: tuple[PenaltySegment, ...] = ()
    terms: PenaltyTerms | None = None
    deadline: date | None = None
    quotes: tuple[Quote, ...] = field(default=(), repr=False)
    earlier: tuple[Earlier, ...] = ()
    receipt: Receipt | None = None
    notice_on: date | None = None
    offers_plan: bool = False
    payment_link: str | None = None
    registered_number: str | None = None
    currency: str = "EUR"
    bank_reference: str | None = None
    cause: str | None = None
    notice_follows: bool = True
    statement_attached: bool = False
    accompanies: MessageCode | None = None

    def __post_init__(self) -> None:
        for check in (_sums_agree, _segments_agree, _kind_allows, _demand_is_one, _notice_is_one, _details_are_there):
            if fault := check(self):
                raise ValueError(f"{self.code}: {fault}")

    @property
    def is_provisional(self) -> bool:
        """Some penalty uses a rate that is not published yet."""
        return any(segment.is_provisional for segment in self.segments)


def _sums_agree(message: Message) -> str | None:
    if message.totals != totals_of(message.lines, message.credits):
        return "the totals are not the sum of the lines"
    if any(credit.amount_cents <= 0 for credit in message.credits):
        return "a credit is a positive amount"
    lines = (*message.lines, *message.information)
    if len({(line.invoice_number, line.due_on) for line in lines}) != len(lines):
        return "an item stands twice in the message"
    if any(line.open_cents > line.amount_cents or line.penalty_settled_cents < 0 for line in lines):
        return "more is open than was invoiced"
    return None


def _segments_agree(message: Message) -> str | None:
    if not message.segments:
        return None
    if message.terms and all(segment.rate_percent != message.terms.rate_percent for segment in message.segments):
        return "the rate stated is not one of those computed with"
    exact: dict[str, Fraction] = defaultdict(Fraction)
    for segment in message.segments:
        if segment.days < 1:
            return "a penalty segment ends before it starts"
        if segment.last_day > message.on:
            return "a penalty runs to after the message's own day"
        exact[segment.invoice_number] += segment.exact_cents
    stated, roundings = Counter[str](), Counter[str]()
    for line in message.lines:
        stated[line.invoice_number] += (
            (line.penalty_cents or 0) + line.penalty_settled_cents + line.penalty_waived_cents
        )
        # One rounding at the end; one more at a payment that took penalties, which a segment ends with.
        segments = sum(segment.invoice_number == line.invoice_number for segment in message.segments)
        roundings[line.invoice_number] += segments if line.penalty_settled_cents else 1
    for number in exact.keys() | stated.keys():
        if abs(rounded_half_up(exact[number]) - stated[number]) >= max(roundings[number], 1):
            return "the penalty segments do not give the penalties of the lines"
    return None


def _kind_allows(message: Message) -> str | None:
    kind, terms = message.recipient.kind, message.terms
    penalties = any(line.penalty_cents for line in message.lines)
    fees = {line.indemnity_cents for line in message.lines} - {0}
    if not kind.is_professional and (terms or message.segments or penalties or fees):
        return f"no professional penalty and no 40 € for kind {kind} (C. com. L441-10)"
    if penalties and terms is None:
        return "penalties are stated without their rate"
    if terms and terms.basis in RateBasis.wrong_for(kind):
        return f"the rate {terms.basis} is not that of kind {kind}"
    if fees - {FLAT_FEE_CENTS} or (fees and message.currency != "EUR"):
        return "the flat fee is 40 € for each invoice (C. com. D441-5)"
    return None


def _demand_is_one(message: Message) -> str | None:
    if not message.code.demands_money:
        return None
    if not message.lines or message.totals.total_cents <= 0:
        return "a demand asks for something"
    if any(line.open_cents <= 0 for line in message.lines):
        return "nothing is open on a line that is demanded"
    return None


def _notice_is_one(message: Message) -> str | None:
    if message.code is not MessageCode.MISE_EN_DEMEURE:
        return None
    if any(line.step is not StepCode.MISE_EN_DEMEURE or line.due_on >= message.on for line in message.lines):
        return "a formal notice demands only what is past due and at that step"
    if message.deadline is None or message.deadline <= message.on:
        return "a formal notice states a deadline after its own day"
    if message.totals.penalties_cents and not message.segments:
        return "a formal notice shows how its penalties were computed"
    return None


def _details_are_there(message: Message) -> str | None:
    if message.code is MessageCode.WITHDRAWAL and not (message.receipt and message.notice_on):
        return "a withdrawal names the notice and the payment"
    if message.accompanies is not None and message.code is not MessageCode.STATEMENT:
        return "a statement alone goes with another message"
    if message.code is MessageCode.RECEIPT_IN_DOUBT and not message.receipt:
        return "a question about a receipt names the receipt"
    if message.payment_link is not None and not message.payment_link.startswith("https://"):
        return "a payment link is https"
    return None
