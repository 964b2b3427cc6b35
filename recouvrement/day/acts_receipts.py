"""Money that no bank statement has shown yet, as a person knows of it: announced, banked, cleared or returned."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from recouvrement.day.acts_base import Done, Refusal, noted, perform, refuse_when, subject_named
from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import close_fact, open_facts, write_event
from recouvrement.ledger.item_money import ItemMoney, items_of_debtor, money_of
from recouvrement.ledger.receipts import (
    ANNOUNCED,
    BANKED,
    CLEARED,
    KINDS,
    RETURNED,
    WITHDRAWN,
    WITHOUT_A_BANK,
    apply_receipt,
    is_banked,
    receipt_row,
    receipts_under_way,
    undo_receipt,
    write_receipt,
)
from recouvrement.ledger.reopening import reopen

STATES = (ANNOUNCED, BANKED, CLEARED)
ENDS = (BANKED, CLEARED, RETURNED, WITHDRAWN)
USUALLY_SHOWN = timedelta(days=10)  # when a person names no day


def record_receipt(
    house: House, subject: str, *, kind: str, cents: int, state: str, on: date, operator: str, currency: str = "EUR",
    expected_on: date | None = None, note_id: str | None = None,
) -> Done:  # fmt: skip
    """Note a receipt outside the statement, for an invoice or a debtor: `announced`, `banked`, or `cleared` at once.

    Nobody is chased for the amounts it covers while it is under way. Only cash and set-off can be cleared here: they
    are applied at once, to the invoice or to what is oldest; a bank line will carry the other kinds.
    """

    def write(act: Act) -> str:
        refuse_when(kind not in KINDS, "unknown_kind")
        refuse_when(state not in STATES, "unknown_state")
        refuse_when(cents <= 0, "amount_not_positive")
        refuse_when(state == CLEARED and kind not in WITHOUT_A_BANK, "a_bank_line_will_clear_it")
        refuse_when(expected_on is not None and expected_on < on, "day_is_past")
        debtor_id, items = subject_named(act, house, subject)
        receipt_id = write_receipt(
            act, debtor_id, kind, cents, currency, item_id=items[0].id if items else None, owner=operator, on=on,
            expected_on=expected_on or on + USUALLY_SHOWN, note_id=noted(act, note_id),
        )  # fmt: skip
        if state == BANKED:
            write_event(act, "receipt", receipt_id, debtor_id, effective_on=on, event=BANKED)
        elif state == CLEARED:
            _clear(act, receipt_id, on, [item.id for item in items])
        return receipt_id

    return perform(house, "receipt", operator, write)


def _clear(act: Act, receipt_id: str, on: date, item_ids: Sequence[str]) -> None:
    row = receipt_row(act.connection, receipt_id)
    if row.kind in WITHOUT_A_BANK:
        apply_receipt(act, row, _payable(act, row.debtor_id, item_ids, on), on=on)
    close_fact(act, "receipt", receipt_id, effective_on=on, event=CLEARED, reason="by_person")


def _payable(act: Act, debtor_id: str, item_ids: Sequence[str], on: date) -> list[ItemMoney]:
    as_of = AsOf(on, act.id)
    items = money_of(act.connection, item_ids, as_of) if item_ids else items_of_debtor(act.connection, debtor_id, as_of)
    return [item for item in items if item.open_cents > 0]


def move_receipt(house: House, subject: str, *, to: str, on: date, operator: str, reason: str = "") -> Done:
    """Say what became of the newest receipt of a debtor or an invoice: banked, cleared, returned unpaid, or withdrawn.

    A receipt that was cleared here and comes back is undone: the invoice is open again and starts its ladder anew.
    """

    def write(act: Act) -> str:
        refuse_when(to not in ENDS, "unknown_state")
        debtor_id, items = subject_named(act, house, subject)
        row = _newest(act, debtor_id, {item.id for item in items}, on)
        if row is None:
            refuse_when(to != RETURNED, "nothing_under_way")
            return _undo_cleared(act, debtor_id, {item.id for item in items}, on, reason)
        if to == BANKED:
            refuse_when(is_banked(act.connection, row.id), "banked_already")
            write_event(act, "receipt", row.id, debtor_id, effective_on=on, event=BANKED)
        elif to == CLEARED:
            _clear(act, row.id, on, [row.open_item_id] if row.open_item_id else [])
        else:
            close_fact(act, "receipt", row.id, effective_on=on, event=to, reason=reason or None)
        return str(row.id)

    return perform(house, "move_receipt", operator, write)


def _newest(act: Act, debtor_id: str, item_ids: set[str], on: date) -> Any:
    under_way = {row.id for row in open_facts(act.connection, "receipt", debtor_id)}
    rows = receipts_under_way(act.connection, AsOf(on, act.id), within=(debtor_id, debtor_id))
    rows = [r for r in rows if r.id in under_way and (not item_ids or r.open_item_id in {None, *item_ids})]
    return rows[-1] if rows else None


def _undo_cleared(act: Act, debtor_id: str, item_ids: set[str], on: date, reason: str) -> str:
    found = undo_receipt(act, debtor_id, item_ids, on=on, reason=reason or None)
    if found is None:
        raise Refusal("nothing_under_way")
    reopen(act, found.items, on=on, reason=RETURNED)
    return found.id
