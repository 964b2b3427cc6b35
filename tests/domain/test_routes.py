"""Routes are options with their conditions answered from the file; what nobody recorded is asked, never assumed."""

import re
import shutil
from datetime import date

import pytest

from recouvrement.domain.facts import State
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.routes import facts_of_kind, route_options
from recouvrement.dossier.proposal_words import FACTS as FACT_NAMES
from recouvrement.dossier.proposal_words import LIMITS
from recouvrement.policy.law import DEFAULT_DATA, load_law
from recouvrement.policy.law_fields import LawDataError
from recouvrement.policy.law_routes import FACTS, load_routes

TABLE = load_law().routes
TODAY = date(2026, 11, 22)
CLEAR = {
    "insolvency_open": False,
    "enforceable_title": False,
    "limitation_months_left": 40,
    "contested": False,
    "evidence_complete": True,
    "worth_pursuing": True,
    "debtor_location": "france",
    "opposition_likely": False,
    "creditor_is_trader": True,
    "claim_is_invoiced": True,
    "amount_cents": 400_000,
}


def options(kind=DebtorKind.BUSINESS, on=TODAY, **facts):
    return route_options({**facts_of_kind(kind), **CLEAR, **facts}, TABLE, on)


def names(found):
    return [option.route.key for option in found.options]


def option(found, key):
    return next(one for one in found.options if one.route.key == key)


@pytest.mark.parametrize(
    ("facts", "number", "first"),
    [
        ({"insolvency_open": True}, 1, "freeze"),
        ({"insolvency_open": True, "contested": True}, 1, "freeze"),
        ({"enforceable_title": True}, 14, "enforcement"),
        ({"limitation_months_left": 2}, 2, "acknowledgment"),
        ({"contested": True}, 3, "answer_dispute"),
        ({"evidence_complete": False}, 4, "collect_evidence"),
        ({"worth_pursuing": False}, 15, "reminders"),
        ({"kind": DebtorKind.PUBLIC}, 5, "chorus_status"),
        ({"debtor_location": "eu"}, 6, "mise_en_demeure"),
        ({"debtor_location": "denmark"}, 7, "mise_en_demeure"),
        ({"debtor_location": "outside_eu"}, 7, "mise_en_demeure"),
        ({}, 8, "mise_en_demeure"),
        ({"creditor_is_trader": False}, 8, "mise_en_demeure"),
        ({"opposition_likely": True}, 9, "refere_provision"),
        ({"amount_cents": 5_000_001}, 9, "refere_provision"),
        ({"kind": DebtorKind.NON_TRADER}, 10, "mise_en_demeure"),
        ({"kind": DebtorKind.NON_TRADER, "amount_cents": 500_001}, 11, "mise_en_demeure"),
        ({"kind": DebtorKind.CONSUMER}, 12, "mise_en_demeure"),
        ({"kind": DebtorKind.CONSUMER, "amount_cents": 500_001}, 13, "mise_en_demeure"),
    ],
)
def test_the_row_of_the_table_for_a_situation(facts, number, first):
    found = options(**facts)
    assert (found.situation.situation.number, found.assumed, names(found)[0]) == (number, False, first)


def test_between_traders_the_new_procedure_is_shown_and_stays_disabled():
    found = options()
    assert names(found) == ["mise_en_demeure", "agency", "l126_1", "injonction_de_payer_tc"]
    new = option(found, "l126_1")
    assert new.state is State.MET
    assert not new.is_open
    assert "décret" in new.route.disabled
    assert "l125_1" not in names(found)


def test_before_25_april_2026_traders_still_had_the_simplified_procedure():
    assert "l125_1_until_2026" in names(options(on=date(2026, 4, 24)))
    assert "l126_1" not in names(options(on=date(2026, 4, 24)))


def test_the_simplified_procedure_takes_exactly_5000_euros():
    assert "l125_1" in names(options(DebtorKind.NON_TRADER, amount_cents=500_000))
    assert "l125_1" not in names(options(DebtorKind.NON_TRADER, amount_cents=500_001))


def test_each_condition_says_which_fact_met_or_missed_it():
    found = option(options(insolvency_open=True, goods_under_retention_of_title=False), "retention_of_title")
    assert [(one.state.value, one.facts) for one in found.answers] == [
        ("missed", (("goods_under_retention_of_title", False),))
    ]
    assert not found.is_open


def test_an_unknown_fact_is_listed_and_its_row_is_not_overlooked():
    found = options(insolvency_open=None)
    assert found.situation.situation.number == 8
    assert [row.situation.number for row in found.to_clarify] == [1]
    assert "insolvency_open" in found.unknown_facts


def test_without_facts_the_first_possible_row_is_only_assumed():
    found = route_options({}, TABLE, TODAY)
    assert (found.assumed, found.situation.situation.number, found.to_clarify) == (True, 1, ())


def test_a_craftsman_must_be_said_to_be_a_trader_or_not():
    assert "debtor_is_trader" in options(DebtorKind.ARTISAN).unknown_facts
    assert options(DebtorKind.ARTISAN, debtor_is_trader=False).situation.situation.number == 10


def test_every_option_carries_cost_delay_and_article():
    for route in TABLE.routes.values():
        assert route.cost
        assert route.delay
        assert route.provenance.article


def test_every_route_is_reached_by_some_situation():
    assert {name for row in TABLE.situations for name in row.routes} == set(TABLE.routes)


def test_the_table_decides_nothing():
    assert not any(hasattr(options(), name) for name in ("verdict", "best", "recommended"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('fact = "contested"', 'fact = "quarrel"', "no fact is called 'quarrel'"),
        ('at_most = "simplified_procedure"', 'at_most = "no_such"', "no threshold in force is called 'no_such'"),
        ('routes = ["freeze",', 'routes = ["frieze",', "unknown route 'frieze'"),
        ('key = "guarantors"', 'key = "freeze"', "a second 'freeze'"),
        ('fact = "contested", is = false', 'fact = "contested"', "needs exactly one of"),
        ('cost = "gratuit"\n', "", "cost is missing"),
        ('article = "CPCE R125-1"\n', "", "article is missing"),
    ],
)
def test_a_table_with_a_mistake_is_refused(tmp_path, old, new, said):
    folder = tmp_path / "law"
    shutil.copytree(DEFAULT_DATA / "law", folder)
    text = (folder / "routes.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "routes.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawDataError) as caught:
        load_routes(folder)
    assert any(said in problem for problem in caught.value.problems), caught.value.problems


def test_what_a_person_reads_of_the_table_is_french():
    told = [row.title for row in TABLE.situations]
    told += [one.text for row in (*TABLE.situations, *TABLE.routes.values()) for one in row.conditions]
    for route in TABLE.routes.values():
        told += [
            route.name,
            route.cost,
            route.delay,
            route.court,
            route.forms,
            route.disabled,
            route.provenance.article,
        ]
    english = re.compile(
        r"\b(the|of|is|not|and|claim|debtor|within|from|to|none|free|weeks?|months?|decree)\b", re.IGNORECASE
    )
    assert [text for text in told if english.search(text)] == []


def test_every_fact_and_limit_has_its_french_name():
    assert set(FACT_NAMES) == FACTS
    assert set(LIMITS) == {rule.key for rule in load_law().time_limits}
