"""The statement of account leads by hand from the first figure to the last."""

import random
from datetime import date, timedelta

import pytest

from recouvrement.domain.claim import PRINCIPAL_FIRST, Claim, CreditNote, Payment, PenaltyTerms, Title, contract_rate
from recouvrement.domain.money import NO_BREAK_SPACE
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import Caveat, PenaltyLedger
from recouvrement.domain.refusals import Refused
from recouvrement.domain.statement import RowKind, re_added, statement, statement_rows
from recouvrement.domain.statement_text import caveat_lines, statement_text
from recouvrement.domain.statement_words import CAVEATS, PARTS, WORDS
from recouvrement.policy.law import load_law

LAW = load_law().penalties
DUE, UNTIL = date(2026, 1, 31), date(2026, 7, 20)


def ledger(terms=None, until=UNTIL, **more):
    claim = Claim(500_000, DUE, DebtorKind.BUSINESS, **more)
    found = penalty_ledger(claim, until, LAW, terms or PenaltyTerms())
    assert isinstance(found, PenaltyLedger), found
    return found


PAID = ledger(payments=(Payment(date(2026, 4, 15), 200_000, "VIR 8841"),))


def french(whole):
    return statement_text(whole).replace(NO_BREAK_SPACE, " ")


def test_the_rows_of_a_part_paid_invoice():
    rows = statement_rows(PAID)
    assert [(row.kind.value, row.change_cents) for row in rows] == [
        ("principal", 500_000),
        ("indemnity", 4_000),
        ("segment", 0),
        ("rounding", 12_316),
        ("payment", -200_000),
        ("segment", 0),
        ("segment", 0),
        ("rounding", 10_023),
    ]
    assert rows[4].principal_cents == 312_316
    assert rows[-1].total_cents == PAID.total_cents == 326_339


def test_the_text_shows_every_figure_a_clerk_needs():
    text = french(statement([("FA-2026-7", PAID)]))
    for piece in (
        "DÉCOMPTE arrêté au 20/07/2026 inclus",
        "FA-2026-7 : principal 5 000,00 €, échéance 31/01/2026",
        "01/02/2026 au 15/04/2026  74 j × 5 000,00 € × 12,15 % / 365 = 123,1644 € (C. com. L441-10 II)",
        "règlement VIR 8841 : -2 000,00 €, imputé pénalités 123,16 €, principal 1 876,84 €",
        "Reste dû : principal 3 123,16 € ; pénalités 100,23 € ; indemnité 40,00 € ; total 3 263,39 €",
        "dans cet ordre : pénalités, principal, indemnité forfaitaire.",
        "non un conseil juridique",
    ):
        assert piece in text


def test_the_text_in_english():
    text = statement_text(statement([("FA-2026-7", PAID)]), "en")
    assert "74 d × €5,000.00 × 12.15 % / 365 = €123.1644 (C. com. L441-10 II)" in text
    assert "Remaining due: principal €3,123.16; penalties €100.23; fee €40.00; total €3,263.39" in text


def test_another_language_falls_back_to_english():
    whole = statement([("FA-2026-7", PAID)])
    assert statement_text(whole, "de") == statement_text(whole, "en")


def test_several_invoices_add_up():
    whole = statement([("A", PAID), ("B", ledger())])
    assert whole.total_cents == PAID.total_cents + ledger().total_cents
    assert re_added(whole)


def test_ledgers_of_two_days_make_no_statement():
    assert isinstance(statement([("A", PAID), ("B", ledger(until=date(2026, 7, 21)))]), Refused)
    assert isinstance(statement([]), Refused)


def test_provisional_figures_are_marked_at_every_place():
    found = ledger(PenaltyTerms(provisional_rates=True), until=date(2027, 1, 31))
    whole = statement([("A", found)])
    assert whole.provisional
    assert "[taux provisoire]" in french(whole)
    assert "TAUX PROVISOIRE" in french(whole)


def test_the_order_of_imputation_is_printed_as_agreed():
    whole = statement([("A", ledger(PenaltyTerms(order=PRINCIPAL_FIRST)))])
    assert "dans cet ordre : principal, pénalités, indemnité forfaitaire." in french(whole)


def test_what_a_title_awards_is_shown():
    title = Title(date(2026, 4, 10), awarded_penalty_cents=5_000, costs_cents=12_345)
    whole = statement([("A", ledger(title=title))])
    assert re_added(whole)
    text = french(whole)
    assert "intérêts alloués par le titre : 50,00 €" in text
    assert "Dépens alloués par le titre, à ajouter sur justification : 123,45 €" in text


def test_a_capitalised_year_is_named():
    claim = Claim(1_000_000, date(2025, 6, 30), DebtorKind.BUSINESS)
    found = penalty_ledger(claim, UNTIL, LAW, PenaltyTerms(capitalise_from=date(2025, 7, 1)))
    assert "année entière d'intérêts capitalisée" in french(statement([("A", found)]))


def test_the_semesters_under_the_floor_and_the_judgment_are_named():
    claim = Claim(100_000, date(2023, 12, 31), DebtorKind.BUSINESS, insolvency=date(2024, 3, 1))
    found = penalty_ledger(claim, date(2024, 4, 1), LAW, PenaltyTerms(rate=contract_rate("15")))
    said = "\n".join(caveat_lines(statement([("A", found)])))
    assert "2024-S1" in said
    assert "01/03/2024" in said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_word_exists_in_every_language(language):
    assert set(WORDS[language]) == set(WORDS["fr"])
    assert set(CAVEATS[language]) == set(Caveat)
    assert set(PARTS[language]) == set(PARTS["fr"])
    assert {kind.value for kind in RowKind} <= set(WORDS[language])


def test_random_statements_re_add():
    dice = random.Random(7)
    for _ in range(400):
        due = date(2022, 1, 1) + timedelta(days=dice.randrange(900))
        until = due + timedelta(days=dice.randrange(600))

        def when(due=due, until=until):
            return due + timedelta(days=dice.randrange(-10, (until - due).days + 1))

        claim = Claim(
            dice.randrange(10_000, 900_000),
            due,
            dice.choice([DebtorKind.BUSINESS, DebtorKind.PUBLIC]),
            tuple(Payment(when(), dice.randrange(1, 4_000)) for _ in range(dice.randrange(3))),
            tuple(CreditNote(when(), dice.randrange(1, 1_000)) for _ in range(dice.randrange(2))),
        )
        terms = PenaltyTerms(capitalise_from=due if dice.random() < 0.3 else None)
        found = penalty_ledger(claim, until, LAW, terms)
        whole = statement([("A", found)])
        assert re_added(whole), claim
        assert statement_text(whole)
