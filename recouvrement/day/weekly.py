"""The weekly report: figures gathered from the ledger, then a file for this machine and rows for the console."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

from recouvrement.day.decisions import decided, ranges
from recouvrement.day.habits import items_of, settled_of
from recouvrement.day.house import House
from recouvrement.day.reporting import unmatched
from recouvrement.day.weekly_standing import Standing
from recouvrement.domain.case_states import OVER
from recouvrement.domain.ladder import Stage
from recouvrement.domain.lateness import bucket, buckets
from recouvrement.domain.reasons import Reason
from recouvrement.ledger import day_report, report_facts
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.reports.figures import CaseRow, Deadline, Evolution, Expected, Figures, Passed, StageRow
from recouvrement.reports.forecast import expected_recovery, forecast
from recouvrement.reports.habits import habits
from recouvrement.reports.page import Report, html_of
from recouvrement.reports.receivables import (
    Item,
    Sales,
    aged_over_time,
    dso_count_back,
    dso_simple,
    effectiveness,
    month_ends,
)
from recouvrement.reports.report_words import say
from recouvrement.reports.weekly_report import report_of

MONTHS, CHANNEL_MONTHS, MOST = 12, 6, 20
CASE_OVER = frozenset(state.value for state in OVER)


def weekly_figures(house: House, *, on: date) -> Figures:
    """Every figure of the report, as known now and effective up to a day; reads only."""
    known_to, creditor_id = house.ledger.known_to(), house.creditor()
    with house.ledger.reading() as connection:
        currency = creditor_row(connection, creditor_id, AsOf(on, known_to)).currency
    by_currency = items_of(house, on=on, known_to=known_to)
    items = by_currency.get(currency, [])
    standing = Standing(currency, on)
    for part in ranges(house, creditor_id, known_to):
        for position, decision in decided(house, creditor_id, part, on=on, known_to=known_to):
            standing.add(position, decision)
    known = habits(settled_of(by_currency), on=on)
    expected = forecast(standing.owed, known, on=on)
    top = [Expected(d, c, standing.exposure[d], known.of(d)) for d, c in expected_recovery(expected, limit=MOST)]
    late = sum(one.cents for one in standing.owed if (on - one.due_on).days > 90)
    return Figures(
        on=on, currency=currency, buckets=buckets(house.policy.edges), evolution=_evolution(house, items, on),
        disputed=(len(standing.disputed), sum(standing.disputed)), promised=(len(standing.promised), sum(standing.promised)),
        forecast=expected, stages=_stages(standing), contacts=_contacts(house, creditor_id, on), top=tuple(top),
        limits=_limits(house, creditor_id, standing, AsOf(on, known_to)), late_90_cents=late,
        margin_percent=house.settings.margin_percent, cases=_cases(house, creditor_id),
        deadlines=_deadlines(house, creditor_id, standing), quality=_quality(house, creditor_id, standing, known_to),
        others={c: n for c, n in standing.others.items() if n},
    )  # fmt: skip


def _evolution(house: House, items: list[Item], on: date) -> Evolution:
    days, order = month_ends(on, MONTHS), buckets(house.policy.edges)

    def named(late: int) -> str:
        return bucket(late, soon=house.policy.due_soon, edges=house.policy.edges)

    aged, sales = aged_over_time(items, days, named), Sales(items)
    sold = [sales.between(day.replace(day=1), day) for day in days]
    total = [sum(cells.values()) for cells in aged]
    return Evolution(
        tuple(days), tuple(aged), tuple(sold),
        tuple(dso_simple(cents, sales, day) for cents, day in zip(total, days, strict=True)),
        tuple(dso_count_back(cents, sales, day) for cents, day in zip(total, days, strict=True)),
        (None, *(effectiveness(aged[n - 1], aged[n], sold[n], order[:2]) for n in range(1, len(days)))),
    )  # fmt: skip


def _stages(standing: Standing) -> tuple[StageRow, ...]:
    """Stages in the order of the ladder, then those that left it."""
    return tuple(
        StageRow(stage.value, len(rows), len({debtor for debtor, _ in rows}), sum(cents for _, cents in rows))
        for stage in Stage
        if (rows := standing.stages.get(stage.value))
    )


def _contacts(house: House, creditor_id: str, on: date) -> tuple[tuple[date, dict[str, int]], ...]:
    months = [day.replace(day=1) for day in month_ends(on, CHANNEL_MONTHS - 1)]
    with house.ledger.reading() as connection:
        gone = report_facts.contacts_gone(connection, creditor_id, months[0], on)
    counts = Counter((row.business_day.replace(day=1), row.channel) for row in gone)
    channels = sorted({channel for _, channel in counts})
    return tuple((month, {c: counts[month, c] for c in channels}) for month in months)


def _limits(house: House, creditor_id: str, standing: Standing, as_of: AsOf) -> tuple[Passed, ...]:
    with house.ledger.reading() as connection:
        held = report_facts.limits(connection, creditor_id, as_of)
    passed = [
        Passed(debtor, kind, cents, standing.exposure[debtor])
        for (debtor, kind), (cents, currency) in held.items()
        if currency == standing.currency and standing.exposure[debtor] > cents
    ]
    return tuple(sorted(passed, key=lambda p: (p.limit_cents - p.open_cents, p.debtor, p.kind)))


def _cases(house: House, creditor_id: str) -> tuple[CaseRow, ...]:
    with house.ledger.reading() as connection:
        rows = day_report.cases_standing(connection, creditor_id)
        states = day_report.case_states(connection)
    return tuple(
        CaseRow(r.code, r.debtor_id, states.get(r.id, "proposed"), r.effective_on, int(r.cents or 0), r.currency or "EUR")
        for r in rows
        if states.get(r.id, "proposed") not in CASE_OVER
    )  # fmt: skip


def _deadlines(house: House, creditor_id: str, standing: Standing) -> tuple[Deadline, ...]:
    with house.ledger.reading() as connection:
        running = report_facts.notices_running(connection, creditor_id, standing.on)
    found = [Deadline(row.debtor_id, "notice_runs", row.deadline_on, int(row.cents)) for row in running]
    found += [Deadline(debtor, "barred_near", day, cents) for (debtor, day), cents in standing.barred.items()]
    return tuple(sorted(found, key=lambda d: (d.on, -d.cents, d.debtor))[: MOST * 3])


def _quality(house: House, creditor_id: str, standing: Standing, known_to: int) -> tuple[tuple[str, str], ...]:
    on = standing.on
    with house.ledger.reading() as connection:
        missing = report_facts.missing_of_debtors(connection, creditor_id, AsOf(on, known_to))
        problems = len(open_problems(connection))
        booked = report_facts.credits_booked(connection, creditor_id, on - timedelta(days=90), on)
        feed = day_report.feed_to(connection, creditor_id, upto=on)
    rows: list[tuple[str, int | str]] = [("all_debtors", missing.pop("debtors")), *missing.items()]
    rows += [("evidence_missing", standing.reasons[Reason.EVIDENCE_MISSING.value]), ("file_problems", problems)]
    rows += [("credits_unmatched", len(unmatched(house, on))), ("credits_booked", booked)]
    return (*((key, str(count)) for key, count in rows), ("feed_to", feed.isoformat() if feed else ""))


def full_names(house: House, ids: Iterable[str], on: date) -> Callable[[str], str]:
    """Codes with names, for a file that stays on this machine; never for Prefect."""
    with house.ledger.reading() as connection:
        rows = debtor_rows(connection, sorted(set(ids)), AsOf(on, house.ledger.known_to()))
    names = {debtor_id: f"{row.code} {row.name}".strip() for debtor_id, row in rows.items()}
    return lambda debtor_id: names.get(debtor_id, debtor_id)


def local_report(house: House, figures: Figures, language: str) -> Report:
    """The report as the file on this machine shows it: with names."""
    return report_of(figures, full_names(house, figures.debtors(), figures.on), language)


def write_report(house: House, *, on: date, language: str, out: Path | None = None) -> tuple[Path, Figures]:
    """Write the report of a day as one HTML file, under the home's `out/reports` unless told where; return its path."""
    figures = weekly_figures(house, on=on)
    path = out or house.settings.home / "out" / "reports" / f"report-{on.isoformat()}-{language}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    page = html_of(local_report(house, figures, language), language=language, nothing=say("nothing", language))
    path.write_text(page, encoding="utf-8")
    path.chmod(0o600)  # it names debtors and what they owe
    return path, figures
