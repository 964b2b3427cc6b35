"""The summary of a day as markdown: figures, two charts, what waits for a person, and why the rest was left."""

from dataclasses import dataclass, field
from datetime import date

from recouvrement.domain.money import printed
from recouvrement.domain.reasons import Reason, sentence
from recouvrement.reports.charts import Bar, bars, colour_of, data_uri
from recouvrement.reports.words import word


@dataclass(frozen=True, slots=True)
class Summary:
    """What a summary tells: counts and minor units, no names."""

    on: date
    mode: str
    items: int
    messages: int
    open_cents: dict[str, dict[str, int]]  # currency: bucket: cents
    bucket_order: tuple[str, ...]
    steps: list[tuple[str, int, int]]  # step, debtors, cents
    decisions: list[tuple[str, str, int]]  # action, reason, items
    outbox: dict[str, int]
    files: int
    matched: int
    cases: int
    feed_to: date | None
    digest: str
    waits: list[tuple[str, int]] = field(default_factory=list)
    paused: str = ""
    warnings: tuple[str, ...] = ()  # of the law: rates that will be missing, figures to check again


def markdown(s: Summary, language: str) -> str:
    """The summary in French or English; charts stand in it as pictures with a text for those who cannot see them."""
    head = f"# {word('day_of', language)} {s.on.isoformat()}"
    mode = f"*{word(s.mode, language)}*"
    charts = _charts(s, language)
    return "\n\n".join([head, mode, _to_look_at(s, language), _figures(s, language), *charts, _why(s, language)])


def _to_look_at(s: Summary, language: str) -> str:
    lines = [f"- {word(key, language)}: **{count}**" for key, count in s.waits if count]
    if s.paused:
        lines.insert(0, f"- **{word('paused', language)}**")
    lines += [f"- {warning}" for warning in s.warnings]
    return f"## {word('to_look_at', language)}\n\n" + ("\n".join(lines) or word("nothing_to_look_at", language))


def _figures(s: Summary, language: str) -> str:
    late = set(s.bucket_order[2:])
    rows: list[tuple[str, ...]] = [(word("open_items", language), str(s.items))]
    for currency, cells in s.open_cents.items():
        overdue = sum(cents for name, cents in cells.items() if name in late)
        rows += [
            (word("open_amount", language), printed(sum(cells.values()), currency, language)),
            (word("overdue_amount", language), printed(overdue, currency, language)),
        ]
    rows += [
        (word("messages_due", language), str(s.messages)),
        (word("outbox", language), ", ".join(f"{n} {word(k, language)}" for k, n in s.outbox.items()) or "0"),
        (word("files_read", language), str(s.files)),
        (word("lines_matched", language), str(s.matched)),
        (word("cases_opened", language), str(s.cases)),
        (word("bank_read_to", language), s.feed_to.isoformat() if s.feed_to else word("never", language)),
        (word("decisions_digest", language), f"`{s.digest[:16]}`"),
    ]
    return _table((word("key_figures", language), ""), rows)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _charts(s: Summary, language: str) -> list[str]:
    found = []
    for currency, cells in s.open_cents.items():
        title = f"{word('open_by_lateness', language)} ({currency})"
        rows = [
            Bar(word(b, language), cells.get(b, 0), printed(cells.get(b, 0), currency, language), colour_of(n, len(s.bucket_order)))
            for n, b in enumerate(s.bucket_order)
        ]  # fmt: skip
        found.append(_picture(title, rows))
        found.append(_table((word("lateness", language), currency), [(row.label, row.printed) for row in rows]))
    if s.steps:
        rows = [Bar(word(step, language), debtors, str(debtors)) for step, debtors, _ in s.steps]
        found.append(_picture(word("messages_by_step", language), rows))
        found.append(_table((word("step", language), word("debtors", language)), [(r.label, r.printed) for r in rows]))
    return found


def _picture(title: str, rows: list[Bar]) -> str:
    told = ", ".join(f"{row.label} {row.printed}" for row in rows)
    return f"![{title}: {told}]({data_uri(bars(title, rows))})"


def _why(s: Summary, language: str) -> str:
    rows = [
        (word(action, language), sentence(Reason(reason), language), str(items))
        for action, reason, items in s.decisions
    ]
    head = (word("decision", language), word("reason", language), word("invoices", language))
    return f"## {word('why_not', language)}\n\n" + _table(head, list(rows))
