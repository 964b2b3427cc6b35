"""The statement of account (decompte): every figure of a claim in order of day, with balances that re-add by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from recouvrement.domain.claim import CreditNote
from recouvrement.domain.money import rounded_half_up
from recouvrement.domain.penalty_ledger import Caveat, Imputation, PenaltyLedger, Rounding, Segment
from recouvrement.domain.refusals import Refused


class RowKind(StrEnum):
    """What a row of the statement shows."""

    PRINCIPAL = "principal"
    AWARDED = "awarded"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    INDEMNITY = "indemnity"
    SEGMENT = "segment"
    ROUNDING = "rounding"


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One event with the three balances after it, minor units; interest counts in the balance once it is rounded.

    `change_cents` is what the event added (positive) or took off (negative). A segment changes no balance: its exact
    amount is in `exact_cents`, and the rounding row that follows turns the sum of such amounts into cents.
    """

    on: date
    kind: RowKind
    change_cents: int
    exact_cents: Fraction
    segment: Segment | None
    imputation: Imputation | None
    reference: str
    article: str
    principal_cents: int
    penalty_cents: int
    indemnity_cents: int

    @property
    def total_cents(self) -> int:
        """All three balances."""
        return self.principal_cents + self.penalty_cents + self.indemnity_cents


@dataclass(frozen=True, slots=True)
class StatementItem:
    """One invoice: its number, its ledger and the rows that lead from the first to the last balance."""

    label: str
    ledger: PenaltyLedger
    rows: tuple[StatementRow, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """All invoices of a claim at the end of one day."""

    until: date
    items: tuple[StatementItem, ...]
    principal_cents: int
    penalty_cents: int
    indemnity_cents: int
    provisional: bool
    caveats: tuple[Caveat, ...]

    @property
    def total_cents(self) -> int:
        """What is due in all."""
        return self.principal_cents + self.penalty_cents + self.indemnity_cents


def statement(ledgers: Sequence[tuple[str, PenaltyLedger]]) -> Statement | Refused:
    """Put ledgers made for one day together, each under its invoice number."""
    days = {ledger.until for _, ledger in ledgers}
    if len(days) != 1:
        return Refused(
            "not_one_day",
            "a statement is made up to one day, and these ledgers are not",
            "compute every invoice up to the same day",
        )
    items = tuple(StatementItem(label, ledger, statement_rows(ledger)) for label, ledger in ledgers)
    found = [ledger for _, ledger in ledgers]
    return Statement(
        until=days.pop(),
        items=items,
        principal_cents=sum(ledger.principal_due_cents for ledger in found),
        penalty_cents=sum(ledger.penalty_cents for ledger in found),
        indemnity_cents=sum(ledger.indemnity_cents for ledger in found),
        provisional=any(ledger.provisional for ledger in found),
        caveats=tuple(dict.fromkeys(caveat for ledger in found for caveat in ledger.caveats)),
    )


Event = Segment | Rounding | CreditNote | Imputation


def statement_rows(ledger: PenaltyLedger) -> tuple[StatementRow, ...]:
    """The events of a ledger in order, with balances; the last row holds what the ledger says is due."""
    book = _Book()
    claim = ledger.claim
    book.write(claim.due, RowKind.PRINCIPAL, principal=claim.principal_cents)
    for event in (one for one in _events(ledger) if _day(one) <= claim.due):
        book.play(event)
    if ledger.indemnity_accrued_cents:
        cents, article = ledger.indemnity_accrued_cents, ledger.indemnity_article
        book.write(claim.due + timedelta(days=1), RowKind.INDEMNITY, indemnity=cents, article=article)
    if claim.title is not None and claim.title.awarded_penalty_cents:
        book.write(claim.title.enforceable_on, RowKind.AWARDED, penalty=claim.title.awarded_penalty_cents)
    for event in (one for one in _events(ledger) if _day(one) > claim.due):
        book.play(event)
    return tuple(book.rows)


def _events(ledger: PenaltyLedger) -> list[Event]:
    """Within a day: the segment that ends, credit notes, the rounding, then payments."""
    order: list[tuple[date, int, Event]] = []
    groups = ((0, ledger.segments), (1, ledger.credit_notes), (2, ledger.roundings), (3, ledger.payments))
    for rank, events in groups:
        order += [(_day(event), rank, event) for event in events]
    return [event for _, _, event in sorted(order, key=lambda one: one[:2])]


def _day(event: Event) -> date:
    return event.last if isinstance(event, Segment) else event.on


class _Book:
    """Rows with running balances."""

    def __init__(self) -> None:
        self.rows: list[StatementRow] = []
        self.balances = (0, 0, 0)

    def play(self, event: Event) -> None:
        """Write one event."""
        if isinstance(event, Segment):
            self.write(event.last, RowKind.SEGMENT, segment=event, exact=event.exact_cents, article=event.article)
        elif isinstance(event, Rounding):
            self.write(event.on, RowKind.ROUNDING, penalty=event.cents, exact=event.exact_cents)
        elif isinstance(event, CreditNote):
            self.write(event.on, RowKind.CREDIT_NOTE, principal=-event.cents, reference=event.reference)
        else:
            self.write(
                event.on,
                RowKind.PAYMENT,
                principal=-event.to_principal_cents,
                penalty=-event.to_penalty_cents,
                indemnity=-event.to_indemnity_cents,
                imputation=event,
                reference=event.reference,
            )

    def write(
        self,
        on: date,
        kind: RowKind,
        *,
        principal: int = 0,
        penalty: int = 0,
        indemnity: int = 0,
        exact: Fraction = Fraction(0),
        segment: Segment | None = None,
        imputation: Imputation | None = None,
        reference: str = "",
        article: str = "",
    ) -> None:
        """Add a row and move the balances."""
        changes = (principal, penalty, indemnity)
        self.balances = (self.balances[0] + principal, self.balances[1] + penalty, self.balances[2] + indemnity)
        self.rows.append(
            StatementRow(on, kind, sum(changes), exact, segment, imputation, reference, article, *self.balances)
        )


def re_added(statement_: Statement) -> bool:
    """Whether the rows lead to the totals: what an accountant does with a pencil."""
    last = [item.rows[-1] for item in statement_.items]
    balances = (
        sum(row.principal_cents for row in last),
        sum(row.penalty_cents for row in last),
        sum(row.indemnity_cents for row in last),
    )
    roundings = all(_roundings_agree(item) for item in statement_.items)
    return roundings and balances == (
        statement_.principal_cents,
        statement_.penalty_cents,
        statement_.indemnity_cents,
    )


def _roundings_agree(item: StatementItem) -> bool:
    """Each rounding is the sum of the segments before it, rounded half-up."""
    pending = Fraction(0)
    for row in item.rows:
        if row.kind is RowKind.SEGMENT:
            pending += row.exact_cents
        elif row.kind is RowKind.ROUNDING:
            if rounded_half_up(pending) != row.change_cents:
                return False
            pending = Fraction(0)
    return pending == 0
