"""Forms for how a debtor is dealt with: why it does not pay, its policy, its limits, and policies tried on a share."""

from typing import Annotated, Literal

from prefect import State
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    WORD,
    Amount,
    Operator,
    OptionalDay,
    OptionalIdentifier,
    Reason,
    Subject,
    cents_of,
    day_of,
    matching,
    note_named,
)
from flows.verdicts import house_flow
from recouvrement.domain.money import plain
from recouvrement.policy.policies import CHOICE
from recouvrement.settings import Settings
from tasks import forms_policy

BY_RULES = "by-rules"
POLICY = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$"
HOLD_OUT = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$"


def policy_names() -> list[str]:
    """The policies that the house has when its forms are deployed; one that came since is offered by the next `make serve`."""
    return sorted(file.stem for file in (Settings().data / "policies").glob("*.toml") if file.name != CHOICE)


Known = Annotated[str, Field(json_schema_extra={"enum": policy_names()})]
KnownOrRules = Annotated[str, Field(json_schema_extra={"enum": [*policy_names(), BY_RULES]})]
HoldOut = Annotated[str, Field(json_schema_extra={"pattern": HOLD_OUT})]
OptionalSeed = Annotated[str, Field(json_schema_extra={"pattern": f"^$|{HOLD_OUT}"})]
Share = Annotated[int, Field(json_schema_extra={"minimum": 1, "maximum": 99})]


@house_flow("record-cause")
def record_cause(
    debtor: Subject,
    cause: Literal[
        "oversight", "cash_trouble", "dispute_quality", "dispute_quantity", "dispute_price", "dispute_delivery",
        "administrative", "bad_faith", "unknown", "answered",
    ],
    operator: Operator, source: Literal["call", "reply", "form"] = "form", note: OptionalIdentifier = "",
    on: OptionalDay = "",
) -> State:  # fmt: skip
    """Say why a debtor has not paid: it chooses the words of what is sent, and the next step.

    Args:
        debtor: The debtor's code.
        cause: Why; `answered` ends a request that was met, `unknown` whatever was said before.
        operator: Your operator code.
        source: How it is known.
        note: The id of a note (`recouvrement note`), when there is one.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    code = matching(CODE, debtor, "debtor")
    found = forms_policy.cause(code, cause, on=day, operator=operator, source=source, note_id=note_named(note))
    facts = {"Debtor": debtor, "Cause": cause, "Known by": source, "Note": note or "-", "Operator": operator}
    return told("Cause", found, facts, undo="run this form again with the cause before, or `unknown`")


@house_flow("use-policy")
def use_policy(
    subject: Subject, policy: KnownOrRules, operator: Operator, reason: Reason = "chosen_by_person",
    on: OptionalDay = "",
) -> State:  # fmt: skip
    """Give a debtor, or one invoice, a policy by name: it comes before the rules, an invoice's before its debtor's.

    Args:
        subject: A debtor's code, or an invoice number.
        policy: A policy of the house; `by-rules` lets the file and the rules choose again.
        operator: Your operator code.
        reason: A reason code in lowercase letters.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    name = None if policy == BY_RULES else matching(POLICY, policy, "policy")
    why = matching(WORD, reason, "reason")
    found = forms_policy.policy(matching(CODE, subject, "subject"), name, on=day, operator=operator, reason=why)
    facts = {"For": subject, "Policy": policy, "Reason": reason, "Operator": operator}
    return told("Policy", found, facts, undo="run this form again with the policy before, or with `by-rules`")


@house_flow("set-limit")
def set_limit(
    debtor: Subject, kind: Literal["credit", "insured"], amount: Amount, operator: Operator, on: OptionalDay = ""
) -> State:
    """Record the credit granted to a debtor, or the amount insured; reports show which limits are passed.

    Args:
        debtor: The debtor's code.
        kind: Credit that the firm grants, or the amount that its insurer covers.
        amount: The limit, like 15000.00; 0 takes it away.
        operator: Your operator code.
        on: The first day, like 2026-11-20; today in Paris when left empty.
    """
    day, cents = day_of(on), cents_of(amount)
    asked(operator, "record", day)
    found = forms_policy.limit(matching(CODE, debtor, "debtor"), kind=kind, cents=cents, on=day, operator=operator)
    facts = {"Debtor": debtor, "Limit": kind, "Amount": plain(cents), "From": day, "Operator": operator}
    return told("Limit", found, facts, undo="run this form again with the amount before, or 0")


@house_flow("begin-hold-out")
def begin_hold_out(
    code: HoldOut, candidate: Known, operator: Operator, share: Share = 50, seed: OptionalSeed = "",
    on: OptionalDay = "",
) -> State:  # fmt: skip
    """Try a policy on debtors drawn at random, and leave the others under the policy in force, so as to compare.

    Only debtors under the default policy by the rules alone take part. One hold-out at a time.

    Args:
        code: A code for it, of your choice.
        candidate: The policy to try.
        operator: Your operator code; the role `approve` is needed.
        share: Percent of the debtors who get the candidate, 1 to 99.
        seed: What the draw starts from; the code when left empty.
        on: The first day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "approve", day)
    name, start = matching(HOLD_OUT, code, "code"), matching(HOLD_OUT, seed, "seed") if seed else ""
    tried = matching(POLICY, candidate, "policy")
    found = forms_policy.begin(name, tried, share=share, seed=start, on=day, operator=operator)
    facts = {"Hold-out": code, "Candidate": candidate, "Share": f"{share} %", "From": day, "Operator": operator}
    return told("Hold-out begun", found, facts, undo="run `end-hold-out` with the same code")


@house_flow("end-hold-out")
def end_hold_out(code: HoldOut, operator: Operator, on: OptionalDay = "") -> State:
    """End a hold-out: debtors of the candidate go back to the policy that the rules choose; what was drawn stays on record.

    Args:
        code: The code of the hold-out.
        operator: Your operator code; the role `approve` is needed.
        on: The day it ends, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "approve", day)
    found = forms_policy.end(matching(HOLD_OUT, code, "code"), on=day, operator=operator)
    facts = {"Hold-out": code, "Ended on": day, "Operator": operator}
    return told("Hold-out ended", found, facts, undo="run `begin-hold-out` with another code: another draw is made")
