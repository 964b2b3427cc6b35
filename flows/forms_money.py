"""Forms about money: receipts to match or to set aside, sums let go, differences explained."""

from typing import Annotated

from prefect import State
from pydantic import Field

from flows.asking import asked, told
from flows.parameters import (
    CODE,
    IDENTIFIER,
    WORD,
    Identifier,
    NotUsable,
    Operator,
    OptionalAmount,
    OptionalDay,
    Reason,
    Subject,
    cents_of,
    day_of,
    matching,
)
from flows.verdicts import house_flow
from recouvrement.domain.money import plain
from tasks import forms_money

PAID = r"^[A-Za-z0-9][A-Za-z0-9 ._/#-]{0,63}=\d{1,11}([.,]\d{1,2})?$"
RANK = r"^$|^[1-9]$"
Invoices = Annotated[list[str], Field(json_schema_extra={"items": {"type": "string", "pattern": PAID}})]
Rank = Annotated[str, Field(json_schema_extra={"pattern": RANK})]


@house_flow("match-payment")
def match_payment(
    line: Identifier, operator: Operator, proposal: Rank = "", invoices: Invoices = [], on: OptionalDay = ""  # noqa: B006
) -> State:  # fmt: skip
    """Apply a receipt to invoices: take a proposal by its rank, or name the invoices. The payer is remembered.

    What is left over becomes the customer's credit. No later run touches what you matched.

    Args:
        line: The id of the receipt (table `unmatched-credits` of the day, or `recouvrement review`).
        operator: Your operator code.
        proposal: The rank of the proposal to take, from 1; leave it empty to name invoices.
        invoices: Without a proposal, what each invoice gets, like `FA-12=1250.00`.
        on: The day of the match, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    rank, parts = int(matching(RANK, proposal, "proposal") or 0), [_part(text) for text in invoices]
    if bool(rank) == bool(parts):
        raise NotUsable("proposal_or_invoices")
    receipt = matching(IDENTIFIER, line, "line")
    if rank:
        found = forms_money.confirm(receipt, rank, on=day, operator=operator)
    else:
        found = forms_money.match(receipt, parts, on=day, operator=operator)
    paid = {number: plain(cents) for number, cents in parts} or {"Proposal": proposal}
    return told(
        "Match", found, {"Receipt": line, **paid, "Operator": operator}, undo="run `unmatch-payment` with this line"
    )


def _part(text: str) -> tuple[str, int]:
    number, _, amount = matching(PAID, text, "invoice").rpartition("=")
    return number, cents_of(amount)


@house_flow("unmatch-payment")
def unmatch_payment(line: Identifier, operator: Operator, on: OptionalDay = "") -> State:
    """Undo what a receipt was applied to, or that it was set aside; invoices it had settled are open again.

    The balance and the penalties are as before. The receipt waits for a person: no later run matches it by itself.

    Args:
        line: The id of the receipt.
        operator: Your operator code.
        on: The day of the undoing, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_money.unmatch(matching(IDENTIFIER, line, "line"), on=day, operator=operator)
    undo = "run `match-payment` with this line and proposal 1: what was undone stands there"
    return told("Undone match", found, {"Receipt": line, "On": day, "Operator": operator}, undo=undo)


@house_flow("not-a-customer")
def not_a_customer(line: Identifier, operator: Operator, on: OptionalDay = "") -> State:
    """Say that a receipt is no customer's payment (a loan, a tax refund, a transfer of your own); nobody is held for it.

    Args:
        line: The id of the receipt (table `unmatched-credits` of the day, or `recouvrement review`).
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_money.not_a_customer(matching(IDENTIFIER, line, "line"), on=day, operator=operator)
    return told(
        "No customer's receipt",
        found,
        {"Receipt": line, "Operator": operator},
        undo="run `unmatch-payment` with this line",
    )


@house_flow("write-off")
def write_off(
    invoice: Subject, reason: Reason, operator: Operator, amount: OptionalAmount = "", on: OptionalDay = ""
) -> State:
    """Let a sum of an invoice go: a bank fee, a rounding, a gesture, what cannot be had any more.

    It leaves the balance and bears no penalties from that day. Above the limit of the policy, counted over the whole
    invoice, the role `write_off` is needed.

    Args:
        invoice: The invoice number.
        reason: One of the policy's: bank_fee, rounding, discount_granted, commercial_gesture, uncollectable, time_barred.
        operator: Your operator code.
        amount: How much, like 3.50; all that is left when empty.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    cents, code = (cents_of(amount) if amount else None), matching(WORD, reason, "reason")
    found = forms_money.write_off(
        matching(CODE, invoice, "invoice"), cents=cents, reason=code, on=day, operator=operator
    )
    facts = {
        "Invoice": invoice,
        "Amount": amount or "all that was left",
        "Reason": reason,
        "On": day,
        "Operator": operator,
    }
    return told("Write-off", found, facts, undo="run `undo-write-off` with the id above")


@house_flow("undo-write-off")
def undo_write_off(write_off: Identifier, operator: Operator, on: OptionalDay = "") -> State:
    """Take a write-off back: the balance and the penalties are as if it had never been; the invoice starts its ladder anew.

    Args:
        write_off: The id that the form `write-off` showed.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_money.undo_write_off(matching(IDENTIFIER, write_off, "write_off"), on=day, operator=operator)
    return told(
        "Undone write-off",
        found,
        {"Write-off": write_off, "On": day, "Operator": operator},
        undo="run `write-off` again",
    )


@house_flow("explain-difference")
def explain_difference(subject: Subject, reason: Reason, operator: Operator, on: OptionalDay = "") -> State:
    """Explain a difference that the control sheet shows, of a customer's accounts or of a bank account's statements.

    It holds for that difference only: newer accounts, or another sum, ask again. A customer's formal notice may then go.

    Args:
        subject: The customer's code, or the number of the bank account (table `control-sheet`, or `recouvrement control`).
        reason: A reason code in lowercase letters, such as `booked_later` or `account_closed`.
        operator: Your operator code.
        on: The day, like 2026-11-20; today in Paris when left empty.
    """
    day = day_of(on)
    asked(operator, "record", day)
    found = forms_money.explain(
        matching(CODE, subject, "subject"), reason=matching(WORD, reason, "reason"), on=day, operator=operator
    )
    facts = {"Of": subject, "Reason": reason, "On": day, "Operator": operator}
    return told("Explained difference", found, facts, undo="it stands; newer accounts or statements ask again")
