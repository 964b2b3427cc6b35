"""A candidate policy tried on debtors drawn at random: begin, enrol those who come, measure, end."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from recouvrement.day.decisions import decided, ranges
from recouvrement.day.habits import items_of
from recouvrement.day.house import House
from recouvrement.ledger import hold_out
from recouvrement.ledger.as_of import AsOf
from recouvrement.reports.hold_out import Effect, effect

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")
HORIZON = 90


@dataclass(frozen=True, slots=True)
class Begun:
    """A hold-out that has begun, and how many debtors each arm drew at once."""

    code: str
    candidate: str
    share_percent: int
    drawn: dict[str, int]


def begin_hold_out(
    house: House, code: str, candidate: str, *, share_percent: int, seed: str, on: date, operator: str
) -> Begun | str:
    """Begin to try a policy of the house on a share of the debtors under its default policy; or why not.

    Only debtors who stand under the default policy by the rules alone take part: nobody whom a person, a kind or an
    agreement has put under another.
    """
    refused = _refused(house, code, candidate, share_percent, seed, on)
    if refused is not None:
        return refused
    debtors = _eligible(house, on)
    policy = house.policies.by_name[candidate]
    with house.on_day(on).ledger.act("hold_out", operator) as act:
        hold_out.begin(act, code, candidate, policy.sha256, share_percent=share_percent, seed=seed, on=on)
        drawn = hold_out.enrol(act, hold_out.by_code(act.connection, code), debtors, on=on)
    return Begun(code, candidate, share_percent, drawn)


def _refused(house: House, code: str, candidate: str, share_percent: int, seed: str, on: date) -> str | None:
    if not CODE.fullmatch(code) or not CODE.fullmatch(seed):
        return "not_a_code"
    if not 1 <= share_percent <= 99:
        return "share_from_1_to_99"
    if candidate not in house.policies.by_name:
        return "unknown_policy"
    if candidate == house.policy.name:
        return "candidate_is_in_force"
    with house.ledger.reading() as connection:
        if hold_out.by_code(connection, code) is not None:
            return "code_taken"
        return "one_at_a_time" if hold_out.running(connection, AsOf(on, house.ledger.known_to())) else None


def _eligible(house: House, on: date) -> list[str]:
    known_to, creditor_id = house.ledger.known_to(), house.creditor()
    with house.ledger.reading() as connection:
        chosen = hold_out.named_by_a_person(connection)
    return [
        position.id
        for part in ranges(house, creditor_id, known_to)
        for position, decision in decided(house, creditor_id, part, on=on, known_to=known_to)
        if decision.policy.name == house.policy.name and position.id not in chosen
    ]


def enrol_newcomers(house: House, *, on: date, actor: str) -> int:
    """Draw the arm of debtors who came since; nothing is read or written when no hold-out runs. Return how many."""
    with house.ledger.reading() as connection:
        going = hold_out.running(connection, AsOf(on, house.ledger.known_to()))
        known = {debtor for one in going for debtor in hold_out.members(connection, one.id)}
    new = [debtor for debtor in _eligible(house, on) if debtor not in known] if going else []
    if not new:
        return 0
    with house.ledger.act("hold_out_enrol", actor) as act:
        return sum(sum(hold_out.enrol(act, one, new, on=on).values()) for one in going)


def end_hold_out(house: House, code: str, *, on: date, operator: str) -> int | str:
    """End a hold-out; how many debtors go back to the rules, or why not."""
    with house.ledger.reading() as connection:
        going = {one.code: one for one in hold_out.running(connection, AsOf(on, house.ledger.known_to()))}
    if code not in going:
        return "not_running"
    with house.on_day(on).ledger.act("hold_out_end", operator) as act:
        return hold_out.end(act, going[code], on=on, reason="ended_by_operator")


def measured(house: House, code: str, *, on: date, horizon: int = HORIZON) -> Effect | None:
    """Days to pay on both sides: invoices issued since each debtor was drawn and at least `horizon` days old. None: no such code."""
    with house.ledger.reading() as connection:
        one = hold_out.by_code(connection, code)
        drawn = hold_out.members(connection, one.id) if one is not None else {}
    if one is None:
        return None
    arms: dict[str, dict[str, list[int]]] = {hold_out.CURRENT: {}, hold_out.CANDIDATE: {}}
    for item in (item for some in items_of(house, on=on).values() for item in some):
        arm, since = drawn.get(item.debtor, ("", on))
        settled = item.settled_on
        if not arm or item.cents <= 0 or not since <= item.issue_on <= on - timedelta(days=horizon):
            continue
        if settled is not None and not item.paid:
            continue  # a credit note or a write-off settled it: nobody paid
        days = horizon if settled is None else min((settled - item.issue_on).days, horizon)
        arms[arm].setdefault(item.debtor, []).append(days)
    return effect(arms[hold_out.CURRENT], arms[hold_out.CANDIDATE], horizon=horizon)
