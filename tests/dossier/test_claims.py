"""Whatever the law computes for an invoice, its row in a dossier says the same and adds up again."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recouvrement.domain.claim import (
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    Claim,
    CreditNote,
    FixedRate,
    Payment,
    PenaltyTerms,
    Title,
)
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalties import penalty_ledger
from recouvrement.domain.penalty_ledger import PenaltyLedger
from recouvrement.dossier.claims import item_row
from recouvrement.dossier.coherence import contradictions
from recouvrement.dossier.documents import decompte
from recouvrement.policy.law import load_law
from tests.dossier.sample_case import amounts_of, sample

LAW = load_law().penalties
UNTIL = date(2026, 11, 20)
days = st.dates(date(2023, 1, 1), UNTIL)
sums = st.integers(1, 500_000)


@st.composite
def claims(draw: st.DrawFn) -> tuple[Claim, PenaltyTerms]:
    kind = draw(st.sampled_from([DebtorKind.BUSINESS, DebtorKind.PUBLIC, DebtorKind.CONSUMER, DebtorKind.NON_TRADER]))
    due = draw(days)
    title = draw(
        st.none() | st.builds(Title, st.just(due + timedelta(days=200)), awarded_penalty_cents=st.integers(0, 9000))
    )
    claim = Claim(
        draw(sums) + 500_000,
        due,
        kind,
        payments=tuple(Payment(on, cents, "VIR") for on, cents in draw(st.lists(st.tuples(days, sums), max_size=3))),
        credit_notes=tuple(
            CreditNote(on, cents, "A-1") for on, cents in draw(st.lists(st.tuples(days, sums), max_size=1))
        ),
        notice_received=draw(st.none() | days),
        title=title,
    )
    rate = draw(st.none() | st.builds(FixedRate, st.integers(80_000, 200_000)))
    capitalise = draw(st.none() | days)
    order = draw(st.sampled_from([INTEREST_FIRST, PRINCIPAL_FIRST]))
    return claim, PenaltyTerms(rate, order, capitalise_from=capitalise)


@given(claims())
@settings(max_examples=150, deadline=None)
def test_the_row_of_any_computed_claim_re_adds(drawn: tuple[Claim, PenaltyTerms]) -> None:
    claim, terms = drawn
    found = penalty_ledger(claim, UNTIL, LAW, terms)
    assume(isinstance(found, PenaltyLedger))
    assert isinstance(found, PenaltyLedger)
    row = item_row(found, invoice="F-1", issued_on=claim.due - timedelta(days=30))
    case = replace(sample(), items=(row,), amounts=amounts_of((row,)))
    assert contradictions(case) == ()
    assert row.principal + row.penalties + row.indemnity + row.interest == found.total_cents


def test_a_consumers_interest_stands_apart_and_its_caveat_is_printed() -> None:
    claim = Claim(100_000, date(2026, 1, 31), DebtorKind.CONSUMER, notice_received=date(2026, 3, 2))
    found = penalty_ledger(claim, UNTIL, LAW)
    assert isinstance(found, PenaltyLedger)
    row = item_row(found, invoice="F-1", issued_on=date(2026, 1, 1))
    assert (row.penalties, row.indemnity) == (0, 0)
    assert row.interest > 0
    case = replace(sample(), items=(row,), amounts=amounts_of((row,)))
    assert decompte(case).startswith(b"%PDF")
    silent = penalty_ledger(replace(claim, notice_received=None), UNTIL, LAW)
    assert isinstance(silent, PenaltyLedger)
    assert "aucun intérêt ne court" in item_row(silent, invoice="F-1", issued_on=date(2026, 1, 1)).note
