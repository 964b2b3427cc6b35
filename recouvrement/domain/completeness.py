"""Is there enough on paper? The evidence checklist of one invoice, a score with a stated meaning, and the gate.

Source of the list: what a French court or bailiff expects behind an unpaid invoice (civ. 1353, 1359, 1363; C. com.
L110-3, L441-9; CPC 1407), arranged by the kind of debtor: proof is free against a trader and written against others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recouvrement.domain.parties import DebtorKind


class EvidenceKind(StrEnum):
    """What a document proves; the order of the members is the order of the exhibits in a case file."""

    CONTRACT = "contract"
    GENERAL_TERMS = "general_terms"
    QUOTE = "quote"
    ORDER = "order"
    DELIVERY_NOTE = "delivery_note"
    ACCEPTANCE_REPORT = "acceptance_report"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    INVOICE_STATUS = "invoice_status"
    STATEMENT = "statement"
    REMINDER = "reminder"
    CALL_NOTE = "call_note"
    FORMAL_NOTICE = "formal_notice"
    DEPOSIT_PROOF = "deposit_proof"
    DELIVERY_PROOF = "delivery_proof"
    REPLY = "reply"
    ACKNOWLEDGMENT = "acknowledgment"
    INSTALMENT_PLAN = "instalment_plan"
    IDENTITY = "identity"
    INSOLVENCY_CHECK = "insolvency_check"
    OTHER = "other"


class Requirement(StrEnum):
    """One line of the checklist; several kinds of document may answer the same line."""

    COMMITMENT = "commitment"
    ACCEPTED_TERMS = "accepted_terms"
    DELIVERY = "delivery"
    INVOICE = "invoice"
    INVOICE_MENTIONS = "invoice_mentions"
    STATEMENT = "statement"
    REMINDERS = "reminders"
    FORMAL_NOTICE = "formal_notice"
    NOTICE_PROOF = "notice_proof"
    REPLIES = "replies"
    IDENTITY = "identity"
    INSOLVENCY_CHECK = "insolvency_check"


class Bringer(StrEnum):
    """Who must bring what is missing."""

    SALES = "sales"
    DELIVERY_STAFF = "delivery_staff"
    ACCOUNTS = "accounts"
    CREDIT_CONTROL = "credit_control"
    SOFTWARE = "software"


class Standing(StrEnum):
    """How one line of the checklist stands."""

    PRESENT = "present"
    MISSING = "missing"
    WAIVED = "waived"


ANSWERS: Mapping[Requirement, frozenset[EvidenceKind]] = {
    Requirement.COMMITMENT: frozenset(
        {EvidenceKind.QUOTE, EvidenceKind.ORDER, EvidenceKind.CONTRACT, EvidenceKind.ACKNOWLEDGMENT}
    ),
    Requirement.ACCEPTED_TERMS: frozenset({EvidenceKind.GENERAL_TERMS, EvidenceKind.CONTRACT}),
    Requirement.DELIVERY: frozenset({EvidenceKind.DELIVERY_NOTE, EvidenceKind.ACCEPTANCE_REPORT}),
    Requirement.INVOICE: frozenset({EvidenceKind.INVOICE}),
    Requirement.STATEMENT: frozenset({EvidenceKind.STATEMENT}),
    Requirement.REMINDERS: frozenset({EvidenceKind.REMINDER}),
    Requirement.FORMAL_NOTICE: frozenset({EvidenceKind.FORMAL_NOTICE}),
    Requirement.NOTICE_PROOF: frozenset({EvidenceKind.DEPOSIT_PROOF, EvidenceKind.DELIVERY_PROOF}),
    Requirement.IDENTITY: frozenset({EvidenceKind.IDENTITY}),
    Requirement.INSOLVENCY_CHECK: frozenset({EvidenceKind.INSOLVENCY_CHECK}),
}
"""Documents that answer a line; INVOICE_MENTIONS and REPLIES are read from facts, not from a kind of document."""

OF_THE_DAY = frozenset({EvidenceKind.IDENTITY, EvidenceKind.INSOLVENCY_CHECK})
FRESH_DAYS = 30
"""An extract of a register and a look at insolvency notices speak of their day: older than this they prove nothing now."""

SIGNATURE_MATTERS = frozenset({Requirement.COMMITMENT, Requirement.ACCEPTED_TERMS, Requirement.DELIVERY})
"""Lines where an unsigned paper proves little against someone who is not a trader (civ. 1119, 1359, 1363)."""

BRINGERS: Mapping[Requirement, Bringer] = {
    Requirement.COMMITMENT: Bringer.SALES,
    Requirement.ACCEPTED_TERMS: Bringer.SALES,
    Requirement.DELIVERY: Bringer.DELIVERY_STAFF,
    Requirement.INVOICE: Bringer.ACCOUNTS,
    Requirement.INVOICE_MENTIONS: Bringer.ACCOUNTS,
    Requirement.STATEMENT: Bringer.SOFTWARE,
    Requirement.REMINDERS: Bringer.CREDIT_CONTROL,
    Requirement.FORMAL_NOTICE: Bringer.CREDIT_CONTROL,
    Requirement.NOTICE_PROOF: Bringer.CREDIT_CONTROL,
    Requirement.REPLIES: Bringer.CREDIT_CONTROL,
    Requirement.IDENTITY: Bringer.CREDIT_CONTROL,
    Requirement.INSOLVENCY_CHECK: Bringer.CREDIT_CONTROL,
}

WEIGHTS: Mapping[Requirement, int] = {
    Requirement.COMMITMENT: 200,
    Requirement.ACCEPTED_TERMS: 70,
    Requirement.DELIVERY: 200,
    Requirement.INVOICE: 150,
    Requirement.INVOICE_MENTIONS: 50,
    Requirement.STATEMENT: 40,
    Requirement.REMINDERS: 60,
    Requirement.FORMAL_NOTICE: 80,
    Requirement.NOTICE_PROOF: 80,
    Requirement.REPLIES: 20,
    Requirement.IDENTITY: 25,
    Requirement.INSOLVENCY_CHECK: 25,
}
"""Weights out of 1000: what the debtor agreed to and received weighs most, since nobody makes his own title."""

WEIGHTS_OF_WRITING = {**WEIGHTS, Requirement.COMMITMENT: 250, Requirement.REMINDERS: 40, Requirement.STATEMENT: 10}
"""Where a written proof is due (civ. 1359: not against a trader), the signed commitment weighs more."""


@dataclass(frozen=True, slots=True)
class InvoiceEvidence:
    """What is known of one invoice's papers.

    `documents` are kinds held for it (contracts and terms of the whole relation included), `signed` those that carry
    the debtor's signature or acceptance. `mentions_missing` names mandatory mentions found absent from the invoice.
    `unread_replies` counts answers of the debtor that nobody has read. `waived` gives the reason of each waiver.
    """

    invoice: str
    debtor_kind: DebtorKind
    documents: frozenset[EvidenceKind]
    signed: frozenset[EvidenceKind] = frozenset()
    mentions_missing: tuple[str, ...] = ()
    unread_replies: int = 0
    waived: Mapping[Requirement, str] | None = None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the checklist: how it stands, why, and who must bring it when it is missing."""

    requirement: Requirement
    standing: Standing
    reason: str
    bringer: Bringer | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole checklist of one invoice and its score in per mille (1000: every line is present on paper)."""

    invoice: str
    lines: tuple[CheckLine, ...]
    score: int

    def line(self, requirement: Requirement) -> CheckLine:
        """The line of a requirement."""
        return next(line for line in self.lines if line.requirement is requirement)

    @property
    def missing(self) -> tuple[CheckLine, ...]:
        """The lines that are neither present nor waived."""
        return tuple(line for line in self.lines if line.standing is Standing.MISSING)


@dataclass(frozen=True, slots=True)
class GateOpen:
    """The act may go on as far as evidence is concerned; `waived` are demands that someone set aside, with reasons."""

    waived: tuple[CheckLine, ...] = ()
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class GateShut:
    """The act waits for these lines of these invoices."""

    missing: tuple[tuple[str, CheckLine], ...]
    is_open: bool = False


def writing_is_due(kind: DebtorKind) -> bool:
    """Whether proof must be written (civ. 1359).

    Against a trader it is free (C. com. L110-3); an artisan and an unknown are treated as owed a writing.
    """
    return kind not in {DebtorKind.BUSINESS, DebtorKind.SOLE_TRADER}


def still_proves(kind: str, filed_on: date, on: date) -> bool:
    """Whether a document filed on a day still counts on another; only checks of the day age.

    >>> still_proves("insolvency_check", date(2026, 1, 1), date(2026, 3, 1)), still_proves("order", date.min, date.max)
    (False, True)
    """
    return kind not in OF_THE_DAY or (on - filed_on).days <= FRESH_DAYS


def _standing(evidence: InvoiceEvidence, requirement: Requirement) -> tuple[bool, str]:
    """Whether one line is met by what is held, and a reason that a person can read."""
    if requirement is Requirement.INVOICE_MENTIONS:
        if Requirement.INVOICE.value not in evidence.documents:
            return False, "no invoice to read the mentions from"
        return not evidence.mentions_missing, ", ".join(evidence.mentions_missing) or "no mention found missing"
    if requirement is Requirement.REPLIES:
        unread = evidence.unread_replies
        return unread == 0, f"{unread} replies unread" if unread else "every reply has been read"
    held = ANSWERS[requirement] & evidence.documents
    if not held:
        return False, "none held of: " + ", ".join(sorted(ANSWERS[requirement]))
    if requirement in SIGNATURE_MATTERS and writing_is_due(evidence.debtor_kind) and not held & evidence.signed:
        return False, "held but not signed or accepted by the debtor: " + ", ".join(sorted(held))
    return True, ", ".join(sorted(held))


def lines_met(kind: EvidenceKind, debtor: DebtorKind, *, signed: bool) -> frozenset[Requirement]:
    """The lines of the checklist that one document meets by itself against a kind of debtor.

    >>> sorted(lines_met(EvidenceKind.ORDER, DebtorKind.BUSINESS, signed=False))
    [<Requirement.COMMITMENT: 'commitment'>]
    >>> lines_met(EvidenceKind.ORDER, DebtorKind.CONSUMER, signed=False)
    frozenset()
    """
    bare = writing_is_due(debtor) and not signed
    return frozenset(
        line for line, answers in ANSWERS.items() if kind in answers and not (bare and line in SIGNATURE_MATTERS)
    )


def checklist(evidence: InvoiceEvidence) -> Checklist:
    """The checklist of one invoice, every line, in the order of `Requirement`.

    A waiver covers a missing line only (what is present stays present) and must have a reason: ValueError on an empty
    one. The score is the sum of the weights of the lines that are present, in per mille; a waived line earns nothing,
    so that a score of 1000 means that every paper is there, whatever a person accepted to do without.

    >>> held = frozenset({EvidenceKind.ORDER, EvidenceKind.INVOICE})
    >>> made = checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, held))
    >>> made.score, [line.requirement.value for line in made.missing][:2], made.missing[1].bringer.value
    (420, ['accepted_terms', 'delivery'], 'delivery_staff')
    """
    waived = evidence.waived or {}
    if not all(reason.strip() for reason in waived.values()):
        raise ValueError("a waiver needs a reason")
    lines = tuple(_line(evidence, requirement, waived.get(requirement)) for requirement in Requirement)
    weights = WEIGHTS_OF_WRITING if writing_is_due(evidence.debtor_kind) else WEIGHTS
    score = sum(weights[line.requirement] for line in lines if line.standing is Standing.PRESENT)
    return Checklist(evidence.invoice, lines, score)


def _line(evidence: InvoiceEvidence, requirement: Requirement, waiver: str | None) -> CheckLine:
    met, reason = _standing(evidence, requirement)
    if met:
        return CheckLine(requirement, Standing.PRESENT, reason)
    if waiver is not None:
        return CheckLine(requirement, Standing.WAIVED, waiver)
    return CheckLine(requirement, Standing.MISSING, reason, BRINGERS[requirement])


def gate(checklists: Iterable[Checklist], demanded: frozenset[Requirement]) -> GateOpen | GateShut:
    """May the act go on? Every line that the policy demands must be present or waived, for every invoice of the act.

    The policy gives `demanded` for the formal notice and for the hand-off apart; a line that it does not demand never
    shuts the gate, whatever it lowers in the score.

    >>> made = checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, frozenset({EvidenceKind.INVOICE})))
    >>> gate([made], frozenset({Requirement.INVOICE})).is_open
    True
    >>> shut = gate([made], frozenset({Requirement.INVOICE, Requirement.DELIVERY}))
    >>> shut.is_open, [(invoice, line.requirement.value) for invoice, line in shut.missing]
    (False, [('F-1', 'delivery')])
    """
    looked_at = [(each.invoice, line) for each in checklists for line in each.lines if line.requirement in demanded]
    missing = tuple(pair for pair in looked_at if pair[1].standing is Standing.MISSING)
    if missing:
        return GateShut(missing)
    return GateOpen(tuple(line for _, line in looked_at if line.standing is Standing.WAIVED))


def score_of_case(checklists: Iterable[Checklist]) -> int:
    """The score of several invoices together: the lowest, since a case is as weak as its weakest invoice; 0 for none.

    >>> score_of_case([])
    0
    """
    return min((each.score for each in checklists), default=0)
