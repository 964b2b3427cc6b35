"""What a day's run shows of papers and cases: codes, days and amounts only (law 10)."""

from typing import Any

from recouvrement.day.completeness import missing_of_run
from recouvrement.day.house import House
from recouvrement.day.proposal import Proposal, propose
from recouvrement.day.reporting import MOST_ROWS, Row, decisions_of, safe_code
from recouvrement.domain.case_states import OVER
from recouvrement.domain.money import printed
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.case_moves import case_events, state_of
from recouvrement.ledger.cases import cases_of
from recouvrement.ledger.runs import Run


def missing_rows(house: House, run: Run) -> list[Row]:
    """Papers that lack for the steps that demand them, overdue first, with the money behind."""
    frame = decisions_of(house, run.id)
    found = missing_of_run(house, frame[frame["open_cents"] > 0].itertuples(), AsOf(run.on, run.known_to))
    return [
        {
            "Debtor": safe_code(m.debtor, m.invoice), "Invoice": m.invoice, "Paper": m.requirement.replace("_", " "),
            "Brought by": m.bringer.replace("_", " "), "For": m.step, "By": m.due_on.isoformat(),
            "Overdue": "yes" if m.overdue else "", "Amount": printed(m.open_cents, m.currency, "en"),
        }
        for m in found[:MOST_ROWS]
    ]  # fmt: skip


def cases_going(house: House, run: Run) -> list[Any]:
    """The cases that are not over."""
    as_of = AsOf(run.on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        events = case_events(connection, as_of)
        return [row for row in cases_of(connection) if state_of(events.get(row.id, [])) not in OVER]


def proposal_row(house: House, run: Run, case: Any) -> Row:
    """One case: sums apart, age, what stands against it, limits, evidence, possible routes, the limit that comes next."""
    as_of = AsOf(run.on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        return _row(propose(house, connection, case, as_of), run)


def _row(found: Proposal, run: Run) -> Row:
    amounts, limitation = found.amounts, found.limitation
    routes = [o.route.key + ("" if o.is_open else " (closed)") for o in found.options.options]
    routes += [o.route.key for o in found.others]
    sums = {
        "Principal": amounts.principal,
        "Penalties": amounts.penalties + amounts.interest,
        "Indemnities": amounts.indemnities,
    }
    return {
        "Case": safe_code(found.case.code, found.case.id), "State": found.state, "Route": found.route,
        **{name: printed(cents, amounts.currency, "en") for name, cents in sums.items()},
        "Days late": str((run.on - found.oldest_due).days), "Routes": ", ".join(routes),
        "Next limit": f"{found.clocks[0].key} {found.clocks[0].keep_on}" if found.clocks else "",
        "Limitation": limitation.prudent_end.isoformat() if limitation else "", "Evidence": f"{found.score}/1000",
        "Contested": "yes" if found.contested else "no", "Not known": ", ".join(found.options.unknown_facts),
        "Kind": found.kind.value, "Cause": found.cause.replace("_", " "),
        "Insolvency": found.insolvency.kind if found.insolvency else "",
        "Insurer by": found.insurer_on.isoformat() if found.insurer_on else "",
    }  # fmt: skip
