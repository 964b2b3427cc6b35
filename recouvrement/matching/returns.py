"""Returned payments: a debit that takes back one past credit, found by amount, account and words; then it is undone."""

from datetime import date

from recouvrement.matching.book import Book
from recouvrement.matching.names import match_quality
from recouvrement.matching.reading import LineKind, Reading, read_line
from recouvrement.matching.types import Credit, Doubt, Method, Outcome, Reason, Verdict

NEAR_DAYS = 60
NOT_THE_AMOUNT = 60


def find_return(book: Book, reading: Reading) -> Outcome:
    """The outcome of one debit: the payment it takes back, candidates to choose from, or not a customer's."""
    line = reading.credit
    if reading.kind is not LineKind.RETURNED:
        return Outcome(line.id, Verdict.NOT_A_CUSTOMER, reasons=(Reason.OTHER_INCOME.value,))
    scored = _scored(book, reading, -line.amount_cents)
    with_fee = not scored or scored[0][0] <= 0
    if with_fee:
        scored = _scored_with_fee(book, reading)
    if not scored or scored[0][0] <= 0:
        return Outcome(line.id, Verdict.UNKNOWN, reasons=(Reason.RETURN_NOT_FOUND.value,))
    reasons = (Reason.RETURNED_PAYMENT.value, *((Reason.RETURN_FEE.value,) if with_fee else ()))
    best = scored[0]
    rivals = [s for s in scored[1:] if s[0] >= best[0] - 20]
    payment = book.past.get(best[2])
    doubts = (Doubt(payment.debtor_id, Reason.RETURNED_PAYMENT.value),) if payment else ()
    if rivals or (payment and payment.confirmed):
        return Outcome(line.id, Verdict.PROPOSED, reasons=reasons, doubts=doubts, undoes=best[2])
    return Outcome(
        line.id,
        Verdict.REVERSAL,
        debtor_id=payment.debtor_id if payment else "",
        score=min(best[0] * 3, 1000),
        method=Method.RETURNED_PAYMENT,
        reasons=reasons,
        undoes=best[2],
    )


def _scored(book: Book, reading: Reading, cents: int) -> list[tuple[int, date, str]]:
    """Past and waiting credits of exactly this amount that the debit may take back, the likeliest first."""
    line = reading.credit
    past = [book.past[i].credit for i in book.past_amount.get((line.currency, cents), ())]
    past += [book.receipts[i] for i in book.receipts_of.get((line.currency, cents), ())]
    near = [c for c in past if 0 <= (line.booking_on - c.booking_on).days <= book.rules.reversal_days]
    return sorted(((_likeness(reading, c), c.booking_on, c.id) for c in near), reverse=True)


def _scored_with_fee(book: Book, reading: Reading) -> list[tuple[int, date, str]]:
    """Credits a bank's fee below the debit: the amount alone tells nothing, so the words or the account must agree."""
    debited = -reading.credit.amount_cents
    lowest = max(debited - book.rules.return_fee_cents, debited // 2)
    found = [s for cents in range(lowest, debited) for s in _scored(book, reading, cents)]
    return sorted(((score - NOT_THE_AMOUNT, day, i) for score, day, i in found), reverse=True)


def _likeness(reading: Reading, past: Credit) -> int:
    """How much a debit resembles the credit it may take back: same day count, account, words."""
    line = reading.credit
    days = (line.booking_on - past.booking_on).days
    score = 60 if days <= NEAR_DAYS else 20
    if line.account != past.account:
        score -= 30
    if line.counterparty_iban and past.counterparty_iban:
        score += 100 if line.counterparty_iban == past.counterparty_iban else -100
    earlier = read_line(past)
    shared = sum(
        1
        for w in reading.name
        if any(match_quality(w, o, last=True) or match_quality(o, w, last=True) for o in earlier.name)
    )
    if reading.name and earlier.name:
        score += 60 * shared - 60 * (len(reading.name) - shared)
    numbers = {f.text for f in reading.fragments if any(c.isdigit() for c in f.text)}
    score += 60 * len(numbers & {f.text for f in earlier.fragments})
    return score
