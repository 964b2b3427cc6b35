"""A statement of account as plain text that a clerk can re-add with a pencil."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from recouvrement.domain.money import printed, rounded_half_up
from recouvrement.domain.penalty_ledger import Caveat, Imputation, PenaltyLedger
from recouvrement.domain.statement import RowKind, Statement, StatementItem, StatementRow
from recouvrement.domain.statement_words import CAVEATS, PARTS, WORDS


def statement_text(whole: Statement, language: str = "fr", currency: str = "EUR") -> str:
    """The statement in French or English, one figure after the other, then totals, conventions and caveats."""
    return "\n".join(_Printer(language, currency).lines(whole)) + "\n"


def caveat_lines(whole: Statement, language: str = "fr") -> tuple[str, ...]:
    """What a reader must know about the figures, one sentence each."""
    return tuple(_Printer(language, "EUR").caveat_sentences(whole))


def printed_exact(amount: Fraction, currency: str = "EUR", language: str = "fr") -> str:
    """An exact number of cents with four decimals of the currency, halves up.

    >>> printed_exact(Fraction(899100, 73), language="en"), printed_exact(Fraction(5, 2), language="en")
    ('€123.1644', '€0.0250')
    """
    whole, rest = divmod(rounded_half_up(amount * 100), 10_000)
    mark = "." if language == "en" else ","
    return printed(whole * 100, currency, language).replace(f"{mark}00", f"{mark}{rest:04d}", 1)


class _Printer:
    """Amounts, days and words of one language."""

    def __init__(self, language: str, currency: str) -> None:
        self.language = language if language in WORDS else "en"
        self.currency = currency
        self.words, self.caveats, self.parts = WORDS[self.language], CAVEATS[self.language], PARTS[self.language]

    def money(self, cents: int) -> str:
        return printed(cents, self.currency, self.language)

    def day(self, on: date) -> str:
        return f"{on:%d/%m/%Y}" if self.language == "fr" else on.isoformat()

    def lines(self, whole: Statement) -> Iterator[str]:
        yield self.words["title"].format(day=self.day(whole.until))
        for item in whole.items:
            yield ""
            yield from self.item(item)
        yield ""
        yield self.words["total"].format(**self.sums(whole))
        yield ""
        yield from self.notes(whole)

    def item(self, item: StatementItem) -> Iterator[str]:
        claim = item.ledger.claim
        principal = self.money(claim.principal_cents)
        yield self.words["item"].format(label=item.label, principal=principal, due=self.day(claim.due))
        for row in item.rows:
            yield "  " + self.row(row, item.ledger)
            if row.kind is RowKind.PAYMENT:
                yield "  " + self.words["balance"].format(**self.sums(row))
        yield "  " + self.words["due"].format(
            principal=self.money(item.ledger.principal_due_cents),
            penalty=self.money(item.ledger.penalty_cents),
            indemnity=self.money(item.ledger.indemnity_cents),
            total=self.money(item.ledger.total_cents),
        )
        if claim.title is not None and claim.title.costs_cents:
            yield "  " + self.words["costs"].format(change=self.money(claim.title.costs_cents))

    def sums(self, row: StatementRow | Statement) -> dict[str, str]:
        return {
            "principal": self.money(row.principal_cents),
            "penalty": self.money(row.penalty_cents),
            "indemnity": self.money(row.indemnity_cents),
            "total": self.money(row.total_cents),
        }

    def row(self, row: StatementRow, ledger: PenaltyLedger) -> str:
        if row.segment is not None:
            return self.segment(row)
        pattern = self.words[self.pattern(row, ledger)]
        return pattern.format(
            on=self.day(row.on),
            change=self.money(row.change_cents),
            article=row.article,
            reference=f" {row.reference}" if row.reference else "",
            shares=self.shares(row.imputation),
        )

    def pattern(self, row: StatementRow, ledger: PenaltyLedger) -> str:
        if row.kind is RowKind.PAYMENT and row.on <= ledger.claim.due:
            return "deposit"
        years_end = {rounding.on for rounding in ledger.roundings if rounding.capitalised}
        return "capitalised" if row.kind is RowKind.ROUNDING and row.on in years_end else row.kind.value

    def segment(self, row: StatementRow) -> str:
        found = row.segment
        assert found is not None
        rate = found.rate_pct if self.language == "en" else found.rate_pct.replace(".", ",")
        return self.words["segment"].format(
            first=self.day(found.first),
            last=self.day(found.last),
            days=found.days,
            base=self.money(found.base_cents),
            rate=rate,
            divisor=found.divisor,
            exact=printed_exact(found.exact_cents, self.currency, self.language),
            article=found.article,
            provisional=self.words["provisional"] if found.provisional else "",
        )

    def shares(self, share: Imputation | None) -> str:
        if share is None:
            return ""
        cents = (share.to_penalty_cents, share.to_principal_cents, share.to_indemnity_cents)
        named = [f"{name} {self.money(part)}" for name, part in zip(self.parts.values(), cents, strict=True) if part]
        return ", ".join(named)

    def notes(self, whole: Statement) -> Iterator[str]:
        for order in dict.fromkeys(item.ledger.terms.order for item in whole.items):
            yield self.words["order"].format(parts=", ".join(self.parts[part] for part in order))
        divisors = {segment.divisor for item in whole.items for segment in item.ledger.segments} or {365}
        yield self.words["convention"].format(divisor=max(divisors))
        yield from self.caveat_sentences(whole)
        yield self.words["advice"]

    def caveat_sentences(self, whole: Statement) -> Iterator[str]:
        for caveat in whole.caveats:
            yield self.caveats[caveat].format(**self.caveat_facts(caveat, whole))

    def caveat_facts(self, caveat: Caveat, whole: Statement) -> dict[str, str]:
        ledgers = [item.ledger for item in whole.items if caveat in item.ledger.caveats]
        semesters = dict.fromkeys(str(one) for ledger in ledgers for one in ledger.semesters_under_floor)
        judgments = [ledger.claim.insolvency for ledger in ledgers if ledger.claim.insolvency]
        return {
            "semesters": ", ".join(semesters),
            "insolvency": ", ".join(dict.fromkeys(self.day(one) for one in judgments)),
        }
