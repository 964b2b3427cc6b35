"""The :86: field of MT940: plain, with question-mark subfields, or with SWIFT slash codes."""

import re
from dataclasses import dataclass

from recouvrement.intake import identifiers

SUBFIELD = re.compile(r"\?(\d\d)")
SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|OAMT|COAM|PURP)\+")
SLASH = re.compile(r"/(EREF|REMI|NAME|IBAN|BENM|ORDP|MARF|CSID|ISDT|BIC|TRCD|PREF|RTRN|EV|INV|PURP|ULTD|ULTB)/")


@dataclass(frozen=True, slots=True)
class Texts:
    """What the field says."""

    label: str = ""
    remittance: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    end_to_end_id: str = ""
    return_reason: str = ""


def texts(information: str) -> Texts:
    """The parts of a :86: field; a plain text is the label, whole.

    >>> texts("166?00GUTSCHRIFT?20EREF+E1?21SVWZ+RG 12?31FR7630006000011234567890189?32ALPHA").remittance
    'RG 12'
    >>> texts("/EREF/E2/ORDP//NAME/BETA/REMI/FA 7").counterparty_name
    'BETA'
    """
    if re.match(r"\d{3}\?|\?\d\d", information):
        return _question_marks(information)
    if SLASH.match(information.strip()) or len(SLASH.findall(information)) > 1:
        return _slashes(information)
    return Texts(label=" ".join(information.split()))


def _question_marks(information: str) -> Texts:
    pieces = SUBFIELD.split(information.replace("\n", ""))
    by: dict[str, str] = {}
    for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
        by[code] = by.get(code, "") + text
    purpose = "".join(text for code, text in by.items() if code[0] == "2" or code in {"60", "61", "62", "63"})
    parts = SEPA.split(purpose)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    remittance = " ".join(filter(None, (parts[0].strip(), named.get("SVWZ", "").strip())))
    return Texts(
        label=by.get("00", "").strip(),
        remittance=" ".join(remittance.split()),
        counterparty_name=" ".join((by.get("32", "") + by.get("33", "")).split()),
        counterparty_iban=identifiers.iban(by.get("31", "")) or "",
        end_to_end_id=named.get("EREF", "").strip(),
        return_reason=by.get("34", "").strip() if "RET" in by.get("00", "").upper() else "",
    )


def _slashes(information: str) -> Texts:
    parts = SLASH.split(" ".join(information.replace("\n", "").split()))
    named: dict[str, str] = {}
    for code, text in zip(parts[1::2], parts[2::2], strict=True):
        named.setdefault(code, text.strip("/ "))
    return Texts(
        label=parts[0].strip(),
        remittance=named.get("REMI", ""),
        counterparty_name=named.get("NAME", ""),
        counterparty_iban=identifiers.iban(named.get("IBAN", "")) or "",
        end_to_end_id=named.get("EREF", ""),
        return_reason=named.get("RTRN", ""),
    )
