"""Every state that a person or a file can put a debt in has a form and a command that end it (design.md, "Waits end")."""

from pathlib import Path

import typer.main
import yaml

from recouvrement.cli import app
from recouvrement.domain.contact_states import MOVES, ContactState
from recouvrement.domain.reasons import Reason
from recouvrement.ledger.facts import KINDS

PROJECT = Path(__file__).resolve().parents[2]
WayOut = tuple[str, str]  # the deployment that the operator runs, the command that does the same
END: WayOut = ("end-fact", "end")

# what ends each fact; a call is noted once and holds nothing
ENDS_A_FACT: dict[str, WayOut] = {
    "promise": END, "dispute": ("settle-dispute", "settle-dispute"), "hold": END, "plan": END, "insolvency": END,
    "party_status": END, "assignment": END, "receipt": ("end-receipt", "end-receipt"),
    "penalty_waiver": ("restore-penalties", "restore-penalties"),
}  # fmt: skip
HOLD_NOTHING = {"call", "title"}

# what else a person can enter, and what takes it back
TAKES_BACK: dict[str, WayOut] = {
    "waive-step": ("restore-step", "restore-step"), "set-direct-debit": ("set-direct-debit", "direct-debit"),
    "set-debtor-kind": ("set-debtor-kind", "debtor-kind"), "change-iban": ("refuse-iban", "refuse-iban"),
    "match-payment": ("unmatch-payment", "unmatch-payment"), "write-off": ("undo-write-off", "undo-write-off"),
    "record-cause": ("record-cause", "cause"), "use-policy": ("use-policy", "policy"), "set-limit": ("set-limit", "limit"),
    "begin-hold-out": ("end-hold-out", "hold-out"),
}  # fmt: skip

FILES: WayOut = ("watch-inbox", "import")
MATCH: WayOut = ("match-payment", "match-payment")
# what a person does to let a held invoice go on
LETS_GO_ON: dict[Reason, WayOut] = {
    Reason.NOTICE_EXPIRED: ("choose-route", "choose-route"), Reason.HANDED_OVER: ("close-case", "close-case"),
    Reason.DISPUTED: ("settle-dispute", "settle-dispute"), Reason.PROMISED: END, Reason.ON_A_PLAN: END, Reason.ON_HOLD: END,
    Reason.INSOLVENT: END, Reason.PROTECTED_PARTY: END, Reason.ASSIGNED: END,
    Reason.RECEIPT_UNDER_WAY: ("end-receipt", "end-receipt"), Reason.DIRECT_DEBIT: ("set-direct-debit", "direct-debit"),
    Reason.AWAITING_APPROVAL: ("approve-notices", "approve"), Reason.AWAITING_SENDING: ("drain-outbox", "send"),
    Reason.AWAITING_CALL: ("record-call", "call"), Reason.SENDING_UNKNOWN: ("settle-unknown", "settle"),
    Reason.AWAITING_POSTING: ("record-proof", "proof"), Reason.REPLY_UNREAD: ("mark-read", "mark-read"),
    Reason.FEED_OLD: FILES, Reason.FEED_ABSENT: FILES, Reason.NOT_RECEIVED_AS_DUE: FILES, Reason.MONEY_IN_DOUBT: MATCH,
    Reason.RECEIPT_TO_ASK: MATCH, Reason.RECEIPT_ASKED: MATCH, Reason.KIND_UNKNOWN: ("set-debtor-kind", "debtor-kind"),
    Reason.NO_ADDRESS: ("correct-address", "correct-address"), Reason.EVIDENCE_MISSING: ("attach-document", "attach"),
    Reason.CLEARED_IN_ACCOUNTS: ("still-owed", "still-owed"), Reason.ACCOUNTS_DIFFER: ("explain-difference", "explain-difference"),
    Reason.DATA_TO_CORRECT: ("correct-address", "to-correct"), Reason.POLICY_UNKNOWN: ("use-policy", "policy"),
    Reason.DOCUMENT_REQUESTED: ("record-cause", "cause"), Reason.DISPUTE_TO_RECORD: ("record-dispute", "dispute"),
    Reason.TIME_BARRED: ("write-off", "write-off"), Reason.LADDER_ENDED: ("write-off", "write-off"),
}  # fmt: skip
# a rate is data of law: who keeps the software adds it, the operator has no form for it
BY_COMMAND_ONLY = {Reason.RATE_MISSING: "rates"}
# these go by themselves, by the calendar or with the next run
BY_ITSELF = {
    Reason.STEP_DUE, Reason.LISTED_WITH_HIGHER_STEP, Reason.NOT_DUE_YET, Reason.NEXT_STEP_LATER, Reason.CONTACT_GAP,
    Reason.CONTACT_TODAY, Reason.CLOSED_DAY, Reason.ANOTHER_STEP_FIRST, Reason.BELOW_MINIMUM, Reason.NOTICE_RUNNING,
    Reason.CREDIT_LISTED, Reason.CREDIT_COVERS, Reason.CONTACT_BUDGET,
}  # fmt: skip


def commands() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def deployments() -> set[str]:
    return {d["name"] for d in yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))["deployments"]}


def exist(ways: list[WayOut]) -> None:
    assert {form for form, _ in ways} <= deployments()
    assert {command for _, command in ways} <= commands()


def test_every_fact_that_holds_can_be_ended() -> None:
    assert set(ENDS_A_FACT) | HOLD_NOTHING == set(KINDS)
    exist(list(ENDS_A_FACT.values()))


def test_what_a_person_entered_can_be_taken_back() -> None:
    assert set(TAKES_BACK) <= deployments()
    exist(list(TAKES_BACK.values()))


def test_every_reason_goes_by_itself_or_names_its_way_out() -> None:
    assert set(LETS_GO_ON) | set(BY_COMMAND_ONLY) | BY_ITSELF == set(Reason)
    assert not set(LETS_GO_ON) & BY_ITSELF
    exist(list(LETS_GO_ON.values()))
    assert set(BY_COMMAND_ONLY.values()) <= commands()


def test_every_contact_that_waits_for_a_person_has_both_answers() -> None:
    answers = {
        ContactState.PLANNED: (
            {ContactState.APPROVED, ContactState.REFUSED}, [("approve-notices", "approve"), ("refuse-notices", "refuse")],
        ),
        ContactState.UNKNOWN: ({ContactState.SENT, ContactState.FAILED}, [("settle-unknown", "settle")]),
    }  # fmt: skip
    for state, (after, ways) in answers.items():
        assert after <= MOVES[state]
        exist(ways)


def test_what_came_back_has_its_ways_out() -> None:
    """An unread reply, mail of nobody known, an address that bounced, a letter that the post brought back."""
    forms = ("mark-read", "attach-reply", "correct-address", "address-works")
    exist([(form, form) for form in forms] + [("import-postal-proofs", "proofs")])
    for state in (ContactState.BOUNCED, ContactState.FAILED):
        assert MOVES[state] == {
            ContactState.CANCELLED
        }  # by a corrected address alone; the step may then be taken again
