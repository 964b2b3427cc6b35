"""Commands about cases and their papers: what lacks, waivers, the proposal, the route, each move, money, the end."""

from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, a_day, amount_of, answer, day_or_today
from recouvrement.day import case_moves, completeness
from recouvrement.day.house import open_house
from recouvrement.day.proposal import propose
from recouvrement.day.proposal_told import proposal_lines, route_rows
from recouvrement.domain.case_answers import ANSWERS
from recouvrement.domain.case_states import OVER, CaseState
from recouvrement.domain.completeness import Requirement
from recouvrement.domain.money import printed
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.cases import case_by_code
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (cases, missing, proposal):
        app.command()(command)
    for name, one in (
        ("waive-evidence", waive_evidence), ("mark-document", mark_document), ("choose-route", choose_route),
        ("move-case", move_case), ("close-case", close_case), ("case-payment", case_payment), ("case-fact", case_fact),
    ):  # fmt: skip
        app.command(name=name)(one)


def cases(on: On = None, as_json: Json = False) -> None:
    """List cases with their state, their route and the time limits that run, soonest first."""
    today = day_or_today(on)
    rows = case_moves.cases_now(open_house(Settings()), on=today)
    lines = [
        f"{r['case']}  {r['state']} since {r['since']}  {r['route'] or '-'}"
        + "".join(f"\n  {'act' if c['must_act'] else 'wait'} until {c['keep_on']}: {c['limit']} ({c['article']})" for c in r["clocks"])
        for r in rows
    ]  # fmt: skip
    answer(rows, as_json=as_json, lines=lines or ["No case."])


def missing(
    debtor: Annotated[str, typer.Option(help="Only this debtor's invoices.")] = "", on: On = None, as_json: Json = False
) -> None:
    """List the papers that lack for the steps that demand them, with who must bring each and by when."""
    today = day_or_today(on)
    rows = completeness.missing_papers(open_house(Settings()), on=today, debtor=debtor)
    lines = [
        f"{m.debtor:<12} {m.invoice:<16} {m.requirement:<18} by {m.bringer} for {m.step}, {'OVERDUE since' if m.overdue else 'until'} "
        f"{m.due_on}, {printed(m.open_cents, m.currency)}"
        for m in rows
    ]
    answer([m.as_json() for m in rows], as_json=as_json, lines=lines or ["Nothing lacks."])


def proposal(case: str, on: On = None, as_json: Json = False) -> None:
    """Show what a person looks at before choosing a route: sums, limits, papers, routes with their conditions."""
    today = day_or_today(on)
    house = open_house(Settings())
    as_of = AsOf(today, house.ledger.known_to())
    with house.ledger.reading() as connection:
        row = case_by_code(connection, case)
        if row is None:
            raise Refused(f"no case {case} in this ledger")
        found = propose(house, connection, row, as_of)
    amounts = found.amounts
    sums = {name: getattr(amounts, name) for name in ("principal", "penalties", "interest", "indemnities", "total")}
    lines = [f"{name}: {printed(cents, amounts.currency)}" for name, cents in sums.items()]
    lines += [f"{label}: {value}" for label, value in proposal_lines(found, today)]
    routes = route_rows(found)
    lines += [
        f"{r['key']}: {r['open']}" + "".join(f"\n  {s}: {r[s]}" for s in ("met", "missed", "unknown") if r[s])
        for r in routes
    ]
    told_ = {
        "case": case,
        "state": found.state,
        "sums": sums,
        "score": found.score,
        "facts": dict(found.facts),
        "routes": list(routes),
    }
    answer(told_, as_json=as_json, lines=lines)


def waive_evidence(
    subject: str,
    requirement: Requirement,
    reason: Annotated[str, typer.Option(help="A reason code.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the waiver back.")] = False,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Go without a paper for an invoice, or for all of a debtor's (code), with a reason."""
    today = day_or_today(on)
    done = completeness.waive_evidence(
        opened(on, operator, "approve"), subject, requirement.value, reason=reason, on=today, operator=operator, withdraw=withdraw
    )  # fmt: skip
    told(done, as_json=as_json)


def mark_document(
    document: str,
    mark: Annotated[str, typer.Argument(help="signed or mention_missing")],
    detail: Annotated[str, typer.Option(help="The mention that lacks, as a code.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Say that the debtor signed a document (by its id), or that a mandatory mention lacks on an invoice."""
    today = day_or_today(on)
    house = opened(on, operator)
    told(
        completeness.note_on_document(house, document, mark, detail=detail, on=today, operator=operator),
        as_json=as_json,
    )


def choose_route(case: str, route: str, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Choose how a case goes on (a key of data/law/routes.toml); nothing leaves by itself."""
    today = day_or_today(on)
    house = opened(on, operator, "route")
    told(case_moves.choose_route(house, case, route, on=today, operator=operator), as_json=as_json)


def move_case(
    case: str,
    state: CaseState,
    reason: Annotated[str, typer.Option(help="A reason code.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Note that a case was sent, acknowledged, that an order was obtained, served, opposed… on a day."""
    today = day_or_today(on)
    house = opened(on, operator, "route")
    told(case_moves.move(house, case, state, on=today, operator=operator, reason=reason or None), as_json=as_json)


def close_case(
    case: str,
    end: CaseState,
    reason: Annotated[str, typer.Option(help="A reason code; needed unless the case was paid.")] = "",
    until: Annotated[str, typer.Option(help="Day until which what is still open is paused.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """End a case: paid, settled, lost, taken_back. What is still open is paused until a day, then the ladder speaks again."""
    if end not in OVER:
        raise Refused(f"{end.value} is not an end: " + ", ".join(sorted(OVER)), 2)
    today = day_or_today(on)
    by = a_day(until) if until else None
    house = opened(on, operator, "route")
    done = case_moves.close_case(house, case, end, on=today, operator=operator, reason=reason or None, until=by)
    told(done, as_json=as_json)


def case_payment(
    case: str,
    line: str,
    fees: Annotated[str, typer.Option(help="What was kept before the money was passed on.")] = "0",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """A credit (bank line) comes from who holds a case: the debtor paid it and the fees kept."""
    today = day_or_today(on)
    house = opened(on, operator)
    done = case_moves.case_payment(house, case, line, fees_cents=amount_of(fees) or 0, on=today, operator=operator)
    told(done, as_json=as_json)


def case_fact(
    case: str, fact: str, value: str, on: On = None, operator: Operator = "owner", as_json: Json = False
) -> None:
    """Answer what a route or a draft asks about a case: yes or no, or a text such as the trustee's name."""
    if fact not in ANSWERS:
        raise Refused(f"nobody asks for {fact!r}; one of " + ", ".join(sorted(ANSWERS)), 2)
    today = day_or_today(on)
    told(case_moves.answer_fact(opened(on, operator), case, fact, value, on=today, operator=operator), as_json=as_json)
