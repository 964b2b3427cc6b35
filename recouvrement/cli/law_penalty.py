"""`recouvrement penalty`: the claim balance of one invoice from what is typed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.law_values import day, day_and_euros, euros, law_or_exit, refuse, say
from recouvrement.domain.claim import (
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    Claim,
    ContractRate,
    CreditNote,
    FixedRate,
    Payment,
    PenaltyTerms,
    Title,
    contract_rate,
)
from recouvrement.domain.due_dates import InvoiceDays, check_due
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.domain.rates import rate_units
from recouvrement.domain.refusals import Refused
from recouvrement.domain.statement import Statement, statement
from recouvrement.domain.statement_text import caveat_lines, statement_text
from recouvrement.policy.law import Law
from recouvrement.settings import Settings


class Order(StrEnum):
    """The order in which payments are applied."""

    INTEREST_FIRST = "interest-first"
    PRINCIPAL_FIRST = "principal-first"


class Buyer(StrEnum):
    """Which public buyer, for the length of its term."""

    STATE = "state"
    HEALTH = "health"
    UNDERTAKING = "undertaking"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed about the claim itself."""

    principal: int
    due: date | None
    kind: DebtorKind
    payments: tuple[Payment, ...]
    credit_notes: tuple[CreditNote, ...]
    insolvency: date | None
    notice: date | None
    title: Title | None
    request: date | None
    buyer: Buyer


Day = Annotated[str, typer.Option(metavar="DAY")]
OptionalDay = Annotated[str | None, typer.Option(metavar="DAY")]
Events = Annotated[list[str] | None, typer.Option(metavar="DAY:EUROS")]


def penalty(  # one parameter per option
    principal: Annotated[str, typer.Option(metavar="EUROS", help="Gross amount, with a decimal point.")],
    until: Annotated[str, typer.Option(metavar="DAY", help="Last day counted.")],
    debtor: Annotated[DebtorKind, typer.Option(help="What the debtor is.")],
    due: Annotated[str | None, typer.Option(metavar="DAY", help="Due date.")] = None,
    payment: Events = None,
    credit_note: Events = None,
    rate: Annotated[str | None, typer.Option(help="Contractual rate: 15 (percent a year) or 3x (times legal).")] = None,
    title_enforceable: OptionalDay = None,
    title_rate: Annotated[str | None, typer.Option(help="Rate of the title: legal, or percent a year.")] = None,
    title_interest_from: OptionalDay = None,
    notice: Annotated[str | None, typer.Option(metavar="DAY", help="Day a formal notice was received.")] = None,
    insolvency: Annotated[str | None, typer.Option(metavar="DAY", help="Day of the opening judgment.")] = None,
    request_received: Annotated[str | None, typer.Option(metavar="DAY", help="Public buyer: payment request.")] = None,
    buyer: Annotated[Buyer, typer.Option(help="Public buyer: which term.")] = Buyer.STATE,
    order: Annotated[Order, typer.Option(help="What payments are applied to first.")] = Order.INTEREST_FIRST,
    capitalise_from: OptionalDay = None,
    provisional: Annotated[
        bool | None, typer.Option("--provisional/--no-provisional", help="Carry the last known rate forward.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the statement: fr or en.")] = "fr",
    data: Annotated[Path | None, typer.Option(help="Folder of data.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Compute principal, penalties and the 40 € of one late invoice, with every figure behind them."""
    typed = Typed(
        euros(principal),
        _day(due),
        debtor,
        tuple(Payment(*day_and_euros(text)) for text in payment or ()),
        tuple(CreditNote(*day_and_euros(text)) for text in credit_note or ()),
        _day(insolvency),
        _day(notice),
        _title(title_enforceable, title_rate, title_interest_from),
        _day(request_received),
        buyer,
    )
    terms = _terms(rate, order, capitalise_from, carried=provisional)
    _answer(typed, day(until), terms, data, language, as_json=as_json)


def _answer(typed: Typed, last: date, terms: PenaltyTerms, data: Path | None, language: str, *, as_json: bool) -> None:
    law = law_or_exit(data, as_json=as_json)
    claim = _claim(typed, law)
    ledger = claim if isinstance(claim, Refused) else penalty_ledger(claim, last, law.penalties, terms)
    if not isinstance(ledger, PenaltyLedger):
        refuse(ledger, as_json=as_json)
    _show(ledger, language, as_json=as_json)


def _terms(rate: str | None, order: Order, capitalise_from: str | None, *, carried: bool | None) -> PenaltyTerms:
    return PenaltyTerms(
        rate=_rate(rate),
        order=INTEREST_FIRST if order is Order.INTEREST_FIRST else PRINCIPAL_FIRST,
        capitalise_from=_day(capitalise_from),
        provisional_rates=Settings().provisional_rates if carried is None else carried,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else day(text)


def _rate(text: str | None) -> ContractRate | None:
    try:
        return None if text is None else contract_rate(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _title(enforceable: str | None, rate: str | None, interest_from: str | None) -> Title | None:
    if enforceable is None:
        if rate is not None or interest_from is not None:
            raise typer.BadParameter("--title-rate and --title-interest-from need --title-enforceable DAY")
        return None
    try:
        fixed = None if rate in {None, "legal"} else FixedRate(rate_units(rate or ""))
    except ValueError as error:
        raise typer.BadParameter(f"--title-rate is 'legal' or percent a year: {error}") from None
    return Title(day(enforceable), fixed, _day(interest_from))


def _claim(typed: Typed, law: Law) -> Claim | Refused:
    due = _due(typed, law)
    if isinstance(due, Refused):
        return due
    return Claim(
        typed.principal,
        due,
        typed.kind,
        typed.payments,
        typed.credit_notes,
        typed.insolvency,
        typed.notice,
        typed.title,
    )


def _due(typed: Typed, law: Law) -> date | Refused:
    """The due date typed; a public buyer never owes before its term after the request has run."""
    if typed.request is None:
        if typed.due is None:
            raise typer.BadParameter("give --due DAY (a public buyer: --request-received DAY)")
        return typed.due
    if typed.kind is not DebtorKind.PUBLIC:
        return Refused(
            "request_of_no_public_buyer",
            f"--request-received concerns public buyers, and the debtor is {typed.kind}",
            "leave it out, or say --debtor public",
        )
    check = check_due(typed.due, f"public_{typed.buyer}", law.terms, InvoiceDays(typed.request, request=typed.request))
    return check if isinstance(check, Refused) else max(check.due, check.legal_latest)


def as_object(ledger: PenaltyLedger) -> dict[str, object]:
    """The published JSON of the command."""
    return {
        "principal_due_cents": ledger.principal_due_cents,
        "penalty_cents": ledger.penalty_cents,
        "indemnity_cents": ledger.indemnity_cents,
        "total_cents": ledger.total_cents,
        "provisional": ledger.provisional,
        "segments": [
            {
                "from": segment.first.isoformat(),
                "to": segment.last.isoformat(),
                "days": segment.days,
                "rate_pct": segment.rate_pct,
                "base_cents": segment.base_cents,
                "article": segment.article,
            }
            for segment in ledger.segments
        ],
        "payments": [
            {
                "on": share.on.isoformat(),
                "to_penalty_cents": share.to_penalty_cents,
                "to_indemnity_cents": share.to_indemnity_cents,
                "to_principal_cents": share.to_principal_cents,
            }
            for share in ledger.payments
        ],
    }


def _show(ledger: PenaltyLedger, language: str, *, as_json: bool) -> None:
    whole = statement([("FACTURE" if language == "fr" else "INVOICE", ledger)])
    assert isinstance(whole, Statement)
    say(as_object(ledger), statement_text(whole, language).rstrip("\n"), as_json=as_json)
    if as_json:
        for line in caveat_lines(whole, language):
            typer.echo(line, err=True)
