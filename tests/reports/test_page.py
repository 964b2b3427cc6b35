"""The page of a report: nothing that was written by others acts in it, nothing is loaded, all reads in both languages."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from recouvrement.reports.figures import CaseRow, Deadline, Evolution, Expected, Figures, Passed, StageRow
from recouvrement.reports.forecast import Forecast
from recouvrement.reports.habits import Habit
from recouvrement.reports.page import Grid, Section, html_of, markdown_of
from recouvrement.reports.report_words import WORDS, say
from recouvrement.reports.simulation_words import WORDS as SIMULATION_WORDS
from recouvrement.reports.time_charts import Series, lines, round_top, stacked
from recouvrement.reports.weekly_report import report_of

HOSTILE = "<script>alert(1)</script>\"' onload=x &amp; </td><img src=https://evil.example/x.png>|[x](javascript:y)"
ON = date(2026, 11, 20)


def figures(margin: int = 8) -> Figures:
    """Figures with something in every section."""
    evolution = Evolution(
        (date(2026, 10, 31), ON), ({"not_due": 100_00, "1-30": 50_00}, {"not_due": 80_00, "over_180": 90_00}), (500_00, 300_00),
        (None, Fraction(31, 2)), (None, Fraction(40)), (None, Fraction(2, 3)),
    )  # fmt: skip
    habit = Habit(3, Fraction(4), 20, Fraction(-2), Fraction(1, 2))
    return Figures(
        on=ON, currency="EUR", buckets=("not_due", "due_soon", "1-30", "31-60", "61-90", "91-180", "over_180"), evolution=evolution,
        disputed=(1, 10_00), promised=(2, 20_00), forecast=Forecast(((ON, 33_00),), 10_00, 5_00, {"D": 33_00}),
        stages=(StageRow("firm", 2, 1, 90_00), StageRow("paused", 1, 1, 80_00)), contacts=((ON.replace(day=1), {"email": 3, "call": 1}),),
        top=(Expected("D", 33_00, 90_00, habit),), limits=(Passed("D", "credit", 50_00, 90_00),), late_90_cents=90_00, margin_percent=margin,
        cases=(CaseRow(HOSTILE, "D", "proposed", ON, 90_00, "EUR"),), deadlines=(Deadline("D", "barred_near", ON, 90_00),),
        quality=(("no_email", "3"), ("feed_to", "")), others={"USD": 12_00},
    )  # fmt: skip


class Reader(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    """Parse a page."""
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_hostile_name_is_text_and_nothing_else(language: str) -> None:
    report = report_of(figures(), lambda _: HOSTILE, language)
    page = read(html_of(report, language=language, nothing=say("nothing", language)))
    assert "".join(page.text).count("<script>alert(1)</script>") >= 4
    kinds = {tag for tag, _ in page.tags}
    assert kinds.isdisjoint({"script", "iframe", "object", "link", "form", "base", "svg"})
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_the_page_holds_all_it_needs_and_says_so_to_the_browser() -> None:
    plain = replace(figures(), cases=())
    page = html_of(report_of(plain, lambda _: "C-1", "fr"), language="fr", nothing="-")
    tags = read(page).tags
    sources = [value for _, a in tags for name, value in a.items() if name in {"src", "href", "action", "srcset"}]
    assert all(value and value.startswith(("data:image/svg+xml;base64,", "#")) for value in sources)
    assert not re.search(r"https?://", page)
    policy = next(a["content"] or "" for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "prefers-color-scheme:dark" in page


def test_each_picture_is_told_in_words_and_followed_by_its_figures() -> None:
    report = report_of(figures(), lambda _: "C-1", "en")
    drawn = [section for section in report.sections if section.picture]
    assert len(drawn) >= 5
    for section in drawn:
        assert len(section.alt) > len(section.title)
        assert section.grids[0].rows
    assert "€90.00" in next(s.alt for s in drawn if s.key == "funnel")


def test_the_two_languages_say_the_same_things() -> None:
    for words in (WORDS, SIMULATION_WORDS):
        for french, english in words.values():
            assert set(re.findall(r"{(\w+)}", french)) == set(re.findall(r"{(\w+)}", english))
    assert "paused" in str(report_of(figures(), str, "en").sections)
    assert "12 USD" not in str(report_of(figures(), str, "en"))


def test_sales_to_make_up_are_told_only_with_a_margin() -> None:
    told = {
        margin: str(next(s for s in report_of(figures(margin), str, "en").sections if s.key == "loss"))
        for margin in (0, 8)
    }
    assert "€1,125.00" in told[8]
    assert "€1,125.00" not in told[0]
    assert "RECOUVREMENT_MARGIN_PERCENT" in told[0]


def test_markdown_of_the_console_breaks_no_table_and_makes_no_link() -> None:
    told = markdown_of(Section("k", HOSTILE, "t", (Grid(("a", "b"), ((HOSTILE, "1"),)),)), nothing="-")
    row = told.splitlines()[-1]
    assert row.count("|") == 3
    assert "](" not in told
    assert "<script" not in told


def test_charts_never_leave_their_panel_whatever_the_values() -> None:
    for values in ([0, 0], [None, 5], [-7, 10**12], [1]):
        for draw in (stacked, lines):
            svg = draw(HOSTILE, ["x"] * len(values), [Series(HOSTILE, values, "#000")], str)
            assert "<script" not in svg
            assert not re.search(r'(height|width|y|cy)="-', svg)
    assert all(round_top(n) >= n for n in range(0, 5_000, 7))
