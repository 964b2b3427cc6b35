"""What a person does with a case: choose a route, note each step of the procedure, its money, take it back, close it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.acts_base import Done, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.day.limits_of_case import clocks_of_case
from recouvrement.domain.case_answers import ANSWERS, YES_OR_NO
from recouvrement.domain.case_clocks import Clock
from recouvrement.domain.case_states import OVER, CaseState, may_move, needs_reason
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.case_moves import (
    case_events,
    is_booked,
    record_case_fact,
    record_case_payment,
    route_of,
    state_of,
)
from recouvrement.ledger.cases import case_by_code, case_items, dossiers_of, move_case
from recouvrement.ledger.facts import record_fact
from recouvrement.ledger.item_details import applied_to, item_details
from recouvrement.ledger.money_in import bank_line_row, newest_opinions

S = CaseState


def _case(act: Act, code: str) -> Any:
    found = case_by_code(act.connection, code)
    refuse_when(found is None, "unknown_case")
    return found


def _moving(act: Act, code: str, after: CaseState, reason: str | None, on: date) -> tuple[Any, list[Any]]:
    """The case and its events, when it may go to a state on a day; Refusal otherwise."""
    found = _case(act, code)
    events = case_events(act.connection, AsOf.whenever(act.id), found.id)[found.id]
    refuse_when(not may_move(state_of(events), after), f"not_from_{state_of(events)}")
    refuse_when(needs_reason(after) and not reason, "reason_missing")
    refuse_when(events and on < events[-1].effective_on, "before_the_last_move")
    return found, events


def choose_route(house: House, code: str, route: str, *, on: date, operator: str) -> Done:
    """A person chooses how a case goes on: a route of the law table in force that day; nothing leaves by itself."""
    known = house.law.routes.routes.get(route)
    if known is None or not known.provenance.holds_on(on):
        return Done(refused="unknown_route")
    if known.disabled:
        return Done(refused="route_disabled")
    return move(house, code, S.CHOSEN, on=on, operator=operator, route=route)


def move(
    house: House, code: str, state: CaseState, *, on: date, operator: str, reason: str | None = None, route: str = ""
) -> Done:
    """Note that a case reached a state of the procedure; `sent` needs a dossier of the case."""
    if state in OVER:
        return Done(refused="use_close_case")

    def write(act: Act) -> str:
        found, events = _moving(act, code, state, reason, on)
        refuse_when(state is S.CHOSEN and not (route or route_of(events)), "route_missing")
        refuse_when(state is S.SENT and not dossiers_of(act.connection, found.id), "no_dossier")
        move_case(act, found.id, found.debtor_id, state, on=on, reason=reason, route=route or None)
        return str(found.id)

    return perform(house, "move_case", operator, write)


def close_case(
    house: House,
    code: str,
    end: CaseState,
    *,
    on: date,
    operator: str,
    reason: str | None = None,
    until: date | None = None,
) -> Done:
    """End a case as paid, settled, lost or taken back.

    Paid is refused while something is open on its items. The other ends pause what is still open until `until` (a day
    after `on`), so that a person can agree a plan or write it off before the ladder speaks again.
    """
    if end not in OVER:
        return Done(refused="not_an_end")

    def write(act: Act) -> str:
        found, _ = _moving(act, code, end, reason, on)
        still = [item for item, cents in open_cents_of(act.connection, found.id, AsOf(on, act.id)).items() if cents]
        refuse_when(end is S.PAID and still, "still_open")
        refuse_when(still and (until is None or until <= on), "pause_until_missing")
        for item in still:
            values = {"open_item_id": item, "until_on": until, "reason": f"case_{end.value}", "owner": operator}
            record_fact(act, "hold", found.debtor_id, effective_on=on, **values)
        move_case(act, found.id, found.debtor_id, end, on=on, reason=reason)
        return str(found.id)

    return perform(house, "close_case", operator, write)


def open_cents_of(connection: Connection, case_id: str, as_of: AsOf) -> dict[str, int]:
    """What is open on each item of a case, minor units, items in order of their due day."""
    ids = [row.open_item_id for row in case_items(connection, case_id)]
    details, applied = item_details(connection, ids, as_of), applied_to(connection, ids, as_of)
    ordered = sorted((i for i in ids if i in details), key=lambda i: (details[i].due_on, i))
    return {i: details[i].amount_cents - sum(a.amount_cents for a in applied[i]) for i in ordered}


def case_payment(house: House, code: str, line_id: str, *, fees_cents: int, on: date, operator: str) -> Done:
    """A credit on our account comes from who holds the case: the debtor paid it and the fees kept, oldest item first."""
    if fees_cents < 0:
        return Done(refused="amount_not_positive")

    def write(act: Act) -> str:
        found, line = _case(act, code), bank_line_row(act.connection, line_id)
        opinion = newest_opinions(act.connection, house.creditor()).get(line_id)
        refuse_when(line is None, "unknown_line")
        refuse_when(line.amount_cents <= 0, "not_a_receipt")
        refuse_when(
            opinion is not None and opinion.verdict in {"automatic", "confirmed", "reversal"}, "already_matched"
        )
        refuse_when(is_booked(act.connection, line_id), "booked_before")
        still = open_cents_of(act.connection, found.id, AsOf(on, act.id))
        parts = _spread(still, int(line.amount_cents) + fees_cents)
        return record_case_payment(act, found, line, parts=parts, fees_cents=fees_cents, on=on)

    return perform(house, "case_payment", operator, write)


def _spread(still: Mapping[str, int], cents: int) -> list[tuple[str, int]]:
    """An amount over the items in order; Refusal when it is more than all that is open."""
    refuse_when(cents > sum(still.values()), "more_than_is_open")
    parts, left = [], cents
    for item, owed in still.items():
        if part := min(owed, left):
            parts.append((item, part))
        left -= part
    return parts


def answer_fact(house: House, code: str, fact: str, value: str, *, on: date, operator: str) -> Done:
    """Answer what a route asks about a case: yes or no for a condition of the law table, a text for a field of a draft."""
    told = value.strip()
    if not told:
        return Done(refused="value_missing")
    if fact not in ANSWERS:
        return Done(refused="unknown_fact")
    if fact in YES_OR_NO and told not in {"yes", "no"}:
        return Done(refused="answer_yes_or_no")

    def write(act: Act) -> str:
        found = _case(act, code)
        return record_case_fact(act, found.id, found.debtor_id, fact=fact, value=told, on=on)

    return perform(house, "case_fact", operator, write)


def cases_now(house: House, *, on: date, debtor_id: str | None = None) -> list[dict[str, Any]]:
    """Every case with its state, route and the limits that run, soonest first; codes, days and amounts only."""
    as_of = AsOf(on, house.ledger.known_to())
    rows = []
    with house.ledger.reading() as connection:
        for row, events, running in clocks_of_case(house, connection, as_of, debtor_id):
            state = state_of(events)
            rows.append(
                {
                    "case": row.code, "state": state.value, "since": events[-1].effective_on if events else row.effective_on,
                    "route": route_of(events), "over": state in OVER, "clocks": [_clock(one) for one in running],
                }
            )  # fmt: skip
    return sorted(rows, key=lambda r: (r["over"], r["clocks"][0]["keep_on"] if r["clocks"] else date.max, r["case"]))


def _clock(one: Clock) -> dict[str, Any]:
    return {"limit": one.key, "article": one.article, "keep_on": one.keep_on, "must_act": one.must_act}
