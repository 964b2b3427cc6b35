"""Numbers and addresses that carry their own check: SIREN, SIRET, VAT, IBAN, e-mail, postal lines."""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email
from stdnum import iban as iban_check
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_check
from stdnum.fr import siret as siret_check

POSTAL_LINES, POSTAL_WIDTH = 6, 38
RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def bare(text: str) -> str:
    """The text without spaces, dots and hyphens, in capitals.

    >>> bare("fr76 3000-6000.01")
    'FR763000600001'
    """
    return re.sub(r"[\s.\-\u00a0\u202f]", "", text).upper()


def siren(text: str) -> str | None:
    """A valid SIREN with its leading zeros, or None; 000000000 is refused although its Luhn key is right.

    >>> siren("732 829 320"), siren("000000000"), siren("732829321")
    ('732829320', None, None)
    """
    number = bare(text)
    return number if number.strip("0") and siren_check.is_valid(number) else None


def siret(text: str) -> str | None:
    """A valid SIRET (La Poste's own rule included), or None.

    >>> siret("73282932000074"), siret("00000000000000")
    ('73282932000074', None)
    """
    number = bare(text)
    return number if number.strip("0") and siret_check.is_valid(number) else None


def vat(text: str) -> str | None:
    """A valid VAT number of a member state, or None.

    >>> vat("FR44 732829320"), vat("FR00000000000")
    ('FR44732829320', None)
    """
    number = bare(text)
    return number if number[2:].strip("0") and eu_vat.is_valid(number) else None


def iban(text: str) -> str | None:
    """A valid IBAN (length and key of the country, and the RIB key when it says FR or MC), or None.

    >>> iban("FR76 3000 6000 0112 3456 7890 189"), iban("FR7630006000011234567890188")
    ('FR7630006000011234567890189', None)
    """
    return _iban(text) if 14 <= len(text) <= 60 else None


@lru_cache(maxsize=50_000)
def _iban(text: str) -> str | None:
    number = bare(text)
    if not number.isascii() or not iban_check.is_valid(number, check_country=False):
        return None
    if number[:2] in {"FR", "MC"} and rib_key(number[4:9], number[9:14], number[14:25]) != number[25:]:
        return None
    return number


def rib_key(bank: str, branch: str, account: str) -> str:
    """The two digits that close a French RIB.

    >>> rib_key("30006", "00001", "12345678901")
    '89'
    """
    digits = [part.upper().translate(RIB_LETTERS) for part in (bank, branch, account)]
    return f"{97 - (89 * int(digits[0]) + 15 * int(digits[1]) + 3 * int(digits[2])) % 97:02d}"


def french_iban(bank: str, branch: str, account: str) -> str | None:
    """The IBAN of a French account named by its parts, or None when they are not 5, 5 and 11 characters.

    >>> french_iban("30006", "00001", "12345678901")
    'FR7630006000011234567890189'
    """
    parts = (bank.strip(), branch.strip(), account.strip().upper())
    if tuple(map(len, parts)) != (5, 5, 11) or not re.fullmatch(r"\d{10}[0-9A-Z]{11}", "".join(parts)):
        return None
    bban = "".join(parts) + rib_key(*parts)
    digits = "".join(str(int(character, 36)) for character in bban + "FR00")
    return f"FR{98 - int(digits) % 97:02d}{bban}"


def resolved_account(stated: str, known: tuple[str, ...]) -> str:
    """The one known IBAN that holds this account number, or what was stated when none or several do.

    >>> resolved_account("12345678901", ("FR7630006000011234567890189", "DE02120300000000202051"))
    'FR7630006000011234567890189'
    >>> resolved_account("99", ("FR7630006000011234567890189",))
    '99'
    """
    number = bare(stated)
    if number in known or len(number) < 5:
        return number or stated
    found = [candidate for candidate in known if number in candidate[4:]]
    return found[0] if len(found) == 1 else number


def email(text: str) -> str | None:
    """A deliverable-looking address in its normal form, or None; nothing is asked of the network.

    >>> email(" Compta@Exemple.FR "), email("compta@"), email("a@b.c, d@e.f")
    ('Compta@exemple.fr', None, None)
    """
    if len(text) > 320:
        return None
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def postal_lines(lines: list[str]) -> tuple[tuple[str, ...], bool]:
    """Lines wrapped to 38 characters, and whether they fit the six lines of the post (NF Z10-011).

    >>> postal_lines(["12 rue du Faubourg Saint-Antoine, bâtiment C, escalier 4"])
    (('12 rue du Faubourg Saint-Antoine,', 'bâtiment C, escalier 4'), True)
    """
    wrapped: list[str] = []
    for line in lines:
        current = ""
        for word in line.split():
            if current and len(current) + 1 + len(word) > POSTAL_WIDTH:
                wrapped.append(current)
                current = word
            else:
                current = f"{current} {word}".strip()
        if current:
            wrapped.append(current)
    fits = len(wrapped) <= POSTAL_LINES and all(len(line) <= POSTAL_WIDTH for line in wrapped)
    return tuple(wrapped), fits


def is_valid_structured_reference(text: str) -> bool:
    """True for a creditor reference of ISO 11649 (RF…) with the right key.

    >>> is_valid_structured_reference("RF18539007547034"), is_valid_structured_reference("RF00X")
    (True, False)
    """
    from stdnum import iso11649

    try:
        iso11649.validate(text)
    except ValidationError:
        return False
    return True
