"""The covering letter, outside the ZIP: it names the manifest's hash and what the dossier does not hold."""

from collections.abc import Sequence
from dataclasses import replace

from recouvrement.dossier.documents import heading, printed_document
from recouvrement.dossier.types import CaseFile, MissingPiece, NumberedExhibit
from recouvrement.dossier.wording import day, euros

DEFAULT_TEXT = (
    "Veuillez trouver ci-joint le dossier de la créance désignée ci-dessus, avec son bordereau, son décompte, sa "
    "chronologie et ses pièces."
)


def covering_letter(case: CaseFile, numbering: Sequence[NumberedExhibit], manifest_sha256: str) -> bytes:
    """The letter as PDF/A: the sum claimed, the number of exhibits, the manifest's hash, what is missing."""
    amounts = case.amounts
    data = heading(case) | {
        "text": list(case.letter_text or (DEFAULT_TEXT,)),
        "manifest": [manifest_sha256[:32], manifest_sha256[32:]],
        "count": str(sum(not row.withdrawn for row in numbering)),
        "fresh": ", ".join(str(row.number) for row in numbering if row.first_version == case.version)
        if case.version > 1
        else "",
        "total": euros(amounts.total, amounts.currency),
        "missing": missing_lines(case),
        "limitation": day(case.limitation_on),
        "statements_until": day(case.statements_until),
        "contact": case.contact,
    }
    return printed_document("accompagnement", data, case)


def missing_lines(case: CaseFile) -> list[str]:
    """Each missing or waived document in one line with its invoices, who must bring it or why it was waived."""
    invoices: dict[MissingPiece, list[str]] = {}
    for piece in case.missing:
        invoices.setdefault(replace(piece, invoice=""), []).append(piece.invoice)
    return [_missing(piece, [number for number in numbers if number]) for piece, numbers in invoices.items()]


def _missing(piece: MissingPiece, invoices: Sequence[str]) -> str:
    named = f", facture{'s' if len(invoices) > 1 else ''} {', '.join(invoices)}" if invoices else ""
    line = piece.what + named
    if piece.waived_because:
        return f"{line} (dispensée : {piece.waived_because})"
    return f"{line} (à fournir par {piece.who})" if piece.who else line
