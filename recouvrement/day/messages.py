"""A decision into the message that carries it: parties, lines, money, and what the law adds."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from recouvrement.day.claims import claim_ledger
from recouvrement.day.house import House
from recouvrement.domain.claim import INTEREST_FIRST, PRINCIPAL_FIRST
from recouvrement.domain.contact_states import LEFT, ContactState
from recouvrement.domain.escalation import PlannedContact
from recouvrement.domain.holidays_fr import add_working_days, next_working_day
from recouvrement.domain.ladder import Channel, Stage, StepCode
from recouvrement.domain.money import plain, rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import PenaltyLedger, Segment
from recouvrement.domain.policy import RECEIPT_IN_DOUBT, Policy, Step
from recouvrement.domain.position import DebtorPosition, ItemPosition
from recouvrement.domain.rates import UNITS_PER_PERCENT
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.assignments import assignee_accounts
from recouvrement.ledger.item_details import applied_to, contacts_of_debtor, item_details
from recouvrement.ledger.promises import broken_promises
from recouvrement.ledger.waivers import waivers_of
from recouvrement.letters.message import Message
from recouvrement.letters.types import (
    BankAccount,
    Contact,
    Credit,
    Earlier,
    Line,
    MessageCode,
    PenaltySegment,
    PenaltyTerms,
    Quote,
    QuoteKind,
    RateBasis,
    Receipt,
    Recipient,
    Sender,
    totals_of,
)

STEPS_WITH_WORDS = {code.value for code in StepCode}


@dataclass(frozen=True, slots=True)
class Scene:
    """What every message of a run shares: the creditor, its policy, the day, what is known."""

    house: House
    connection: Connection
    creditor: Any
    on: date
    as_of: AsOf


def message_for(scene: Scene, position: DebtorPosition, contact: PlannedContact, debtor: Any) -> Message:
    """Build the message of a planned contact.

    Raises ValueError when figures do not agree or a contact to reach is missing: the caller sets the case aside.
    """
    policy = contact.ladder
    step = policy.step(contact.step)
    assert step is not None
    own_step = {item: code for item, code, _ in contact.items}
    ids = [*own_step, *contact.informed]
    details = item_details(scene.connection, ids, scene.as_of)
    applied = applied_to(scene.connection, ids, scene.as_of)
    positions = {item.id: item for item in position.items}
    kind = DebtorKind(debtor.kind)
    stated = _claims(scene, step, kind, [details[i] for i in own_step if not positions[i].disputed_cents], applied)
    lines = tuple(_line(details[i], positions[i], own_step[i], stated.get(i), step) for i in own_step)
    information = tuple(
        _line(details[i], positions[i], _reached(positions[i], policy), None, step) for i in contact.informed
    )
    credit = _credits(scene, position, contact.currency)
    segments = tuple(s for i in own_step if i in stated for s in _segments(details[i], stated[i]))
    return Message(
        code=code_of(step, contact.channel),
        on=scene.on,
        reference=f"D-{debtor.code}",
        sender=_paid_to(sender_of(scene.creditor), scene, [details[item].invoice_id for item in own_step]),
        recipient=recipient_of(debtor),
        feed_read_to=position.feed_to or scene.on,
        totals=totals_of(lines, credit),
        lines=lines,
        information=information,
        credits=credit,
        segments=segments,
        terms=_terms(kind, stated) if stated else None,
        deadline=deadline_of(step, policy, kind, on=scene.on),
        quotes=_promises(scene, debtor.debtor_id),
        earlier=_earlier(scene, debtor.debtor_id),
        offers_plan=step.stage is Stage.FIRM,
        receipt=_receipt(position) if step is RECEIPT_IN_DOUBT else None,
        currency=contact.currency,
        cause=position.cause,
        notice_follows=any(s.stage is Stage.FORMAL_NOTICE for s in policy.steps),
        payment_link=payment_link(scene, debtor, lines, totals_of(lines, credit).total_cents, contact.currency),
    )


def payment_link(scene: Scene, debtor: Any, lines: tuple[Line, ...], cents: int, currency: str) -> str | None:
    """Where the debtor may pay online: the pattern of the settings with its values filled in, or None."""
    pattern = scene.house.settings.payment_link
    if not pattern or cents <= 0:
        return None
    invoice = lines[0].invoice_number if len(lines) == 1 else ""
    values = {"reference": f"D-{debtor.code}", "invoice": invoice, "amount": plain(cents), "currency": currency}
    return pattern.format_map({name: quote(value, safe="") for name, value in values.items()})


def code_of(step: Step, channel: Channel) -> MessageCode:
    """The text of a step through a channel: a call sheet is for us alone, so a call made in writing has words of its own."""
    code = MessageCode(step.template)
    return MessageCode.CALL_IN_WRITING if code is MessageCode.CALL and channel is not Channel.CALL else code


def _paid_to(sender: Sender, scene: Scene, invoices: list[str]) -> Sender:
    """The sender with the account to pay: the assignee's where the invoices were assigned and we collect for it.

    Raises ValueError when one message would ask for payment on two accounts.
    """
    accounts = assignee_accounts(scene.connection, invoices, scene.as_of)
    wanted = {accounts.get(invoice) for invoice in invoices}
    if wanted <= {None}:
        return sender
    if len(wanted) > 1:
        raise ValueError("invoices of one message are paid on different accounts")
    return replace(sender, account=BankAccount(str(wanted.pop()), sender.name, None))


def sender_of(creditor: Any) -> Sender:
    """The creditor as its letters show it."""
    lines = tuple(line for line in creditor.address.split("\n") if line)
    capital = 100 * int(creditor.capital) if creditor.capital and str(creditor.capital).isdigit() else None
    return Sender(
        name=creditor.name,
        address=lines,
        city=lines[-1].split(" ", 1)[-1] if lines else "",
        contact=Contact(creditor.contact_name or creditor.name, creditor.email, creditor.phone),
        account=BankAccount(creditor.iban or "", creditor.name, creditor.bic),
        email=creditor.email,
        phone=creditor.phone,
        siren=creditor.siren,
        legal_form=creditor.legal_form,
        capital_cents=capital,
        registry=creditor.registry,
        vat_number=creditor.vat_number,
    )


def recipient_of(debtor: Any) -> Recipient:
    """The debtor as addressed."""
    lines = tuple(line for line in debtor.address.split("\n") if line)
    return Recipient(
        debtor.name, DebtorKind(debtor.kind), debtor.language, lines, debtor.email, debtor.phone, debtor.country
    )


def _claims(
    scene: Scene, step: Step, kind: DebtorKind, details: list[Any], applied: dict[str, list[Any]]
) -> dict[str, PenaltyLedger]:
    """The penalties a step states, by item: none for those who owe none, nor where a rate is missing.

    A formal notice states the claim balance (penalties first, Civil Code 1343-1); a reminder the open principal.
    """
    if not (step.claims_penalties and kind.is_professional):
        return {}
    found: dict[str, PenaltyLedger] = {}
    waived = waivers_of(scene.connection, [detail.id for detail in details], scene.as_of)
    for detail in details:
        claim = claim_ledger(
            detail,
            applied[detail.id],
            kind,
            scene.house.law.penalties,
            until=scene.on,
            provisional=scene.house.settings.provisional_rates,
            order=INTEREST_FIRST if step.alone else PRINCIPAL_FIRST,
            waived=waived.get(detail.id, ()),
        )
        if isinstance(claim, PenaltyLedger):
            found[detail.id] = claim
    return found


def _line(detail: Any, item: ItemPosition, own: str, claim: PenaltyLedger | None, step: Step) -> Line:
    code = StepCode(own) if own in STEPS_WITH_WORDS else StepCode.FRIENDLY_REMINDER
    number = detail.number if detail.rank == 1 else f"{detail.number}/{detail.rank}"
    demanded = item.open_cents - item.disputed_cents
    if claim is None:
        return Line(number, detail.issue_on, detail.due_on, detail.amount_cents, demanded, code)
    principal = claim.principal_due_cents if step.alone else demanded
    settled = claim.penalty_accrued_cents - claim.penalty_cents - claim.waived_penalty_cents
    # a payment that took no penalty leaves nothing to round at: what stands here is the sum of the rows, rounded once
    penalty = (
        claim.penalty_cents
        if settled or claim.waived_penalty_cents
        else rounded_half_up(sum((s.exact_cents for s in claim.segments), Fraction()))
    )
    return Line(
        number,
        detail.issue_on,
        detail.due_on,
        detail.amount_cents,
        principal,
        code,
        penalty,
        claim.indemnity_cents,
        settled,
        claim.waived_penalty_cents,
    )


def _segments(detail: Any, claim: PenaltyLedger) -> list[PenaltySegment]:
    number = detail.number if detail.rank == 1 else f"{detail.number}/{detail.rank}"
    return [_segment(number, s) for s in claim.segments]


def _segment(number: str, s: Segment) -> PenaltySegment:
    return PenaltySegment(
        number, s.first, s.last, s.base_cents, Fraction(s.rate_units, UNITS_PER_PERCENT), s.provisional
    )


def _terms(kind: DebtorKind, claims: dict[str, PenaltyLedger]) -> PenaltyTerms | None:
    last = [claim.segments[-1] for claim in claims.values() if claim.segments]
    if not last:
        return None
    rate = max(last, key=lambda s: s.last).rate_units
    basis = RateBasis.PUBLIC_RATE if kind is DebtorKind.PUBLIC else RateBasis.DEFAULT_RATE
    return PenaltyTerms(basis, Fraction(rate, UNITS_PER_PERCENT))


def post_by(step: Step, policy: Policy, kind: DebtorKind, deadline: date | None) -> date | None:
    """The last day on which posting keeps a printed deadline true: transit and the days to pay still fit before it."""
    return None if deadline is None else deadline - timedelta(days=policy.transit_days + days_to_pay(step, kind))


def days_to_pay(step: Step, kind: DebtorKind) -> int:
    """The days that a notice leaves to pay; more to a consumer where the step says so."""
    return step.days_to_pay_consumer if kind is DebtorKind.CONSUMER and step.days_to_pay_consumer else step.days_to_pay


def deadline_of(step: Step, policy: Policy, kind: DebtorKind, *, on: date) -> date | None:
    """The printed deadline of a notice: posting on the last day the policy allows for, transit, then the days to pay, on a working day."""
    days = days_to_pay(step, kind)
    if not days:
        return None
    return next_working_day(add_working_days(on, policy.posting_days) + timedelta(days=policy.transit_days + days))


def _reached(item: ItemPosition, policy: Policy) -> str:
    gone = [t.step for t in item.taken if t.state in LEFT]
    return gone[-1] if gone else policy.steps[0].code


def _credits(scene: Scene, position: DebtorPosition, currency: str) -> tuple[Credit, ...]:
    notes = [item for item in position.items if item.open_cents < 0 and item.currency == currency]
    details = item_details(scene.connection, [item.id for item in notes], scene.as_of)
    found = [Credit(details[i.id].number, details[i.id].issue_on, -i.open_cents) for i in notes]
    money = sum(cents for code, cents in position.credit_cents if code == currency)
    if money > 0:
        found.append(Credit("", position.feed_to or scene.on, money, is_credit_note=False))
    return tuple(found)


def _receipt(position: DebtorPosition) -> Receipt:
    """The oldest receipt in doubt: the one that is asked about."""
    _, booked, cents = min(position.doubts, key=lambda doubt: (doubt[1], doubt[0]))
    return Receipt(booked, cents)


def _promises(scene: Scene, debtor_id: str) -> tuple[Quote, ...]:
    """The last promise that was not kept: one that was is never thrown back at the debtor."""
    rows = broken_promises(scene.connection, debtor_id, scene.as_of)
    return tuple(
        Quote(
            QuoteKind.PROMISE,
            p.effective_on,
            promised_cents=p.amount_cents,
            promised_by=p.due_on,
            received_cents=p.received_cents or None,
        )
        for p in rows[-1:]
    )


def _earlier(scene: Scene, debtor_id: str) -> tuple[Earlier, ...]:
    rows = contacts_of_debtor(scene.connection, debtor_id, scene.as_of)
    gone = [
        r for r in rows if ContactState(r.state) in LEFT and r.business_day < scene.on and r.step in STEPS_WITH_WORDS
    ]
    return tuple(Earlier(r.business_day, StepCode(r.step), Channel(r.channel)) for r in gone[-5:])
