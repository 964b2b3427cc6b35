"""Forms about cases, their papers, and a person's data. Free text (a trustee's name, an agency) is for `case-fact` alone."""

import tomllib
from typing import Annotated, Literal

from prefect import State
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    IDENTIFIER,
    WORD,
    Identifier,
    Operator,
    OptionalAmount,
    OptionalDay,
    OptionalReason,
    Reason,
    Subject,
    cents_of,
    day_of,
    matching,
)
from flows.verdicts import house_flow
from recouvrement.day.acts_base import Done
from recouvrement.domain.case_states import CaseState
from recouvrement.domain.money import plain
from recouvrement.settings import Settings
from tasks import forms_cases

Step = Literal["sent", "acknowledged", "order_obtained", "served", "opposed", "enforceable", "enforcement"]
End = Literal["paid", "settled", "lost", "taken_back"]
YesNoFact = Literal[
    "creditor_is_trader", "debtor_is_trader", "goods_under_retention_of_title", "guarantor", "local_authority", "opposition_likely",
    "recovery_threatened", "worth_pursuing",
]  # fmt: skip
Paper = Literal[
    "commitment", "accepted_terms", "delivery", "invoice", "invoice_mentions", "statement", "reminders", "formal_notice",
    "notice_proof", "replies", "identity", "insolvency_check",
]  # fmt: skip


def route_keys() -> list[str]:
    """The routes that the law files of the house know when its forms are deployed."""
    file = Settings().data / "law" / "routes.toml"
    return [row["key"] for row in tomllib.loads(file.read_text("utf-8"))["route"]] if file.is_file() else []


Route = Annotated[str, Field(json_schema_extra={"enum": route_keys()})]


@house_flow("choose-route")
def choose_route(case: Subject, route: Route, operator: Operator, on: OptionalDay = "") -> State:
    """Choose how a case goes on. The next version of its dossier is made with the drafts to sign; nothing is sent.

    Args:
        case: The case's code (table `case-proposals` of the day, or `recouvrement cases`).
        route: One of the routes that `case-proposals` or `recouvrement proposal` shows for the case.
        operator: Your operator code; the role `route` is needed.
        on: The day of the choice, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "route", day)
    made = forms_cases.choose_route(
        matching(CODE, case, "case"), matching(WORD, route, "route"), on=day, operator=operator
    )
    facts = {
        "Case": case,
        "Route": route,
        "Dossier version": made.get("version"),
        "Manifest": made.get("manifest"),
        "Operator": operator,
    }
    done = Done(str(made["id"]), str(made["refused"]))
    return told(
        "Route of a case", done, facts, undo="run `choose-route` again with another route, before the case is sent"
    )


@house_flow("move-case")
def move_case(
    case: Subject, state: Step, operator: Operator, reason: OptionalReason = "", on: OptionalDay = ""
) -> State:
    """Note what happened to a case: sent, acknowledged, order obtained, served… The limits of law run from that day.

    Args:
        case: The case's code.
        state: What happened.
        operator: Your operator code; the role `route` is needed.
        reason: A reason code, when there is one.
        on: The day it happened, like 2026-11-20; today in Paris when left empty. Limits are counted from it.
    """
    day = day_of(on)
    asked(operator, "route", day)
    why = matching(WORD, reason, "reason") if reason else ""
    done = forms_cases.move_case(matching(CODE, case, "case"), CaseState(state), reason=why, on=day, operator=operator)
    facts = {"Case": case, "State": state, "On": day, "Operator": operator}
    return told(
        "Move of a case",
        done,
        facts,
        undo="a move stands; take the case back with `close-case` and let it be proposed again",
    )


@house_flow("close-case")
def close_case(
    case: Subject, end: End, operator: Operator, reason: OptionalReason = "", until: OptionalDay = "", on: OptionalDay = ""
) -> State:  # fmt: skip
    """End a case: paid, settled, lost, or taken back. What is still open is paused until a day; then the ladder speaks again.

    Args:
        case: The case's code.
        end: How it ends; `paid` is refused while something is open.
        operator: Your operator code; the role `route` is needed.
        reason: A reason code, such as `agreement` or `no_assets`; needed unless the case was paid.
        until: The last day of the pause, when something is still open.
        on: The day it ends, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "route", day)
    why, by = matching(WORD, reason, "reason") if reason else "", day_of(until) if until else None
    done = forms_cases.close_case(
        matching(CODE, case, "case"), CaseState(end), reason=why, until=by, on=day, operator=operator
    )
    facts = {"Case": case, "End": end, "Reason": reason, "Paused until": until, "On": day, "Operator": operator}
    return told(
        "End of a case", done, facts, undo="lift the pause with `end-fact`: the next live run proposes a new case"
    )


@house_flow("case-payment")
def case_payment(
    case: Subject, line: Identifier, operator: Operator, fees: OptionalAmount = "", on: OptionalDay = ""
) -> State:  # fmt: skip
    """A receipt comes from the bailiff, agency or lawyer who holds a case: the debtor paid it and the fees kept.

    Args:
        case: The case's code.
        line: The id of the bank line (table `unmatched-credits`).
        operator: Your operator code.
        fees: What was kept before the money was passed on, like 120.00; nothing when left empty.
        on: The day it is booked, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    kept = cents_of(fees) if fees else 0
    done = forms_cases.case_payment(
        matching(CODE, case, "case"), matching(IDENTIFIER, line, "line"), fees_cents=kept, on=day, operator=operator
    )
    facts = {"Case": case, "Bank line": line, "Fees kept": plain(kept), "On": day, "Operator": operator}
    return told("Payment through a case", done, facts, undo="run `recouvrement unmatch-payment` with the bank line")


@house_flow("case-fact")
def case_fact(
    case: Subject, fact: YesNoFact, answer: Literal["yes", "no"], operator: Operator, on: OptionalDay = ""
) -> State:
    """Answer yes or no to what the routes of a case ask and nobody recorded.

    Args:
        case: The case's code.
        fact: What is asked.
        answer: The answer.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    done = forms_cases.case_fact(matching(CODE, case, "case"), fact, answer, on=day, operator=operator)
    return told(
        "Fact of a case",
        done,
        {"Case": case, "Fact": fact, "Answer": answer},
        undo="answer again: the newest answer holds",
    )


@house_flow("waive-evidence")
def waive_evidence(
    subject: Subject, requirement: Paper, reason: Reason, operator: Operator, withdraw: Literal["no", "yes"] = "no", on: OptionalDay = ""
) -> State:  # fmt: skip
    """Go without a paper that the policy demands, for an invoice or for all of a debtor's. It is journalled with its reason.

    Args:
        subject: An invoice number, or a debtor's code.
        requirement: The line of the checklist (table `missing-papers`).
        reason: A reason code, such as `oral_order` or `goods_acknowledged`.
        operator: Your operator code; the role `approve` is needed.
        withdraw: `yes` takes an earlier waiver back.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "approve", day)
    who, why = matching(CODE, subject, "subject"), matching(WORD, reason, "reason")
    done = forms_cases.waive_evidence(
        who, requirement, reason=why, on=day, operator=operator, withdraw=withdraw == "yes"
    )
    facts: dict[str, object] = {
        "For": subject,
        "Paper": requirement,
        "Reason": reason,
        "Withdrawn": withdraw,
        "Operator": operator,
    }
    return told("Waiver of a paper", done, facts, undo="run this form again with withdraw `yes`")


@house_flow("erase-person")
def erase_person(debtor: Subject, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Erase a person's data that retention no longer covers. It cannot be undone; chains and anchors still verify.

    Refused while something is owed, a case or a fact runs, a message waits, or retention is not over (the code says until when).

    Args:
        debtor: The debtor's code.
        reason: A reason code, such as `asked` or `retention_over`.
        operator: Your operator code; the role `erase` is needed.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "erase", day)
    done = forms_cases.erase(
        matching(CODE, debtor, "debtor"), reason=matching(WORD, reason, "reason"), on=day, operator=operator
    )
    facts: dict[str, object] = {"Debtor": debtor, "Reason": reason, "On": day, "Operator": operator}
    return told(
        "Erasure of a person's data",
        done,
        facts,
        undo="it cannot be undone; backups, sent mail and files that name others too still hold data (`recouvrement person traces`)",
    )
