"""What a day's report shows, read from the ledger into plain rows; natural persons are codes, always (law 10)."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from recouvrement.day.house import House
from recouvrement.domain.lateness import buckets
from recouvrement.domain.money import printed
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.reasons import Reason, sentence
from recouvrement.domain.sending_days import is_sending_day
from recouvrement.ledger import day_report
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.content import fetch
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.money_in import newest_opinions
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.runs import Run, decision_parts
from recouvrement.matching.grounds import grounds
from recouvrement.reports.decided import Aged, aged_balance, contacts_by_step, decided, held, reasons_given
from recouvrement.reports.summary import Summary
from recouvrement.reports.words import short, word

MOST_ROWS = 100
SAFE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]{0,39}")
TABULAR = frozenset({"csv", "txt", "xlsx", "xls", "ods", "xml", "sta", "ofx", "940", "cfo", "tsv", "json"})

Row = dict[str, str]


def is_closed(house: House, on: date) -> bool:
    """Whether a day is closed for the house: a weekend, a holiday where the creditor is, or no sending day of the policy."""
    with house.ledger.reading() as connection:
        creditor = creditor_row(connection, house.creditor(), AsOf(on, house.ledger.known_to()))
    return not is_sending_day(on, creditor.region, house.policy.sending_weekdays)


def safe_code(code: str, identifier: str) -> str:
    """A code as it may stand in Prefect; one that could be a name or an address gives way to an identifier.

    >>> safe_code("C-0042", "01K9"), safe_code("jean@example.org", "01K9ABCDEF")
    ('C-0042', 'D-ABCDEF')
    """
    return code if SAFE_CODE.fullmatch(code) else f"D-{identifier[-6:]}"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a report shows things: a language, and whether names of firms may stand beside their codes."""

    language: str = "en"
    firms_named: bool = False


@dataclass(frozen=True, slots=True)
class DayTables:
    """The tables of a day's report, each a list of rows of text."""

    aged: list[Row]
    contacts: list[Row]
    waiting: list[Row]
    held: list[Row]
    credits: list[Row]
    cases: list[Row]
    problems: list[Row]


def decisions_of(house: House, run_id: str) -> pd.DataFrame:
    """The decisions that a run kept."""
    with house.ledger.reading() as connection:
        parts = [fetch(connection, part.sha256) for part in decision_parts(connection, run_id)]
    return decided(parts)


class Naming:
    """Codes of debtors, with the names of firms where these may stand."""

    def __init__(self, house: House, ids: Iterable[str], as_of: AsOf, shown: Shown) -> None:
        with house.ledger.reading() as connection:
            rows = debtor_rows(connection, sorted(set(ids)), as_of)
        self._known = {debtor_id: self._told(row, shown) for debtor_id, row in rows.items()}

    @staticmethod
    def _told(row: Any, shown: Shown) -> str:
        code = safe_code(row.code, row.debtor_id)
        named = shown.firms_named and not DebtorKind(row.kind).is_natural_person and "@" not in row.name
        return f"{code} {row.name}" if named else code

    def __call__(self, debtor_id: str) -> str:
        """What stands for a debtor."""
        return self._known.get(debtor_id, f"D-{debtor_id[-6:]}")


def summary_of(house: House, run: Run, detail: dict[str, Any], frame: pd.DataFrame, *, files: int) -> Summary:
    """The summary of a run from its decisions and its counts (`DayReport.as_json`)."""
    order = buckets(house.policy.edges)
    totals, _ = aged_balance(frame, limit=0)
    with house.ledger.reading() as connection:
        outbox = counts_by_state(connection, day=run.on)
        standing = counts_by_state(connection)
        feed = day_report.feed_to(connection, house.creditor(), upto=run.on)
        problems = len(open_problems(connection))
    matching = detail["matching"]
    waits = [
        ("waits_approval", standing.get("planned", 0)), ("waits_unknown", standing.get("unknown", 0)),
        ("waits_failed", outbox.get("failed", 0)), ("waits_ready", outbox.get("ready", 0)),
        ("waits_problems", problems), ("waits_credits", len(unmatched(house, run.on))),
    ]  # fmt: skip
    return Summary(
        run.on, run.mode, int(detail["decisions"]), int(detail["contacts"]), {t.currency: t.cents for t in totals}, order,
        contacts_by_step(frame, [step.code for step in house.policy.steps]), reasons_given(frame), outbox, files,
        int(matching.get("automatic", 0)),
        int(detail["cases"]), feed, str(detail["decisions_sha256"]), waits, str(detail["paused"]),
        tuple(detail.get("warnings", ())),
    )  # fmt: skip


def tables_of(house: House, run: Run, frame: pd.DataFrame, shown: Shown) -> DayTables:
    """Every table of a day's report."""
    return DayTables(
        aged=aged_rows(house, run, frame, shown), contacts=contact_rows(house, run, frame, shown),
        waiting=waiting_rows(house, run, shown), held=held_rows(house, run, frame, shown),
        credits=credit_rows(house, run, shown), cases=case_rows(house, run, shown), problems=problem_rows(house, shown),
    )  # fmt: skip


def aged_rows(house: House, run: Run, frame: pd.DataFrame, shown: Shown) -> list[Row]:
    """The aged balance: a total by currency, then the debtors who owe most; empty cells are zero."""
    totals, rows = aged_balance(frame, limit=MOST_ROWS)
    name = Naming(house, [row.debtor for row in rows], AsOf(run.on, run.known_to), shown)
    order = buckets(house.policy.edges)

    def told(row: Aged, who: str) -> Row:
        cells = {
            short(b, shown.language): printed(row.cents[b], row.currency, shown.language) if row.cents.get(b) else ""
            for b in order
        }
        total = printed(row.total, row.currency, shown.language)
        return {word("debtor", shown.language): who, word("total", shown.language): total, **cells}

    return [told(row, f"{word('total', shown.language)} {row.currency}") for row in totals] + [
        told(row, name(row.debtor)) for row in rows
    ]


def contact_rows(house: House, run: Run, frame: pd.DataFrame, shown: Shown) -> list[Row]:
    """The messages of the day: those in the outbox, and those that a rehearsal would write; each with its reason."""
    with house.ledger.reading() as connection:
        written = day_report.contacts_of_day(connection, run.on, limit=MOST_ROWS)
        reasons = day_report.last_reasons(connection, [row.id for row in written])
    due = frame[frame["action"] == "contact"]
    name = Naming(house, [row.debtor_id for row in written] + list(due["debtor"]), AsOf(run.on, run.known_to), shown)
    language, there = shown.language, {(row.debtor_id, row.channel) for row in written}
    rows = [
        _contact(
            name(r.debtor_id),
            r.step,
            r.channel,
            r.state,
            r.item_count,
            int(r.cents),
            r.currency,
            reasons.get(r.id),
            language,
        )
        for r in written
    ]
    for key, group in due.groupby(["debtor", "channel", "currency"], sort=True):
        debtor, channel, currency = map(str, key)
        if (debtor, channel) not in there and len(rows) < MOST_ROWS:
            state = "not_written" if run.mode == "live" else "to_write"
            step = str(group["step"].iloc[0])
            cents = int(group["open_cents"].sum())
            rows.append(_contact(name(debtor), step, channel, state, len(group), cents, currency, None, language))
    return rows


def _contact(
    who: str,
    step: str,
    channel: str,
    state: str,
    items: int,
    cents: int,
    currency: str,
    code: str | None,
    language: str,
) -> Row:
    why = sentence(Reason.STEP_DUE, language) + (f" ({code})" if code else "")
    return {
        word("debtor", language): who, word("step", language): word(step, language), word("channel", language): word(channel, language),
        word("state", language): word(state, language), word("invoices", language): str(items),
        word("amount", language): printed(cents, currency, language), word("reason", language): why,
    }  # fmt: skip


def waiting_rows(house: House, run: Run, shown: Shown) -> list[Row]:
    """Messages that wait for a person, by the id that the forms ask for: to approve, or of unknown fate."""
    with house.ledger.reading() as connection:
        rows = day_report.contacts_waiting(connection, limit=MOST_ROWS)
    name, language = Naming(house, [row.debtor_id for row in rows], AsOf(run.on, run.known_to), shown), shown.language
    return [
        {
            word("message", language): row.id, word("state", language): word(row.state, language),
            word("debtor", language): name(row.debtor_id), word("step", language): word(row.step, language),
            word("amount", language): printed(int(row.cents), row.currency, language),
            word("since", language): row.business_day.isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def held_rows(house: House, run: Run, frame: pd.DataFrame, shown: Shown) -> list[Row]:
    """Debtors who are held, asked about or left alone, and why."""
    rows = held(frame, limit=MOST_ROWS)
    name = Naming(house, [row.debtor for row in rows], AsOf(run.on, run.known_to), shown)
    language = shown.language
    return [
        {
            word("debtor", language): name(row.debtor), word("reason", language): sentence(Reason(row.reason), language),
            word("invoices", language): str(row.items), word("amount", language): printed(row.cents, row.currency, language),
            word("until", language): row.next_on,
        }
        for row in rows
    ]  # fmt: skip


def unmatched(house: House, on: date) -> list[tuple[Any, Any]]:
    """Credits booked up to a day that nobody attributed, newest first, each with what matching thinks of it (or None)."""
    creditor_id = house.creditor()
    with house.ledger.reading() as connection:
        opinions = newest_opinions(connection, creditor_id)
        lines = day_report.credit_lines(connection, creditor_id, upto=on)
    waiting = {"proposed", "unknown", "unmatched"}
    return [
        (line, opinions.get(line.id))
        for line in lines
        if line.id not in opinions or opinions[line.id].verdict in waiting
    ]


def credit_rows(house: House, run: Run, shown: Shown) -> list[Row]:
    """Credits not attributed, with the ranked proposals; what the bank wrote about the payer stays in the ledger."""
    found = unmatched(house, run.on)[:MOST_ROWS]
    proposals = {line.id: json.loads(opinion.proposals)[:5] if opinion else [] for line, opinion in found}
    as_of = AsOf(run.on, run.known_to)
    items = {str(item[0]) for some in proposals.values() for p in some for item in p["items"]}
    name = Naming(house, [p["debtor"] for some in proposals.values() for p in some], as_of, shown)
    with house.ledger.reading() as connection:
        details = item_details(connection, sorted(items), as_of)
    language = shown.language

    def told(rank: int, p: dict[str, Any]) -> str:
        numbers = [safe_code(details[i[0]].number, i[0]) for i in p["items"] if i[0] in details]
        return f"{rank}. {name(p['debtor'])}: {', '.join(numbers[:5]) or '–'} ({p['score']}: {grounds(p['reasons'], language)})"

    return [
        {
            word("booked", language): line.effective_on.isoformat(),
            word("amount", language): printed(line.amount_cents, line.currency, language), word("line", language): line.id,
            word("proposals", language): " · ".join(told(n, p) for n, p in enumerate(proposals[line.id], 1)) or word("none", language),
        }
        for line, _ in found
    ]  # fmt: skip


def case_rows(house: House, run: Run, shown: Shown) -> list[Row]:
    """Cases and where they stand."""
    with house.ledger.reading() as connection:
        rows = day_report.cases_standing(connection, house.creditor())[:MOST_ROWS]
        states = day_report.case_states(connection)
    name = Naming(house, [row.debtor_id for row in rows], AsOf(run.on, run.known_to), shown)
    language = shown.language
    return [
        {
            word("case", language): safe_code(row.code, row.id), word("debtor", language): name(row.debtor_id),
            word("state", language): word(states.get(row.id, ""), language), word("opened", language): row.effective_on.isoformat(),
            word("amount", language): printed(int(row.cents or 0), row.currency or "EUR", language),
            word("version", language): str(row.version or ""),
        }
        for row in rows
    ]  # fmt: skip


def problem_rows(house: House, shown: Shown) -> list[Row]:
    """What is wrong in files, counted by file, reason and field; the sentences stand in `recouvrement problems`."""
    with house.ledger.reading() as connection:
        rows = open_problems(connection)
    counts: Counter[tuple[str, str, str]] = Counter()
    lines: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        key = (safe_file(row.file, row.source), row.reason, row.field)
        counts[key] += 1
        if row.line:
            lines.setdefault(key, []).append(row.line)
    language = shown.language
    return [
        {
            word("file", language): key[0], word("reason", language): key[1].replace("_", " "), word("field", language): key[2],
            word("count", language): str(count), word("lines", language): ", ".join(map(str, lines.get(key, [])[:10])),
        }
        for key, count in counts.most_common(MOST_ROWS)
    ]  # fmt: skip


def safe_file(name: str, identifier: str) -> str:
    """The name of a list or a statement; a document may bear a person's name, so its identifier stands for it.

    >>> safe_file("factures.csv", "01K9ABCDEF"), safe_file("Jean Dupont.pdf", "01K9ABCDEF")
    ('factures.csv', 'ABCDEF.pdf')
    """
    stem, _, suffix = name.rpartition(".")
    tabular = suffix.lower() in TABULAR and re.fullmatch(r"[A-Za-z0-9._ -]{1,60}", stem)
    return name if tabular else f"{identifier[-6:]}.{suffix.lower()[:5] if suffix.isalnum() else ''}".rstrip(".")
