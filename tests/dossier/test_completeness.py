"""The evidence checklist: what is there, what is missing, who must bring it, and whether the act may go on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.completeness import (
    BRINGERS,
    WEIGHTS,
    WEIGHTS_OF_WRITING,
    Bringer,
    EvidenceKind,
    GateOpen,
    GateShut,
    InvoiceEvidence,
    Requirement,
    Standing,
    checklist,
    gate,
    score_of_case,
)
from recouvrement.domain.parties import DebtorKind

EVERYTHING = frozenset(EvidenceKind)
kinds = st.sampled_from(DebtorKind)
papers = st.frozensets(st.sampled_from(EvidenceKind))


def test_weights_make_a_thousand_and_every_line_has_someone_who_brings_it() -> None:
    assert sum(WEIGHTS.values()) == sum(WEIGHTS_OF_WRITING.values()) == 1000
    assert set(WEIGHTS) == set(WEIGHTS_OF_WRITING) == set(BRINGERS) == set(Requirement)


@given(kinds)
def test_every_paper_signed_scores_a_thousand(kind: DebtorKind) -> None:
    made = checklist(InvoiceEvidence("F-1", kind, EVERYTHING, EVERYTHING))
    assert made.score == 1000
    assert made.missing == ()
    assert isinstance(gate([made], frozenset(Requirement)), GateOpen)


@given(kinds, papers, papers, st.sampled_from(EvidenceKind))
def test_one_more_paper_never_lowers_the_score(
    kind: DebtorKind, held: frozenset[EvidenceKind], signed: frozenset[EvidenceKind], more: EvidenceKind
) -> None:
    before = checklist(InvoiceEvidence("F-1", kind, held, signed & held)).score
    after = checklist(InvoiceEvidence("F-1", kind, held | {more}, (signed & held) | {more})).score
    assert after >= before


def test_an_unsigned_delivery_note_is_enough_against_a_trader_only() -> None:
    held = frozenset({EvidenceKind.DELIVERY_NOTE})
    trader = checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, held)).line(Requirement.DELIVERY)
    consumer = checklist(InvoiceEvidence("F-1", DebtorKind.CONSUMER, held)).line(Requirement.DELIVERY)
    assert trader.standing is Standing.PRESENT
    assert consumer.standing is Standing.MISSING
    assert consumer.bringer is Bringer.DELIVERY_STAFF
    assert "not signed" in consumer.reason


def test_a_waiver_opens_the_gate_shows_its_reason_and_earns_nothing() -> None:
    held = EVERYTHING - {EvidenceKind.DELIVERY_NOTE, EvidenceKind.ACCEPTANCE_REPORT}
    waived = {Requirement.DELIVERY: "le débiteur a reconnu la livraison au téléphone"}
    made = checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, held, held, waived=waived))
    assert made.score == 1000 - WEIGHTS[Requirement.DELIVERY]
    verdict = gate([made], frozenset({Requirement.DELIVERY, Requirement.INVOICE}))
    assert isinstance(verdict, GateOpen)
    assert [line.reason for line in verdict.waived] == [waived[Requirement.DELIVERY]]


def test_a_waiver_without_reason_is_refused_and_one_of_a_present_line_changes_nothing() -> None:
    with pytest.raises(ValueError, match="reason"):
        checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, frozenset(), waived={Requirement.INVOICE: "  "}))
    kept = InvoiceEvidence("F-1", DebtorKind.BUSINESS, EVERYTHING, waived={Requirement.INVOICE: "inutile"})
    assert checklist(kept).line(Requirement.INVOICE).standing is Standing.PRESENT


def test_missing_mentions_and_unread_replies_are_named() -> None:
    made = checklist(
        InvoiceEvidence(
            "F-1", DebtorKind.BUSINESS, EVERYTHING, EVERYTHING, mentions_missing=("escompte",), unread_replies=2
        )
    )
    assert {line.requirement: line.reason for line in made.missing} == {
        Requirement.INVOICE_MENTIONS: "escompte",
        Requirement.REPLIES: "2 replies unread",
    }


def test_no_invoice_means_no_mentions_either() -> None:
    made = checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, frozenset()))
    assert made.line(Requirement.INVOICE_MENTIONS).standing is Standing.MISSING


def test_one_weak_invoice_shuts_the_gate_of_the_whole_act_and_sets_the_score() -> None:
    whole = checklist(InvoiceEvidence("F-1", DebtorKind.BUSINESS, EVERYTHING, EVERYTHING))
    weak = checklist(InvoiceEvidence("F-2", DebtorKind.BUSINESS, EVERYTHING - {EvidenceKind.INVOICE}))
    verdict = gate([whole, weak], frozenset({Requirement.INVOICE}))
    assert isinstance(verdict, GateShut)
    assert [(invoice, line.requirement) for invoice, line in verdict.missing] == [("F-2", Requirement.INVOICE)]
    assert score_of_case([whole, weak]) == weak.score < 1000
