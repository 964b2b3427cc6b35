"""The weekly report from its figures: sections with pictures and tables, in French or English."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from recouvrement.domain.money import printed, rounded_half_up
from recouvrement.reports.charts import Bar, bars, colour_of
from recouvrement.reports.figures import Figures
from recouvrement.reports.forecast import SOON, sales_to_make_up
from recouvrement.reports.page import Grid, Report, Section
from recouvrement.reports.report_words import say
from recouvrement.reports.time_charts import PALETTE, Series, lines, stacked
from recouvrement.reports.words import word

Name = Callable[[str], str]
NONE = "–"


def percent(share: Fraction | None, language: str) -> str:
    """A share as a percentage with one decimal; a dash when there is none.

    >>> percent(Fraction(1, 3), "en"), percent(None, "fr"), percent(Fraction(1, 8), "fr").replace(chr(160), "_")
    ('33.3%', '–', '12,5_%')
    """
    if share is None:
        return NONE
    whole, tenth = divmod(rounded_half_up(share * 1000), 10)
    return f"{whole},{tenth}\u00a0%" if language == "fr" else f"{whole}.{tenth}%"


def compact(cents: int, currency: str) -> str:
    """An amount as an axis shows it.

    >>> compact(0, "EUR"), compact(1_250_000_00, "EUR"), compact(40_000_00, "GBP"), compact(15_00, "EUR")
    ('0', '1.25 M€', '40 k£', '15 €')
    """
    symbol = printed(0, currency, "en").replace("0.00", "").strip()
    units = rounded_half_up(Fraction(cents, 100))
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if units >= size:
            whole, rest = divmod(units * 100 // size, 100)
            return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + f" {letter}{symbol}"
    return f"{units} {symbol}" if units else "0"


class Telling:
    """Builds the sections of one report."""

    def __init__(self, figures: Figures, name: Name, language: str) -> None:
        self.f, self.name, self.language = figures, name, language

    def say(self, key: str, **values: object) -> str:
        """A sentence in the report's language."""
        return say(key, self.language, **values)

    def money(self, cents: int, currency: str = "") -> str:
        """An amount as a person reads it."""
        return printed(cents, currency or self.f.currency, self.language)

    def month(self, day: date) -> str:
        """A month as a column is headed."""
        return f"{day.month:02d}/{day.year % 100:02d}"

    def stage(self, code: str) -> str:
        """A stage of the ladder; `paused` is also what a run says of its sending."""
        return word("paused_stage" if code == "paused" else code, self.language)

    def days(self, count: Fraction | int | None) -> str:
        """A number of days."""
        return NONE if count is None else self.say("days", n=rounded_half_up(Fraction(count)))

    def report(self) -> Report:
        """The whole report."""
        told = self.say("told", currency=self.f.currency, on=self.f.on.isoformat())
        sections = (
            self.aged(), self.dso(), self.effectiveness(), self.forecast(), self.funnel(), self.contacts(), self.top(),
            self.limits(), self.loss(), self.cases(), self.quality(),
        )  # fmt: skip
        return Report(self.say("title", on=self.f.on.isoformat()), told, self.tiles(), sections)

    def tiles(self) -> tuple[tuple[str, str, str], ...]:
        """The key figures."""
        f, e = self.f, self.f.evolution
        share = Fraction(f.overdue_cents, f.open_cents) if f.open_cents > 0 else None
        since = e.days[-2].isoformat() if len(e.days) > 1 else ""
        return (
            (self.say("open"), self.money(f.open_cents), ""),
            (self.say("overdue"), self.money(f.overdue_cents), self.say("of_open", share=percent(share, self.language))),
            (self.say("dso"), self.days(e.count_back[-1]), self.say("dso_note", simple=self.days(e.simple[-1]))),
            (self.say("cei"), percent(e.effectiveness[-1], self.language), self.say("cei_note", since=since)),
            (self.say("expected"), self.money(sum(f.forecast.soon.values())), self.say("expected_note")),
            (self.say("promised"), self.money(f.promised[1]), self.say("invoices_note", count=f.promised[0])),
            (self.say("disputed"), self.money(f.disputed[1]), self.say("invoices_note", count=f.disputed[0])),
        )  # fmt: skip

    def _axis(self, cents: int) -> str:
        found = compact(cents, self.f.currency)
        return found.replace(".", ",") if self.language == "fr" else found

    def aged(self) -> Section:
        """The aged balance at each end of month."""
        e, order = self.f.evolution, self.f.buckets
        rows = [
            Series(
                word(b, self.language), [cells.get(b, 0) for cells in e.aged], colour_of(n, len(order))
            ) for n, b in enumerate(order)
        ]  # fmt: skip
        title = f"{self.say('aged')} ({self.f.currency})"
        picture = stacked(title, [self.month(d) for d in e.days], rows, self._axis)
        head = (self.say("month"), *(word(b, self.language) for b in order), self.say("total"))
        table = tuple(
            (day.isoformat(), *(self.money(cells[b]) if cells.get(b) else "" for b in order), self.money(sum(cells.values())))
            for day, cells in zip(e.days, e.aged, strict=True)
        )  # fmt: skip
        alt = f"{title}: " + ", ".join(f"{row[0]} {row[-1]}" for row in table)
        return Section("aged", self.say("aged"), self.say("aged_told"), (Grid(head, table),), picture, alt)

    def dso(self) -> Section:
        """Days of sales outstanding, both ways."""
        e = self.f.evolution
        tenths = [
            Series(self.say(key), [None if v is None else rounded_half_up(v) for v in values], colour)
            for key, values, colour in (
                ("simple", e.simple, PALETTE[1]),
                ("count_back", e.count_back, PALETTE[0]),
            )
        ]
        title = self.say("dso")
        picture = lines(title, [self.month(d) for d in e.days], tenths, str)
        head = (self.say("month"), self.say("sales"), self.say("simple"), self.say("count_back"))
        rows = tuple(
            (day.isoformat(), self.money(sold), self.days(one), self.days(two))
            for day, sold, one, two in zip(e.days, e.sales, e.simple, e.count_back, strict=True)
        )
        alt = f"{title}: " + ", ".join(f"{row[0]} {row[2]} / {row[3]}" for row in rows)
        return Section("dso", self.say("dso_section"), self.say("dso_told"), (Grid(head, rows),), picture, alt)

    def effectiveness(self) -> Section:
        """Collection effectiveness by month."""
        e = self.f.evolution
        values = [None if v is None else rounded_half_up(v * 100) for v in e.effectiveness]
        title = f"{self.say('cei')} (%)"
        picture = lines(title, [self.month(d) for d in e.days], [Series(self.say("cei"), values, PALETTE[2])], str)
        rows = tuple(
            (d.isoformat(), percent(v, self.language)) for d, v in zip(e.days, e.effectiveness, strict=True) if v is not None
        )  # fmt: skip
        alt = f"{title}: " + ", ".join(" ".join(row) for row in rows)
        head = (self.say("month"), self.say("cei"))
        return Section("cei", self.say("cei_section"), self.say("cei_told"), (Grid(head, rows),), picture, alt)

    def forecast(self) -> Section:
        """Cash expected by week."""
        f = self.f.forecast
        title = f"{self.say('forecast')} ({self.f.currency})"
        labels = [f"{day.day:02d}/{day.month:02d}" for day, _ in f.weeks]
        series = Series(self.say("forecast"), [cents for _, cents in f.weeks], PALETTE[0])
        picture = stacked(title, labels, [series], self._axis)
        rows, total = [], 0
        for day, cents in f.weeks:
            total += cents
            rows.append((day.isoformat(), self.money(cents), self.money(total)))
        told = self.say("forecast_told", later=self.money(f.later), silent=self.money(f.silent))
        head = (self.say("week_of"), self.say("amount"), self.say("cumulated"))
        alt = f"{title}: " + ", ".join(f"{row[0]} {row[1]}" for row in rows)
        return Section("forecast", self.say("forecast"), told, (Grid(head, tuple(rows)),), picture, alt)

    def funnel(self) -> Section:
        """Open items by stage of the ladder."""
        drawn = [Bar(self.stage(s.stage), s.cents, self.money(s.cents)) for s in self.f.stages]
        title = f"{self.say('funnel')} ({self.f.currency})"
        rows = tuple((self.stage(s.stage), str(s.items), str(s.debtors), self.money(s.cents)) for s in self.f.stages)
        head = (self.say("stage"), self.say("items"), self.say("debtors"), self.say("amount"))
        alt = f"{title}: " + ", ".join(f"{bar.label} {bar.printed}" for bar in drawn)
        return Section(
            "funnel", self.say("funnel"), self.say("funnel_told"), (Grid(head, rows),), bars(title, drawn), alt
        )

    def contacts(self) -> Section:
        """Messages and calls by month and channel."""
        channels = sorted({channel for _, counts in self.f.contacts for channel in counts})
        rows = [
            Series(word(c, self.language), [counts.get(c, 0) for _, counts in self.f.contacts], PALETTE[n % len(PALETTE)])
            for n, c in enumerate(channels)
        ]  # fmt: skip
        title = self.say("contacts")
        picture = stacked(title, [self.month(month) for month, _ in self.f.contacts], rows, str) if channels else ""
        head = (self.say("month"), *(word(c, self.language) for c in channels))
        table = tuple((self.month(m), *(str(counts.get(c, 0)) for c in channels)) for m, counts in self.f.contacts)
        alt = f"{title}: " + ", ".join(f"{row.name} {sum(v or 0 for v in row.values)}" for row in rows)
        grids = (Grid(head, table),) if channels else (Grid(head, ()),)
        return Section("contacts", title, self.say("contacts_told"), grids, picture, alt)

    def top(self) -> Section:
        """Debtors by what is expected of them, with their habit."""
        keys = ("debtor", "expected", "open", "usual", "late_share", "trend", "rests_on")
        rows = tuple(
            (
                self.name(t.debtor), self.money(t.cents), self.money(t.open_cents), self.days(t.habit.expected()),
                percent(t.habit.late, self.language), f"{rounded_half_up(t.habit.trend):+d}", str(t.habit.own),
            )
            for t in self.f.top
        )  # fmt: skip
        assert SOON == 30  # the words say so
        return Section("top", self.say("top"), self.say("top_told"), (Grid(tuple(self.say(k) for k in keys), rows),))

    def limits(self) -> Section:
        """Limits passed."""
        keys = ("debtor", "kind", "limit", "exposure", "above")
        rows = tuple(
            (
                self.name(p.debtor), self.say(p.kind), self.money(p.limit_cents), self.money(p.open_cents),
                self.money(p.open_cents - p.limit_cents),
            )
            for p in self.f.limits
        )  # fmt: skip
        grid = Grid(tuple(self.say(k) for k in keys), rows, figures_from=2)
        return Section("limits", self.say("limits"), self.say("limits_told"), (grid,))

    def loss(self) -> Section:
        """What a loss would cost in sales."""
        margin = self.f.margin_percent
        rows = [(self.say("over_90"), self.money(self.f.late_90_cents))]
        again = sales_to_make_up(self.f.late_90_cents, margin)
        if again is not None:
            rows.append((self.say("to_sell"), self.money(again)))
        told = self.say("loss_told", margin=margin) if margin else self.say("loss_no_margin")
        return Section("loss", self.say("loss"), told, (Grid(("", self.say("amount")), tuple(rows)),))

    def cases(self) -> Section:
        """Cases, then the days that matter."""
        cases = tuple(
            (c.code, self.name(c.debtor), word(c.state, self.language), c.opened_on.isoformat(), self.money(c.cents, c.currency))
            for c in self.f.cases
        )  # fmt: skip
        days = tuple(
            (d.on.isoformat(), self.say(d.what), self.name(d.debtor), self.money(d.cents)) for d in self.f.deadlines
        )
        head = (*(word(k, self.language) for k in ("case", "debtor", "state", "opened")), self.say("amount"))
        second = tuple(self.say(k) for k in ("deadline", "what", "debtor", "amount"))
        grids = (Grid(head, cases, figures_from=4), Grid(second, days, figures_from=3))
        return Section("cases", self.say("cases"), self.say("cases_told"), grids)

    def quality(self) -> Section:
        """What is missing in the data."""
        rows = [(self.say(key), figure or self.say("never")) for key, figure in self.f.quality]
        rows += [(self.say("other_currencies", currency=c), self.money(n, c)) for c, n in sorted(self.f.others.items())]
        grid = Grid(("", self.say("count")), tuple(rows))
        return Section("quality", self.say("quality"), self.say("quality_told"), (grid,))


def report_of(figures: Figures, name: Name, language: str) -> Report:
    """The weekly report; `name` says how a debtor is shown (a code, or a code and a name)."""
    return Telling(figures, name, language).report()
