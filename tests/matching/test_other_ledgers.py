"""Made-up ledgers of other firms: other numbers, currencies, price lists, groups and factors; precision first."""

import random
from datetime import date, timedelta

import pytest

from benchmarks.matching_pure import replay
from recouvrement.matching.book import Book
from recouvrement.matching.types import Credit, OpenItem, Payer, Reason, Verdict

START = date(2026, 1, 5)
WORDS = [
    "ALBRET",
    "BOURGOIN",
    "CASTELLAN",
    "DUVIVIER",
    "ESTEBAN",
    "FONTENAY",
    "GRANDIDIER",
    "HAUTEFORT",
    "JAUBERT",
    "KERMOAL",
    "LESTRADE",
    "MARSAULT",
]
TRADES = "BETON CARRELAGE CHARPENTE DIFFUSION EXPERTISE FERMETURES LOGISTIQUE OPTIQUE".split()  # noqa: SIM905
FORMATS = ("{y}/{n:04d}", "INV-{n:06d}", "VTE{y}{m:02d}-{n:03d}", "{n:07d}", "F.{m:02d}.{y}.{n}")
CURRENCIES = ("EUR", "CHF", "USD")
PRICES = (9_900, 19_900, 49_900, 120_000, 240_000)


def _ledger(chance: random.Random, pattern: str, *, priced: bool):
    """A book, its lines by day and what each line pays: wear of every kind, strangers and third parties among them."""
    book, names = Book(), [f"{a} {b}" for a in WORDS for b in chance.sample(TRADES, 3)]
    for rank, name in enumerate(names):
        book.add_payer(Payer(f"C{rank}", f"SARL {name}"))
    sold = []
    for n in range(240):
        debtor, issue = chance.randrange(len(names)), START + timedelta(days=chance.randrange(60))
        cents = chance.choice(PRICES) if priced else chance.randint(5_000, 900_000)
        number = pattern.format(y=issue.year, m=issue.month, n=n + 1)
        currency = chance.choices(CURRENCIES, (8, 1, 1))[0]
        item = OpenItem(f"I{n}", number, f"C{debtor}", issue, issue + timedelta(days=30), cents, cents, currency)
        sold.append((item, names[debtor]))
        book.add_item(item)
    days, truth = {}, {}
    for n, (item, name) in enumerate(chance.sample(sold, 160)):
        on = item.issue_on + timedelta(days=chance.randint(10, 50))
        text = chance.choice(
            [item.invoice_number, f"FACT {item.invoice_number}", "REGLEMENT", "", item.invoice_number[-3:]]
        )
        payer = chance.choice([name, name, name, name.split()[0], "", f"HOLDING {name.split()[0]}", "EURO FACTOR"])
        cents = item.amount_cents - chance.choice([0, 0, 0, 0, 0, 1_800, 1, -2_000, item.amount_cents // 2])
        truth[f"L{n}"] = item.id
        line = Credit(f"L{n}", "0", on, on, cents, item.currency, "VIR SEPA RECU", text, payer, "", "NOTPROVIDED")
        days.setdefault(on, []).append(line)
    for n in range(20):  # money of strangers, at amounts that the ledger knows
        on = START + timedelta(days=chance.randrange(20, 90))
        cents = chance.choice(sold)[0].amount_cents
        line = Credit(
            f"X{n}", "0", on, on, cents, "EUR", "VIR SEPA RECU", "SOLDE", "MAIRIE DE TREGUIER", "", "NOTPROVIDED"
        )
        days.setdefault(on, []).append(line)
    return book, days, truth


@pytest.mark.parametrize("priced", [False, True])
@pytest.mark.parametrize("pattern", FORMATS)
def test_other_ledgers_are_matched_without_an_error_and_never_on_the_amount_alone(pattern, priced):
    wrong, right = [], 0
    for seed in range(3):
        book, days, truth = _ledger(random.Random(f"{pattern}{priced}{seed}"), pattern, priced=priced)
        for outcome in replay(book, days).values():
            if outcome.verdict is Verdict.AUTOMATIC:
                assert Reason.AMOUNT_ALONE.value not in outcome.reasons
                paid = [a.item_id for a in outcome.allocations]
                good = paid == [truth.get(outcome.line_id)]
                right += good
                wrong += [] if good else [(outcome.line_id, paid, outcome.reasons)]
    assert len(wrong) <= 0.005 * (right + len(wrong)), wrong
    assert right >= 100
