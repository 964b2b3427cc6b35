"""The complements (05) of a CFONB 120 movement, told apart by their qualifier."""

from dataclasses import dataclass

from recouvrement.intake import identifiers

UNSTRUCTURED = ("LCC", "LC2")


@dataclass(frozen=True, slots=True)
class Texts:
    """What the complements say."""

    remittance: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    end_to_end_id: str = ""
    structured_reference: str = ""
    bank_reference: str = ""


def texts(complements: list[tuple[str, str]], *, credit: bool) -> Texts:
    """Qualifier and 70 characters each; the other party is the debtor of a credit, the creditor of a debit.

    Unstructured lines are glued at their full width, because banks cut words at column 70; qualifiers that are not
    known here are kept at the end of the remittance text.

    >>> texts([("LCC", "FACTURE 2026-0".ljust(70)), ("NPY", "ALPHA".ljust(70))], credit=True).counterparty_name
    'ALPHA'
    """
    if not complements:
        return Texts()
    by: dict[str, list[str]] = {}
    for qualifier, text in complements:
        by.setdefault(qualifier.upper(), []).append(text)
    name, ultimate, number = ("NPY", "NPO", "IPY") if credit else ("NBE", "NBU", "IBE")
    known = {*UNSTRUCTURED, "LIB", "LCS", "NPY", "NPO", "NBE", "NBU", "IPY", "IBE", "RCN", "REF"}
    unstructured = "".join(text for qualifier in UNSTRUCTURED for text in by.get(qualifier, []))
    free = by.get("LIB", [])
    rest = [f"{qualifier} {text}" for qualifier, found in by.items() if qualifier not in known for text in found]
    client = (by.get("RCN") or [""])[0]
    return Texts(
        remittance=" ".join(" ".join([unstructured, *free, *rest]).split()),
        counterparty_name=_joined(by, name) or _joined(by, ultimate),
        counterparty_iban=identifiers.iban(_first_word(by, number)) or "",
        end_to_end_id=client[:35].strip(),
        structured_reference=_joined(by, "LCS")[:35],
        bank_reference=_joined(by, "REF"),
    )


def _joined(by: dict[str, list[str]], qualifier: str) -> str:
    return " ".join(" ".join(by.get(qualifier, [])).split())


def _first_word(by: dict[str, list[str]], qualifier: str) -> str:
    return (_joined(by, qualifier).split() or [""])[0]
