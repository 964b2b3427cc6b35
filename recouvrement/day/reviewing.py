"""Lines that a person settles: proposals to confirm, matches to undo, receipts that are no customer's."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from recouvrement.day.acts_base import Done, Refusal, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.day.matching_rows import as_proposals, common_of, rows_of
from recouvrement.day.reviewing_list import waiting_lines
from recouvrement.day.write_offs import may_write_off
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.case_moves import undo_fees
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.lettered import restore, settlements, stand_in
from recouvrement.ledger.money_in import (
    NewAllocation,
    NewOpinion,
    bank_line_row,
    items_for_matching,
    newest_opinions,
    undo_line,
    write_allocations,
    write_opinions,
)
from recouvrement.ledger.parties import learn
from recouvrement.ledger.reopening import reopen
from recouvrement.matching.grounds import SETTLED
from recouvrement.matching.types import Applied

__all__ = ["confirm_proposal", "match_payment", "not_a_customer", "unmatch_payment", "waiting_lines"]

Part = tuple[str, int]
PERSONS_SCORE = 1000
STANDS = frozenset({"automatic", "confirmed", "reversal"})
GRANTED = "escompte"  # a discount in time is the invoice's own price, not a sum let go


def confirm_proposal(house: House, line_id: str, rank: int, *, on: date, operator: str) -> Done:
    """Apply the proposal of that rank (from 1) of a line, as a person's match; the payer is remembered.

    What the proposal lets go (a bank fee, a rounding) is a write-off: above the policy's limit it needs its role.
    """

    def confirmed(act: Act) -> str:
        row, opinion = _line(act, house, line_id)
        proposals = json.loads(opinion.proposals) if opinion is not None else []
        refuse_when(not 1 <= rank <= len(proposals), "no_such_proposal")
        proposal = proposals[rank - 1]
        parts = [Applied(*part) for part in proposal["items"]]
        if SETTLED in proposal["reasons"]:
            return _stand_in(act, house, row, proposal["debtor"], parts, on)
        if not parts:
            return _apply(act, house, row, parts, on, debtor_id=proposal["debtor"])
        return _apply(act, house, row, parts, on)

    return perform(house, "match_payment", operator, confirmed)


def match_payment(house: House, line_id: str, parts: Sequence[Part], *, on: date, operator: str) -> Done:
    """Apply a bank line to invoices by (number, cents); what is left over becomes the debtor's credit."""

    def matched(act: Act) -> str:
        wanted: list[Applied] = []
        held = _held(act, house, on)
        for number, cents in parts:
            items = find_items(act.connection, house.creditor(), number)
            refuse_when(not items, "unknown_invoice")
            wanted += _shared([item.id for item in items], cents, held)
        row, _ = _line(act, house, line_id)
        return _apply(act, house, row, wanted, on)

    return perform(house, "match_payment", operator, matched)


def _shared(item_ids: list[str], cents: int, held: dict[str, Any]) -> list[Applied]:
    """A sum for an invoice over its instalments, oldest first; what is too much stays on the last, to be refused."""
    made, left = [], cents
    for item_id in item_ids[:-1]:
        part = min(left, held[item_id].open_cents) if item_id in held and cents > 0 else 0
        if part > 0:
            made.append(Applied(item_id, part))
            left -= part
    return [*made, Applied(item_ids[-1], left)] if left or not made else made


def _line(act: Act, house: House, line_id: str) -> tuple[Any, Any]:
    """A receipt that may be matched, with the newest opinion on it; Refusal otherwise."""
    row = bank_line_row(act.connection, line_id)
    refuse_when(row is None, "unknown_line")
    refuse_when(row.amount_cents <= 0, "not_a_receipt")
    opinion = newest_opinions(act.connection, house.creditor()).get(line_id)
    refuse_when(opinion is not None and opinion.verdict in STANDS, "already_matched")
    return row, opinion


def _held(act: Act, house: House, on: date) -> dict[str, Any]:
    return {i.id: i for i in items_for_matching(act.connection, house.creditor(), AsOf(on, act.id))}


def _apply(act: Act, house: House, row: Any, parts: list[Applied], on: date, *, debtor_id: str = "") -> str:
    """Book a person's match; with no parts the whole receipt is the credit of `debtor_id`."""
    held = _held(act, house, on)
    if code := _refusal(house, act.actor, row, parts, held, to_credit=bool(debtor_id)):
        raise Refusal(code)
    debtor_id = debtor_id or held[parts[0].item_id].debtor_id
    notes = {p.item_id: held[p.item_id].issue_on for p in parts if held[p.item_id].kind == "credit_note"}
    left = row.amount_cents - sum(part.cents for part in parts)
    rows = rows_of(parts, left, notes, common_of(row, debtor_id, "person", PERSONS_SCORE, act.actor))
    write_allocations(act, rows)
    _confirm(act, row, debtor_id, rows, on)
    return str(row.id)


def _confirm(act: Act, row: Any, debtor_id: str, rows: list[NewAllocation], on: date) -> None:
    _say(act, row.id, on, "confirmed", "confirmed_by_person")
    _learn(act, debtor_id, row)
    told = {"line": row.id, "rows": [[r.open_item_id, r.kind, r.amount_cents] for r in rows]}
    journal.append(act, debtor_id, JournalEvent.MONEY_ALLOCATED, told)


def _stand_in(act: Act, house: House, row: Any, debtor_id: str, parts: list[Applied], on: date) -> str:
    """The line is the receipt that the accounts lettered: it takes its place."""
    wanted = sorted((part.item_id, part.cents) for part in parts)
    standing = settlements(act.connection, house.creditor(), AsOf(on, act.id))
    found = next((one for one in standing if one.debtor_id == debtor_id and sorted(one.parts) == wanted), None)
    if found is None or found.cents != row.amount_cents or found.currency != row.currency:
        raise Refusal("nothing_open")
    rows = stand_in(act, found, row, author=act.actor, score=PERSONS_SCORE)
    _confirm(act, row, debtor_id, rows, on)
    return str(row.id)


def _refusal(
    house: House, operator: str, row: Any, parts: list[Applied], held: dict[str, Any], *, to_credit: bool
) -> str | None:
    """Why a person's match cannot be booked, or None."""
    if to_credit:
        return None
    if not parts or any(part.item_id not in held for part in parts):
        return "nothing_open"
    if len({held[part.item_id].debtor_id for part in parts}) > 1:
        return "several_debtors"
    if any(held[part.item_id].currency != row.currency for part in parts):
        return "another_currency"
    if any(_too_much(part, held[part.item_id].open_cents) for part in parts):
        return "more_than_is_open"
    if sum(part.cents for part in parts) > row.amount_cents:
        return "more_than_received"
    let_go = sum(abs(part.adjustment_cents) for part in parts if part.adjustment_reason != GRANTED)
    return None if may_write_off(house, operator, let_go) else "above_the_limit"


def _too_much(part: Applied, open_cents: int) -> bool:
    """Whether a part does not fit what is open: of the other sign, nothing, or more (a rounding in our favour apart)."""
    asked = part.cents + part.adjustment_cents
    return part.cents * open_cents <= 0 or abs(asked) > abs(open_cents)


def unmatch_payment(house: House, line_id: str, *, on: date, operator: str) -> Done:
    """Undo what was said of a line, its allocations included; the balance and the penalties are as before.

    Matching leaves the line alone from then on. While it waits, whom it was applied to is not chased (the money is in),
    and what was undone stands as its first proposal.
    """

    def unmatched(act: Act) -> str:
        refuse_when(bank_line_row(act.connection, line_id) is None, "unknown_line")
        opinion = newest_opinions(act.connection, house.creditor()).get(line_id)
        undone = undo_line(act, line_id, on=on, reason="unmatched_by_person")
        undone += undo_fees(act, line_id, on=on)
        set_aside = opinion is not None and opinion.verdict == "not_a_customer"
        refuse_when(not undone and not set_aside, "nothing_to_undo")
        settled_again = restore(act, undone, on=on)
        open_again = [r.open_item_id for r in undone if r.open_item_id and r.open_item_id not in settled_again]
        reopen(act, open_again, on=on, reason="unmatched")
        debtors = sorted({row.debtor_id for row in undone})
        doubts, again = [(debtor_id, "unmatched") for debtor_id in debtors], as_proposals(undone)
        _say(act, line_id, on, "unmatched", "unmatched_by_person", doubts=doubts, proposals=again)
        for debtor_id in debtors:
            facts = {"line": line_id, "by": operator, "on": on.isoformat()}
            journal.append(act, debtor_id, JournalEvent.ALLOCATION_UNDONE, facts)
        return line_id

    return perform(house, "unmatch_payment", operator, unmatched)


def not_a_customer(house: House, line_id: str, *, on: date, operator: str) -> Done:
    """Say that a receipt has nothing to do with what customers owe."""

    def said(act: Act) -> str:
        _line(act, house, line_id)
        _say(act, line_id, on, "not_a_customer", "said_by_person")
        return line_id

    return perform(house, "not_a_customer", operator, said)


def _say(
    act: Act, line_id: str, on: date, verdict: str, reason: str, *, doubts: Sequence[tuple[str, str]] = (),
    proposals: Sequence[object] = (),
) -> None:  # fmt: skip
    opinion = NewOpinion(line_id, on, verdict, PERSONS_SCORE, "person", [reason], proposals, doubts, act.actor)
    write_opinions(act, [opinion])


def _learn(act: Act, debtor_id: str, row: Any) -> None:
    """A confirmed match teaches the payer: its IBAN, else the name on the line."""
    if row.counterparty_iban:
        learn(act, [(debtor_id, "iban", row.counterparty_iban)], "confirmed_match")
    elif row.counterparty_name:
        learn(act, [(debtor_id, "alias", row.counterparty_name)], "confirmed_match")
