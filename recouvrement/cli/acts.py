"""Commands for what a person tells: promise, dispute, hold, end, call, attach, proof, settle."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.files import Json, On
from recouvrement.cli.printing import Refused, answer, day, day_or_today
from recouvrement.cli.running import Operator
from recouvrement.day import acts
from recouvrement.day.house import House, open_house
from recouvrement.day.operators import NotAllowed, checked_operator
from recouvrement.domain.money import cents
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (promise, dispute, hold, end, call, attach, proof, settle):
        app.command()(command)


Note = Annotated[str, typer.Option(help="The id that `recouvrement note` gave.")]
Currency = Annotated[str, typer.Option(help="The currency of the amount.")]
ENDS = ("promise", "dispute", "hold", "plan", "insolvency", "party_status", "assignment")


def opened(on: str | None, operator: str, role: str = "record") -> House:
    """Open the house for an act of an operator who has the role; Refused otherwise."""
    settings = Settings()
    try:
        checked_operator(settings, operator, role=role)
    except NotAllowed as error:
        raise Refused(str(error)) from error
    return open_house(settings).on_day(day_or_today(on))


def told(done: acts.Done, *, as_json: bool) -> None:
    """Print what an act did, or why it was refused (exit 1)."""
    answer(done.as_json(), as_json=as_json, lines=[done.refused or f"recorded {done.id}"])
    if done.refused:
        raise typer.Exit(1)


def a_day(text: str) -> date:
    """A day that must be given; Refused (exit 2) when it is not one."""
    found = day(text)
    assert found is not None
    return found


def amount_of(text: str | None) -> int | None:
    """An amount in minor units, None when none was given; Refused (exit 2) when it is not one."""
    try:
        return None if text is None else cents(text.replace(",", "."))
    except (ValueError, ArithmeticError):
        raise Refused(f"{text!r} is not an amount: write it like 1250.00", 2) from None


def promise(
    subject: str, amount: str, due: str, currency: Currency = "EUR", note: Note = "", on: On = None,
    operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """A debtor (code) promises to pay an amount, for an invoice or in all, by a day."""
    cents_, by, today = amount_of(amount) or 0, a_day(due), day_or_today(on)
    done = acts.record_promise(
        opened(on, operator), subject, cents=cents_, due_on=by, on=today, operator=operator, currency=currency,
        note_id=note,
    )  # fmt: skip
    told(done, as_json=as_json)


def dispute(
    invoice: str, category: str, until: Annotated[str, typer.Option(help="Day by which it is looked at again.")],
    amount: str | None = None, note: Note = "", on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """An invoice is contested: quality, quantity, price, delivery, administrative."""
    by, cents_, today = a_day(until), amount_of(amount), day_or_today(on)
    done = acts.record_dispute(
        opened(on, operator), invoice, category=category, wait_until=by, cents=cents_, on=today, operator=operator,
        note_id=note,
    )  # fmt: skip
    told(done, as_json=as_json)


def hold(
    subject: str, until: str, reason: str, note: Note = "", on: On = None, operator: Operator = "owner",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Pause a debtor or an invoice until a day, with a reason."""
    by, today = a_day(until), day_or_today(on)
    done = acts.record_hold(
        opened(on, operator), subject, until=by, reason=reason, on=today, operator=operator, note_id=note
    )
    told(done, as_json=as_json)


def end(
    kind: str,
    subject: str,
    event: str,
    reason: str = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """End a promise, dispute, hold, plan, insolvency, party status or assignment: with what came of it (settled, withdrawn, kept…)."""
    if kind not in ENDS:
        raise Refused(f"{kind!r} is not something that ends: {', '.join(ENDS)}", 2)
    today = day_or_today(on)
    told(
        acts.end_fact(opened(on, operator), kind, subject, event=event, reason=reason, on=today, operator=operator),
        as_json=as_json,
    )


def call(
    contact: str, outcome: str, cause: str | None = None, reached: bool = True, note: Note = "", on: On = None,
    operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """Note what a call on the list came to."""
    today = day_or_today(on)
    done = acts.record_call(
        opened(on, operator), contact, outcome=outcome, cause=cause, reached=reached, on=today, operator=operator,
        note_id=note,
    )  # fmt: skip
    told(done, as_json=as_json)


def attach(
    subject: str,
    file: Path,
    kind: str,
    title: str = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Attach a document to an invoice or a debtor."""
    today = day_or_today(on)
    told(
        acts.attach_document(opened(on, operator), subject, file, kind=kind, title=title, on=today, operator=operator),
        as_json=as_json,
    )


def proof(
    contact: str,
    kind: str,
    number: str | None = None,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """A registered letter was deposited, delivered, refused, unclaimed or undeliverable."""
    today = day_or_today(on)
    told(
        acts.record_postal_proof(
            opened(on, operator), contact, kind=kind, on=today, operator=operator, registered_number=number
        ),
        as_json=as_json,
    )


def settle(
    contact: str,
    sent: Annotated[bool, typer.Option("--sent/--not-sent")],
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Say whether a message of unknown fate left."""
    told(acts.settle_unknown(opened(None, operator, "approve"), contact, sent=sent, operator=operator), as_json=as_json)
