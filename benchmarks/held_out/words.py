"""How payers write a name and a number, and how much of it the bank lets through."""

import random
import re

from benchmarks.held_out.firms import FACTORS, FORMS, NOTARIES, PLACES, SURNAMES, Customer
from recouvrement.matching.words import plain_upper

SAY = {
    "fr": ("FACT {}", "FACTURE {}", "REGLEMENT FACTURE {}", "VOTRE FACTURE {}", "RGLT {}", "{}", "FACT N {} MERCI", "PAIEMENT FACT. {}"),
    "en": ("INVOICE {}", "PAYMENT INV {}", "INV. {}", "YOUR INVOICE {}", "{}"),
    "de": ("RECHNUNG {}", "RE NR {}", "RG {}", "RECHNUNGSNR. {}", "ZAHLUNG {}"),
    "es": ("FACTURA {}", "PAGO FACTURA {}", "FRA {}", "S/FRA {}"),
    "it": ("FATTURA {}", "SALDO FATTURA {}", "FT {}", "PAGAMENTO FATT. {}"),
    "nl": ("FACTUUR {}", "BETALING FACTUUR {}", "FACTUURNR {}"),
}  # fmt: skip
MUTE = {
    "fr": ("REGLEMENT", "VIREMENT", "PAIEMENT FOURNISSEUR", "SOLDE", "", "VOS FACTURES", "RELEVE", "REGLEMENT AU 31/01/2026", "ECH 15/02"),
    "en": ("PAYMENT", "SETTLEMENT", "TRANSFER", "SUPPLIER PAYMENT 2026"),
    "de": ("UEBERWEISUNG", "ZAHLUNG", "LIEFERANT"),
    "es": ("PAGO", "TRANSFERENCIA", "PAGO PROVEEDOR"),
    "it": ("PAGAMENTO", "BONIFICO", "SALDO"),
    "nl": ("BETALING", "OVERBOEKING"),
}  # fmt: skip
OWN = (
    "PO 45000{:05d}",
    "CMD {:05d}",
    "FVIRN2602{:05d}",
    "LOT0{:05d}",
    "REF {:05d}",
    "2026-{:05d}",
    "DOSSIER {:04d}",
    "SCT2602ZAP0{:05d}",
)
NEAR = {"O": "0", "0": "O", "I": "1", "1": "I"}


def name_as_shown(chance: random.Random, customer: Customer, mode: str) -> str:
    """The name of the payer as the line has it; empty when it has none."""
    name = plain_upper(customer.shown)
    if mode == "third":
        return chance.choice(
            (customer.parent, chance.choice(FACTORS), chance.choice(NOTARIES).format(chance.choice(SURNAMES)))
        )
    if mode == "none":
        return ""
    words = name.split()
    if mode == "trunc":
        return name[: chance.randint(6, 12)].strip()
    if mode == "variant":
        core = [w for w in words if w not in FORMS] or words
        return chance.choice(
            (
                " ".join(core),
                "".join(core),
                " ".join(reversed(core)),
                " ".join([w[:4] for w in core]),
                _slipped(chance, name),
                f"{name} {chance.choice(PLACES)}",
                f"{chance.choice(('MR', 'M', 'ETS'))} {core[0]}",
                f"{''.join(w[0] for w in core)} {max(core, key=len)}",
                core[0],
            )
        )
    return name


def _slipped(chance: random.Random, text: str) -> str:
    """One letter lost, doubled or exchanged."""
    at = chance.randrange(1, max(len(text) - 2, 2))
    before, letter, after = text[:at], text[at], text[at + 1 :]
    return chance.choice((before + after, before + 2 * letter + after, before + after[:1] + letter + after[1:]))


def altered(chance: random.Random, number: str) -> str:
    """A number as people get it wrong: separators, what stands before it, two digits exchanged, O for 0, another year."""
    digits = [i for i, c in enumerate(number) if c.isdigit()]
    swap = chance.choice(digits[:-1] or digits)
    return chance.choice(
        (
            re.sub(r"[^A-Z0-9]", "", number),
            re.sub(r"[^A-Z0-9]", " ", number),
            number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-"),
            re.split(r"[-/]", number)[-1],
            number[:swap] + number[swap + 1 : swap + 2] + number[swap] + number[swap + 2 :],
            re.sub(r"[01]", lambda m: NEAR[m.group()], number, count=1),
            number.replace("2026", "2025"),
            f"{number}.",
        )
    )


def subject(chance: random.Random, language: str, numbers: tuple[str, ...], mode: str) -> str:
    """What the payer writes about what is paid."""
    if mode in {"generic", "empty"}:
        if mode == "empty":
            return ""
        return (
            f"{len(numbers)} FACTURES" if len(numbers) > 1 and chance.random() < 0.4 else chance.choice(MUTE[language])
        )
    if mode == "own":
        return chance.choice(OWN).format(chance.randrange(1, 10_000))
    written = [altered(chance, numbers[0])] if mode == "altered" else [*numbers]
    if mode == "multi_short":
        written = [numbers[0], *[re.split(r"[-/]", n)[-1].lstrip("0") or n for n in numbers[1:]]]
    if mode == "multi_trunc":
        written = [numbers[0] + chance.choice(("...", " ETC", "..."))]
    return chance.choice(SAY[language]).format(chance.choice((", ", "/", " ", " + ", " ET ")).join(written))
