"""Every state that a person or a file can put a debt in has a command that ends it (design.md, "Waits end")."""

import typer.main

from recouvrement.cli import app
from recouvrement.domain.contact_states import MOVES, ContactState
from recouvrement.domain.reasons import Reason
from recouvrement.ledger.facts import KINDS

# what ends each fact; a call is noted once and holds nothing
ENDS_A_FACT = {
    "promise": "end", "dispute": "end", "hold": "end", "plan": "end", "insolvency": "end", "party_status": "end",
}  # fmt: skip
HOLD_NOTHING = {"call", "title"}

# what a person types to let a held invoice go on
LETS_GO_ON = {
    Reason.DISPUTED: "end", Reason.PROMISED: "end", Reason.ON_A_PLAN: "end", Reason.ON_HOLD: "end", Reason.INSOLVENT: "end",
    Reason.PROTECTED_PARTY: "end", Reason.AWAITING_APPROVAL: "approve", Reason.AWAITING_SENDING: "send", Reason.AWAITING_CALL: "call",
    Reason.SENDING_UNKNOWN: "settle", Reason.AWAITING_POSTING: "proof", Reason.FEED_OLD: "import", Reason.FEED_ABSENT: "import",
    Reason.MONEY_IN_DOUBT: "match-payment", Reason.RECEIPT_ASKED: "match-payment", Reason.KIND_UNKNOWN: "import", Reason.NO_ADDRESS: "correct-address",
    Reason.REPLY_UNREAD: "mark-read",
    Reason.EVIDENCE_MISSING: "attach", Reason.RATE_MISSING: "rates", Reason.CLEARED_IN_ACCOUNTS: "import", Reason.NOT_RECEIVED_AS_DUE: "import",
    Reason.ACCOUNTS_DIFFER: "explain-difference", Reason.DATA_TO_CORRECT: "to-correct", Reason.POLICY_UNKNOWN: "policy",
    Reason.DOCUMENT_REQUESTED: "cause", Reason.DISPUTE_TO_RECORD: "dispute",
}  # fmt: skip


def names() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_fact_that_holds_can_be_ended() -> None:
    assert set(ENDS_A_FACT) | HOLD_NOTHING == set(KINDS)
    assert set(ENDS_A_FACT.values()) <= names()


def test_every_reason_to_wait_for_a_person_names_a_command() -> None:
    assert set(LETS_GO_ON.values()) <= names()


def test_every_contact_that_waits_for_a_person_has_both_answers() -> None:
    answers = {
        ContactState.PLANNED: ({ContactState.APPROVED, ContactState.REFUSED}, {"approve", "refuse"}),
        ContactState.UNKNOWN: ({ContactState.SENT, ContactState.FAILED}, {"settle"}),
    }
    for state, (after, commands) in answers.items():
        assert after <= MOVES[state]
        assert commands <= names()
