"""Receipts that wait for a person, with what matching proposes."""

import json
from datetime import date
from typing import Any

from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.money_in import newest_opinions, open_lines


def waiting_lines(house: House, *, on: date) -> list[dict[str, Any]]:
    """Credits that wait for a person, largest first: line, day, cents, what matching proposes, by invoice number."""
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        opinions = newest_opinions(connection, creditor_id)
        lines = [row for row in open_lines(connection, creditor_id, upto=on) if row.amount_cents > 0]
        parsed = {row.id: json.loads(opinions[row.id].proposals) if row.id in opinions else [] for row in lines}
        ids = sorted({part[0] for found in parsed.values() for p in found for part in p["items"]})
        numbers = {k: v.number for k, v in item_details(connection, ids, AsOf(on, house.ledger.known_to())).items()}
    rows = [
        {
            "line": row.id, "on": row.effective_on.isoformat(), "cents": row.amount_cents, "currency": row.currency,
            "label": row.label, "proposals": [_told(p, numbers) for p in parsed[row.id]],
        }
        for row in lines
    ]  # fmt: skip
    return sorted(rows, key=lambda r: (-r["cents"], r["line"]))


def _told(p: dict[str, Any], numbers: dict[str, str]) -> dict[str, Any]:
    """A proposal as a person reads it: what each invoice gets, what is let go, what is left over, why."""
    return {
        "invoices": [[numbers.get(i, "?"), cents] for i, cents, *_ in p["items"]],
        "written_off": [[numbers.get(i, "?"), cents, why] for i, _, cents, why in p["items"] if cents],
        "credit": p.get("credit", 0),
        "score": p["score"],
        "reasons": p["reasons"],
    }
