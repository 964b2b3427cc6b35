"""What waits beyond the ledger's own list: limits of law on cases, messages that could not be written; and their tables."""

from collections.abc import Iterator
from datetime import date

from recouvrement.day.choosing import rules_digest
from recouvrement.day.house import House
from recouvrement.day.limits_of_case import clocks_of_case
from recouvrement.day.reporting import MOST_ROWS, Row, safe_code
from recouvrement.day.to_read import to_read
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.asides import asides_to_show
from recouvrement.ledger.day_report import cases_standing
from recouvrement.ledger.waiting_list import RECORD, USUAL, Asking, Wait, owed

SHOWN = ("reply", "came", "debtor", "found_by", "kind", "proposed", "owner", "wait_until", "overdue")


def case_limits(house: House, a: Asking) -> Iterator[Wait]:
    """The limits of law that run on cases, each until the day to keep in the diary; whoever is bound, a person looks."""
    money = {
        row.id: (int(row.cents or 0), row.currency or "EUR") for row in cases_standing(a.connection, a.creditor_id)
    }
    for row, _, clocks in clocks_of_case(house, a.connection, a.as_of):
        for clock in clocks:
            cents, currency = money.get(row.id, (0, "EUR"))
            told = f"{safe_code(row.code, row.id)} {clock.key}"
            yield Wait("case_limit", told, row.debtor_id, "role:route", clock.keep_on, cents, currency)


def messages_aside(house: House, a: Asking) -> Iterator[Wait]:
    """Messages that could not be written: data to correct, which holds their debtors."""
    for _, row in asides_to_show(a.connection, rules_digest(house), a.as_of):
        cents, currency = owed(a, row.debtor_id)
        due = add_working_days(row.since_on, USUAL)
        yield Wait("message_aside", row.id, row.debtor_id, RECORD, due, cents, currency)


def reply_rows(house: House, on: date) -> list[Row]:
    """Messages to read as a table of codes, overdue ones first."""
    rows = to_read(house, on=on)
    for row in rows:
        row["debtor"] = safe_code(str(row["debtor"]), str(row["reply"])) if row["debtor"] else ""
    rows.sort(key=lambda row: not row["overdue"])
    return [{name: str(row[name]) for name in SHOWN} for row in rows[:MOST_ROWS]]


def aside_rows(house: House, on: date) -> list[Row]:
    """Messages that could not be written as a table of codes, overdue ones first, then oldest first."""
    with house.ledger.reading() as connection:
        found = asides_to_show(connection, rules_digest(house), AsOf(on, house.ledger.known_to()))
    late = {row.id: add_working_days(row.since_on, USUAL) < on for _, row in found}
    found.sort(key=lambda pair: not late[pair[1].id])
    return [
        {
            "debtor": safe_code(code, row.debtor_id), "since": row.since_on.isoformat(), "step": row.step,
            "channel": row.channel, "reason": row.reason, "overdue": str(late[row.id]), "id": row.id,
        }
        for code, row in found[:MOST_ROWS]
    ]  # fmt: skip
