"""The limits that run for each case, from its moves and from the publication of an insolvency."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.house import House
from recouvrement.domain.case_clocks import Clock, clocks
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.case_moves import case_events, moves_of, route_of
from recouvrement.ledger.cases import cases_of
from recouvrement.ledger.facts import open_facts


def clocks_of_case(
    house: House, connection: Connection, as_of: AsOf, debtor_id: str | None = None
) -> Iterator[tuple[Any, list[Any], list[Clock]]]:
    """Each case known then, with its events and its running limits."""
    events = case_events(connection, as_of)
    for row in cases_of(connection, debtor_id):
        if row.act_id > as_of.known_to or row.effective_on > as_of.on:
            continue
        mine = events.get(row.id, [])
        opened = open_facts(connection, "insolvency", row.debtor_id, as_of)
        published = [f.published_on for f in opened if f.published_on]
        bodacc = max(published, default=None)
        yield row, mine, clocks(route_of(mine), moves_of(mine), house.law.time_limits, bodacc_on=bodacc)
