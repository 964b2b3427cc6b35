"""A message is refused at birth when it would ask for what is not owed."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.ladder import StepCode
from recouvrement.domain.parties import DebtorKind
from recouvrement.letters import Message, MessageCode, compose, specimen
from recouvrement.letters.types import Contact, Credit, Line, PenaltyTerms, RateBasis, Totals, totals_of

NOTICE = specimen(MessageCode.MISE_EN_DEMEURE)


def with_lines(message: Message, *lines: Line, **changes: Any) -> Message:
    return replace(message, lines=lines, totals=totals_of(lines, message.credits), **changes)


def test_totals_that_are_not_the_sum_are_refused() -> None:
    with pytest.raises(ValueError, match="sum of the lines"):
        replace(NOTICE, totals=Totals(1, 0, 0))


def test_penalty_that_cannot_be_added_again_is_refused() -> None:
    first, *others = NOTICE.lines
    with pytest.raises(ValueError, match="segments"):
        with_lines(NOTICE, replace(first, penalty_cents=(first.penalty_cents or 0) + 1), *others)


@pytest.mark.parametrize("kind", [DebtorKind.CONSUMER, DebtorKind.UNKNOWN])
def test_consumer_and_unknown_are_never_asked_for_professional_money(kind: DebtorKind) -> None:
    with pytest.raises(ValueError, match="no professional penalty"):
        replace(NOTICE, recipient=replace(NOTICE.recipient, kind=kind))


def test_each_kind_has_its_own_legal_rate() -> None:
    with pytest.raises(ValueError, match="not that of kind public"):
        replace(NOTICE, recipient=replace(NOTICE.recipient, kind=DebtorKind.PUBLIC))
    with pytest.raises(ValueError, match="not that of kind business"):
        replace(NOTICE, terms=PenaltyTerms(RateBasis.PUBLIC_RATE, Fraction(124, 10)))
    with pytest.raises(ValueError, match="not one of those computed with"):
        replace(NOTICE, terms=PenaltyTerms(RateBasis.CONTRACT, Fraction(10)))


def test_payment_applied_to_penalties_first_is_shown_as_received() -> None:
    """Civil Code 1343-1: what the debtor sent stays what is shown as received."""
    first, *others = NOTICE.lines
    taken = 1_000
    assert first.penalty_cents
    settled = replace(first, penalty_cents=first.penalty_cents - taken, penalty_settled_cents=taken)
    message = with_lines(NOTICE, settled, *others)
    assert settled.paid_cents == first.paid_cents + taken
    text = compose(message).text.replace("\u00a0", " ")
    assert "Déjà couvertes par vos règlements : Pénalités −10,00 €" in text
    assert "article 1343-1" in text
    with pytest.raises(ValueError, match="segments"):
        with_lines(NOTICE, replace(settled, penalty_settled_cents=taken + 2), *others)


def test_penalties_stop_on_the_day_of_the_message() -> None:
    with pytest.raises(ValueError, match="after the message's own day"):
        replace(NOTICE, on=date(2026, 11, 19), deadline=date(2026, 12, 4))


def test_flat_fee_is_forty_euros() -> None:
    first, *others = NOTICE.lines
    with pytest.raises(ValueError, match="40 €"):
        with_lines(NOTICE, replace(first, indemnity_cents=8_000), *others)
    with pytest.raises(ValueError, match="40 €"):
        replace(NOTICE, currency="CHF")


def test_penalties_without_their_rate_are_refused() -> None:
    with pytest.raises(ValueError, match="without their rate"):
        replace(NOTICE, terms=None)


def test_notice_holds_only_items_at_that_step_past_due() -> None:
    first, *others = NOTICE.lines
    with pytest.raises(ValueError, match="at that step"):
        with_lines(NOTICE, replace(first, step=StepCode.LAST_REMINDER), *others)
    with pytest.raises(ValueError, match="past due"):
        with_lines(NOTICE, replace(first, due_on=NOTICE.on), *others)


@pytest.mark.parametrize("deadline", [None, NOTICE.on, date(2026, 11, 1)])
def test_notice_has_a_deadline_after_its_day(deadline: date | None) -> None:
    with pytest.raises(ValueError, match="deadline"):
        replace(NOTICE, deadline=deadline)


def test_notice_shows_how_penalties_were_computed() -> None:
    with pytest.raises(ValueError, match="how its penalties"):
        replace(NOTICE, segments=())


def test_a_demand_asks_for_something() -> None:
    friendly = specimen(MessageCode.FRIENDLY_REMINDER)
    with pytest.raises(ValueError, match="asks for something"):
        replace(friendly, lines=(), credits=(), totals=Totals(0, 0, 0))
    line = replace(friendly.lines[0], open_cents=0)
    with pytest.raises(ValueError, match="nothing is open"):
        with_lines(friendly, line, *friendly.lines[1:])


def test_customer_in_credit_cannot_be_asked() -> None:
    friendly = specimen(MessageCode.FRIENDLY_REMINDER, rich=False)
    credit = Credit("AV-1", friendly.on, friendly.totals.principal_cents)
    with pytest.raises(ValueError, match="asks for something"):
        replace(friendly, credits=(credit,), totals=totals_of(friendly.lines, (credit,)))


def test_an_item_stands_once() -> None:
    friendly = specimen(MessageCode.FRIENDLY_REMINDER)
    with pytest.raises(ValueError, match="twice"):
        replace(friendly, information=(friendly.lines[0],))


def test_withdrawal_and_question_name_the_receipt() -> None:
    with pytest.raises(ValueError, match="names the notice"):
        replace(specimen(MessageCode.WITHDRAWAL), notice_on=None)
    with pytest.raises(ValueError, match="names the receipt"):
        replace(specimen(MessageCode.RECEIPT_IN_DOUBT), receipt=None)


def test_payment_link_is_https() -> None:
    with pytest.raises(ValueError, match="https"):
        replace(NOTICE, payment_link="javascript:alert(1)")


def test_a_contact_can_be_reached() -> None:
    with pytest.raises(ValueError, match="reached"):
        Contact("Claire Martin")


def test_personal_data_stay_out_of_reprs() -> None:
    shown = repr(NOTICE)
    for hidden in (NOTICE.recipient.name, "quai de la Fosse", "debiteur.example", "02 51", "virement partira"):
        assert hidden not in shown


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=8),
    st.lists(st.integers(1, 10**6), max_size=3),
)
def test_what_is_asked_is_always_lines_less_credits(opens: list[int], credits_: list[int]) -> None:
    base = specimen(MessageCode.FRIENDLY_REMINDER, rich=False)
    lines = tuple(
        replace(base.lines[0], invoice_number=f"F{rank}", amount_cents=cents, open_cents=cents)
        for rank, cents in enumerate(opens)
    )
    deducted = tuple(Credit(f"AV{rank}", base.on, cents) for rank, cents in enumerate(credits_))
    total = sum(opens) - sum(credits_)
    try:
        message = replace(base, lines=lines, credits=deducted, totals=totals_of(lines, deducted))
    except ValueError:
        assert total <= 0
        return
    assert message.totals.total_cents == total > 0
    whole, rest = divmod(total, 100)
    assert (
        f"{whole:,},{rest:02d} €".replace(",", "\u00a0", f"{whole:,}".count(",")).replace(" €", "\u00a0€")
        in compose(message).text
    )
