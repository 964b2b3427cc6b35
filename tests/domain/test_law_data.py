"""Every figure of law says where it comes from, grows old in a known time, and can be added to safely."""

import shutil
import tomllib
from datetime import date

import pytest

from recouvrement.domain.claim import Claim
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.domain.provenance import Confidence
from recouvrement.domain.rates import Category, Rate, Semester
from recouvrement.domain.refusals import Refused
from recouvrement.policy.law import DEFAULT_DATA, load_law
from recouvrement.policy.law_additions import AddedSeries, NewRate, RateAdded, add_rate
from recouvrement.policy.law_fields import LawDataError
from recouvrement.policy.law_rates import load_rates
from recouvrement.policy.law_warnings import figures, law_warnings, missing_next, missing_now

LAW = load_law()
FOLDER = DEFAULT_DATA / "law"
FILES = ["rates", "penalties", "due_dates", "limitation", "time_limits", "routes", "wording"]
NEEDED = {"article", "valid_from", "source", "checked_on", "confidence", "recheck_after_days"}


@pytest.mark.parametrize("name", FILES)
def test_every_table_written_in_a_file_carries_its_provenance(name):
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    entries = [entry for array in tables.values() for entry in array]
    assert len(entries) >= 10
    for entry in entries:
        assert entry.keys() >= NEEDED, entry
        assert entry["confidence"] in set(Confidence)
        assert isinstance(entry["checked_on"], date)


def test_nothing_loaded_escapes_the_list_of_figures():
    listed = list(figures(LAW))
    assert len(listed) > 200
    assert len({name for name, _ in listed}) > 190
    assert all(provenance.article and provenance.source for _, provenance in listed)
    confirmations = 1
    written = sum(
        len(array)
        for name in FILES
        for array in tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")).values()
    )
    assert len(listed) == written - confirmations


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("field", sorted(NEEDED))
def test_a_figure_that_lacks_any_of_it_is_refused(tmp_path, name, field):
    shutil.copytree(FOLDER, tmp_path / "law")
    path = tmp_path / "law" / f"{name}.toml"
    lines = path.read_text(encoding="utf-8").split("\n")
    position = next(n for n, line in enumerate(lines) if line.startswith(f"{field} ="))
    path.write_text("\n".join(lines[:position] + lines[position + 1 :]), encoding="utf-8")
    with pytest.raises(LawDataError) as caught:
        load_law(tmp_path)
    assert [problem for problem in caught.value.problems if problem.startswith(f"{name}.toml") and field in problem]


class TestWarnings:
    def test_on_the_day_of_the_check_there_are_none(self):
        assert law_warnings(LAW, date(2026, 11, 22)) == ()

    def test_from_15_december_the_next_rates_are_asked_for(self):
        assert law_warnings(LAW, date(2026, 12, 14)) == ()
        found = law_warnings(LAW, date(2026, 12, 15))
        assert {warning.code for warning in found} == {"rate_soon_missing"}
        assert any("2027-S1" in warning.message for warning in found)

    def test_in_the_new_semester_they_are_missing(self):
        found = [w for w in law_warnings(LAW, date(2027, 1, 1)) if w.code == "rate_missing"]
        assert len(found) == len(missing_now(LAW, date(2027, 1, 1))) == 3
        assert missing_now(LAW, date(2026, 12, 31)) == ()
        assert len(missing_next(LAW, date(2026, 7, 1))) == 3

    def test_a_figure_checked_too_long_ago_is_named_with_its_article(self):
        found = [w.message for w in law_warnings(LAW, date(2027, 1, 7)) if w.code == "figure_to_check"]
        (only,) = found
        assert only.startswith("rates.toml: ecb from 2026-09-16 was checked on 2026-11-22, secondary: check it again")
        assert only.endswith("(C. com. L441-10 II ; CCP R2192-31)")

    def test_in_the_end_everything_in_force_is_asked_again(self):
        assert len(law_warnings(LAW, date(2030, 1, 1))) > 100


@pytest.fixture
def data(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "law")
    return tmp_path


def new(series, value, on, source="https://example.org/rates"):
    return NewRate(AddedSeries(series), value, date.fromisoformat(on), source, date(2027, 1, 4))


def add(data, *args, **more):
    return add_rate(data / "law", new(*args, **more))


class TestAdding:
    def test_the_same_ecb_rate_later_is_a_confirmation(self, data):
        added = add(data, "ecb", "2.65", "2027-01-01")
        assert isinstance(added, RateAdded)
        assert added.confirmed_only
        assert load_rates(data / "law").ecb_of(Semester(2027, 1)) == Rate(26_500, provisional=False)

    def test_another_ecb_rate_is_a_change(self, data):
        added = add(data, "ecb", "2.90", "2026-12-23")
        assert not added.confirmed_only
        assert isinstance(add(data, "ecb", "2.90", "2027-01-01"), RateAdded)
        ledger = penalty_ledger(
            Claim(100_000, date(2026, 12, 31), DebtorKind.BUSINESS), date(2027, 1, 31), load_law(data).penalties
        )
        assert isinstance(ledger, PenaltyLedger)
        assert ledger.segments[0].rate_pct == "12.90"

    def test_both_legal_rates_of_a_semester(self, data):
        for series, value in (("legal-autres", "2.80"), ("legal-particuliers", "6.90")):
            assert isinstance(add(data, series, value, "2027-01-01"), RateAdded)
        rates = load_rates(data / "law")
        assert rates.legal_of(Semester(2027, 1), Category.AUTRES).units == 28_000
        assert rates.legal_of(Semester(2027, 1), Category.PARTICULIERS).units == 69_000

    @pytest.mark.parametrize(
        ("args", "code"),
        [
            (("ecb", "2.40", "2026-07-01"), "already_known"),
            (("ecb", "3.00", "2026-10-01"), "already_known"),
            (("legal-autres", "2.75", "2026-07-01"), "already_known"),
            (("legal-autres", "2.99", "2026-12-31"), "already_known"),
            (("ecb", "2,65", "2027-01-01"), "not_a_rate"),
            (("ecb", "-1", "2027-01-01"), "not_a_rate"),
            (("ecb", "2.65", "2027-01-01", " "), "no_source"),
        ],
    )
    def test_what_is_not_written(self, data, args, code):
        before = (data / "law" / "rates.toml").read_bytes()
        found = add(data, *args)
        assert isinstance(found, Refused)
        assert found.code == code
        assert (data / "law" / "rates.toml").read_bytes() == before

    def test_a_hostile_source_is_kept_as_text(self, data):
        hostile = 'x"\n[[ecb]]\nvalue = "99"\\ é\x7f'
        before = {path.name for path in (data / "law").iterdir()}
        found = add(data, "ecb", "2.65", "2027-01-01", source=hostile)
        assert isinstance(found, RateAdded)
        tables = tomllib.loads((data / "law" / "rates.toml").read_text(encoding="utf-8"))
        assert tables["ecb_confirmation"][-1]["source"] == hostile
        assert all(entry["value"] != "99" for entry in tables["ecb"])
        assert {path.name for path in (data / "law").iterdir()} == before, "no draft is left beside the data"
