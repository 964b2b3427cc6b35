"""Commands for what is agreed and on its way: note, called, plan, settle-dispute, extend-dispute, receipt, end-receipt."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Currency, Json, Note, On, Operator
from recouvrement.cli.printing import Refused, a_day, amount_of, day, day_or_today
from recouvrement.day.acts_calls import record_other_call
from recouvrement.day.acts_disputes import extend_dispute, settle_dispute
from recouvrement.day.acts_notes import LONGEST_NOTE, record_note
from recouvrement.day.acts_plans import record_plan
from recouvrement.day.acts_receipts import move_receipt, record_receipt


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for name, command in (
        ("note", note), ("called", called), ("plan", plan), ("settle-dispute", settle), ("extend-dispute", extend),
        ("receipt", receipt), ("end-receipt", end_receipt),
    ):  # fmt: skip
        app.command(name=name)(command)


def note(
    file: Annotated[Path | None, typer.Argument(help="A text file; standard input when absent.")] = None,
    debtor: Annotated[str, typer.Option(help="The customer it is about.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Keep a text and print its id: the only way in for words; forms and other commands name it by that id."""
    if file is not None and not file.is_file():
        raise Refused(f"no such file: {file}", 2)
    house = opened(on, operator)
    source = sys.stdin.buffer if file is None else file.open("rb")
    with source:
        data = source.read(LONGEST_NOTE + 1)
    told(record_note(house, data, operator=operator, debtor=debtor), as_json=as_json)


def called(
    debtor: str, outcome: str, cause: str | None = None, note: Note = "", on: On = None, operator: Operator = "owner",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Note a call that stood on no list, such as one from the customer; it takes no step of the ladder."""
    today = day_or_today(on)
    done = record_other_call(
        opened(on, operator), debtor, outcome=outcome, cause=cause, on=today, operator=operator, note_id=note
    )
    told(done, as_json=as_json)


def plan(
    invoices: Annotated[list[str], typer.Argument(help="The invoices it covers, of one customer.")],
    instalment: Annotated[list[str], typer.Option(help="A day and an amount, as '2026-12-01 500.00'; repeat it.")],
    accelerates: Annotated[
        bool, typer.Option(help="The plan says that a missed instalment makes all of it due.")
    ] = False,
    note: Note = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Agree a payment plan over the open amounts of some invoices."""
    parts, today = [_instalment(text) for text in instalment], day_or_today(on)
    done = record_plan(
        opened(on, operator), invoices, parts, acceleration=accelerates, on=today, operator=operator, note_id=note
    )
    told(done, as_json=as_json)


def _instalment(text: str) -> tuple[date, int]:
    when, _, amount = text.strip().partition(" ")
    return a_day(when), amount_of(amount.strip()) or 0


def settle(
    invoice: str,
    outcome: Annotated[str, typer.Argument(help="accepted, rejected, withdrawn, or part.")],
    amount: Annotated[str | None, typer.Option(help="What is accepted, with `part`.")] = None,
    credit_by: Annotated[str | None, typer.Option(help="Day by which the credit note is looked for.")] = None,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Settle a dispute; what is accepted stays out of every demand until its credit note has come."""
    cents_, by, today = amount_of(amount), day(credit_by), day_or_today(on)
    done = settle_dispute(
        opened(on, operator), invoice, outcome=outcome, cents=cents_, credit_by=by, on=today, operator=operator
    )
    told(done, as_json=as_json)


def extend(
    invoice: str,
    until: str,
    owner: Annotated[str, typer.Option(help="Who looks at it from now on; you when absent.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Look at a dispute again on a later day."""
    by, today = a_day(until), day_or_today(on)
    told(
        extend_dispute(opened(on, operator), invoice, until=by, on=today, operator=operator, owner=owner),
        as_json=as_json,
    )


def receipt(
    subject: str,
    kind: Annotated[str, typer.Argument(help="cheque, cash, card, bill, or set_off.")],
    amount: str,
    state: Annotated[str, typer.Option(help="announced, banked, or (cash, set_off) cleared.")] = "announced",
    expected: Annotated[str | None, typer.Option(help="Day by which the bank should show it.")] = None,
    currency: Currency = "EUR",
    note: Note = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Note money that no bank statement has shown yet; nobody is chased for what it covers."""
    cents_, by, today = amount_of(amount) or 0, day(expected), day_or_today(on)
    done = record_receipt(
        opened(on, operator), subject, kind=kind, cents=cents_, state=state, on=today, operator=operator,
        currency=currency, expected_on=by, note_id=note,
    )  # fmt: skip
    told(done, as_json=as_json)


def end_receipt(
    subject: str,
    outcome: Annotated[str, typer.Argument(help="banked, cleared, returned, or withdrawn.")],
    reason: str = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Say what became of a receipt: taken to the bank, cleared, returned unpaid, or noted by mistake."""
    today = day_or_today(on)
    done = move_receipt(opened(on, operator), subject, to=outcome, reason=reason, on=today, operator=operator)
    told(done, as_json=as_json)
