"""Messages that could not be written: each is said once, and holds its debtor until something new is known."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from recouvrement.domain.journal_events import JournalEvent
from recouvrement.ledger import journal
from recouvrement.ledger.as_of import AsOf, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.choosing import set_aside
from recouvrement.ledger.tables.journal import journal as lines
from recouvrement.ledger.tables.parties import creditor_version, debtor


def put_aside(act: Act, debtor_id: str, *, step: str, channel: str, reason: str, rules: str, on: date) -> bool:
    """Record that a message could not be written; False when it was so for the same reason the last time already."""
    s = set_aside
    query = select(s).where(s.c.debtor_id == debtor_id).order_by(s.c.act_id.desc(), s.c.id.desc()).limit(1)
    before = act.connection.execute(query).one_or_none()
    again = before is not None and (before.step, before.channel, before.reason) == (step, channel, reason)
    row = {"debtor_id": debtor_id, "step": step, "channel": channel, "reason": reason, "rules_sha256": rules}
    since = before.since_on if before is not None and again else on
    act.connection.execute(insert(s).values(id=act.new_id(), act_id=act.id, effective_on=on, since_on=since, **row))
    if not again:
        facts = {"step": step, "channel": channel, "reason": reason, "on": on.isoformat()}
        journal.append(act, debtor_id, JournalEvent.MESSAGE_SET_ASIDE, facts)
    return not again


def standing_asides(connection: Connection, first: str, last: str, rules: str, as_of: AsOf) -> dict[str, Any]:
    """The rows that still hold, by debtor: made under the same policies and texts, nothing learned since.

    Whatever the journal says of a debtor after its row, or a new version of the creditor, lets the message be tried again.
    """
    s = set_aside
    query = select(s).where(seen(s, as_of), s.c.debtor_id.between(first, last)).order_by(s.c.act_id, s.c.id)
    newest = {row.debtor_id: row for row in connection.execute(query)}
    if not newest:
        return {}
    told = _last_told(connection, sorted(newest), as_of)
    creditor = int(
        connection.scalar(select(func.max(creditor_version.c.act_id)).where(seen(creditor_version, as_of))) or 0
    )
    return {
        debtor_id: row
        for debtor_id, row in newest.items()
        if row.rules_sha256 == rules and row.act_id >= max(told.get(debtor_id, 0), creditor)
    }


def _last_told(connection: Connection, debtors: list[str], as_of: AsOf) -> dict[str, int]:
    """The newest act that said anything of each debtor."""
    found: dict[str, int] = {}
    for start in range(0, len(debtors), 500):
        query = (
            select(lines.c.chain, func.max(lines.c.act_id))
            .where(lines.c.chain.in_(debtors[start : start + 500]), lines.c.act_id <= as_of.known_to)
            .group_by(lines.c.chain)
        )
        found |= {chain: int(act_id) for chain, act_id in connection.execute(query)}
    return found


def asides_to_show(connection: Connection, rules: str, as_of: AsOf) -> list[Any]:
    """Every row that holds, oldest first, with the code of its debtor: data to correct."""
    held = standing_asides(connection, "", "~", rules, as_of)
    codes = {row.id: row.code for row in connection.execute(select(debtor.c.id, debtor.c.code))} if held else {}
    return sorted(((codes[d], row) for d, row in held.items()), key=lambda pair: (pair[1].since_on, pair[0]))
