"""When an invoice is due, and the latest day that the law allows to agree on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recouvrement.domain.months import end_of_month
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.provenance import Provenance
from recouvrement.domain.refusals import Refused


class Base(StrEnum):
    """The day a term is counted from."""

    INVOICE = "invoice"
    DELIVERY = "delivery"  # receipt of the goods, or performance of the service
    DELIVERY_MONTH_END = "delivery_month_end"
    DELIVERY_DECADE_END = "delivery_decade_end"
    REQUEST = "request"  # receipt of a payment request by a public buyer


class Variant(StrEnum):
    """The two accepted computations of "45 days end of month"; the contract says which."""

    DAYS_THEN_END_OF_MONTH = "A"
    END_OF_MONTH_THEN_DAYS = "B"


@dataclass(frozen=True, slots=True)
class TermRule:
    """One statutory term: so many days after a base day, to the end of the month or not."""

    key: str
    base: Base
    days: int
    end_of_month: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class InvoiceDays:
    """The days known of one invoice; `delivery` is receipt of goods or performance of the service."""

    invoice: date
    delivery: date | None = None
    request: date | None = None


@dataclass(frozen=True, slots=True)
class DueCheck:
    """The due date used (the contract's) beside the latest legal one; late terms are flagged, never changed."""

    due: date
    legal_latest: date
    rule: TermRule

    @property
    def days_beyond(self) -> int:
        """By how many days the agreed date passes the legal one; zero when it does not."""
        return max(0, (self.due - self.legal_latest).days)


def net_term(start: date, days: int) -> date:
    """A number of days after a day.

    >>> net_term(date(2024, 1, 15), 60)
    datetime.date(2024, 3, 15)
    """
    return start + timedelta(days=days)


def end_of_month_term(invoice: date, days: int, variant: Variant) -> date:
    """Days end of month by either computation (CEPC opinion: both are accepted).

    >>> end_of_month_term(date(2026, 1, 15), 45, Variant.DAYS_THEN_END_OF_MONTH)
    datetime.date(2026, 3, 31)
    >>> end_of_month_term(date(2026, 1, 15), 45, Variant.END_OF_MONTH_THEN_DAYS)
    datetime.date(2026, 3, 17)
    """
    if variant is Variant.DAYS_THEN_END_OF_MONTH:
        return end_of_month(net_term(invoice, days))
    return net_term(end_of_month(invoice), days)


def end_of_decade(day: date) -> date:
    """The last day of the ten-day period that holds a day: the 10th, the 20th or the end of the month.

    >>> end_of_decade(date(2026, 2, 11)), end_of_decade(date(2026, 2, 21))
    (datetime.date(2026, 2, 20), datetime.date(2026, 2, 28))
    """
    return end_of_month(day) if day.day > 20 else day.replace(day=10 if day.day <= 10 else 20)


def legal_latest(rule: TermRule, days: InvoiceDays, variant: Variant | None = None) -> date | Refused:
    """The latest day a rule allows; the later of both computations when the contract does not say which."""
    start = _start(rule, days)
    if start is None:
        return Refused(
            "base_day_unknown",
            f"the rule {rule.key} counts from the {rule.base} and that day is not recorded",
            "record it (delivery or performance date, or the day the payment request was received)",
        )
    if not rule.end_of_month:
        return net_term(start, rule.days)
    return max(end_of_month_term(start, rule.days, v) for v in ([variant] if variant else Variant))


def _start(rule: TermRule, days: InvoiceDays) -> date | None:
    if rule.base is Base.INVOICE:
        return days.invoice
    if rule.base is Base.REQUEST:
        # CCP R2192-12 ff.: from the request, or from performance when that came later.
        known = [day for day in (days.request, days.delivery) if day is not None]
        return max(known) if days.request is not None else None
    if days.delivery is None or rule.base is Base.DELIVERY:
        return days.delivery
    return end_of_month(days.delivery) if rule.base is Base.DELIVERY_MONTH_END else end_of_decade(days.delivery)


def rule_key(
    kind: DebtorKind,
    *,
    sector: str = "",
    summary: bool = False,
    agreed: bool = True,
    end_of_month: bool = False,
    buyer: str = "state",
) -> str | None:
    """Which rule limits the term: a sector's, the public buyer's, the summary invoice's or the general one.

    A consumer has no statutory term: None. `agreed` is False when the parties said nothing.

    >>> rule_key(DebtorKind.BUSINESS), rule_key(DebtorKind.BUSINESS, agreed=False), rule_key(DebtorKind.CONSUMER)
    ('agreed_days', 'silent', None)
    """
    if kind is DebtorKind.CONSUMER:
        return None
    if kind is DebtorKind.PUBLIC:
        return f"public_{buyer}"
    if sector:
        return f"{sector}_summary" if summary and sector == "perishable_food" else sector
    if summary:
        return "summary_invoice"
    if not agreed:
        return "silent"
    return "agreed_end_of_month" if end_of_month else "agreed_days"


def check_due(
    contract_due: date | None,
    key: str,
    rules: Mapping[str, TermRule],
    days: InvoiceDays,
    variant: Variant | None = None,
) -> DueCheck | Refused:
    """The due date to use and whether it passes the legal maximum; without a contract's date the rule's own day."""
    rule = rules.get(key)
    if rule is None:
        return Refused("unknown_term_rule", f"there is no term rule {key!r}", f"use one of {', '.join(sorted(rules))}")
    latest = legal_latest(rule, days, variant)
    if isinstance(latest, Refused):
        return latest
    return DueCheck(contract_due or latest, latest, rule)
