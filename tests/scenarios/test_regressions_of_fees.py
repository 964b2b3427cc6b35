"""What users of other systems reported about penalties and fees (reference/regressions.md), on a real ledger."""

from dataclasses import replace
from datetime import date

from recouvrement.day.claims import claim_ledger
from recouvrement.domain.claim import INTEREST_FIRST, PRINCIPAL_FIRST, Part
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import find_items
from recouvrement.ledger.item_details import applied_to, item_details
from tests.scenarios.conftest import Story
from tests.scenarios.openings import ROY
from tests.scenarios.player import Player


def claim(told: Player, *, until: date, order: tuple[Part, ...] = PRINCIPAL_FIRST) -> PenaltyLedger:
    """What F-17 owes at the end of a day, from the facts of the ledger."""
    as_of = AsOf(until, told.house.ledger.known_to())
    with told.house.ledger.reading() as connection:
        [item] = find_items(connection, told.house.creditor(), "F-17")
        detail, applied = (
            item_details(connection, [item.id], as_of)[item.id],
            applied_to(connection, [item.id], as_of)[item.id],
        )
    found = claim_ledger(
        detail, applied, DebtorKind.BUSINESS, told.house.law.penalties, until=until, provisional=False, order=order
    )
    assert isinstance(found, PenaltyLedger)
    return found


def test_fee_is_not_added_per_run(story: Story) -> None:
    """The 40 € is due once an invoice, however often the day is run and the invoice is reminded."""
    told = story.check(ROY + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-09  run
        2026-02-10  waive call F-17
        2026-02-19  run              -> firm_reminder F-17
        2026-02-19  run
    """)  # fmt: skip
    once = claim(told, until=date(2026, 3, 6))
    told.check("2026-03-06  run  -> last_reminder F-17")

    assert once == claim(told, until=date(2026, 3, 6))
    assert (once.indemnity_cents, once.indemnity_accrued_cents) == (40_00, 40_00)
    assert told.said()["F-17"]
    assert told.reports[-1].tallies.buckets["1-30"] == [1, 1200_00]


def test_principal_paid_interest_not_forgotten(story: Story) -> None:
    """By default what remains is kept and shown, and never chased by itself."""
    told = story.check(ROY + """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-24  payment F-17  1200.00
        2026-02-25  run              -> nothing (nothing_open)
        2026-05-04  run              -> nothing (nothing_open)
    """)  # fmt: skip

    left = claim(told, until=date(2026, 5, 4))

    assert (left.principal_due_cents, left.indemnity_cents) == (0, 40_00)
    assert left.penalty_cents == claim(told, until=date(2026, 2, 24)).penalty_cents > 0
    assert told.house.policy.after_principal_paid == "keep"


def test_interest_is_cut_at_each_payment(story: Story) -> None:
    told = story.check(ROY + """
        2026-02-14  cash F-17  800.00
        2026-02-24  cash F-17  300.00
    """)  # fmt: skip

    found = claim(told, until=date(2026, 3, 6))

    assert [(s.days, s.base_cents) for s in found.segments] == [(10, 1200_00), (10, 400_00), (10, 100_00)]


def test_payment_order_costs_interest_principal_is_a_setting(story: Story) -> None:
    told = story.check(ROY + "2026-02-14  cash F-17  800.00\n")

    first, last = (claim(told, until=date(2026, 2, 14), order=order) for order in (INTEREST_FIRST, PRINCIPAL_FIRST))

    assert last.principal_due_cents == 400_00
    assert (
        first.principal_due_cents == 400_00 + first.payments[0].to_penalty_cents + first.payments[0].to_indemnity_cents
    )
    assert first.payments[0].to_penalty_cents == last.penalty_cents > 0
    assert replace(first.payments[0], to_penalty_cents=0, to_principal_cents=0, to_indemnity_cents=0).cents == 800_00
    assert first.total_cents == last.total_cents
