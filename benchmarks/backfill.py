"""One year decided again: CPU and wall seconds of a backfill over a ledger of 10,000 invoices.

`python -m benchmarks.backfill [INVOICES] [--days N] [--profile]` prints one JSON object a ledger. Two ledgers: `living`, invoices
issued over fourteen months, most of them paid (late), reminded and a few disputed; `standing`, the same number all open on
every single day, the worst there is. Target (issue 8): one year of a 10,000-invoice ledger in ≤ 5 min.
"""

import argparse
import cProfile
import json
import os
import pstats
import random
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from benchmarks.generate import CHUNK, CREDITOR, ON, _customer, _owners
from recouvrement.day.backfill import Knowledge, backfill_days
from recouvrement.day.house import House, init
from recouvrement.domain.records import InvoiceRecord, StatementRecord
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import record_fact
from recouvrement.ledger.invoices import take_invoices
from recouvrement.ledger.money_in import NewAllocation, write_allocations
from recouvrement.ledger.parties import take_customers
from recouvrement.ledger.statements import take_statement
from recouvrement.ledger.tables.bank import receipt
from recouvrement.ledger.tables.contacts import contact, contact_event, contact_item
from recouvrement.ledger.tables.invoices import item_version, open_item
from recouvrement.settings import Settings

Row = dict[str, Any]
STEPS = ((3, "friendly_reminder", "email"), (10, "call", "call"), (15, "firm_reminder", "email"))


def ledger(home: Path, invoices: int, *, standing: bool, seed: int = 7) -> House:
    """A ledger with a past: customers, invoices, receipts, contacts, disputes, bank statements of every week."""
    house = init(Settings(home=home, witness=home / "witness", database_url=""), creditor=dict(CREDITOR),
                 simulated_clock_=True, on=ON).on_day(ON)  # fmt: skip
    chance, creditor_id = random.Random(seed), house.creditor()
    owners = _owners(invoices, chance)
    codes = sorted(set(owners))
    with house.ledger.act("generate", "bench") as act:
        take_customers(act, creditor_id, [_customer(code, chance) for code in codes])
    for start in range(0, invoices, CHUNK):
        with house.ledger.act("generate", "bench") as act:
            some = range(start, min(start + CHUNK, invoices))
            take_invoices(
                act, creditor_id, [_invoice(n, owners[n], chance, standing=standing) for n in some], file="bench"
            )
    with house.ledger.act("generate", "bench") as act:
        for week in range(64):
            first = ON - timedelta(days=7 * (week + 1))
            read = StatementRecord(CREDITOR["iban"], "EUR", first, first + timedelta(days=6), None, None)
            take_statement(act, creditor_id, read, format_="camt.053", file="bench")
    _pasts(house, creditor_id, chance, standing=standing)
    return house


def _invoice(n: int, owner: str, chance: random.Random, *, standing: bool) -> InvoiceRecord:
    days = chance.randrange(396, 500) if standing else chance.randrange(1, 425)
    issue = ON - timedelta(days=days)
    return InvoiceRecord(
        number=f"B{n:08d}", kind="invoice", customer_code=owner, customer_name=owner, issue_on=issue,
        due_on=issue + timedelta(days=30), gross_cents=chance.randrange(2_000, 900_000), currency="EUR",
    )  # fmt: skip


def _pasts(house: House, creditor_id: str, chance: random.Random, *, standing: bool) -> None:
    """Payments, steps taken while late, and a dispute on one invoice in fifty."""
    with house.ledger.act("generate", "bench") as act:
        query = select(open_item.c.id, open_item.c.debtor_id, item_version.c.due_on, item_version.c.amount_cents).join(
            item_version, item_version.c.open_item_id == open_item.c.id
        )
        receipts: list[Row] = []
        paid: list[NewAllocation] = []
        contacts: list[Row] = []
        items: list[Row] = []
        events: list[Row] = []
        seen = set()
        for item_id, debtor_id, due_on, cents in act.connection.execute(query).all():
            on = due_on + timedelta(days=int(chance.gauss(12, 15))) if not standing and chance.random() < 0.93 else None
            if on and on <= ON:
                receipt_id = act.new_id()
                receipts.append({"id": receipt_id, "act_id": act.id, "effective_on": on, "debtor_id": debtor_id,
                                 "kind": "accounts", "amount_cents": cents, "currency": "EUR"})  # fmt: skip
                paid.append(NewAllocation(debtor_id, item_id, "payment", cents, "EUR", on, on, "bench", 1000, "bench",
                                          receipt_id=receipt_id))  # fmt: skip
            for offset, step, channel in STEPS:
                day = due_on + timedelta(days=offset + chance.randrange(5))
                key = (debtor_id, day, channel)
                if day >= (on or ON) or day >= ON or key in seen:
                    break
                seen.add(key)
                _contact(act, creditor_id, item_id, key, step, cents, contacts, items, events)
            if chance.random() < 0.02:
                record_fact(act, "dispute", debtor_id, effective_on=due_on, open_item_id=item_id, disputed_cents=None,
                            category="quality", owner="bench", wait_until=ON + timedelta(days=10))  # fmt: skip
        for table, rows in ((receipt, receipts), (contact, contacts), (contact_item, items), (contact_event, events)):
            if rows:
                act.connection.execute(insert(table), rows)
        write_allocations(act, paid)


def _contact(
    act: Act, creditor_id: str, item_id: str, key: tuple[str, date, str], step: str, cents: int, contacts: list[Row],
    items: list[Row], events: list[Row],
) -> None:  # fmt: skip
    debtor_id, day, channel = key
    contact_id = act.new_id()
    contacts.append({
        "id": contact_id, "act_id": act.id, "creditor_id": creditor_id, "debtor_id": debtor_id, "business_day": day,
        "channel": channel, "step": step, "template": step, "language": "fr", "policy_sha256": "0" * 64, "origin": "history",
        "message_id": f"<{contact_id}@bench>", "state": "sent", "void": 0, "attempts": 0, "needs_approval": 0, "sent_at": act.at,
    })  # fmt: skip
    items.append({"id": act.new_id(), "contact_id": contact_id, "open_item_id": item_id, "ladder_cycle": 1, "step": step,
                  "channel": channel, "open_cents": cents, "void": 0})  # fmt: skip
    events.append({"id": act.new_id(), "act_id": act.id, "contact_id": contact_id, "at": act.at, "state": "sent"})


def measure(invoices: int, days: int, *, standing: bool, profile: bool) -> dict[str, object]:
    """The figures of one ledger."""
    with tempfile.TemporaryDirectory() as folder:
        house = ledger(Path(folder) / "home", invoices, standing=standing)
        start = ON - timedelta(days=days)
        cpu, wall, watch = time.process_time(), time.perf_counter(), cProfile.Profile()
        if profile:
            watch.enable()
        done = list(backfill_days(house, start, ON, Knowledge.NOW, actor="bench"))
        if profile:
            watch.disable()
            pstats.Stats(watch).sort_stats("tottime").print_stats(28)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        again = time.process_time()
        found = list(backfill_days(house, start, ON, Knowledge.NOW, actor="bench"))
        again = time.process_time() - again
        assert not any(day.made for day in found), "a second backfill finds every day done"
        return {
            "ledger": "standing" if standing else "living", "invoices": invoices, "days": len(done),
            "decisions": sum(int(day.detail["decisions"]) for day in done), "cpu_s": round(cpu, 1), "wall_s": round(wall, 1),
            "again_cpu_s": round(again, 2), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "ledger_mb": (house.settings.home / "recouvrement.db").stat().st_size // 2**20, "load": round(os.getloadavg()[0], 1),
            "digest": done[-1].detail["decisions_sha256"][:12],
        }  # fmt: skip


def main() -> None:
    """Both ledgers, or the one that was named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("invoices", type=int, nargs="?", default=10_000)
    parser.add_argument("--days", type=int, default=364)
    parser.add_argument("--only", choices=("living", "standing"))
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    for name in ("living", "standing"):
        if given.only in (None, name):
            found = measure(given.invoices, given.days, standing=name == "standing", profile=given.profile)
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
