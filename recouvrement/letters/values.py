"""What a text may use: every value of a message, already written in its language. templates/README.md lists them."""

from recouvrement.domain.ladder import StepCode
from recouvrement.domain.parties import DebtorKind
from recouvrement.letters.message import Message
from recouvrement.letters.types import Line
from recouvrement.letters.words import Words

Value = str | int | bool | None | dict[str, str | None] | list[dict[str, str | None]]


def values_of(message: Message, words: Words) -> dict[str, Value]:
    """Return the values by name; absent facts are None, so that a text must ask before printing them."""
    return {
        **_parties(message, words),
        **_amounts(message, words),
        **_situation(message, words),
        "on": words.day(message.on),
        "feed_read_to": words.day(message.feed_read_to),
        "deadline": words.day(message.deadline) if message.deadline else None,
        "notice_on": words.day(message.notice_on) if message.notice_on else None,
        "quotes": _quotes(message, words),
        **_reminders(message, words),
        "terms": _terms(message, words),
        "receipt": _receipt(message, words),
    }


def _reminders(message: Message, words: Words) -> dict[str, Value]:
    # A note before the due date reminded of nothing; a letter and an e-mail of one day are one reminder.
    days = sorted({each.on for each in message.earlier if each.step is not StepCode.COURTESY})
    return {"earlier_dates": words.days(days) if days else None, "one_earlier": len(days) == 1}


def _parties(message: Message, words: Words) -> dict[str, Value]:
    sender, recipient, kind = message.sender, message.recipient, message.recipient.kind
    code = recipient.language[:2].lower()
    return {
        "sender": sender.name,
        "reference": message.reference,
        "contact": {"name": sender.contact.name, "email": sender.contact.email, "phone": sender.contact.phone},
        "privacy_contact": sender.privacy_email or sender.contact.email or sender.email or ", ".join(sender.address),
        "recipient": recipient.name,
        "recipient_phone": recipient.phone,
        "recipient_language": words.labels.get(f"languages.{code}", recipient.language),
        "professional": kind.is_professional,
        "public": kind is DebtorKind.PUBLIC,
        "consumer": kind is DebtorKind.CONSUMER,
        "unknown": kind is DebtorKind.UNKNOWN,
        "natural_person": kind.is_natural_person,
    }


def _amounts(message: Message, words: Words) -> dict[str, Value]:
    totals = message.totals
    fees = sum(line.indemnity_cents > 0 for line in message.lines)
    return {
        "total": words.amount(totals.total_cents, message.currency),
        "principal": words.amount(totals.principal_cents, message.currency),
        "penalties": words.amount(totals.penalties_cents, message.currency),
        "indemnity": words.amount(totals.indemnity_cents, message.currency),
        "indemnity_count": fees,
        "has_penalties": totals.penalties_cents > 0,
        "has_indemnity": fees > 0,
        "provisional": message.is_provisional,
    }


def _situation(message: Message, words: Words) -> dict[str, Value]:
    lines = message.lines
    return {
        "one": len(lines) == 1,
        "count": len(lines),
        "first": _line(lines[0], message, words) if lines else None,
        "has_lines": bool(lines),
        "lines_empty": not lines,
        "has_information": bool(message.information),
        "one_information": len(message.information) == 1,
        "has_credits": bool(message.credits),
        "most_days_late": max((line.days_late(message.on) for line in lines), default=0),
        "offers_plan": message.offers_plan,
        "cause": message.cause,
        "oversight": message.cause in {None, "oversight", "unknown"} and not message.quotes,
        "silent": not (message.cause or message.quotes or any(line.paid_cents for line in lines) or _paid(message)),
        "notice_follows": message.notice_follows,
        "statement_attached": message.statement_attached,
        "with_reminder": message.accompanies is not None,
        "payment_link": message.payment_link,
    }


def _paid(message: Message) -> bool:
    return any(not credit.is_credit_note for credit in message.credits)


def _line(line: Line, message: Message, words: Words) -> dict[str, str | None]:
    return {
        "number": line.invoice_number,
        "issue_on": words.day(line.issue_on),
        "due_on": words.day(line.due_on),
        "amount": words.amount(line.amount_cents, message.currency),
        "open": words.amount(line.open_cents, message.currency),
    }


def _quotes(message: Message, words: Words) -> list[dict[str, str | None]]:
    return [
        {
            "kind": quote.kind.value,
            "on": words.day(quote.on),
            "words": quote.words.strip() or None,
            "stop": "" if quote.words.strip().endswith((".", "!", "?", "…")) else ".",
            "amount": None if quote.promised_cents is None else words.amount(quote.promised_cents, message.currency),
            "by": words.day(quote.promised_by) if quote.promised_by else None,
            "received": words.amount(quote.received_cents, message.currency) if quote.received_cents else None,
        }
        for quote in message.quotes
    ]


def _terms(message: Message, words: Words) -> dict[str, str | None] | None:
    if message.terms is None:
        return None
    return {
        "rate": words.rate(message.terms.rate_percent),
        "basis": words.label(f"rates.{message.terms.basis}"),
    }


def _receipt(message: Message, words: Words) -> dict[str, str | None] | None:
    if message.receipt is None:
        return None
    return {
        "on": words.day(message.receipt.on),
        "amount": words.amount(message.receipt.amount_cents, message.currency),
    }
