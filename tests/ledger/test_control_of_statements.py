"""The bank's own balances against the lines: a missing statement is seen, makes the feed old, and can be explained."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.day.control import ControlSheet, control
from recouvrement.day.control_acts import explain_difference
from recouvrement.day.house import House
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.control_feed import Moved, Span, faults_of, joined
from recouvrement.ledger.positions import feed_read_to
from tests.ledger.bank_files import ACCOUNT, mt940

FRIDAY, MONDAY, TUESDAY, WEDNESDAY = date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)
LATER = date(2026, 3, 6)


def fresh_to(house: House, on: date = LATER) -> date | None:
    with house.ledger.reading() as connection:
        return feed_read_to(connection, house.creditor(), AsOf(on, house.ledger.known_to()))


def sheet(house: House, on: date = LATER) -> ControlSheet:
    return control(house, on=on)


def test_statements_that_follow_each_other_add_up(house: House, take) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A"), (FRIDAY, -2_000, "FRAIS")]))
    take(house, "2.sta", mt940(2, 103_000, [(TUESDAY, 7_000, "VIREMENT B")]))

    (feed,) = sheet(house).feeds

    assert (feed.opening_cents, feed.movement_cents, feed.closing_cents) == (100_000, 10_000, 110_000)
    assert (feed.difference_cents, feed.faults, sheet(house).adds_up) == (0, (), True)
    assert fresh_to(house) == TUESDAY


def test_a_missing_statement_is_shown_and_makes_the_feed_as_old_as_the_day_before_it(house: House, take) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A")]))
    take(house, "3.sta", mt940(3, 112_000, [(TUESDAY, 1_000, "VIREMENT C")]))

    (fault,) = sheet(house).feeds[0].faults

    assert (fault.after_on, fault.to_on, fault.cents, fault.gap) == (FRIDAY, MONDAY, 7_000, True)
    assert sheet(house).faults == ["statements_missing:1"]
    assert fresh_to(house) == FRIDAY


def test_the_missing_statement_found_makes_the_feed_fresh_again(house: House, take) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A")]))
    take(house, "3.sta", mt940(3, 112_000, [(TUESDAY, 1_000, "VIREMENT C")]))
    assert fresh_to(house) == FRIDAY

    take(house, "2.sta", mt940(2, 105_000, [(MONDAY, 7_000, "VIREMENT B")]))

    assert (sheet(house).adds_up, fresh_to(house)) == (True, TUESDAY)


def test_what_was_known_then_is_still_seen_as_it_was(house: House, take) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A")]))
    take(house, "3.sta", mt940(3, 112_000, [(TUESDAY, 1_000, "VIREMENT C")]))
    then = house.ledger.known_to()
    take(house, "2.sta", mt940(2, 105_000, [(MONDAY, 7_000, "VIREMENT B")]))

    assert control(house, on=LATER, known_to=then).faults == ["statements_missing:1"]
    assert control(house, on=FRIDAY).adds_up


def test_a_gap_that_a_person_explained_no_longer_counts(house: House, take) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A")]))
    take(house, "3.sta", mt940(3, 112_000, [(TUESDAY, 1_000, "VIREMENT C")]))

    done = explain_difference(house, ACCOUNT, reason="bank_lost_it", on=WEDNESDAY, operator="cm")

    assert not done.refused
    assert (sheet(house).adds_up, fresh_to(house)) == (True, TUESDAY)
    assert sheet(house).feeds[0].faults[0].explained == "bank_lost_it"
    assert (
        explain_difference(house, ACCOUNT, reason="again", on=WEDNESDAY, operator="cm").refused == "nothing_to_explain"
    )


def test_two_statements_of_one_day_are_no_gap(house: House, take) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A")]))
    take(house, "2.sta", mt940(2, 105_000, [(FRIDAY, 700, "VIREMENT B"), (MONDAY, 300, "VIREMENT C")]))

    assert (sheet(house).adds_up, fresh_to(house)) == (True, MONDAY)


def test_a_table_without_balances_proves_nothing_and_blocks_nothing(house: House, take) -> None:
    head = "Compte;Date;Date valeur;Libellé;Détail;Débit;Crédit;Nom;IBAN\n"
    take(house, "a.csv", f"{head}{ACCOUNT};26/02/2026;26/02/2026;VIREMENT RECU;;;500,00\n")
    take(house, "b.csv", f"{head}{ACCOUNT};03/03/2026;03/03/2026;VIREMENT RECU;;;20,00\n")

    (feed,) = sheet(house).feeds

    assert (feed.opening_cents, feed.closing_cents, feed.faults) == (None, None, ())
    assert fresh_to(house) == TUESDAY


@pytest.mark.parametrize(
    ("subject", "code"),
    [("C9", "unknown_debtor_or_account"), (ACCOUNT, "nothing_to_explain")],
    ids=["unknown", "nothing"],
)
def test_an_explanation_of_nothing_is_refused_with_nothing_written(house: House, take, subject: str, code: str) -> None:
    take(house, "1.sta", mt940(1, 100_000, [(FRIDAY, 5_000, "VIREMENT A")]))
    before = house.ledger.known_to()

    done = explain_difference(house, subject, reason="mistake", on=WEDNESDAY, operator="cm")

    assert (done.refused, house.ledger.known_to()) == (code, before)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(-500, 500)), min_size=2, max_size=8), st.data())
def test_leaving_out_a_statement_is_seen_exactly_when_it_changes_the_balance(
    periods: list[tuple[int, int]], data: st.DataObject
) -> None:
    spans, sums, on, balance = [], [], date(2026, 1, 1), 0
    for days, moved in periods:
        spans.append(Span(on, on + timedelta(days=days - 1), balance, balance + moved))
        sums.append((on, moved))
        on, balance = on + timedelta(days=days), balance + moved
    assert faults_of(joined(spans), Moved(sums)) == []

    gone = data.draw(st.integers(1, len(spans) - 1))
    kept = [span for n, span in enumerate(spans) if n != gone]
    found = faults_of(joined(kept), Moved(moved for n, moved in enumerate(sums) if n != gone))

    in_the_middle = gone < len(spans) - 1
    assert [f.cents for f in found] == ([sums[gone][1]] if in_the_middle and sums[gone][1] else [])
    assert all(f.gap and f.after_on == spans[gone - 1].to_on for f in found)
