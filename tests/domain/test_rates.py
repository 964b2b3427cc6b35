"""The rates are those of the official tables, and what is not known is said, never guessed."""

import json
import shutil
from datetime import date
from decimal import Decimal

import pytest

from recouvrement.domain.claim import Claim
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.provenance import Confidence, Provenance
from recouvrement.domain.rates import Category, MissingRate, Rate, Semester, Series, rate_text
from recouvrement.policy.law import DEFAULT_DATA, law_sha256, load_law
from recouvrement.policy.law_fields import LawDataError
from recouvrement.policy.law_rates import load_rates

RATES = load_rates(DEFAULT_DATA / "law")
# Semester, legal particuliers, legal autres, ECB on its first day, default between professionals, public, floor.
TABLE = """
2015-S1 4.06 0.93 0.05 10.05 8.05 2.79
2015-S2 4.29 0.99 0.05 10.05 8.05 2.97
2016-S1 4.54 1.01 0.05 10.05 8.05 3.03
2016-S2 4.35 0.93 0.00 10.00 8.00 2.79
2017-S1 4.16 0.90 0.00 10.00 8.00 2.70
2017-S2 3.94 0.90 0.00 10.00 8.00 2.70
2018-S1 3.73 0.89 0.00 10.00 8.00 2.67
2018-S2 3.60 0.88 0.00 10.00 8.00 2.64
2019-S1 3.40 0.86 0.00 10.00 8.00 2.58
2019-S2 3.26 0.87 0.00 10.00 8.00 2.61
2020-S1 3.15 0.87 0.00 10.00 8.00 2.61
2020-S2 3.11 0.84 0.00 10.00 8.00 2.52
2021-S1 3.14 0.79 0.00 10.00 8.00 2.37
2021-S2 3.12 0.76 0.00 10.00 8.00 2.28
2022-S1 3.13 0.76 0.00 10.00 8.00 2.28
2022-S2 3.15 0.77 0.00 10.00 8.00 2.31
2023-S1 4.47 2.06 2.50 12.50 10.50 6.18
2023-S2 6.82 4.22 4.00 14.00 12.00 12.66
2024-S1 8.01 5.07 4.50 14.50 12.50 15.21
2024-S2 8.16 4.92 4.25 14.25 12.25 14.76
2025-S1 7.21 3.71 3.15 13.15 11.15 11.13
2025-S2 6.65 2.76 2.15 12.15 10.15 8.28
2026-S1 6.67 2.62 2.15 12.15 10.15 7.86
2026-S2 6.84 2.75 2.40 12.40 10.40 8.25
"""
ROWS = [line.split() for line in TABLE.split("\n") if line]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_semester_of_the_official_tables(row):
    semester = Semester.parse(row[0])
    found = [
        RATES.legal_of(semester, Category.PARTICULIERS),
        RATES.legal_of(semester, Category.AUTRES),
        RATES.ecb_of(semester),
    ]
    assert [rate_text(rate.units) for rate in found] == row[1:4]
    day, law = semester.first_day.replace(day=2), load_law().penalties
    before = semester.first_day
    for kind, expected in ((DebtorKind.BUSINESS, row[4]), (DebtorKind.PUBLIC, row[5])):
        ledger = penalty_ledger(Claim(100, before, kind), day, law)
        assert [segment.rate_pct for segment in ledger.segments] == [expected]
    assert Decimal(row[2]) * 3 == Decimal(row[6])


def test_the_data_hold_the_shared_rates(shared):
    facts = json.loads((shared / "reference" / "rates.json").read_text(encoding="utf-8"))
    assert [[str(rate.effective_on), rate_text(rate.units)] for rate in RATES.ecb] == facts["ecb_mro"]
    for semester, values in facts["legal_interest"].items():
        for category, value in values.items():
            assert RATES.legal_of(Semester.parse(semester), Category(category)) == Rate(
                int(Decimal(value) * 10_000), provisional=False
            )


def test_the_first_semester_of_2027_is_unknown_in_every_series():
    ahead = Semester(2027, 1)
    assert RATES.ecb_of(ahead) == MissingRate(Series.ECB, ahead)
    assert RATES.legal_of(ahead, Category.AUTRES) == MissingRate(Series.LEGAL, ahead)
    assert RATES.missing(Semester(2026, 2), ahead) == (
        MissingRate(Series.ECB, ahead),
        MissingRate(Series.LEGAL, ahead),
        MissingRate(Series.LEGAL, ahead, Category.PARTICULIERS),
    )


def test_carried_forward_rates_are_marked():
    ahead = Semester(2027, 1)
    assert RATES.ecb_of(ahead, provisional=True) == Rate(26_500, provisional=True)
    assert RATES.legal_of(ahead, Category.AUTRES, provisional=True) == Rate(27_500, provisional=True)


def test_nothing_is_carried_backward():
    assert isinstance(RATES.ecb_of(Semester(2010, 1), provisional=True), MissingRate)
    assert isinstance(RATES.legal_of(Semester(2010, 1), Category.AUTRES, provisional=True), MissingRate)


def test_wrong_values_seen_on_the_web_are_not_ours():
    assert RATES.legal_of(Semester(2018, 1), Category.AUTRES).units != 8_800
    assert RATES.legal_of(Semester(2019, 1), Category.AUTRES).units != 7_600


@pytest.mark.parametrize("text", ["2027", "2027-S3", "27-S1", "2027-S", "2027-s1", "2027-S11", "²⁰²⁷-S1"])
def test_what_is_no_semester(text):
    with pytest.raises(ValueError, match="2027-S1"):
        Semester.parse(text)


class TestProvenance:
    CLOSED = Provenance("a", date(2020, 1, 1), date(2020, 6, 30), "s", date(2020, 1, 1), Confidence.VERIFIED, 30)
    OPEN = Provenance("a", date(2026, 1, 1), None, "s", date(2026, 11, 22), Confidence.SECONDARY, 30)

    def test_a_figure_holds_from_its_first_day_to_its_last(self):
        assert self.CLOSED.holds_on(date(2020, 6, 30))
        assert not self.CLOSED.holds_on(date(2020, 7, 1))
        assert self.OPEN.holds_on(date(2099, 1, 1))

    def test_a_check_grows_old_on_the_day_after_its_limit(self):
        assert not self.OPEN.is_stale_on(date(2026, 12, 22))
        assert self.OPEN.is_stale_on(date(2026, 12, 23))

    def test_history_needs_no_new_check(self):
        assert not self.CLOSED.is_stale_on(date(2026, 12, 22))


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DEFAULT_DATA / "law", tmp_path / "law")
    return tmp_path


def changed(folder, old, new):
    path = folder / "law" / "rates.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestRefusedData:
    @pytest.mark.parametrize(
        ("line", "named"),
        [
            ('article = "C. com. L441-10 II ; CCP R2192-31"\n', "article"),
            ("valid_from = 2013-11-13\n", "valid_from"),
            ("checked_on = 2026-11-22\n", "checked_on"),
            ('confidence = "verified"\n', "confidence"),
            ("recheck_after_days = 45\n", "recheck_after_days"),
            (
                'source = "https://www.bsi.si/en/ecb-interest-rates ; https://www.banque-france.fr/en/policy-rates"\n',
                "source",
            ),
        ],
    )
    def test_a_rate_without_a_part_of_its_provenance(self, folder, line, named):
        changed(folder, line, "")
        with pytest.raises(LawDataError, match=rf"rates.toml: ecb\[0\]: {named} is missing"):
            load_law(folder)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('value = "0.25"', "value = 0.25", "value is missing or empty"),
            ('value = "0.25"', 'value = "zero"', "is not a rate"),
            ('confidence = "verified"', 'confidence = "sure"', "'sure' is none of verified"),
            ("valid_from = 2014-06-11", "valid_from = 2013-11-13", "a second rate from 2013-11-13"),
            ("valid_from = 2013-11-13", "valid_from = 2014-06-11", "valid_to is before valid_from"),
            ("valid_to = 2014-06-10", "valid_to = 2014-06-09", "the next one begins on 2014-06-11"),
            ('semester = "2015-S1"', 'semester = "2015-S2"', "not those of 2015-S2"),
            ('category = "autres"', 'category = "other"', "'other' is none of"),
            ("\n[[ecb]]\n", "\n[ecb\n", "rates.toml"),
        ],
    )
    def test_a_value_that_cannot_be_used(self, folder, old, new, said):
        changed(folder, old, new)
        with pytest.raises(LawDataError) as caught:
            load_law(folder)
        assert any(said in problem for problem in caught.value.problems), caught.value.problems

    def test_all_problems_are_named_at_once(self, folder):
        changed(folder, 'value = "0.25"\n', "")
        changed(folder, "valid_from = 2014-06-11\n", "")
        with pytest.raises(LawDataError) as caught:
            load_law(folder)
        assert len(caught.value.problems) == 2

    def test_a_figure_of_penalties_that_is_gone(self, folder):
        path = folder / "law" / "penalties.toml"
        path.write_text(path.read_text(encoding="utf-8").replace('key = "divisor"', 'key = "other"'), encoding="utf-8")
        with pytest.raises(LawDataError, match="divisor is missing"):
            load_law(folder)

    def test_no_folder(self, tmp_path):
        with pytest.raises(LawDataError, match="cannot be read"):
            load_law(tmp_path / "nowhere")


def test_the_hash_of_the_law_changes_with_any_byte(folder):
    before = law_sha256(folder / "law")
    changed(folder, "# Rates", "# rates")
    assert len(before) == 64
    assert law_sha256(folder / "law") != before
