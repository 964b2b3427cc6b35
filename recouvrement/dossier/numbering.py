"""Which number each exhibit bears: frozen by the version that first gave it, continued by the ones that come after."""

import re
from dataclasses import dataclass, replace
from datetime import date

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.journal import digest
from recouvrement.dossier.types import CaseFile, Exhibit, FrozenNumber

SLUGS = {
    EvidenceKind.CONTRACT: "contrat",
    EvidenceKind.GENERAL_TERMS: "conditions-generales",
    EvidenceKind.QUOTE: "devis",
    EvidenceKind.ORDER: "commande",
    EvidenceKind.DELIVERY_NOTE: "bon-de-livraison",
    EvidenceKind.ACCEPTANCE_REPORT: "proces-verbal-de-reception",
    EvidenceKind.INVOICE: "facture",
    EvidenceKind.CREDIT_NOTE: "avoir",
    EvidenceKind.INVOICE_STATUS: "statut-de-facture",
    EvidenceKind.STATEMENT: "releve-de-compte",
    EvidenceKind.REMINDER: "relance",
    EvidenceKind.CALL_NOTE: "note-d-appel",
    EvidenceKind.FORMAL_NOTICE: "mise-en-demeure",
    EvidenceKind.DEPOSIT_PROOF: "preuve-de-depot",
    EvidenceKind.DELIVERY_PROOF: "avis-de-reception",
    EvidenceKind.REPLY: "reponse",
    EvidenceKind.ACKNOWLEDGMENT: "reconnaissance-de-dette",
    EvidenceKind.INSTALMENT_PLAN: "echeancier",
    EvidenceKind.IDENTITY: "identite",
    EvidenceKind.INSOLVENCY_CHECK: "controle-bodacc",
    EvidenceKind.OTHER: "autre",
}
"""Member names are made of a number, one of these words and a known suffix: nothing personal, nothing that escapes."""

SUFFIXES = {
    "application/pdf": "pdf",
    "message/rfc822": "eml",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/json": "json",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}

KIND_ORDER = {kind: rank for rank, kind in enumerate(EvidenceKind)}


@dataclass(frozen=True, slots=True)
class Placed:
    """An exhibit with its number, or a number whose exhibit this version does not hold."""

    number: int
    first_version: int
    exhibit: Exhibit | None
    frozen: FrozenNumber | None


def placed(case: CaseFile) -> tuple[Placed, ...]:
    """Every number of this version, ascending.

    Exhibits that an earlier version numbered (same bytes, same kind) keep their number; new ones continue after the
    highest number ever given, in the order of kinds (contract first, replies last), then of dates, then of hashes. The
    same bytes given twice as one kind are one exhibit, with the accompanying files of both.
    """
    frozen = {(known.sha256, known.kind): known for known in case.previous}
    held: dict[tuple[str, EvidenceKind], Exhibit] = {}
    for exhibit in sorted(case.exhibits, key=_rank_among_copies):
        key = (digest(exhibit.content), exhibit.kind)
        held[key] = _merged(held[key], exhibit) if key in held else exhibit
    rows = [Placed(known.number, known.first_version, held.get(key), known) for key, known in frozen.items()]
    last = max((known.number for known in case.previous), default=0)
    fresh = sorted((exhibit for key, exhibit in held.items() if key not in frozen), key=_rank)
    rows += [Placed(number, case.version, exhibit, None) for number, exhibit in enumerate(fresh, start=last + 1)]
    return tuple(sorted(rows, key=lambda row: row.number))


def _rank_among_copies(exhibit: Exhibit) -> tuple[date, str, str]:
    return exhibit.on or date.max, exhibit.reference, exhibit.title


def _merged(first: Exhibit, again: Exhibit) -> Exhibit:
    more = tuple(annex for annex in again.annexes if annex not in first.annexes)
    return replace(first, annexes=(*first.annexes, *more), payload_salt=first.payload_salt or again.payload_salt)


def _rank(exhibit: Exhibit) -> tuple[int, date, str]:
    return KIND_ORDER[exhibit.kind], exhibit.on or date.max, digest(exhibit.content)


def member_name(number: int, kind: EvidenceKind, media_type: str, annex: int = 0) -> str:
    """The path of an exhibit in the ZIP; `annex` counts its accompanying files from 1.

    >>> member_name(7, EvidenceKind.REMINDER, "message/rfc822"), member_name(7, EvidenceKind.REMINDER, "text/plain", 1)
    ('pieces/07-relance.eml', 'pieces/07-relance-annexe-1.txt')
    >>> member_name(112, EvidenceKind.OTHER, "../../etc/passwd")
    'pieces/112-autre.bin'
    """
    suffix = SUFFIXES.get(re.split(r"[;\s]", media_type.strip().lower(), maxsplit=1)[0], "bin")
    return f"pieces/{number:02d}-{SLUGS[kind]}{f'-annexe-{annex}' if annex else ''}.{suffix}"
