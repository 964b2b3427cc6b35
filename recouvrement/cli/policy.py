"""Commands about policies: check one, show one, give one to a debtor or an invoice, say why a debtor has not paid."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, Note, On, Operator
from recouvrement.cli.printing import Refused, answer, day, day_or_today
from recouvrement.clock import today_in_paris
from recouvrement.day.choosing import record_cause, rules_digest, use_policy
from recouvrement.day.house import open_house, usable_policies, usable_policy
from recouvrement.domain.policy import Policy, Step
from recouvrement.domain.sending_days import is_open
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.asides import asides_to_show
from recouvrement.policy.ladder import PolicyRefused
from recouvrement.policy.law import load_law
from recouvrement.policy.policies import CHOICE
from recouvrement.settings import Settings

policy_app = typer.Typer(no_args_is_help=True, help="Policies.")
Due = Annotated[
    str | None, typer.Option(help="A due date to print the calendar for, as 2026-11-20; today when absent.")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(policy_app, name="policy")
    app.command()(cause)
    app.command("to-correct")(to_correct)


@policy_app.command()
def check(file: Path, due: Due = None, as_json: Json = False) -> None:
    """Validate a policy as a whole, with its templates and their wording, and print its ladder as a calendar."""
    if not file.is_file():
        raise Refused(f"no such file: {file}", 2)
    settings = Settings()
    try:
        law = load_law(settings.data)
        if file.name == CHOICE:
            policies = usable_policies(settings.model_copy(update={"data": file.resolve().parents[1]}), law)
            rules = [rule.policy for rule in policies.rules]
            answer({"rules": rules}, as_json=as_json, lines=[f"rule for {name}" for name in rules])
            return
        policy = usable_policy(settings, file, law)
    except PolicyRefused as error:
        raise Refused(str(error)) from error
    _print(policy, day(due) or today_in_paris(), as_json=as_json)


@policy_app.command()
def show(
    name: Annotated[str | None, typer.Argument(help="A policy; the firm's own when absent.")] = None,
    due: Due = None,
    as_json: Json = False,
) -> None:
    """Print a policy in force, as a calendar."""
    settings = Settings()
    check(settings.data / "policies" / f"{name or settings.policy}.toml", due, as_json)


@policy_app.command()
def use(
    name: Annotated[str, typer.Argument(help="A policy, or `by-rules` to let the file and the rules choose again.")],
    subject: Annotated[str, typer.Option("--for", help="A debtor code or an invoice number.")],
    reason: Annotated[str, typer.Option(help="A reason code.")] = "chosen_by_person",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Give a debtor, or one invoice, a policy by name: it comes before the rules, an invoice's before its debtor's."""
    today = day_or_today(on)
    wanted = None if name == "by-rules" else name
    done = use_policy(opened(on, operator), subject, wanted, on=today, operator=operator, reason=reason)
    told(done, as_json=as_json)


def cause(
    debtor: Annotated[str, typer.Argument(help="A debtor code.")],
    code: Annotated[
        str, typer.Argument(help="oversight, cash_trouble, dispute_…, administrative, bad_faith, unknown, answered.")
    ],
    source: Annotated[str, typer.Option(help="call, reply or form.")] = "form",
    note: Note = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Say why a debtor has not paid: it chooses words and the next step; `answered` ends a request that was met."""
    today = day_or_today(on)
    done = record_cause(
        opened(on, operator), debtor, code, on=today, operator=operator, source=source, note_id=note or None
    )
    told(done, as_json=as_json)


def to_correct(on: On = None, as_json: Json = False) -> None:
    """Messages that could not be written, oldest first: which data to correct; one leaves when something new is known."""
    today = day_or_today(on)
    house = open_house(Settings()).on_day(today)
    with house.ledger.reading() as connection:
        found = asides_to_show(connection, rules_digest(house), AsOf(today, house.ledger.known_to()))
    rows: list[dict[str, object]] = [
        {
            "debtor": code,
            "since": row.since_on.isoformat(),
            "step": row.step,
            "channel": row.channel,
            "reason": row.reason,
        }
        for code, row in found
    ]
    lines = [f"{r['since']}  {r['debtor']}  {r['step']} by {r['channel']}: {r['reason']}" for r in rows]
    answer(rows, as_json=as_json, lines=lines or ["Nothing is to be corrected."])


def _print(policy: Policy, due_on: date, *, as_json: bool) -> None:
    days = calendar(policy, due_on)
    rows = [
        {
            "step": step.code,
            "stage": step.stage.value,
            "offset_days": step.offset,
            "gap_days": step.gap,
            "on": on.isoformat(),
            "channels": [channel.value for channel in step.channels],
            "needs_approval": step.needs_approval,
            "documents": list(step.documents),
        }
        for step, on in days
    ]
    lines = [
        f"{step.offset:+4d} d  {on:%a %Y-%m-%d}  {step.code:<18} {step.stage.value:<14} {', '.join(step.channels) or 'a person'}"
        + (" · approval" if step.needs_approval else "")
        + (f" · needs {', '.join(step.documents)}" if step.documents else "")
        for step, on in days
    ]
    head = {"policy": policy.name, "sha256": policy.sha256, "due_on": due_on.isoformat(), "steps": rows}
    title = f"{policy.name} ({policy.sha256[:12]}), an invoice due on {due_on}"
    answer(head, as_json=as_json, lines=[title, *lines])


def calendar(policy: Policy, due_on: date) -> list[tuple[Step, date]]:
    """The day on which each step of an invoice goes when nothing else happens: open days, gaps kept, none lost.

    The hand-off follows the deadline of the notice, not this calendar alone.
    """
    found: list[tuple[Step, date]] = []
    for step in policy.steps:
        on = due_on + timedelta(days=step.offset)
        if found:
            on = max(on, found[-1][1] + timedelta(days=max(step.gap, policy.contact_gap if step.channels else 0)))
        while not is_open(on, policy, "metropole"):
            on += timedelta(days=1)
        found.append((step, on))
    return found
