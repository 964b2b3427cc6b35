"""Insolvency notices about our own debtors, asked of the BODACC portal and taken in like files."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.intake_result import FileResult
from recouvrement.intake import bodacc_api
from recouvrement.ledger.parties import debtor_sirens

Unavailable = bodacc_api.BodaccUnavailableError


def fetch_notices(
    house: House, *, since: date, actor: str, address: str = bodacc_api.ADDRESS, timeout: float = 20.0
) -> list[FileResult]:
    """Ask for notices published on `since` or later about debtors with a SIREN; keep each answer and take it in.

    Only our debtors' SIRENs leave the house. Unavailable is raised when the portal does not answer as documented; what
    came before it is kept and taken in, and asking again changes nothing twice.
    """
    with house.ledger.reading() as connection:
        sirens = debtor_sirens(connection, house.creditor())
    results: list[FileResult] = []
    for name, body in bodacc_api.pages(sirens, since, address=address, timeout=timeout):
        results += take_files(house, [_kept(house, name, body)], actor=actor)
    return results


def asked_about(house: House) -> Sequence[str]:
    """The SIRENs that would be asked about."""
    with house.ledger.reading() as connection:
        return debtor_sirens(connection, house.creditor())


def _kept(house: House, name: str, body: bytes) -> Path:
    """The answer as it came, in the home: evidence of what was known that day."""
    folder = house.settings.home / "insolvency"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(body)
    return path
