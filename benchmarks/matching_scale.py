"""Time of matching 100,000 bank lines against 200,000 open items of 20,000 customers, in days of 400 lines.

python benchmarks/matching_scale.py [lines] [items] [customers]
"""

import random
import sys
from datetime import date, timedelta
from os import getloadavg
from time import process_time

from matching_pure import replay

from recouvrement.matching.book import Book
from recouvrement.matching.types import Credit, OpenItem, Payer, Verdict

TRADES = ["MENUISERIE", "PLOMBERIE", "TRANSPORTS", "NEGOCE", "CONSEIL", "PEINTURE", "SERVICES", "FROID", "SECURITE"]
TRADES += ["INFORMATIQUE"]
SYLLABLES = [
    "BA",
    "BE",
    "BI",
    "BO",
    "CA",
    "CHA",
    "DE",
    "DI",
    "DO",
    "FA",
    "GA",
    "GUE",
    "JA",
    "LA",
    "LE",
    "LO",
    "MA",
    "MO",
]
SYLLABLES += ["NA", "PE", "RI", "RO", "SA", "TA", "VA", "VI"]
FORMS = ["SARL", "SAS", "EURL", "SNC", "ETS"]
START = date(2026, 1, 5)
LAST = START + timedelta(days=400)


def ledger(lines, items, customers, seed=1):
    random.seed(seed)
    book = Book()
    names = []
    for n in range(customers):
        surname = "".join(random.choices(SYLLABLES, k=3)) + random.choice(["RD", "T", "N", "UX", "LLE"])
        names.append(f"{surname} {random.choice(TRADES)}")
        book.add_payer(Payer(f"C{n:05d}", f"{random.choice(FORMS)} {names[-1]}"))
    sold = []
    for n in range(items):
        amount = random.randint(5_000, 900_000)
        issue = START - timedelta(days=random.randint(1, 90))
        debtor = random.randrange(customers)
        number = f"FA26{n:06d}"
        item = OpenItem(number, number, f"C{debtor:05d}", issue, issue + timedelta(days=30), amount, amount, "EUR")
        sold.append((item, names[debtor]))
        book.add_item(item)
    days, per_day = {}, 400
    for n, (item, name) in enumerate(random.sample(sold, lines)):
        on = START + timedelta(days=n // per_day)
        dice = random.random()
        text = (
            f"FACT {item.invoice_number}"
            if dice < 0.4
            else random.choice(["REGLEMENT", "", f"CMD {random.randint(10_000, 99_999)}"])
        )
        label = f"VIR SEPA {name} {text}"[:31]
        shown = name if dice < 0.9 else ""
        cents = item.amount_cents if dice < 0.85 else item.amount_cents // 2
        line = Credit(f"L{n:06d}", "0", on, on, cents, "EUR", label, text, shown, "", "NOTPROVIDED")
        days.setdefault(on, []).append(line)
    return book, days


def sizes():
    """Lines, items and customers as asked for."""
    return [int(a) for a in sys.argv[1:]] or [100_000, 200_000, 20_000]


def floor():
    """CPU seconds of adding up ten million numbers: what this machine does at this moment."""
    started = process_time()
    assert sum(range(10_000_000))
    return process_time() - started


def main():
    book, days = ledger(*sizes())
    started = process_time()
    book.advance(START)
    loaded = process_time()
    outcomes = replay(book, days)
    ended = process_time()
    automatic = sum(1 for o in outcomes.values() if o.verdict is Verdict.AUTOMATIC)
    print(f"{sizes()}: load {getloadavg()[0]:.1f}, floor {floor():.2f} s, automatic {automatic / len(outcomes):.3f}")
    print(f"CPU: indexes {loaded - started:.1f} s, matching {ended - loaded:.1f} s")


if __name__ == "__main__":
    main()
