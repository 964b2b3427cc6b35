"""Made-up messages, one for every text and kind of debtor: to preview texts, to check them, and to test them."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from recouvrement.domain.ladder import Channel, StepCode
from recouvrement.domain.money import rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.letters.message import Message
from recouvrement.letters.types import (
    FLAT_FEE_CENTS,
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

ON = date(2026, 11, 20)
SENDER = Sender(
    name="Atelier Nord Menuiserie",
    address=("14 rue des Tanneurs", "44000 Nantes"),
    city="Nantes",
    contact=Contact("Claire Martin", "compta@atelier-nord.example", "02 40 00 00 00", "Comptabilité clients"),
    account=BankAccount("FR76 3000 6000 0112 3456 7890 189", "Atelier Nord Menuiserie", "AGRIFRPP"),
    email="contact@atelier-nord.example",
    phone="02 40 00 00 01",
    siren="732829320",
    legal_form="SARL",
    capital_cents=1_500_000,
    registry="RCS Nantes",
    vat_number="FR44732829320",
)
NAMES = {
    DebtorKind.BUSINESS: "Hôtel du Port SAS",
    DebtorKind.SOLE_TRADER: "Jeanne Moreau EI",
    DebtorKind.ARTISAN: "Maçonnerie Lefèvre EI",
    DebtorKind.NON_TRADER: "SCI des Cèdres",
    DebtorKind.PUBLIC: "Commune de Saint-Exemple",
    DebtorKind.CONSUMER: "Mme Odile Garçon",
    DebtorKind.UNKNOWN: "Dupont & Fils",
}
STEPS = {code: StepCode(code.value) for code in MessageCode if code.value in set(StepCode)}
FIRM = {MessageCode.FIRM_REMINDER, MessageCode.LAST_REMINDER, MessageCode.MISE_EN_DEMEURE}


def specimen(
    code: MessageCode, kind: DebtorKind = DebtorKind.BUSINESS, language: str = "fr", *, rich: bool = True
) -> Message:
    """Return a message of that text, kind and language; `rich` adds several invoices, credits, quotes and more."""
    professional_and_firm = kind.is_professional and code in FIRM
    bare = _lines(code, 3 if rich else 1)
    lines = tuple(_with_penalty(line, kind) for line in bare) if professional_and_firm else bare
    credits_ = (Credit("AV-2026-017", date(2026, 10, 5), 12_000),) if rich and code.demands_money else ()
    is_early = code in {MessageCode.COURTESY, MessageCode.FRIENDLY_REMINDER}
    return Message(
        code=code,
        on=ON,
        reference="D-00042",
        sender=SENDER,
        recipient=_recipient(kind, language),
        feed_read_to=date(2026, 11, 19),
        totals=totals_of(lines, credits_),
        lines=lines,
        information=_other(code) if rich else (),
        credits=credits_,
        segments=tuple(_segment(line, kind) for line in lines) if professional_and_firm else (),
        terms=_terms(kind) if professional_and_firm else None,
        deadline=date(2026, 12, 4) if code in FIRM else None,
        quotes=_quotes() if rich and not is_early else (),
        earlier=() if is_early or not rich else _earlier(),
        receipt=Receipt(date(2026, 11, 17), 184_250),
        notice_on=date(2026, 11, 18),
        offers_plan=rich,
        payment_link="https://pay.example/c/5f2c9a" if rich else None,
    )


def _recipient(kind: DebtorKind, language: str) -> Recipient:
    address = ("Service comptabilité fournisseurs", "3 quai de la Fosse", "44100 Nantes")
    return Recipient(NAMES[kind], kind, language, address, "compta@debiteur.example", "02 51 00 00 00")


def _lines(code: MessageCode, count: int) -> tuple[Line, ...]:
    step = STEPS.get(code, StepCode.FRIENDLY_REMINDER)
    due = ON + timedelta(days=7) if code is MessageCode.COURTESY else date(2026, 9, 30)
    bare = [
        Line("FA-2026-0412", due - timedelta(days=30), due, 184_250, 184_250, step),
        Line("FA-2026-0431", due - timedelta(days=28), due + timedelta(days=2), 96_000, 46_000, step),
        Line("FA-2026-0467", due - timedelta(days=23), due + timedelta(days=7), 1_204_890, 1_204_890, step),
    ][:count]
    if code is MessageCode.WITHDRAWAL:
        return tuple(replace(line, open_cents=0) for line in bare)
    return tuple(bare)


def _with_penalty(line: Line, kind: DebtorKind) -> Line:
    penalty = rounded_half_up(_segment(line, kind).exact_cents)
    return replace(line, penalty_cents=penalty, indemnity_cents=FLAT_FEE_CENTS)


def _segment(line: Line, kind: DebtorKind) -> PenaltySegment:
    first = line.due_on + timedelta(days=1)
    return PenaltySegment(line.invoice_number, first, ON, line.open_cents, _terms(kind).rate_percent)


def _terms(kind: DebtorKind) -> PenaltyTerms:
    if kind is DebtorKind.PUBLIC:
        return PenaltyTerms(RateBasis.PUBLIC_RATE, Fraction(1040, 100))
    return PenaltyTerms(RateBasis.DEFAULT_RATE, Fraction(124, 10))


def _other(code: MessageCode) -> tuple[Line, ...]:
    if code in {MessageCode.STATEMENT, MessageCode.RECEIPT_IN_DOUBT}:
        return ()
    return (Line("FA-2026-0502", date(2026, 10, 26), date(2026, 11, 25), 58_000, 58_000, StepCode.COURTESY),)


def _quotes() -> tuple[Quote, ...]:
    words = "Le virement partira vendredi, vous pouvez compter dessus."
    return (Quote(QuoteKind.PROMISE, date(2026, 11, 3), words, 300_000, date(2026, 11, 6)),)


def _earlier() -> tuple[Earlier, ...]:
    return (
        Earlier(date(2026, 10, 3), StepCode.FRIENDLY_REMINDER, Channel.EMAIL),
        Earlier(date(2026, 10, 15), StepCode.FIRM_REMINDER, Channel.EMAIL),
        Earlier(date(2026, 10, 30), StepCode.LAST_REMINDER, Channel.LETTER),
    )
