"""Does the case file agree with itself? Sums that re-add, one debtor only, a journal that holds."""

from collections.abc import Iterator, Sequence

from recouvrement.domain.journal import (
    Broken,
    blinded_head,
    digest,
    event_of,
    payload_hash,
    sheet_lines,
    sheet_name,
    verify_chain,
    verify_sheets,
)
from recouvrement.domain.money import rounded_half_up
from recouvrement.dossier.types import CaseFile, ItemRow, RoundingRow, SegmentRow


def contradictions(case: CaseFile) -> tuple[str, ...]:
    """Every contradiction found in the case file, in French, empty when it may be sealed."""
    return (*_of_amounts(case), *_of_items(case), *_of_exhibits(case), *_of_numbers(case), *_of_journal(case))


def _of_amounts(case: CaseFile) -> Iterator[str]:
    sums = {
        "principal": sum(item.principal for item in case.items),
        "penalties": sum(item.penalties for item in case.items),
        "indemnities": sum(item.indemnity for item in case.items),
        "interest": sum(item.interest for item in case.items),
        "payments": sum(payment.cents for item in case.items for payment in item.payments),
    }
    for name, total in sums.items():
        if getattr(case.amounts, name) != total:
            yield f"total {name}: {getattr(case.amounts, name)} annoncé, {total} en additionnant les factures"


def _of_items(case: CaseFile) -> Iterator[str]:
    for item in case.items:
        paid = item.payments
        expected = {
            "principal": item.original - sum(c.cents for c in item.credits) - sum(p.to_principal for p in paid),
            "penalties": item.awarded_penalties
            + sum(r.cents for r in item.roundings)
            - sum(p.to_penalties for p in paid)
            - item.waived_penalties,
            "interest": item.awarded_interest
            + sum(r.cents for r in item.interest_roundings)
            - sum(p.to_interest for p in paid)
            - item.waived_interest,
            "indemnity": item.indemnity_accrued - sum(p.to_indemnity for p in paid) - item.waived_indemnity,
        }
        for name, value in expected.items():
            if getattr(item, name) != value:
                yield f"{_named(item)} : {name} {getattr(item, name)}, recalculé {value}"
        for payment in paid:
            parts = payment.to_principal + payment.to_penalties + payment.to_indemnity + payment.to_interest
            if parts != payment.cents:
                yield f"{_named(item)} : règlement du {payment.on.isoformat()} de {payment.cents}, imputé {parts}"
        yield from _of_interest(item, item.segments, item.roundings)
        yield from _of_interest(item, item.interest_segments, item.interest_roundings)


def _of_interest(item: ItemRow, segments: Sequence[SegmentRow], roundings: Sequence[RoundingRow]) -> Iterator[str]:
    for segment in segments:
        if segment.days != (segment.last - segment.first).days + 1:
            yield f"{_named(item)} : {segment.days} jours annoncés du {segment.first} au {segment.last}"
    if sum(segment.exact_cents for segment in segments) != sum(rounding.exact_cents for rounding in roundings):
        yield f"{_named(item)} : les tranches ne font pas la somme arrondie"
    for rounding in roundings:
        if rounded_half_up(rounding.exact_cents) != rounding.cents:
            yield f"{_named(item)} : arrondi de {rounding.on.isoformat()} inexact"


def _named(item: ItemRow) -> str:
    return f"facture {item.invoice} {item.label}".rstrip()


def _of_exhibits(case: CaseFile) -> Iterator[str]:
    for exhibit in case.exhibits:
        if exhibit.owner != case.debtor.reference:
            yield f"pièce « {exhibit.title} » : elle appartient à un autre débiteur"
    known = {exhibit.reference for exhibit in case.exhibits}
    for event in case.events:
        for reference in event.exhibits:
            if reference not in known:
                yield f"chronologie du {event.on.isoformat()} : pièce inconnue"


def _of_numbers(case: CaseFile) -> Iterator[str]:
    if case.version < 1:
        yield "la version d'un dossier se compte à partir de 1"
    if case.moment.tzinfo is None:
        yield "le moment du dossier n'a pas de fuseau"
    numbers = [frozen.number for frozen in case.previous]
    if len(set(numbers)) != len(numbers) or any(number < 1 for number in numbers):
        yield "un numéro de pièce a été donné deux fois"
    if any(frozen.first_version >= case.version for frozen in case.previous):
        yield "un numéro vient d'une version qui n'est pas antérieure"
    frozen_as = {(frozen.sha256, frozen.kind): frozen.number for frozen in case.previous}
    for exhibit in case.exhibits:
        if exhibit.number is not None and frozen_as.get((digest(exhibit.content), exhibit.kind)) != exhibit.number:
            yield f"pièce n° {exhibit.number} : ce n'est pas celle que la version antérieure a numérotée"


def _of_journal(case: CaseFile) -> Iterator[str]:
    verdict = verify_chain(case.journal_lines)
    if isinstance(verdict, Broken):
        yield f"journal, ligne {verdict.seq} : {verdict.reason}"
        return
    if case.journal_lines and event_of(case.journal_lines[0])["chain"] != case.debtor.reference:
        yield "le journal est celui d'un autre débiteur"
    journal = "".join(case.journal_lines)
    for exhibit in case.exhibits:
        for salt, content in [
            (exhibit.payload_salt, exhibit.content),
            *((a.payload_salt, a.content) for a in exhibit.annexes),
        ]:
            if salt and payload_hash(salt, content) not in journal:
                yield f"pièce « {exhibit.title} » : le journal ne connaît pas ces octets"
    yield from _of_anchors(case)


def _of_anchors(case: CaseFile) -> Iterator[str]:
    sheets = [(sheet_name(anchor.on), anchor.sheet) for anchor in case.anchors]
    verdict = verify_sheets(sheets)
    if isinstance(verdict, Broken):
        yield f"ancre n° {verdict.seq} : {verdict.reason}"
        return
    heads = {anchor.on: set((sheet_lines(anchor.sheet) or [])[1:]) for anchor in case.anchors}
    for salt in case.anchor_salts:
        if not 1 <= salt.seq <= len(case.journal_lines):
            yield f"ancre du {salt.on.isoformat()} : la ligne {salt.seq} n'est pas dans ce journal"
        elif blinded_head(salt.salt, digest(case.journal_lines[salt.seq - 1])) not in heads.get(salt.on, set()):
            yield f"ancre du {salt.on.isoformat()} : la tête du journal n'y figure pas"
