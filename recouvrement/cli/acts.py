"""Commands for what a person tells: promise, dispute, hold, end, call, attach, proof, settle."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Currency, Json, Note, On, Operator
from recouvrement.cli.printing import Refused, a_day, amount_of, day_or_today
from recouvrement.day import acts


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (promise, dispute, hold, end, call, attach, proof, settle):
        app.command()(command)


ENDS = ("promise", "dispute", "hold", "plan", "insolvency", "party_status", "assignment")


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
