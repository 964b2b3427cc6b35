"""Hold-outs: debtors drawn once and for all to the policy in force or to a candidate, so that its effect can be measured."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select

from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.choosing import choose_policy
from recouvrement.ledger.tables.choosing import policy_choice
from recouvrement.ledger.tables.facts import fact_event
from recouvrement.ledger.tables.operations import hold_out, hold_out_member

CURRENT, CANDIDATE = "current", "candidate"
DRAWN, OVER = "hold_out", "hold_out_over"  # reasons of the policy choices that it writes


def drawn_arm(seed: str, debtor_id: str, share_percent: int) -> str:
    """The arm that chance gives a debtor: the same for ever, whoever asks.

    >>> [drawn_arm("s", f"D{n}", 50) for n in range(4)], drawn_arm("s", "D", 0), drawn_arm("s", "D", 100)
    (['current', 'candidate', 'current', 'current'], 'current', 'candidate')
    """
    number = int.from_bytes(sha256(f"{seed}:{debtor_id}".encode()).digest()[:8])
    return CANDIDATE if number % 100 < share_percent else CURRENT


def running(connection: Connection, as_of: AsOf) -> list[Any]:
    """The hold-outs that have begun and not ended, oldest first."""
    ended = select(fact_event.c.fact_id).where(seen(fact_event, as_of), fact_event.c.fact_kind == "hold_out")
    query = select(hold_out).where(seen(hold_out, as_of), hold_out.c.id.not_in(ended)).order_by(hold_out.c.act_id)
    return list(connection.execute(query).all())


def by_code(connection: Connection, code: str) -> Any:
    """A hold-out by its code, or None."""
    return connection.execute(select(hold_out).where(hold_out.c.code == code)).one_or_none()


def begin(act: Act, code: str, candidate: str, sha: str, *, share_percent: int, seed: str, on: date) -> str:
    """Open a hold-out; return its id. The database refuses a code that exists."""
    row = {"code": code, "candidate": candidate, "candidate_sha256": sha, "share_percent": share_percent, "seed": seed}
    hold_out_id = act.new_id()
    act.connection.execute(insert(hold_out).values(id=hold_out_id, act_id=act.id, effective_on=on, **row))
    return hold_out_id


def enrol(act: Act, one: Any, debtors: Iterable[str], *, on: date) -> dict[str, int]:
    """Draw the arm of debtors who have none yet; those of the candidate are given its policy. Return how many by arm."""
    known = set(members(act.connection, one.id))
    counts = {CURRENT: 0, CANDIDATE: 0}
    for debtor_id in sorted(set(debtors) - known):
        arm = drawn_arm(one.seed, debtor_id, one.share_percent)
        row = {"hold_out_id": one.id, "debtor_id": debtor_id, "arm": arm, "effective_on": on}
        act.connection.execute(insert(hold_out_member).values(id=act.new_id(), act_id=act.id, **row))
        if arm == CANDIDATE:
            choose_policy(act, debtor_id, None, one.candidate, on=on, reason=DRAWN)
        counts[arm] += 1
    return counts


def end(act: Act, one: Any, *, on: date, reason: str) -> int:
    """End a hold-out: debtors who still have its policy by it alone go back to the rules. Return how many."""
    row = {"fact_kind": "hold_out", "fact_id": one.id, "event": "ended", "reason": reason, "effective_on": on}
    act.connection.execute(insert(fact_event).values(id=act.new_id(), act_id=act.id, **row))
    held = _newest_choices(act.connection)
    back = [d for d, (arm, _) in members(act.connection, one.id).items() if arm == CANDIDATE and held.get(d) == DRAWN]
    for debtor_id in back:
        choose_policy(act, debtor_id, None, None, on=on, reason=OVER)
    return len(back)


def _newest_choices(connection: Connection) -> dict[str, str]:
    c = policy_choice.c
    query = select(c.debtor_id, c.reason).where(c.invoice_id.is_(None)).order_by(c.act_id, c.id)
    return {debtor_id: reason for debtor_id, reason in connection.execute(query)}


def named_by_a_person(connection: Connection) -> set[str]:
    """Debtors whose policy a person chose: chance leaves them alone."""
    return {debtor for debtor, reason in _newest_choices(connection).items() if reason not in {DRAWN, OVER}}


def members(connection: Connection, hold_out_id: str) -> dict[str, tuple[str, date]]:
    """The arm of every debtor drawn, and the day from which it counts."""
    m = hold_out_member.c
    query = select(m.debtor_id, m.arm, m.effective_on).where(m.hold_out_id == hold_out_id)
    return {debtor_id: (arm, on) for debtor_id, arm, on in connection.execute(query)}


def policy_of(connection: Connection, debtor_id: str, as_of: AsOf) -> str | None:
    """The policy that a running hold-out gives a debtor; None: as the house's rules choose."""
    for one in running(connection, as_of):
        arm, since = members(connection, one.id).get(debtor_id, (CURRENT, as_of.on))
        if arm == CANDIDATE and since <= as_of.on:
            return str(one.candidate)
    return None
