"""A row of a customer table into a CustomerRecord."""

import re

from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.records import CustomerRecord
from recouvrement.intake import identifiers
from recouvrement.intake.reasons import Reason
from recouvrement.intake.rows import Cells

KINDS = frozenset(kind.value for kind in DebtorKind)
LANGUAGES = frozenset({"fr", "en", "de", "es", "it"})  # those that templates speak
ADDRESS_FIELDS = ("address", "address_1", "address_2", "address_3", "address_4")
MAXIMUM_NAME = 300


def customer(cells: Cells) -> CustomerRecord:
    """The customer of the row in hand; RecordRefusedError without code or name."""
    code = cells.needed("code", "customer code")
    name = cells.needed("name", "name")[:MAXIMUM_NAME]
    number, establishment, vat = _numbers(cells, code)
    lines = _address(cells, code)
    return CustomerRecord(
        code=code,
        name=name,
        kind=cells.word("kind", "", KINDS) or None,
        siren=number,
        siret=establishment,
        vat_number=vat,
        ibans=_ibans(cells, code),
        email=cells.checked("email", identifiers.email, Reason.INVALID_EMAIL, code),
        phone=cells.optional("phone"),
        address_lines=lines,
        postcode=cells.optional("postcode"),
        city=cells.optional("city"),
        country=cells.optional("country"),
        language=cells.word("language", "", LANGUAGES) or None,
        region=cells.optional("region"),
        policy=cells.optional("policy"),
        legal_form=cells.optional("legal_form"),
        registry=cells.optional("registry"),
        representative=cells.optional("representative"),
        aliases=tuple(part.strip() for part in cells.text("aliases").split("|") if part.strip()),
        line=cells.line,
    )


def _numbers(cells: Cells, code: str) -> tuple[str | None, str | None, str | None]:
    """SIREN, SIRET and VAT number; a SIRET or a French VAT number gives the SIREN that the row does not state."""
    siren = cells.checked("siren", restored_siren, Reason.INVALID_IDENTIFIER, code)
    siret = cells.checked("siret", identifiers.siret, Reason.INVALID_IDENTIFIER, code)
    vat = cells.checked("vat_number", identifiers.vat, Reason.INVALID_IDENTIFIER, code)
    if siren is None and not cells.text("siren"):
        siren = identifiers.siren(siret[:9] if siret else vat[4:] if vat and vat.startswith("FR") else "")
    if siren and siret and siret[:9] != siren:
        cells.warn(Reason.INVALID_IDENTIFIER, "siret", "SIRET and SIREN name two firms; the SIRET was left out", code)
        siret = None
    return siren, siret, vat


def restored_siren(text: str) -> str | None:
    """A SIREN, also one whose leading zeros a spreadsheet ate, or a SIRET in its place.

    >>> restored_siren("542258"), restored_siren("73282932000074"), restored_siren("12")
    ('000542258', '732829320', None)
    """
    number = identifiers.bare(text)
    if len(number) == 14 and identifiers.siret(number):
        number = number[:9]
    return identifiers.siren(number.zfill(9)) if 6 <= len(number) <= 9 else None


def _ibans(cells: Cells, code: str) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("iban", "ibans"):
        for text in filter(str.strip, re.split(r"[|;,/]", cells.text(name))):
            valid = identifiers.iban(text)
            if valid is None:
                cells.warn(Reason.INVALID_IBAN, name, "an IBAN fails its check and was left out", code)
            elif valid not in found:
                found.append(valid)
    return tuple(found)


def _address(cells: Cells, code: str) -> tuple[str, ...]:
    stated = [line for name in ADDRESS_FIELDS for line in re.split(r"[\r\n|]+", cells.text(name)) if line.strip()]
    lines, fits = identifiers.postal_lines(stated)
    if not fits:
        cells.warn(Reason.ADDRESS_TOO_LONG, "address", "the address does not fit six lines of 38 characters", code)
        lines = tuple(line[: identifiers.POSTAL_WIDTH] for line in lines[: identifiers.POSTAL_LINES])
    if not lines or not (cells.text("postcode") or cells.text("city")):
        cells.warn(Reason.NO_ADDRESS, "address", "this customer has no whole postal address", code)
    return lines
