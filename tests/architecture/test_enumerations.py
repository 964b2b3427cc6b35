"""Codes that are kept for ever: unique, one meaning each, and no state without a way out of it."""

from enum import Enum

import pytest

from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.contact_states import LEFT, MOVES, PENDING, VOID, ContactState
from recouvrement.domain.journal_events import JournalEvent
from recouvrement.domain.ladder import Channel, Stage, StepCode
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.reasons import SENTENCES, Action, Reason
from recouvrement.ledger.marks import Mark


@pytest.mark.parametrize(
    "codes", [JournalEvent, Reason, Action, ContactState, Channel, Stage, StepCode, DebtorKind, EvidenceKind, Mark]
)
def test_codes_are_unique_and_fit_their_column(codes: type[Enum]) -> None:
    values = [member.value for member in codes.__members__.values()]

    assert len(set(values)) == len(values)  # an alias would be a second name for the same code
    assert all(isinstance(v, str) and v == v.lower() and v.isidentifier() and len(v) <= 40 for v in values)


def test_every_reason_has_one_sentence_of_its_own_in_each_language() -> None:
    assert set(SENTENCES) == set(Reason)
    for language in (0, 1):
        sentences = [both[language] for both in SENTENCES.values()]
        assert all(s.endswith(".") and s[0].isupper() for s in sentences)
        assert len(set(sentences)) == len(sentences)


def test_the_moves_of_a_contact_name_every_state() -> None:
    assert set(MOVES) == set(ContactState)
    reached = {after for states in MOVES.values() for after in states} | {ContactState.PLANNED}
    assert reached == set(ContactState)
    assert set() == VOID & LEFT


def test_nothing_that_may_have_left_comes_back_to_be_sent() -> None:
    closed = {
        ContactState.UNKNOWN,
        ContactState.SENT,
        ContactState.DELIVERED,
        ContactState.BOUNCED,
        ContactState.REPLIED,
        ContactState.FAILED,
    }

    seen, todo = set(closed), list(closed)
    while todo:
        for after in MOVES[todo.pop()] - seen:
            seen.add(after)
            todo.append(after)

    assert seen & PENDING == set()


def test_every_pending_state_has_an_end() -> None:
    """From each of them a contact leaves, is voided, or waits for a person with both answers open to them."""
    for state in PENDING:
        assert MOVES[state] & (VOID | LEFT | {ContactState.UNKNOWN, ContactState.FAILED} | PENDING)
    assert MOVES[ContactState.UNKNOWN] == {ContactState.SENT, ContactState.FAILED}
