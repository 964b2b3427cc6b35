"""From a receipt to what the bank's file says of it."""

import random
from dataclasses import dataclass
from datetime import date

from benchmarks.held_out.kinds import Kind
from benchmarks.held_out.receipts import Receipt
from benchmarks.held_out.strangers import Foreign
from benchmarks.held_out.words import name_as_shown, subject
from recouvrement.matching.words import plain_upper

HEADS = {
    "fr": ("VIR SEPA {name} {text}", "VIR RECU {bank}S DE: {name} MOTIF: {text} REF: {e2e}", "VIR INST {name} {text}",
           "VIR SEPA RECU /DE {name} /MOTIF {text} /REF {e2e}", "VIREMENT {name} {text}", "VIREMENT EN VOTRE FAVEUR {name} {text}"),
    "en": ("TRANSFER FROM {name} {text}", "FASTER PAYMENT {name} {text}"),
    "de": ("SEPA-GUTSCHRIFT {name} {text}", "GUTSCHRIFT {name} SVWZ+{text}"),
    "es": ("TRANSFERENCIA DE {name} {text}", "TRANSF. A SU FAVOR {name} CONCEPTO {text}"),
    "it": ("BONIFICO DA {name} {text}", "BONIF. SEPA {name} {text}"),
    "nl": ("OVERBOEKING {name} {text}",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one line and how they came about."""

    label: str
    remittance: str = ""
    name: str = ""
    iban: str = ""
    e2e: str = ""
    ref_mode: str = "none"
    name_mode: str = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bank and its truth."""

    on: date
    cents: int
    words: Words
    receipt: Receipt | None
    kind: str


def of_receipt(chance: random.Random, kind: Kind, one: Receipt, bank: tuple[str, ...]) -> Words:
    """What the line of one receipt says."""
    if one.kind == "cheque_deposit":
        slip = chance.choice(
            (
                f"REMISE CHEQUES BORD {chance.randrange(10**7)} {len(one.customers)} C",
                f"REM CHQ {chance.randrange(10**7)}",
            )
        )
        return Words(slip)
    customer = one.customers[0]
    name_mode = _name_mode(chance, kind)
    ref_mode = _ref_mode(chance, kind, one, silent=customer.silent)
    text = subject(chance, customer.language, one.said, ref_mode)
    if one.amount_mode.startswith("partial") and chance.random() < 0.45:
        text = f"{'ACOMPTE' if one.amount_mode == 'partial_1' else 'SOLDE'} {text}"
    words = _printed(chance, kind, name_as_shown(chance, customer, name_mode), text, customer.language, bank)
    shows = bool(words.name) and name_mode != "third" and chance.random() < 0.6
    iban = customer.account if shows else ""
    return Words(words.label, words.remittance, words.name, iban, words.e2e, ref_mode, name_mode)


def of_reversal(chance: random.Random, paid: Words) -> Words:
    """The debit by which a payment goes back."""
    return Words(
        f"{chance.choice(('REJET VIR', 'IMPAYE', 'REJET PRLV'))} {paid.label.split(' ', 2)[-1]}"[:31],
        ref_mode=paid.ref_mode,
    )


def of_foreign(chance: random.Random, kind: Kind, one: Foreign, bank: tuple[str, ...]) -> Words:
    """What the line of a stranger says."""
    if one.label:
        return Words(one.label[:31])
    return _printed(chance, kind, plain_upper(one.name), one.text, "fr", bank)


def _name_mode(chance: random.Random, kind: Kind) -> str:
    luck = chance.random()
    if luck < kind.third:
        return "third"
    if luck > kind.third + (1 - kind.third) * kind.named:
        return "none"
    return chance.choices(("exact", "variant", "trunc"), (6, 4, 1))[0]


def _ref_mode(chance: random.Random, kind: Kind, one: Receipt, *, silent: bool) -> str:
    several = len(one.said) > 1
    luck = chance.random() * (0.4 if silent else 1)  # some never write a number, the others mostly do
    shown = kind.numbered
    if luck > 1 - shown:
        modes = ("multi_list", "multi_short", "multi_trunc") if several else ("exact", "altered")
        return chance.choices(modes, (6, 3, 1) if several else (7, 3))[0]
    if chance.random() < kind.own_reference:
        return "own"
    return chance.choices(("generic", "empty"), (3, 1))[0]


def _printed(chance: random.Random, kind: Kind, name: str, text: str, language: str, bank: tuple[str, ...]) -> Words:
    """The bank's label, and beside it, unless the file is narrow, the text and the name."""
    e2e = f"E2E{chance.randrange(10**9):09d}" if chance.random() < 0.4 else "NOTPROVIDED"
    head = chance.choice(bank if language == "fr" else HEADS[language])
    whole = " ".join(head.format(name=name, text=text, e2e=e2e, bank=f"{chance.randrange(10**10):010d}").split())
    if chance.random() < kind.narrow:
        return Words(whole[:31])
    if chance.random() < 0.35:
        return Words(whole[:31], whole[:140], e2e=e2e)
    return Words(whole[:31], text[:140], name[:70], e2e=e2e)
