"""What speaks against the explanation at hand: unknown numbers, namesakes, list prices, parts, lines that wait."""

from datetime import date, timedelta

import pytest

from recouvrement.matching.day import match_day
from recouvrement.matching.hypotheses import Explainer
from recouvrement.matching.mentions import find_mentions
from recouvrement.matching.reading import read_line
from recouvrement.matching.types import Reason, Verdict
from tests.matching.scene import DAY, STRANGERS, book_of, credit, item, one, paid, payer

LOPEZ = "LOPEZ MECANIQUE"


def price_list(*prices, each=9):
    """Invoices of other customers at a few prices, so that an amount tells little."""
    return [
        item(f"2025-11-{n:04d}", f"S{n % len(STRANGERS):02d}", prices[n % len(prices)], date(2025, 11, 5))
        for n in range(each * len(prices))
    ]


# Numbers that the ledger does not hold


@pytest.mark.parametrize(
    "text", ["FACT 2025-12-0777", "FACT N 2025/12/0777 MERCI", "INVOICE 8834", "2025-12-0777", "FACT 2025/0917"]
)
def test_a_number_that_the_ledger_does_not_hold_is_asked_about_although_payer_and_amount_agree(text):
    outcome = one(book_of(item("2026-01-0101", "C1", 50_013)), credit("L1", 50_013, text, LOPEZ))
    assert outcome.verdict is Verdict.PROPOSED
    assert Reason.REFERENCE_CONTRADICTED.value in outcome.proposals[0].reasons


@pytest.mark.parametrize(
    "text", ["FACTURE 01/2026", "FACTURES JANVIER 2026", "FACT DU 15/01/2026", "CMD 88342", "2 FACTURES", "FACT N 0101"]
)
def test_a_day_an_order_a_count_or_a_tail_is_no_unknown_number(text):
    items = [item("2026-01-0101", "C1", 50_013)]
    assert one(book_of(*items), credit("L1", 50_013, text, LOPEZ)).verdict is Verdict.AUTOMATIC


def test_a_list_that_names_a_settled_invoice_and_sums_to_all_of_it_is_not_an_overpayment():
    settled = item("2026-01-0101", "C1", 15_000, open_cents=0)
    book = book_of(settled, item("2026-01-0102", "C1", 80_000))
    outcome = one(book, credit("L1", 95_000, "FACT 2026-01-0101, 2026-01-0102", LOPEZ))
    assert outcome.verdict is Verdict.PROPOSED
    assert Reason.LOOKS_LIKE_A_DUPLICATE.value in outcome.reasons


def test_a_customers_own_number_near_one_of_ours_does_not_hide_the_other_invoices():
    items = [item("2026-01-0101", "C1", 50_000), item("2026-01-0188", "C2", 91_000)]
    outcome = one(book_of(*items), credit("L1", 50_000, "2026-01-0187", LOPEZ))
    assert paid(outcome) == {"2026-01-0101": 50_000}


@pytest.mark.parametrize("text", ["REGLEMENT AU 31/01/2026", "REGLEMENT AU 31.01.26", "ECH 31-01-2026"])
def test_a_day_is_no_number_with_a_slip(text):
    book = book_of(item("POI012-006", "C1", 50_013), item("POI310-120", "C2", 50_013))
    reading = read_line(credit("L1", 50_013, text))
    book.advance(DAY)
    assert find_mentions(book, reading).spans == ()


def test_a_list_of_many_numbers_is_paid_whole():
    items = [item(f"2026-01-01{n:02d}", "C1", 10_013 + 1_007 * n) for n in range(10, 19)]
    text = "FACT " + " ".join(i.invoice_number for i in items)
    outcome = one(
        book_of(*items, item("2026-01-0120", "C1", 77_000)),
        credit("L1", sum(i.amount_cents for i in items), text, LOPEZ),
    )
    assert set(paid(outcome)) == {i.id for i in items}


def test_a_list_that_goes_on_with_one_digit_names_every_invoice():
    items = [item(f"LEC070-00{n}", "C1", 6_000) for n in range(1, 8)]
    outcome = one(book_of(*items), credit("L1", 18_000, "FACT LEC070-003 ET 4 ET 5", LOPEZ))
    assert set(paid(outcome)) == {"LEC070-003", "LEC070-004", "LEC070-005"}


def test_a_number_as_written_is_looked_at_however_many_others_are_one_slip_away():
    items = [item(f"FA2026{n:05d}", "C1" if n == 55 else "C2", 90_000 + n, date(2026, 1, 2)) for n in range(30, 90)]
    outcome = one(book_of(*items), credit("L1", 92_055, "FA202600055", "M JEAN RICHARD"))
    assert outcome.proposals[0].item_ids == ("FA202600055",)


# Names


@pytest.mark.parametrize(
    ("name", "verdict"), [("M TESSIER PAUL", Verdict.PROPOSED), ("LECLERC PAUL", Verdict.AUTOMATIC)]
)
def test_somebody_else_of_that_name_is_not_the_customer(name, verdict):
    named = payer("C9", "SA PAUL LECLERC")
    others = [payer(f"T{n:02d}", f"SARL {word} TOITURE") for n, word in enumerate(STRANGERS)]
    prices = (4_900, 9_900, 14_900, 19_800, 29_900, 49_900, 99_800, 120_000)
    book = book_of(item("2026-01-0101", "C9", 49_900), *price_list(*prices), payers=(named, *others))
    assert one(book, credit("L1", 49_900, "REGLEMENT", name)).verdict is verdict


def test_the_namesake_who_owes_more_is_as_likely_for_each_of_its_invoices():
    twins = (payer("C8", "SARL ELIOTECH"), payer("C9", "STE ELIOTECH"))
    many = [item(f"2026-01-02{n:02d}", "C9", 50_013 if n == 7 else 61_007 + 1_313 * n) for n in range(30)]
    outcome = one(
        book_of(item("2026-01-0101", "C8", 50_013), *many, payers=twins), credit("L1", 50_013, "", "ELIOTECH")
    )
    assert outcome.verdict is Verdict.PROPOSED
    assert {p.item_ids for p in outcome.proposals[:2]} == {("2026-01-0101",), ("2026-01-0207",)}


def test_the_words_that_a_cut_label_lost_do_not_speak_for_the_shorter_name():
    label = "VIREMENT RECU FERNANDES COUVERT"
    assert len(label) == 31
    twins = (payer("C8", "SASU FERNANDES COUVERTURE"), payer("C9", "FERNANDES COUVERTURE ZINGUERIE LAVAL NORD OUEST"))
    items = (item("2026-01-0101", "C8", 50_013), item("2026-01-0102", "C9", 50_013))
    outcome = one(book_of(*items, payers=twins), credit("L1", 50_013, label=label))
    assert outcome.verdict is Verdict.PROPOSED
    assert {p.debtor_id for p in outcome.proposals[:2]} == {"C8", "C9"}


def test_the_name_is_read_where_the_label_goes_on():
    twins = (payer("C8", "SASU WEBER IMMOBILIER"), payer("C9", "WEBER COUVERTURE CAEN SNC"))
    items = (item("2026-01-0101", "C8", 50_013), item("2026-01-0102", "C9", 50_013))
    whole = "VIREMENT EN VOTRE FAVEUR WEBER COUVERTURE CAEN REGLEMENT"
    outcome = one(book_of(*items, payers=twins), credit("L1", 50_013, whole, label=whole[:31].strip()))
    assert paid(outcome) == {"2026-01-0102": 50_013}


@pytest.mark.parametrize(
    "label", ["SEPA-GUTSCHRIFT LOPEZ MECANIQUE RECHNUNG", "TRANSFERENCIA DE LOPEZ MECANIQUE PAGO", "BONIFICO DA LOPEZ MECANIQUE SALDO",
              "OVERBOEKING LOPEZ MECANIQUE BETALING", "FASTER PAYMENT LOPEZ MECANIQUE SETTLEMENT"],
)  # fmt: skip
def test_the_banks_of_other_countries_put_no_word_into_a_name(label):
    assert read_line(credit("L1", 50_013, label=label)).name == ("LOPEZ", "MECANIQUE")


# Amounts


def test_half_of_one_invoice_is_not_taken_for_another_of_that_price_when_a_part_is_said():
    items = [item("2026-01-0101", "C1", 49_900, date(2025, 12, 20)), item("2026-01-0102", "C1", 99_800)]
    book = book_of(*items, *price_list(9_900, 49_900, 99_800))
    assert one(book, credit("L1", 49_900, "ACOMPTE", LOPEZ)).verdict is Verdict.PROPOSED


def test_a_sum_of_list_prices_tells_no_more_than_the_prices():
    items = [
        item(f"2026-01-01{n:02d}", "C1", price) for n, price in enumerate((4_900, 9_900, 14_900, 29_900, 9_900, 4_900))
    ]
    book = book_of(*items, *price_list(4_900, 9_900, 14_900, 29_900))
    assert one(book, credit("L1", 44_800, "REGLEMENT", LOPEZ)).verdict is Verdict.PROPOSED


def test_a_group_nearly_paid_has_its_rivals_among_all_sets_of_that_sum():
    items = [
        item("2026-01-0101", "C1", 240_000, date(2025, 12, 5)),
        item("2026-01-0102", "C1", 240_000, date(2026, 1, 25)),
        item("AV2026-0007", "C1", -84_000, date(2026, 1, 10)),
        item("2026-02-0103", "C1", 33_000, date(2026, 2, 10)),
    ]
    outcome = one(book_of(*items), credit("L1", 155_998, "2 FACTURES", LOPEZ))
    assert outcome.verdict is Verdict.PROPOSED
    assert {frozenset(p.item_ids) for p in outcome.proposals} >= {
        frozenset({"2026-01-0101", "AV2026-0007"}),
        frozenset({"2026-01-0102", "AV2026-0007"}),
    }


def test_a_credit_note_explains_what_is_missing_better_than_a_part_also_when_a_cent_is_off():
    items = [
        item("2026-01-0101", "C1", 10_054, date(2025, 12, 5)),
        item("AV2026-0007", "C1", -2_010, date(2026, 1, 20)),
        *[item(f"2026-02-010{n}", "C1", 33_007 + n, date(2026, 2, n)) for n in range(1, 7)],
    ]
    outcome = one(book_of(*items, *price_list(9_900, each=300)), credit("L1", 8_043, "REGLEMENT", LOPEZ))
    assert paid(outcome) == {"2026-01-0101": 10_053, "AV2026-0007": -2_010}


def test_half_as_much_again_is_no_overpayment():
    outcome = one(
        book_of(item("2026-01-0101", "C1", 35_040), *price_list(9_900, each=300)),
        credit("L1", 50_040, "REGLEMENT", LOPEZ),
    )
    assert outcome.verdict is not Verdict.AUTOMATIC


def test_twice_as_much_is_no_overpayment_even_when_the_number_is_named():
    items = [item("2026-01-0101", "C1", 12_000), item("2026-02-0102", "C1", 13_500)]
    outcome = one(book_of(*items), credit("L1", 24_000, "FACT 2026-01-0101", LOPEZ))
    assert outcome.verdict is not Verdict.AUTOMATIC


def test_of_equal_invoices_those_lately_due_are_proposed_first():
    due = [date(2025, month, 20) for month in (3, 4, 5, 6)] + [date(2026, 2, 10), date(2026, 2, 20)]
    items = [item(f"F{n}", "C1", 50_000, day - timedelta(days=30), due_on=day) for n, day in enumerate(due)]
    outcome = one(book_of(*items), credit("L1", 50_000, "REGLEMENT", LOPEZ))
    assert [p.item_ids for p in outcome.proposals[:2]] == [("F4",), ("F5",)]


# Lines that wait


def test_a_clear_repetition_three_weeks_after_an_unclear_payment_of_the_same_sum_is_asked():
    items = [
        item("2026-01-0101", "C1", 50_000, date(2026, 1, 5)),
        item("2026-01-0177", "C1", 50_000, date(2026, 1, 25)),
    ]
    book = book_of(*items)
    first = credit("L1", 50_000, "REGLEMENT", LOPEZ, DAY - timedelta(days=20))
    assert one(book, first).verdict is Verdict.PROPOSED
    second = match_day(book, [credit("L2", 50_000, "FACT 2026-01-0177", LOPEZ)])
    assert {o.line_id: o.verdict for o in second}["L2"] is Verdict.PROPOSED


def test_a_kept_explanation_of_a_deposit_goes_when_its_items_are_paid():
    book = book_of(item("2026-01-0101", "C1", 50_013), item("2026-01-0102", "C2", 31_029))
    book.advance(DAY)
    line = credit("L9", 81_042, label="REMISE CHEQUES BORD 1416982 2 C")
    reading = read_line(line)
    explainer = Explainer(book, reading, find_mentions(book, reading))
    assert ("2026-01-0101", "2026-01-0102") in {h.key for h in explainer.ranked()}
    one(book, credit("L1", 50_013, "FACT 2026-01-0101", LOPEZ))
    assert ("2026-01-0101", "2026-01-0102") not in {h.key for h in explainer.ranked()}
