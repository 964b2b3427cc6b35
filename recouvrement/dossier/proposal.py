"""The proposal as a page: what a person reads before choosing a route. It stays in the house, beside the sealed ZIP."""

from collections.abc import Sequence

from recouvrement.dossier.covering import missing_lines
from recouvrement.dossier.documents import heading, item_summary, printed_document, totals_of
from recouvrement.dossier.routes import COLUMNS
from recouvrement.dossier.types import CaseFile
from recouvrement.dossier.wording import day, euros


def proposal_document(case: CaseFile, lines: Sequence[tuple[str, str]], situation: str) -> bytes:
    """The proposal as PDF/A: sums apart, lines (label, value), the routes of the case with their conditions, what lacks."""
    amounts, currency = case.amounts, case.amounts.currency
    sums = [("Principal", amounts.principal), ("Pénalités de retard", amounts.penalties)]
    sums += [("Intérêts au taux légal", amounts.interest)] if amounts.interest else []
    sums += [("Indemnités forfaitaires de recouvrement", amounts.indemnities), ("Total", amounts.total)]
    data = heading(case) | {
        "sums": [(label, euros(cents, currency)) for label, cents in sums],
        "lines": [list(line) for line in lines],
        "situation": situation,
        "routes": [dict(route) for route in case.routes],
        "items": [_named(item_summary(item, currency)) for item in case.items],
        "total": _named(totals_of(case) | {"invoice": "Total", "due": ""}),
        "missing": missing_lines(case),
        "statements_until": day(case.statements_until),
    }
    return printed_document("proposition", data, case)


def _named(row: dict[str, str]) -> list[str]:
    return [row[name] for name in ("invoice", "due", *COLUMNS)]
