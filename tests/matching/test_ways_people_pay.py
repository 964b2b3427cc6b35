"""How people name themselves, their invoices and their sums on a bank line: items 1 to 3 of the issue, by name."""

from datetime import date

import pytest
from stdnum import iso11649  # type: ignore[import-untyped]

from recouvrement.matching.day import apply, match_day
from recouvrement.matching.types import Method, Reason, Verdict
from tests.matching.scene import DAY, book_of, credit, item, one, paid, payer

THREE = (item("FA-2026-101", "C1", 50_010), item("FA-2026-102", "C1", 30_020), item("FA-2026-103", "C1", 99_030))


# The payer


def test_the_vat_number_in_the_text_names_its_debtor():
    named = payer("C9", "SAS PEPINIERES DU LAC", vat_number="FR83404833048")
    outcome = one(
        book_of(item("2026-01-0101", "C9", 50_013), payers=(named,)), credit("L1", 50_013, "TVA FR83404833048")
    )
    assert outcome.verdict is Verdict.AUTOMATIC
    assert Reason.PAYER_IDENTIFIER.value in outcome.reasons


def test_a_name_without_a_margin_over_the_second_is_asked():
    twins = (payer("C8", "SARL GARNIER TOITURE NORD"), payer("C9", "SARL GARNIER TOITURE SUD"))
    items = (item("2026-01-0101", "C8", 50_013), item("2026-01-0102", "C9", 50_013))
    outcome = one(book_of(*items, payers=twins), credit("L1", 50_013, "VIREMENT", "GARNIER TOITURE"))
    assert outcome.verdict is Verdict.PROPOSED
    assert {p.debtor_id for p in outcome.proposals[:2]} == {"C8", "C9"}


@pytest.mark.parametrize("name", ["GROUPE OAKMONT HOLDING", "BNP PARIBAS FACTOR", "ETUDE NOTAIRES ASSOCIES"])
def test_a_third_party_is_learned_from_a_person_never_from_a_match(name):
    items = (item("2026-01-0101", "C1", 50_013), item("2026-01-0102", "C1", 61_017))
    book = book_of(*items)
    first = credit("L1", 50_013, "2026-01-0101", name, date(2026, 2, 20))
    assert one(book, first).verdict is Verdict.AUTOMATIC
    assert one(book, credit("L2", 61_017, "VIREMENT", name)).verdict is Verdict.PROPOSED
    confirmed = payer("C1", "SARL LOPEZ MECANIQUE", aliases=(name,))
    outcome = one(
        book_of(item("2026-01-0102", "C1", 61_017), payers=(confirmed,)), credit("L2", 61_017, "VIREMENT", name)
    )
    assert (outcome.verdict, outcome.debtor_id) == (Verdict.AUTOMATIC, "C1")


def test_an_account_of_another_customer_speaks_against_the_name():
    book = book_of(
        item("2026-01-0101", "C2", 50_013), payers=(payer("C9", "SAS ALTERNA", ibans=("FR7630006000011234567890189",)),)
    )
    line = credit("L1", 50_013, "VIREMENT", "MOREAU PEINTURE", counterparty_iban="FR7630006000011234567890189")
    assert one(book, line).verdict is not Verdict.AUTOMATIC


# The references


@pytest.mark.parametrize(
    "text",
    [
        "FACT FA-2026-102", "FACT FA2026102", "fa 2026 102", "2026-102", "2026102", "FA-2O26-1O2", "FA-2026-120",
        "FA-2025-102", "FACTURE 102", "N°FA/2026/102", "VOTRE FACT.FA.2026.102 MERCI",
    ],
)  # fmt: skip
def test_a_reference_written_in_any_way_finds_its_invoice(text):
    outcome = one(book_of(*THREE), credit("L1", 30_020, text, "LOPEZ MECANIQUE"))
    assert (outcome.verdict, paid(outcome)) == (Verdict.AUTOMATIC, {"FA-2026-102": 30_020})


def test_a_creditor_reference_iso_11649_pays_its_invoice():
    checked = next(
        r for r in (f"RF{n:02d}FA202600102" for n in range(2, 99)) if iso11649.is_valid(r)
    )  # check digits of our own making
    book = book_of(item("FA202600102", "C1", 30_020), item("FA202600103", "C1", 30_020))
    outcome = one(book, credit("L1", 30_020, "", "LOPEZ MECANIQUE", reference=checked))
    assert paid(outcome) == {"FA202600102": 30_020}


def test_the_customers_own_reference_pays_its_invoice():
    items = (
        item("2026-01-0101", "C1", 50_000, customer_reference="PO4500013503"),
        item("2026-01-0102", "C1", 50_000, customer_reference="PO4500013777"),
    )
    outcome = one(book_of(*items), credit("L1", 50_000, "CDE PO4500013777", "LOPEZ MECANIQUE"))
    assert (outcome.method, paid(outcome)) == (Method.CUSTOMER_REFERENCE, {"2026-01-0102": 50_000})


@pytest.mark.parametrize("text", ["FA-2026-101/102/103", "FA-2026-101 102 103", "FA-2026-101, 102 ET 103"])
def test_a_shortened_list_names_every_invoice(text):
    outcome = one(book_of(*THREE, item("FA-2026-104", "C1", 77_000)), credit("L1", 179_060, text, "LOPEZ MECANIQUE"))
    assert set(paid(outcome)) == {"FA-2026-101", "FA-2026-102", "FA-2026-103"}
    assert outcome.verdict is Verdict.AUTOMATIC


def test_a_number_named_with_neither_its_amount_nor_its_payer_is_not_applied():
    outcome = one(book_of(*THREE), credit("L1", 41_999, "FA-2026-102", "MENUISERIE GALLOIS"))
    assert outcome.verdict is not Verdict.AUTOMATIC


# The amounts


def test_all_that_is_due_is_paid_at_once():
    due = [item(f"2026-01-01{n:02d}", "C1", 10_007 * n + 13) for n in range(3, 9)]
    later = item("2026-02-0190", "C1", 88_001, date(2026, 2, 25))
    outcome = one(
        book_of(*due, later), credit("L1", sum(i.amount_cents for i in due), "RELEVE DE COMPTE", "LOPEZ MECANIQUE")
    )
    assert outcome.verdict is Verdict.AUTOMATIC
    assert set(paid(outcome)) == {i.id for i in due}
    assert Reason.AMOUNT_ALL_DUE.value in outcome.reasons


def test_the_items_of_a_month_are_paid_at_once():
    january = [item(f"2026-01-01{n:02d}", "C1", 10_007 * n + 13, date(2026, 1, n)) for n in range(3, 9)]
    december = item("2025-12-0190", "C1", 88_001, date(2025, 12, 10))
    total = sum(i.amount_cents for i in january)
    outcome = one(book_of(*january, december), credit("L1", total, "REGLEMENT JANVIER", "LOPEZ MECANIQUE"))
    assert set(paid(outcome)) == {i.id for i in january}


def test_a_sum_with_one_solution_is_applied():
    items = [item(f"2026-01-010{n}", "C1", cents) for n, cents in enumerate((50_011, 30_029, 41_257))]
    outcome = one(book_of(*items), credit("L1", 50_011 + 41_257, "REGLEMENT", "LOPEZ MECANIQUE"))
    assert (outcome.verdict, outcome.method) == (Verdict.AUTOMATIC, Method.PAYER_AND_SUM)
    assert set(paid(outcome)) == {"2026-01-0100", "2026-01-0102"}


def test_a_sum_with_two_solutions_is_asked():
    items = [item(f"2026-01-01{n:02d}", "C1", cents) for n, cents in enumerate((50_000, 30_000, 20_000, 60_000))]
    outcome = one(book_of(*items), credit("L1", 80_000, "REGLEMENT", "LOPEZ MECANIQUE"))
    assert outcome.verdict is Verdict.PROPOSED
    assert {frozenset(p.item_ids) for p in outcome.proposals} >= {
        frozenset({"2026-01-0100", "2026-01-0101"}),
        frozenset({"2026-01-0102", "2026-01-0103"}),
    }


def test_escompte_after_its_day_is_not_written_off():
    late = item("2026-01-0101", "C1", 100_000, date(2026, 1, 1), discount_bp=200, discount_until=date(2026, 1, 10))
    outcome = one(book_of(late), credit("L1", 98_000, "FACT 2026-01-0101", "LOPEZ MECANIQUE"))
    assert all(a.adjustment_reason != "escompte" for a in outcome.allocations)


def test_escompte_that_the_invoice_does_not_grant_is_never_written_off_unless_the_firm_says_so():
    outcome = one(
        book_of(item("2026-02-0101", "C1", 100_000, date(2026, 2, 20))),
        credit("L1", 98_000, "FACT 2026-02-0101", "LOPEZ MECANIQUE"),
    )
    assert [(a.cents, a.adjustment_cents, a.closes) for a in outcome.allocations] == [(98_000, 0, False)]


def test_two_parts_pay_one_invoice():
    book = book_of(item("2026-01-0101", "C1", 80_000))
    first = one(book, credit("L1", 40_000, "ACOMPTE 2026-01-0101", "LOPEZ MECANIQUE", date(2026, 2, 20)))
    second = one(book, credit("L2", 40_000, "SOLDE 2026-01-0101", "LOPEZ MECANIQUE"))
    assert [a.closes for a in (*first.allocations, *second.allocations)] == [False, True]
    assert book.open_cents["2026-01-0101"] == 0


def test_a_cheque_deposit_over_three_customers_is_proposed():
    items = (
        item("2026-01-0101", "C1", 50_013),
        item("2026-01-0102", "C2", 31_029),
        item("2026-01-0103", "S03", 44_441),
    )
    outcome = one(book_of(*items), credit("L1", 125_483, label="REMISE CHEQUES BORD 1416982 3 C"))
    assert outcome.verdict is Verdict.PROPOSED
    assert any(set(p.item_ids) == {i.id for i in items} for p in outcome.proposals)
    assert Reason.CHEQUE_DEPOSIT.value in outcome.reasons


def test_a_cheque_deposit_over_four_customers_is_proposed():
    items = [item(f"2026-01-010{n}", d, c) for n, (d, c) in enumerate(zip(("C1", "C2", "S03", "S04"), (50_013, 31_029, 44_441, 27_797), strict=True))]  # fmt: skip
    total = sum(i.amount_cents for i in items)
    outcome = one(book_of(*items), credit("L1", total, label="REMISE CHEQUES BORD 1416982 4 C"))
    assert outcome.verdict is Verdict.PROPOSED
    assert any(set(p.item_ids) == {i.id for i in items} for p in outcome.proposals)


def test_money_from_a_bailiff_net_of_his_fees_closes_nothing():
    outcome = one(
        book_of(item("2026-01-0101", "C1", 100_000)),
        credit("L1", 88_400, "DOSSIER LOPEZ MECANIQUE FACT 2026-01-0101", "SELARL HUISSIERS REUNIS"),
    )
    assert outcome.verdict is Verdict.PROPOSED
    first = outcome.proposals[0]
    assert [(a.item_id, a.cents, a.adjustment_cents, a.closes) for a in first.allocations] == [
        ("2026-01-0101", 88_400, 0, False)
    ]
    assert Reason.BAILIFF.value in first.reasons


# What comes back


def _paid_book():
    book = book_of(item("2026-01-0101", "C1", 50_013), item("2026-01-0102", "C2", 49_000))
    one(book, credit("L1", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE", date(2026, 2, 24)))
    return book


def test_a_returned_direct_debit_with_the_banks_fee_reopens_what_it_paid():
    book = _paid_book()
    outcome = one(book, credit("L2", -51_513, label="IMPAYE PRLV LOPEZ MECANIQUE FRAIS INCLUS"))
    assert (outcome.verdict, outcome.undoes) == (Verdict.REVERSAL, "L1")
    assert outcome.reasons == (Reason.RETURNED_PAYMENT.value, Reason.RETURN_FEE.value)
    assert book.open_cents["2026-01-0101"] == 50_013


@pytest.mark.parametrize("label", ["IMPAYE PRLV", "IMPAYE PRLV CABINET ROUSSET"])
def test_a_return_with_a_fee_that_names_nobody_or_another_takes_nothing_back(label):
    book = _paid_book()
    assert one(book, credit("L2", -51_513, label=label)).verdict is Verdict.UNKNOWN
    assert book.open_cents["2026-01-0101"] == 0


def test_a_return_far_above_a_payment_is_not_its_return():
    book = _paid_book()
    assert one(book, credit("L2", -56_013, label="IMPAYE PRLV LOPEZ MECANIQUE")).verdict is Verdict.UNKNOWN


def test_a_payment_returned_on_its_own_day_pays_nothing():
    book = book_of(item("2026-01-0101", "C1", 50_013))
    lines = [
        credit("L1", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE"),
        credit("L2", -50_013, label="REJET VIR LOPEZ MECANIQUE FACT 2026-01-0101"),
    ]
    match_day(book, lines, DAY)
    assert book.open_cents["2026-01-0101"] == 50_013


def test_what_a_person_confirmed_for_a_third_party_comes_back_as_a_question():
    book = book_of(item("2026-01-0101", "C1", 50_013))
    line = credit("L1", 50_013, "VIREMENT", "HOLDING LOPEZ", date(2026, 2, 24))
    apply(book, line, one(book, line), confirmed=True)
    assert one(book, credit("L2", -50_013, label="REJET VIR HOLDING LOPEZ")).verdict in {
        Verdict.PROPOSED,
        Verdict.UNKNOWN,
    }
