"""What users of other systems complained about (formats.md §3.2, regressions.md), by name."""

from datetime import date

import pytest

from recouvrement.matching.day import apply, match_day
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Method, PastAllocation, PastPayment, Reason, Verdict
from tests.matching.scene import DAY, IBAN, book_of, credit, item, one, paid, payer


def test_matching_prefers_the_reference_to_the_age():
    older = item("2026-01-0101", "C1", 50_000, date(2026, 1, 5))
    newer = item("2026-01-0177", "C1", 50_000, date(2026, 1, 25))
    outcome = one(book_of(older, newer), credit("L1", 50_000, "FACTURE 2026-01-0177", "LOPEZ MECANIQUE"))
    assert outcome.verdict is Verdict.AUTOMATIC
    assert paid(outcome) == {"2026-01-0177": 50_000}
    assert outcome.method is Method.REFERENCE


def test_equal_amounts_are_asked():
    items = [
        item("2026-01-0101", "C1", 50_000, date(2026, 1, 5)),
        item("2026-01-0177", "C1", 50_000, date(2026, 1, 25)),
    ]
    outcome = one(book_of(*items), credit("L1", 50_000, "REGLEMENT", "LOPEZ MECANIQUE"))
    assert outcome.verdict is Verdict.PROPOSED
    assert Reason.EQUAL_RIVAL.value in outcome.reasons
    assert [p.item_ids for p in outcome.proposals[:2]] == [("2026-01-0101",), ("2026-01-0177",)]


def test_partial_payment_does_not_close():
    outcome = one(
        book_of(item("2026-01-0101", "C1", 50_000)), credit("L1", 20_000, "ACOMPTE 2026-01-0101", "LOPEZ MECANIQUE")
    )
    assert outcome.verdict is Verdict.AUTOMATIC
    assert [(a.cents, a.adjustment_cents, a.closes) for a in outcome.allocations] == [(20_000, 0, False)]


def test_partly_paid_invoice_is_closed_by_its_balance():
    book = book_of(item("2026-01-0101", "C1", 50_000))
    match_day(book, [credit("L1", 20_000, "ACOMPTE 2026-01-0101", "LOPEZ MECANIQUE", date(2026, 2, 2))])
    outcome = one(book, credit("L2", 30_000, "SOLDE", "LOPEZ MECANIQUE"))
    assert [(a.item_id, a.cents, a.closes) for a in outcome.allocations] == [("2026-01-0101", 30_000, True)]


def test_manual_matching_is_never_overwritten():
    line = credit("L1", 50_000, "FACTURE 2026-01-0177", "LOPEZ MECANIQUE")
    book = book_of(item("2026-01-0101", "C1", 50_000), item("2026-01-0177", "C1", 50_000))
    book.advance(DAY)
    book.apply(PastPayment(line, "C1", (PastAllocation("2026-01-0101", 50_000),), confirmed=True))
    before = book.state()
    assert match_day(book, [line], DAY) == []
    assert book.state() == before


def test_a_payment_that_a_person_confirmed_is_not_undone_without_one():
    line = credit("L1", 50_000, "FACTURE 2026-01-0101", "LOPEZ MECANIQUE", date(2026, 2, 20))
    book = book_of(item("2026-01-0101", "C1", 50_000))
    book.advance(DAY)
    book.apply(PastPayment(line, "C1", (PastAllocation("2026-01-0101", 50_000),), confirmed=True))
    outcome = one(book, credit("L2", -50_000, "REJET VIR LOPEZ MECANIQUE 2026-01-0101"))
    assert (outcome.verdict, outcome.undoes) == (Verdict.PROPOSED, "L1")


def test_amount_alone_is_a_suggestion_never_automatic():
    outcome = one(book_of(item("2026-01-0101", "C1", 123_457)), credit("L1", 123_457, "VIREMENT"))
    assert outcome.verdict is Verdict.PROPOSED
    assert outcome.proposals[0].item_ids == ("2026-01-0101",)
    assert Reason.AMOUNT_ALONE.value in outcome.reasons


def test_amount_alone_becomes_automatic_when_the_payer_agrees():
    outcome = one(book_of(item("2026-01-0101", "C1", 123_457)), credit("L1", 123_457, "", "MECANIQUE LOPPEZ"))
    assert (outcome.verdict, outcome.method) == (Verdict.AUTOMATIC, Method.PAYER_AND_AMOUNT)


def test_a_reference_counts_only_if_amount_or_payer_agrees():
    book = book_of(item("2026-01-0101", "C1", 123_457))
    outcome = one(book, credit("L1", 88_000, "FACTURE 2026-01-0101", "MOREAU PEINTURE"))
    assert outcome.verdict is not Verdict.AUTOMATIC


def test_one_payment_pays_several_invoices_with_an_amount_for_each():
    items = [item("2026-01-0101", "C1", 50_010), item("2026-01-0122", "C1", 30_020), item("2026-01-0150", "C1", 99_030)]
    outcome = one(book_of(*items), credit("L1", 80_030, "FACT 2026-01-0101/122", "LOPEZ MECANIQUE"))
    assert outcome.verdict is Verdict.AUTOMATIC
    assert paid(outcome) == {"2026-01-0101": 50_010, "2026-01-0122": 30_020}


@pytest.mark.parametrize(
    "text",
    [
        "FACT 2026-01-0101, 2026-01-0122",
        "2026-01-0101;2026-01-0122",
        "FACT 2026-01-0101+0122",
        "2026 01 0101 2026 01 0122",
    ],
)
def test_lists_of_numbers_are_read_however_they_are_written(text):
    items = [item("2026-01-0101", "C1", 50_010), item("2026-01-0122", "C1", 30_020), item("2026-01-0150", "C1", 99_030)]
    outcome = one(book_of(*items), credit("L1", 80_030, text, "LOPEZ MECANIQUE"))
    assert set(paid(outcome)) == {"2026-01-0101", "2026-01-0122"}


def test_a_range_of_numbers_takes_what_lies_between():
    items = [item(f"2026-01-010{n}", "C1", 10_000 + n * 1_357) for n in range(1, 6)]
    total = sum(i.open_cents for i in items[1:4])
    outcome = one(book_of(*items), credit("L1", total, "FACTURES 2026-01-0102 A 2026-01-0104", "LOPEZ MECANIQUE"))
    assert set(paid(outcome)) == {"2026-01-0102", "2026-01-0103", "2026-01-0104"}


def test_a_truncated_list_is_never_taken_for_the_whole():
    items = [item("2026-01-0101", "C1", 50_010), item("2026-01-0122", "C1", 30_020)]
    outcome = one(book_of(*items), credit("L1", 50_010, "FACT 2026-01-0101...", "LOPEZ MECANIQUE"))
    assert outcome.verdict is Verdict.PROPOSED
    assert Reason.LIST_TRUNCATED.value in outcome.reasons


def test_a_credit_note_is_netted():
    items = [item("2026-01-0101", "C1", 50_010), item("AV2026-0007", "C1", -5_000)]
    outcome = one(book_of(*items), credit("L1", 45_010, "FACT 2026-01-0101", "LOPEZ MECANIQUE"))
    assert paid(outcome) == {"2026-01-0101": 50_010, "AV2026-0007": -5_000}


def test_escompte_in_time_is_written_off_with_its_reason():
    granted = item("2026-02-0101", "C1", 100_000, date(2026, 2, 20), discount_bp=200, discount_until=date(2026, 3, 5))
    [applied] = one(book_of(granted), credit("L1", 98_000, "FACT 2026-02-0101", "LOPEZ MECANIQUE")).allocations
    assert (applied.cents, applied.adjustment_cents, applied.adjustment_reason, applied.closes) == (
        98_000,
        2_000,
        "escompte",
        True,
    )


def test_escompte_that_nobody_granted_stays_open():
    rules = MatchingRules(grants_usual_discounts=False)
    book = book_of(item("2026-02-0101", "C1", 100_000, date(2026, 2, 20)), rules=rules)
    [applied] = one(book, credit("L1", 98_000, "FACT 2026-02-0101", "LOPEZ MECANIQUE")).allocations
    assert (applied.cents, applied.adjustment_cents, applied.closes) == (98_000, 0, False)
    assert book.open_cents["2026-02-0101"] == 2_000


@pytest.mark.parametrize(("short", "reason"), [(1_750, "bank_fee"), (2, "rounding"), (-1, "rounding")])
def test_small_differences_have_a_reason_and_a_limit(short, reason):
    outcome = one(
        book_of(item("2026-01-0101", "C1", 100_000)),
        credit("L1", 100_000 - short, "FACT 2026-01-0101", "LOPEZ MECANIQUE"),
    )
    [applied] = outcome.allocations
    assert (applied.adjustment_cents, applied.adjustment_reason, applied.closes) == (short, reason, True)


def test_a_difference_beyond_the_limit_is_no_fee():
    outcome = one(
        book_of(item("2026-01-0101", "C1", 100_000)), credit("L1", 96_100, "FACT 2026-01-0101", "LOPEZ MECANIQUE")
    )
    assert all(a.adjustment_cents == 0 and not a.closes for a in outcome.allocations)


def test_overpayment_becomes_the_customers_credit():
    outcome = one(
        book_of(item("2026-01-0101", "C1", 100_000)), credit("L1", 110_000, "FACT 2026-01-0101", "LOPEZ MECANIQUE")
    )
    assert outcome.verdict is Verdict.AUTOMATIC
    assert (paid(outcome), outcome.customer_credit_cents, outcome.debtor_id) == (
        {"2026-01-0101": 100_000},
        10_000,
        "C1",
    )


def test_two_payments_for_one_invoice_are_not_both_allocated():
    book = book_of(item("2026-01-0101", "C1", 50_000), item("2026-01-0150", "C1", 99_000))
    first = credit("L1", 50_000, "FACT 2026-01-0101", "LOPEZ MECANIQUE", date(2026, 2, 24))
    assert one(book, first).verdict is Verdict.AUTOMATIC
    again = one(book, credit("L2", 50_000, "FACT 2026-01-0101", "LOPEZ MECANIQUE"))
    assert again.verdict is Verdict.PROPOSED
    assert again.proposals[0].reasons == (Reason.LOOKS_LIKE_A_DUPLICATE.value,)
    assert (again.proposals[0].allocations, again.proposals[0].customer_credit_cents) == ((), 50_000)
    assert again.doubts[0].debtor_id == "C1"


def test_a_clear_repetition_of_an_unclear_payment_is_asked():
    book = book_of(item("2026-01-0101", "C1", 50_013))
    unclear = credit("L1", 50_013, "VIREMENT", on=date(2026, 2, 24))
    assert one(book, unclear).verdict is Verdict.PROPOSED
    outcomes = match_day(book, [unclear, credit("L2", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE")])
    assert {o.verdict for o in outcomes} == {Verdict.PROPOSED}


@pytest.mark.parametrize(
    "name", ["HOLDING LOPEZ", "SCP NOTAIRES LOPEZ", "FACTOFRANCE", "COMMISSAIRE DE JUSTICE MARTIN"]
)
def test_a_third_party_needs_the_reference_or_a_person(name):
    items = [item("2026-01-0101", "C1", 50_013)]
    assert one(book_of(*items), credit("L1", 50_013, "VIREMENT", name)).verdict is Verdict.PROPOSED
    assert one(book_of(*items), credit("L1", 50_013, "2026-01-0101", name)).verdict is Verdict.AUTOMATIC


def test_a_confirmed_alias_names_its_debtor():
    learned = payer("C9", "SAS PEPINIERES DU LAC", aliases=("FINANCIERE OAKMONT",))
    line = credit("L1", 50_013, "VIREMENT", "FINANCIERE OAKMONT")
    book = book_of(item("2026-01-0101", "C9", 50_013), payers=(learned,))
    outcome = one(book, line)
    assert (outcome.verdict, outcome.debtor_id) == (Verdict.AUTOMATIC, "C9")
    assert Reason.PAYER_ALIAS.value in outcome.reasons


def test_the_account_on_file_names_its_debtor():
    outcome = one(book_of(item("2026-01-0101", "C1", 50_013)), credit("L1", 50_013, "VIREMENT", counterparty_iban=IBAN))
    assert outcome.verdict is Verdict.AUTOMATIC
    assert Reason.PAYER_IBAN.value in outcome.reasons


def test_the_siren_in_the_text_names_its_debtor():
    outcome = one(book_of(item("2026-01-0101", "C1", 50_013)), credit("L1", 50_013, "SIREN 732829320"))
    assert Reason.PAYER_IDENTIFIER.value in outcome.reasons


@pytest.mark.parametrize("text", ["REMISE CHEQUES BORD 1416982 1 C", "REMISE CHQ 5326609"])
def test_a_cheque_deposit_is_proposed_never_automatic(text):
    outcome = one(book_of(item("2026-01-0101", "C1", 50_013)), credit("L1", 50_013, label=text))
    assert outcome.verdict is Verdict.PROPOSED
    assert outcome.proposals[0].item_ids == ("2026-01-0101",)


def test_a_cheque_deposit_over_two_customers_is_proposed():
    book = book_of(item("2026-01-0101", "C1", 50_013), item("2026-01-0102", "C2", 31_029))
    outcome = one(book, credit("L1", 81_042, label="REMISE CHEQUES BORD 1416982 2 C"))
    assert outcome.verdict is Verdict.PROPOSED
    assert set(outcome.proposals[0].item_ids) == {"2026-01-0101", "2026-01-0102"}


@pytest.mark.parametrize(
    "text", ["VIR STRIPE PAYMENTS 36179558", "REMISE CB 7610112", "INTERETS CREDITEURS", "VIR LOPEZ APPORT ASSOCIE"]
)
def test_a_payout_or_other_income_is_not_one_invoice(text):
    outcome = one(book_of(item("2026-01-0101", "C1", 50_013)), credit("L1", 50_013, label=text))
    assert outcome.verdict is Verdict.NOT_A_CUSTOMER


def test_a_returned_payment_reopens_what_it_paid():
    book = book_of(item("2026-01-0101", "C1", 50_013))
    one(book, credit("L1", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE", date(2026, 2, 26)))
    assert book.open_cents["2026-01-0101"] == 0
    outcome = one(book, credit("L2", -50_013, label="REJET VIR LOPEZ MECANIQUE FACT"))
    assert (outcome.verdict, outcome.undoes) == (Verdict.REVERSAL, "L1")
    assert book.open_cents["2026-01-0101"] == 50_013


def test_a_return_between_two_likely_payments_is_asked():
    book = book_of(item("2026-01-0101", "C1", 50_013), item("2026-01-0102", "C1", 50_013))
    for line, number in (("L1", "2026-01-0101"), ("L2", "2026-01-0102")):
        one(book, credit(line, 50_013, f"FACT {number}", "LOPEZ MECANIQUE", date(2026, 2, 26)))
    assert one(book, credit("L3", -50_013, label="REJET VIR LOPEZ MECANIQUE FACT")).verdict is Verdict.PROPOSED


def test_an_ordinary_debit_is_not_a_customers():
    assert one(book_of(), credit("L1", -9_999, label="PRLV SEPA ORANGE")).verdict is Verdict.NOT_A_CUSTOMER


def test_a_claim_older_than_a_judgment_is_only_proposed():
    old = item("2026-01-0101", "C1", 50_013, never_automatic="before_judgment")
    outcome = one(book_of(old), credit("L1", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE"))
    assert (outcome.verdict, outcome.proposals[0].item_ids) == (Verdict.PROPOSED, ("2026-01-0101",))
    assert Reason.BEFORE_JUDGMENT.value in outcome.reasons


def test_an_invoice_of_tomorrow_is_not_paid_today():
    book = book_of(item("2026-03-0101", "C1", 50_013, date(2026, 3, 3)))
    assert paid(one(book, credit("L1", 50_013, "FACT 2026-03-0101", "LOPEZ MECANIQUE"))) == {}


def test_another_currency_pays_nothing():
    line = credit("L1", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE")
    dollars = type(line)(**{f: getattr(line, f) for f in line.__slots__} | {"currency": "USD"})
    assert one(book_of(item("2026-01-0101", "C1", 50_013)), dollars).verdict is not Verdict.AUTOMATIC


def test_doubts_are_few_and_precise():
    items = [
        item("2026-01-0101", "C1", 50_000, date(2026, 1, 5)),
        item("2026-01-0177", "C1", 50_000, date(2026, 1, 25)),
    ]
    [doubt] = one(book_of(*items), credit("L1", 50_000, "REGLEMENT", "LOPEZ MECANIQUE")).doubts
    assert (doubt.debtor_id, set(doubt.item_ids)) == ("C1", {"2026-01-0101", "2026-01-0177"})


def test_a_line_that_points_to_nobody_holds_nobody():
    assert one(book_of(item("2026-01-0101", "C1", 50_000)), credit("L1", 77_777, "VIREMENT DIVERS")).doubts == ()


def test_every_allocation_says_why():
    book = book_of(item("2026-01-0101", "C1", 50_013))
    outcome = one(book, credit("L1", 50_013, "FACT 2026-01-0101", "LOPEZ MECANIQUE"))
    assert set(outcome.reasons) >= {"payer_name", "reference_exact", "amount_exact"}
    assert all(r in set(Reason) for r in outcome.reasons)


def test_a_match_that_a_person_confirms_is_applied_and_taken_back():
    line = credit("L1", 50_000, "REGLEMENT", "LOPEZ MECANIQUE")
    book = book_of(item("2026-01-0101", "C1", 50_000), item("2026-01-0177", "C1", 50_000))
    outcome = one(book, line)
    before = book.state()
    apply(book, line, outcome, confirmed=True)
    book.undo("L1")
    assert book.state() == before
