"""Lines that a person settles: proposals to confirm, matches to undo, receipts that are no customer's."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from recouvrement.day.acts import Done
from recouvrement.day.house import House
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.money_in import (
    NewAllocation,
    NewOpinion,
    bank_line_row,
    items_for_matching,
    newest_opinions,
    open_lines,
    undo_line,
    write_allocations,
    write_opinions,
)
from recouvrement.ledger.parties import learn
from recouvrement.ledger.reopening import reopen

Part = tuple[str, int]


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
            "line": row.id,
            "on": row.effective_on.isoformat(),
            "cents": row.amount_cents,
            "currency": row.currency,
            "label": row.label,
            "proposals": [
                {
                    "invoices": [[numbers.get(i, "?"), cents] for i, cents, *_ in p["items"]],
                    "score": p["score"],
                    "reasons": p["reasons"],
                }
                for p in parsed[row.id]
            ],
        }
        for row in lines
    ]
    return sorted(rows, key=lambda r: (-r["cents"], r["line"]))


def confirm_proposal(house: House, line_id: str, rank: int, *, on: date, operator: str) -> Done:
    """Apply the proposal of that rank (from 1) of a line, as a person's match."""
    with house.ledger.reading() as connection:
        opinion = newest_opinions(connection, house.creditor()).get(line_id)
    proposals = json.loads(opinion.proposals) if opinion is not None else []
    if not 1 <= rank <= len(proposals):
        return Done(refused="no_such_proposal")
    parts = [(item, cents) for item, cents, *_ in proposals[rank - 1]["items"]]
    return _apply(house, line_id, parts, on=on, operator=operator)


def match_payment(house: House, line_id: str, parts: Sequence[Part], *, on: date, operator: str) -> Done:
    """Apply a bank line to invoices by (number, cents); what is left over becomes the debtor's credit."""
    wanted: list[Part] = []
    with house.ledger.reading() as connection:
        for number, cents in parts:
            items = find_items(connection, house.creditor(), number)
            if not items:
                return Done(refused="unknown_invoice")
            wanted.append((items[0].id, cents))
    return _apply(house, line_id, wanted, on=on, operator=operator)


def _apply(house: House, line_id: str, parts: Sequence[Part], *, on: date, operator: str) -> Done:
    with house.ledger.act("match_payment", operator) as act:
        row = bank_line_row(act.connection, line_id)
        refused = _refusal(act, house, row, parts, on)
        if refused:
            return Done(refused=refused)
        held = {i.id: i for i in items_for_matching(act.connection, house.creditor(), AsOf(on, act.id))}
        debtor_id = held[parts[0][0]].debtor_id
        common: dict[str, Any] = {
            "debtor_id": debtor_id,
            "currency": row.currency,
            "effective_on": row.effective_on,
            "value_on": row.value_on,
            "method": "person",
            "score": 1000,
            "author": operator,
            "bank_line_id": line_id,
        }
        rows = [NewAllocation(open_item_id=item, kind="payment", amount_cents=cents, **common) for item, cents in parts]
        left = row.amount_cents - sum(cents for _, cents in parts)
        if left:
            rows.append(NewAllocation(open_item_id=None, kind="customer_credit", amount_cents=left, **common))
        write_allocations(act, rows)
        _say(act, line_id, on, "confirmed", operator, "confirmed_by_person")
        _learn(act, debtor_id, row)
        told = {"line": line_id, "rows": [[r.open_item_id, r.kind, r.amount_cents] for r in rows]}
        journal.append(act, debtor_id, JournalEvent.MONEY_ALLOCATED, told)
        return Done(line_id)


def _refusal(act: Act, house: House, row: Any, parts: Sequence[Part], on: date) -> str | None:
    """Why a person's match cannot be booked, or None."""
    if row is None:
        return "unknown_line"
    if row.amount_cents <= 0:
        return "not_a_receipt"
    opinion = newest_opinions(act.connection, house.creditor()).get(row.id)
    if opinion is not None and opinion.verdict in {"automatic", "confirmed", "reversal"}:
        return "already_matched"
    held = {i.id: i for i in items_for_matching(act.connection, house.creditor(), AsOf(on, act.id))}
    if not parts or any(item not in held for item, _ in parts):
        return "nothing_open"
    if len({held[item].debtor_id for item, _ in parts}) > 1:
        return "several_debtors"
    if any(abs(cents) > abs(held[item].open_cents) or cents * held[item].open_cents <= 0 for item, cents in parts):
        return "more_than_is_open"
    return "more_than_received" if sum(cents for _, cents in parts) > row.amount_cents else None


def unmatch_payment(house: House, line_id: str, *, on: date, operator: str) -> Done:
    """Undo every allocation of a line; the balance and the penalties are as before, and matching leaves the line alone."""
    with house.ledger.act("unmatch_payment", operator) as act:
        if bank_line_row(act.connection, line_id) is None:
            return Done(refused="unknown_line")
        undone = undo_line(act, line_id, on=on, reason="unmatched_by_person")
        if not undone:
            return Done(refused="nothing_to_undo")
        reopen(act, [row.open_item_id for row in undone if row.open_item_id], on=on, reason="unmatched")
        _say(act, line_id, on, "unmatched", operator, "unmatched_by_person")
        for debtor_id in sorted({row.debtor_id for row in undone}):
            journal.append(
                act, debtor_id, JournalEvent.ALLOCATION_UNDONE, {"line": line_id, "by": operator, "on": on.isoformat()}
            )
        return Done(line_id)


def not_a_customer(house: House, line_id: str, *, on: date, operator: str) -> Done:
    """Say that a receipt has nothing to do with what customers owe."""
    with house.ledger.act("not_a_customer", operator) as act:
        row = bank_line_row(act.connection, line_id)
        if row is None:
            return Done(refused="unknown_line")
        opinion = newest_opinions(act.connection, house.creditor()).get(line_id)
        if opinion is not None and opinion.verdict in {"automatic", "confirmed"}:
            return Done(refused="already_matched")
        _say(act, line_id, on, "not_a_customer", operator, "said_by_person")
        return Done(line_id)


def _say(act: Act, line_id: str, on: date, verdict: str, operator: str, reason: str) -> None:
    write_opinions(act, [NewOpinion(line_id, on, verdict, 1000, "person", [reason], [], [], operator)])


def _learn(act: Act, debtor_id: str, row: Any) -> None:
    """A confirmed match teaches the payer: its IBAN, else the name on the line."""
    if row.counterparty_iban:
        learn(act, [(debtor_id, "iban", row.counterparty_iban)], "confirmed_match")
    elif row.counterparty_name:
        learn(act, [(debtor_id, "alias", row.counterparty_name)], "confirmed_match")
