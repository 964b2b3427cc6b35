"""The account to pay: a checked IBAN, and the QR code that a banking app reads (EPC069-12, version 002)."""

import re
from typing import Final

import segno

from recouvrement.domain.money import plain
from recouvrement.letters.types import BankAccount

LARGEST_PAYLOAD: Final = 331  # octets
# Readers take the mask from the code itself. Comparing all eight, in Python, cost a quarter of the whole letter.
MASK: Final = 2
BORDER, SCALE = 2, 4  # of the drawing: white modules around it, units to a module
DARK = re.compile(rb"\x01+")


def normal_iban(text: str) -> str | None:
    """Return the IBAN without spaces when its form and check digits are right (ISO 13616, mod 97), else None.

    >>> normal_iban("FR76 3000 6000 0112 3456 7890 189"), normal_iban("FR76 3000 6000 0112 3456 7890 188")
    ('FR7630006000011234567890189', None)
    """
    iban = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", iban) or (iban.startswith("FR") and len(iban) != 27):
        return None
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return iban if int(digits) % 97 == 1 else None


def printed_iban(iban: str) -> str:
    """Groups of four; plain spaces, which bank forms accept when pasted.

    >>> printed_iban("FR7630006")
    'FR76 3000 6'
    """
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _transfer(account: BankAccount, iban: str, amount_cents: int, reference: str) -> bytes:
    """The lines of a SEPA transfer (EPC069-12, version 002, UTF-8); ValueError for a BIC that is none."""
    bic = (account.bic or "").strip()
    if bic and len(bic) not in {8, 11}:
        raise ValueError("a BIC has 8 or 11 characters")
    amount = plain(amount_cents).rstrip("0").rstrip(".")
    lines = ("BCD", "002", "1", "SCT", bic, account.holder.strip(), iban, f"EUR{amount}", "", "", reference.rstrip())
    return "\n".join(lines).encode("utf-8")


def payment_qr(account: BankAccount, amount_cents: int, reference: str) -> str | None:
    """Return the QR code of a SEPA transfer in euros as SVG text, or None when such a code cannot hold it.

    None for an IBAN that fails its check, an amount outside 0.01 to 999,999,999.99, a holder over 70 characters or a
    reference over 140 (limits of EPC069-12): the same facts stand in words beside it.
    """
    iban = normal_iban(account.iban)
    if iban is None or not 1 <= amount_cents <= 99_999_999_999:
        return None
    if not 1 <= len(account.holder) <= 70 or not 1 <= len(reference) <= 140:
        return None
    payload = _transfer(account, iban, amount_cents, reference)
    if len(payload) > LARGEST_PAYLOAD:
        return None
    code = segno.make_qr(payload, error="m", boost_error=False, mask=MASK)
    return _drawn([bytes(row) for row in code.matrix])


def _drawn(rows: list[bytes]) -> str:
    r"""The modules as SVG, one stroke for each dark run, on one line: segno's own drawing costs 1.5 ms of each letter more.

    >>> _drawn([b"\1\1", b"\0\1"])
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><path transform="scale(4)" stroke="#000" d="M2 2.5h2M3 3.5h1"/></svg>'
    """
    runs = ((y + BORDER, run.span()) for y, row in enumerate(rows) for run in DARK.finditer(row))
    path = "".join(f"M{start + BORDER} {y}.5h{end - start}" for y, (start, end) in runs)
    side = SCALE * (len(rows) + 2 * BORDER)
    size = f'width="{side}" height="{side}"'
    stroke = f'<path transform="scale({SCALE})" stroke="#000" d="{path}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{stroke}</svg>'
