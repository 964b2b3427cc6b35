"""French as the documents of a dossier print it: days, rates, names of kinds, and text that the fonts can draw."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.money import NO_BREAK_SPACE, printed, rounded_half_up
from recouvrement.domain.parties import DebtorKind
from recouvrement.typesetting import presentable, unsupported_characters

TO_COMPLETE = "à compléter"

KIND_NAMES = {
    EvidenceKind.CONTRACT: "Contrat",
    EvidenceKind.GENERAL_TERMS: "Conditions générales",
    EvidenceKind.QUOTE: "Devis",
    EvidenceKind.ORDER: "Commande",
    EvidenceKind.DELIVERY_NOTE: "Bon de livraison",
    EvidenceKind.ACCEPTANCE_REPORT: "Procès-verbal de réception",
    EvidenceKind.INVOICE: "Facture",
    EvidenceKind.CREDIT_NOTE: "Avoir",
    EvidenceKind.INVOICE_STATUS: "Statut de facture électronique",
    EvidenceKind.STATEMENT: "Relevé de compte",
    EvidenceKind.REMINDER: "Relance",
    EvidenceKind.CALL_NOTE: "Note d'appel",
    EvidenceKind.FORMAL_NOTICE: "Mise en demeure",
    EvidenceKind.DEPOSIT_PROOF: "Preuve de dépôt",
    EvidenceKind.DELIVERY_PROOF: "Avis de réception",
    EvidenceKind.REPLY: "Réponse du débiteur",
    EvidenceKind.ACKNOWLEDGMENT: "Reconnaissance de dette",
    EvidenceKind.INSTALMENT_PLAN: "Échéancier",
    EvidenceKind.IDENTITY: "Identité du débiteur",
    EvidenceKind.INSOLVENCY_CHECK: "Contrôle de procédure collective",
    EvidenceKind.OTHER: "Autre pièce",
}

DEBTOR_KIND_NAMES = {
    DebtorKind.BUSINESS: "société commerciale",
    DebtorKind.SOLE_TRADER: "commerçant, entrepreneur individuel",
    DebtorKind.ARTISAN: "artisan",
    DebtorKind.NON_TRADER: "professionnel non commerçant",
    DebtorKind.PUBLIC: "personne publique",
    DebtorKind.CONSUMER: "consommateur",
    DebtorKind.UNKNOWN: TO_COMPLETE,
}


def day(on: date | None, absent: str = TO_COMPLETE) -> str:
    """A day as French documents print it.

    >>> day(date(2026, 3, 9)), day(None)
    ('09/03/2026', 'à compléter')
    """
    return f"{on:%d/%m/%Y}" if on else absent


def rate(units: int) -> str:
    r"""A yearly rate from ten-thousandths of a percent, at least two decimals.

    >>> rate(124000).replace(NO_BREAK_SPACE, " "), rate(27500).replace(NO_BREAK_SPACE, " "), rate(121525)
    ('12,40 %', '2,75 %', '12,1525\xa0%')
    """
    whole, rest = divmod(units, 10_000)
    decimals = f"{rest:04d}"
    kept = decimals[:2] + decimals[2:].rstrip("0")
    return f"{whole},{kept}{NO_BREAK_SPACE}%"


def exact_euros(cents: Fraction) -> str:
    """An exact amount with four decimals of a euro, so that a column can be added by hand before it is rounded.

    >>> exact_euros(Fraction(892800, 73)).replace(NO_BREAK_SPACE, " ")
    '122,3014'
    """
    hundredths = rounded_half_up(cents * 100)
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 10_000)
    return f"{sign}{whole:,}".replace(",", NO_BREAK_SPACE) + f",{rest:04d}"


def euros(cents: int, currency: str = "EUR") -> str:
    """A whole-cent amount as a person reads it."""
    return printed(cents, currency)


def siren(number: str) -> str:
    """A SIREN in groups of three.

    >>> siren("732829320").replace(NO_BREAK_SPACE, " "), siren("")
    ('732 829 320', 'à compléter')
    """
    return (
        NO_BREAK_SPACE.join(re.findall(r"\d{3}", number)) if re.fullmatch(r"\d{9}", number) else number or TO_COMPLETE
    )


def drawable(text: str) -> str:
    r"""The text with every character that the bundled fonts lack written as its code, so that nothing is dropped.

    >>> drawable("Café \U0001F600 漢"), drawable("a\u202eb")
    ('Café [U+1F600] [U+6F22]', 'ab')
    """
    clean = presentable(text)
    strangers = unsupported_characters(clean)
    return spelled(clean, strangers) if strangers else clean


def spelled(text: str, clusters: Sequence[str]) -> str:
    r"""The text with each of the clusters written as codes.

    >>> spelled("x\u0301y", ["x\u0301"])
    '[U+0078 U+0301]y'
    """
    for cluster in clusters:
        text = text.replace(cluster, f"[{' '.join(f'U+{ord(point):04X}' for point in cluster)}]")
    return text


def all_drawable(value: object) -> object:
    """The same nested value with every text made `drawable`."""
    return _mapped(value, ())


def all_spelled(value: object, clusters: Sequence[str]) -> object:
    """The same nested value with every text made `drawable` and the clusters spelled out."""
    return _mapped(value, tuple(clusters))


def _mapped(value: object, clusters: tuple[str, ...]) -> object:
    if isinstance(value, str):
        return spelled(drawable(value), clusters)
    if isinstance(value, Mapping):
        return {str(key): _mapped(inner, clusters) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_mapped(inner, clusters) for inner in value]
    return value
