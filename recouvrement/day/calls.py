"""The day's call list: calls that wait, as a sheet to fill in and a page to read; and the filled sheet back in."""

from datetime import date
from pathlib import Path
from typing import Any

from recouvrement.channels.call_list import CallsBack, CallToMake, as_page, as_sheet, read_calls
from recouvrement.day.acts import record_call, record_promise
from recouvrement.day.house import House
from recouvrement.day.operators import operators
from recouvrement.domain.lateness import days_late
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_waiting
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.outbox import items_of
from recouvrement.ledger.parties import debtor_rows


def calls_to_make(house: House, *, on: date) -> list[CallToMake]:
    """The calls that wait on a day, with what is owed and since when."""
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        rows = calls_waiting(connection, upto=on)
        carried = items_of(connection, [row.id for row in rows])
        details = item_details(connection, [i.open_item_id for items in carried.values() for i in items], as_of)
        debtors = debtor_rows(connection, sorted({row.debtor_id for row in rows}), as_of)
    return [_call(row, carried[row.id], details, debtors[row.debtor_id], on) for row in rows]


def _call(row: Any, items: list[Any], details: dict[str, Any], debtor: Any, on: date) -> CallToMake:
    mine = [details[i.open_item_id] for i in items]
    remarks = ("L'appel se fait en anglais.",) if debtor.language == "en" else ()
    return CallToMake(
        key=row.id, debtor=f"{debtor.code} {debtor.name}", person="", telephone=debtor.phone or "",
        due=sum(i.open_cents for i in items), currency=mine[0].currency,
        days_late=max(days_late(d.due_on, on=on) for d in mine), invoices=tuple(d.number for d in mine), remarks=remarks,
    )  # fmt: skip


def write_call_list(house: House, *, on: date) -> Path | None:
    """Write `out/calls/<day>.csv` (to fill in) and `.txt` (to read); None when nobody is to be called.

    A sheet that exists is left as it is: somebody may be filling it in.
    """
    calls = calls_to_make(house, on=on)
    if not calls:
        return None
    folder = house.settings.home / "out" / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / f"{on.isoformat()}.csv"
    if not sheet.exists():
        sheet.write_bytes(as_sheet(calls))
        sheet.with_suffix(".txt").write_text(as_page(calls, on), encoding="utf-8")
    return sheet


def take_call_list(house: House, sheet: Path, *, listed: date, on: date) -> CallsBack:
    """Take a filled sheet in: each call is noted, and a promise recorded for the open amount of its invoices.

    Rows stand for themselves; what was noted before is refused by the ledger and changes nothing.
    """
    calls = {call.key: call for call in calls_to_make(house, on=on)}
    found = read_calls(sheet.read_bytes(), set(calls), set(operators(house.settings)), listed, on)
    for made in found.taken:
        call = calls[made.key]
        record_call(
            house, made.key, outcome=made.outcome.name.lower(), on=made.on, operator=made.operator,
            reached=made.outcome.reached_someone,
        )  # fmt: skip
        if made.promised_for is not None:
            _promise(house, call, made.promised_for, made.on, made.operator)
    return found


def _promise(house: House, call: CallToMake, due_on: date, on: date, operator: str) -> None:
    code = call.debtor.split(" ", 1)[0]
    record_promise(house, code, cents=call.due, due_on=due_on, on=on, operator=operator, currency=call.currency)
