"""Money that pays no invoice of the ledger: other income, other firms, invoices older than the ledger, and what is spent."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.held_out.firms import FORMS, GIVEN, SURNAMES, TRADES, Customer
from benchmarks.held_out.kinds import Kind
from benchmarks.held_out.sales import DAYS, START, Sale

INCOME = (
    "VIR DGFIP REMBT CREDIT TVA {n}", "REMISE CB {n}", "VIR STRIPE PAYMENTS {n}", "INTERETS CREDITEURS", "VIR CPAM IJSS {n}",
    "DEBLOCAGE PRET {n}", "VIR AXA ASSURANCES SINISTRE {n}", "VIR {surname} APPORT ASSOCIE", "VIR SEPA EDF REMBOURSEMENT TROP PERCU",
    "VIR URSSAF REMBOURSEMENT {n}", "VIREMENT DE VOTRE COMPTE LIVRET", "VIR SEPA SUMUP PAYMENTS {n}", "VIR CAF {n}",
)  # fmt: skip
SPENT = (
    "PRLV SEPA ORANGE SA {n}", "VIR SALAIRE {surname}", "CB {surname} 12/03", "CHEQUE {n}", "FRAIS TENUE DE COMPTE",
    "PRLV SEPA URSSAF {n}", "VIR SEPA EMIS SARL {surname}", "ECHEANCE PRET {n}", "PRLV SEPA DGFIP TVA {n}",
)  # fmt: skip
# A refund by a supplier, a deposit given back, a payment meant for somebody else: with a name and words like a customer's.
SAID = ("REMBOURSEMENT AVOIR", "FACT {n}", "SOLDE", "REGLEMENT", "RETOUR CAUTION", "TROP VERSE", "REF {n}", "")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A movement that no customer of the ledger explains; `kind` as in `truth_lines.csv`."""

    on: date
    cents: int
    kind: str
    name: str
    text: str
    label: str = ""  # the whole of it, when the bank writes it


def foreign(chance: random.Random, kind: Kind, made: list[Sale], pattern: str) -> Iterator[Foreign]:
    """All of it, in no order."""
    invoices = [s for s in made if s.cents > 0]
    for _ in range(round(len(invoices) * kind.strange)):
        yield _income(chance, invoices) if chance.random() < 0.55 else _other_firm(chance, invoices)
    for _ in range(round(len(invoices) * kind.older)):
        yield _older(chance, invoices, pattern)
    for _ in range(len(invoices) // 2):
        yield Foreign(_day(chance), -chance.randrange(500, 300_000), "noise_debit", "", "", _filled(chance, SPENT))


def _day(chance: random.Random) -> date:
    return START + timedelta(days=chance.randrange(10, DAYS + 60))


def _filled(chance: random.Random, texts: tuple[str, ...]) -> str:
    return chance.choice(texts).format(n=chance.randrange(10_000, 99_999_999), surname=chance.choice(SURNAMES))


def _cents(chance: random.Random, invoices: list[Sale]) -> int:
    """Three in ten of exactly the amount of some invoice."""
    return chance.choice(invoices).cents if chance.random() < 0.3 else chance.randrange(1_000, 400_000)


def _income(chance: random.Random, invoices: list[Sale]) -> Foreign:
    return Foreign(_day(chance), _cents(chance, invoices), "noise_credit", "", "", _filled(chance, INCOME))


def _other_firm(chance: random.Random, invoices: list[Sale]) -> Foreign:
    """Somebody who is no customer, with a name made of the same words as customers' names."""
    surname = chance.choice(invoices).customer.name.split()[1] if chance.random() < 0.5 else chance.choice(SURNAMES)
    name = chance.choice(
        (
            f"{chance.choice(FORMS)} {surname} {chance.choice(TRADES)}",
            f"{chance.choice(TRADES)} {surname}",
            f"M {surname} {chance.choice(GIVEN)}",
            f"MME {chance.choice(GIVEN)} {surname}",
        )
    )
    return Foreign(_day(chance), _cents(chance, invoices), "noise_credit", name, _filled(chance, SAID))


def _older(chance: random.Random, invoices: list[Sale], pattern: str) -> Foreign:
    """A customer pays an invoice issued before the ledger begins; its number looks like the others.

    One that is not named has an amount of its own: with the amount of an invoice of the ledger nobody could tell.
    """
    like: Sale = chance.choice(invoices[: len(invoices) // 3])
    customer: Customer = like.customer
    n, on = chance.randint(700, 990), START + timedelta(days=chance.randrange(3, 60))
    number = pattern.format(
        y=2025, yy=25, m=chance.randint(9, 12), month="L", n=n, n6=103_000 + n, code=customer.code, own=100 + n % 50,
        of_month=n % 60, step=9_000 + n,
    )  # fmt: skip
    named = chance.random() < 0.8
    text = f"FACT {number}" if named else "REGLEMENT"
    cents = like.cents if named and chance.random() < 0.15 else round(8_000 * 10 ** chance.uniform(0, 2))
    return Foreign(on, cents, "noise_credit", customer.shown, text)
