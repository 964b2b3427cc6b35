"""Made-up ledgers of any size: invoices skewed over debtors, some with steps taken, some in dispute."""

import random
from datetime import date, timedelta
from pathlib import Path

from recouvrement.day.house import House, init
from recouvrement.domain.records import CustomerRecord, InvoiceRecord, StatementRecord
from recouvrement.ledger.facts import find_items, record_fact
from recouvrement.ledger.invoices import take_invoices
from recouvrement.ledger.parties import take_customers
from recouvrement.ledger.statements import take_statement
from recouvrement.settings import Settings

ON = date(2026, 11, 20)
CHUNK = 5_000
CREDITOR = {
    "name": "Banc d'essai", "email": "compta@essai.example", "iban": "FR7630006000011234567890189", "siren": "732829320",
    "legal_form": "SAS", "contact_name": "Essai", "phone": "0200000000", "address": "1 rue de l'Essai\n44000 Nantes",
}  # fmt: skip


def ledger(home: Path, invoices: int, *, seed: int = 1, database_url: str = "") -> House:
    """Make a ledger of that many open invoices under `home`; one debtor in three has one invoice, a few have thousands."""
    settings = Settings(home=home, witness=home / "witness", database_url=database_url)
    house = init(settings, creditor=dict(CREDITOR), simulated_clock_=True, on=ON).on_day(ON)
    chance = random.Random(seed)
    owners = _owners(invoices, chance)
    creditor_id = house.creditor()
    codes = sorted(set(owners))
    for start in range(0, len(codes), CHUNK):
        with house.ledger.act("generate", "bench") as act:
            take_customers(act, creditor_id, [_customer(code, chance) for code in codes[start : start + CHUNK]])
    for start in range(0, invoices, CHUNK):
        with house.ledger.act("generate", "bench") as act:
            records = [_invoice(n, owners[n], chance) for n in range(start, min(start + CHUNK, invoices))]
            take_invoices(act, creditor_id, records, file="bench")
    with house.ledger.act("generate", "bench") as act:
        statement = StatementRecord(
            "FR7630006000011234567890189", "EUR", ON - timedelta(days=30), ON - timedelta(days=1), None, None
        )
        take_statement(act, creditor_id, statement, format_="camt.053", file="bench")
        for n in range(0, invoices, 100):
            item = find_items(act.connection, creditor_id, f"B{n:08d}")[0]
            record_fact(
                act, "dispute", item.debtor_id, effective_on=ON - timedelta(days=3), open_item_id=item.id, disputed_cents=None,
                category="quality", owner="bench", wait_until=ON + timedelta(days=10),
            )  # fmt: skip
            if n >= 20_000:
                break
    return house


def _owners(invoices: int, chance: random.Random) -> list[str]:
    """The debtor of each invoice: shares fall like 1/rank, so that a few hold a large part."""
    debtors = max(invoices // 8, 1)
    return [f"D{_rank(debtors, chance):07d}" for _ in range(invoices)]


def _rank(debtors: int, chance: random.Random) -> int:
    return min(int(debtors ** chance.random()), debtors) if chance.random() < 0.3 else chance.randrange(debtors)


def _customer(code: str, chance: random.Random) -> CustomerRecord:
    kind = chance.choices(("business", "artisan", "consumer", "public", "unknown"), (80, 8, 5, 4, 3))[0]
    return CustomerRecord(
        code=code, name=f"Client {code}", kind=kind, email=f"{code.lower()}@client.example", phone="0100000000",
        address_lines=("1 rue du Client",), postcode="75001", city="Paris", language="fr",
    )  # fmt: skip


def _invoice(n: int, owner: str, chance: random.Random) -> InvoiceRecord:
    issue = ON - timedelta(days=chance.randrange(1, 200))
    return InvoiceRecord(
        number=f"B{n:08d}", kind="invoice", customer_code=owner, customer_name=owner, issue_on=issue, due_on=issue + timedelta(days=30),
        gross_cents=chance.randrange(2_000, 900_000), currency="EUR",
    )  # fmt: skip
