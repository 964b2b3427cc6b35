"""The commands about law: what they print, and their exit codes 0, 1 and 2."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from recouvrement.cli.law import register
from recouvrement.policy.law import DEFAULT_DATA

BASE = ["penalty", "--principal", "5000", "--due", "2026-01-31", "--until", "2026-07-20", "--debtor", "business"]


@pytest.fixture(scope="module")
def app():
    made = typer.Typer()
    register(made)
    return made


@pytest.fixture
def run(app, monkeypatch):
    monkeypatch.delenv("RECOUVREMENT_PROVISIONAL_RATES", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words, code=0):
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == code, result.output
        return result

    return call


def answer(result):
    return json.loads(result.stdout)


class TestPenalty:
    def test_the_published_object(self, run):
        assert answer(run(*BASE, "--payment", "2026-04-15:2000", "--json")) == {
            "principal_due_cents": 312_316,
            "penalty_cents": 10_023,
            "indemnity_cents": 4_000,
            "total_cents": 326_339,
            "provisional": False,
            "segments": [
                segment("2026-02-01", "2026-04-15", 74, "12.15", 500_000),
                segment("2026-04-16", "2026-06-30", 76, "12.15", 312_316),
                segment("2026-07-01", "2026-07-20", 20, "12.40", 312_316),
            ],
            "payments": [
                {
                    "on": "2026-04-15",
                    "to_penalty_cents": 12_316,
                    "to_indemnity_cents": 0,
                    "to_principal_cents": 187_684,
                }
            ],
        }

    def test_the_example_of_the_manual(self, run):
        words = [
            "--principal",
            "12000",
            "--due",
            "2026-07-31",
            "--until",
            "2026-08-30",
            "--debtor",
            "business",
            "--json",
        ]
        found = answer(run("penalty", *words))
        assert (found["penalty_cents"], found["total_cents"]) == (12_230, 1_216_230)

    @pytest.mark.parametrize(
        ("more", "penalty"),
        [
            # 5 000 / 36 500 x what is said; 150 days in the first semester, 20 in the second
            (["--rate", "15"], 34_932),  # 15 x 170
            (["--rate", "3x"], 18_411),  # 7.86 x 150 + 8.25 x 20
            (["--insolvency", "2026-03-01"], 4_660),  # 12.15 x 28
            (["--title-enforceable", "2026-05-01", "--title-rate", "legal"], 7_438),  # 2.62 x 150 + 2.75 + 7.75 x 19
            (["--title-enforceable", "2026-05-01", "--title-rate", "8"], 18_630),  # 8 x 170
            (["--order", "principal-first", "--payment", "2026-04-15:2000"], 21_944),  # as the credit note, see below
            (["--credit-note", "2026-04-15:2000"], 21_944),  # 12.15 x 74, then 3/5 of 12.15 x 76 + 12.40 x 20
        ],
    )
    def test_options(self, run, more, penalty):
        assert answer(run(*BASE, *more, "--json"))["penalty_cents"] == penalty

    def test_a_public_buyer_from_the_day_of_its_request(self, run):
        words = ["penalty", "--principal", "20000", "--until", "2026-09-15", "--debtor", "public", "--json"]
        found = answer(run(*words, "--request-received", "2025-05-12"))
        assert found["penalty_cents"] == 281_652
        early = answer(run(*words, "--request-received", "2025-05-12", "--due", "2025-05-20"))
        assert early == found
        later = answer(run(*words, "--request-received", "2025-05-12", "--due", "2025-07-31"))
        assert later["segments"][0]["from"] == "2025-08-01"

    def test_a_consumer_before_and_after_a_notice(self, run):
        words = [
            "penalty",
            "--principal",
            "1000",
            "--due",
            "2026-05-15",
            "--until",
            "2026-07-31",
            "--debtor",
            "consumer",
        ]
        assert answer(run(*words, "--json"))["total_cents"] == 100_000
        assert answer(run(*words, "--notice", "2026-06-20", "--json"))["total_cents"] == 100_305

    def test_a_missing_rate_names_its_semester(self, run):
        late = [*BASE[:5], "--until", "2027-01-31", "--debtor", "business", "--json"]
        found = answer(run(*late, code=1))
        assert (found["error"], found["semester"]) == ("missing_rate", "2027-S1")
        assert answer(run(*late, "--provisional"))["provisional"] is True

    def test_the_setting_allows_provisional_rates_too(self, run, monkeypatch):
        monkeypatch.setenv("RECOUVREMENT_PROVISIONAL_RATES", "true")
        late = [*BASE[:5], "--until", "2027-01-31", "--debtor", "business", "--json"]
        result = run(*late)
        assert answer(result)["provisional"] is True
        assert "TAUX PROVISOIRE" in result.stderr

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"--until": "2026-01-30"}, "until_before_due"),
            ({"--principal": "-1"}, "negative_principal"),
            ({"--debtor": "unknown"}, "unknown_kind"),
            ({"--payment": "2026-04-15:9000"}, "payment_above_due"),
            ({"--payment": "2026-04-15:0"}, "amount_not_positive"),
            ({"--payment": "2026-07-21:10"}, "event_after_until"),
            ({"--credit-note": "2026-04-15:5000.01"}, "credit_note_above_principal"),
            ({"--request-received": "2026-01-01"}, "request_of_no_public_buyer"),
            ({"--debtor": "consumer", "--rate": "15"}, "rate_not_contractual"),
        ],
    )
    def test_refusals_say_what_to_do_and_exit_1(self, run, change, error):
        words = dict(zip(BASE[1::2], BASE[2::2], strict=True)) | change
        flat = [word for pair in words.items() for word in pair]
        found = answer(run("penalty", *flat, "--json", code=1))
        assert found["error"] == error
        assert found["remedy"]
        spoken = run("penalty", *flat, code=1)
        assert found["remedy"] in spoken.stderr
        assert spoken.stdout == ""

    @pytest.mark.parametrize(
        "change",
        [
            {"--principal": "12,50"},
            {"--principal": "12.505"},
            {"--principal": "1e3"},
            {"--principal": "NaN"},
            {"--principal": "abc"},
            {"--due": "31/01/2026"},
            {"--due": "2026-02-30"},
            {"--due": "20260131"},
            {"--until": "9999-12-31"},
            {"--until": ""},
            {"--debtor": "friend"},
            {"--payment": "2026-04-15"},
            {"--payment": "2000"},
            {"--rate": "much"},
            {"--title-rate": "legal"},
            {"--title-enforceable": "2026-04-01", "--title-rate": "much"},
            {"--order": "fees-first"},
        ],
    )
    def test_what_cannot_be_read_exits_2(self, run, change):
        words = dict(zip(BASE[1::2], BASE[2::2], strict=True)) | change
        refused = run("penalty", *[word for pair in words.items() for word in pair], code=2)

        assert "principal_due_cents" not in refused.stdout

    def test_no_due_date_at_all(self, run):
        refused = run("penalty", "--principal", "10", "--until", "2026-02-01", "--debtor", "business", code=2)

        assert "due" in refused.output

    def test_without_json_a_statement_is_printed(self, run):
        assert "Reste dû" in run(*BASE).stdout
        assert "Remaining due" in run(*BASE, "--language", "en").stdout

    def test_data_that_cannot_be_used_exit_2(self, run, tmp_path):
        found = answer(run(*BASE, "--data", tmp_path, "--json", code=2))
        assert "rates.toml" in found["problems"][0]


def segment(first, last, days, rate, base):
    return {
        "from": first,
        "to": last,
        "days": days,
        "rate_pct": rate,
        "base_cents": base,
        "article": "C. com. L441-10 II",
    }


@pytest.fixture
def data(tmp_path):
    shutil.copytree(DEFAULT_DATA / "law", tmp_path / "data" / "law")
    return tmp_path / "data"


class TestRates:
    def test_check_lists_the_next_semester_and_is_content(self, run):
        found = answer(run("rates", "check", "--on", "2026-11-22", "--json"))
        assert {(row["series"], row["semester"], row["due"]) for row in found["missing"]} == {
            ("ecb", "2027-S1", False),
            ("legal", "2027-S1", False),
            ("legal-particuliers", "2027-S1", False),
        }
        assert found["warnings"] == []

    def test_check_exits_1_from_15_december(self, run):
        found = answer(run("rates", "check", "--on", "2026-12-15", "--json", code=1))
        assert all(row["due"] for row in found["missing"])
        assert "rates add ecb" in run("rates", "check", "--on", "2027-01-01", code=1).stdout

    def test_add_then_check(self, run, data):
        common = [
            "--date",
            "2027-01-01",
            "--source",
            "https://example.org",
            "--checked-on",
            "2027-01-02",
            "--data",
            data,
        ]
        for series, value in (("ecb", "2.65"), ("legal-autres", "2.80"), ("legal-particuliers", "6.90")):
            run("rates", "add", series, value, *common)
        found = answer(run("rates", "check", "--on", "2027-01-02", "--data", data, "--json"))
        assert [row["semester"] for row in found["missing"]] == ["2027-S2"] * 3
        late = [*BASE[:5], "--until", "2027-01-31", "--debtor", "business", "--json", "--data", data]
        assert answer(run(*late))["segments"][-1]["rate_pct"] == "12.65"

    def test_add_what_is_known_is_refused(self, run, data):
        words = ["rates", "add", "ecb", "2.40", "--date", "2026-07-01", "--source", "x", "--data", data, "--json"]
        assert answer(run(*words, code=1))["error"] == "already_known"

    @pytest.mark.parametrize(
        "words", [["euribor", "2"], ["ecb"], ["ecb", "2.65"], ["ecb", "2.65", "--date", "1/1/2027", "--source", "x"]]
    )
    def test_usage(self, run, words):
        refused = run("rates", "add", *words, code=2)

        assert refused.output.strip()


def texts_with(folder, line):
    """A copy of the texts whose friendly reminder in French ends with one more line."""
    templates = folder / "templates"
    shutil.copytree(DEFAULT_DATA.parent / "templates", templates)
    path = templates / "fr" / "friendly_reminder.md.j2"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    return templates


class TestTemplates:
    def test_the_shipped_texts_pass(self, run):
        found = answer(run("lint-templates", "--json"))
        assert found["findings"] == []
        assert found["texts"] >= 10

    def test_a_bad_text_is_found_and_exits_1(self, run, tmp_path):
        templates = texts_with(tmp_path, "Tout sera à vos frais.")
        found = answer(run("lint-templates", templates, "--json", code=1))
        assert {(row["step"], row["rule"]) for row in found["findings"]} == {
            ("friendly_reminder", "costs_on_debtor_fr")
        }

    def test_a_text_that_cannot_be_filled_in_is_found(self, run, tmp_path):
        templates = texts_with(tmp_path, "{{ no_such_value }}")
        found = answer(run("lint-templates", templates, "--json", code=1))
        assert {row["rule"] for row in found["findings"]} == {"cannot_be_filled_in"}

    def test_an_empty_folder_exits_2(self, run, tmp_path):
        assert answer(run("lint-templates", tmp_path, "--json", code=2))["error"] == "no_templates"

    def test_our_letters_are_no_agency_letters(self, run):
        assert {"agency_l111_8"} <= {
            row["rule"] for row in answer(run("lint-templates", "--sender", "agency", "--json", code=1))["findings"]
        }


def test_the_folder_of_data_is_found_from_the_package():
    assert (Path(DEFAULT_DATA) / "law" / "rates.toml").is_file()
