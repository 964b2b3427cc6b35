"""Commands that run the day: run, send, approve, refuse, go-live, resume."""

from pathlib import Path
from typing import Annotated

import typer

from recouvrement.cli.asking import opened
from recouvrement.cli.day_told import run_lines, sent_lines
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day_or_today, in_words
from recouvrement.day.approving import save_frozen, settle_each, to_approve
from recouvrement.day.going_live import go_back
from recouvrement.day.going_live import go_live as accept_live
from recouvrement.day.going_live import resume as resume_sending
from recouvrement.day.house import open_house
from recouvrement.day.order import LiveRefused, Mode, run_day
from recouvrement.day.refusals import meaning
from recouvrement.day.sending import MayNotSend, drain
from recouvrement.domain.money import plain
from recouvrement.ledger import approvals
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.ledger.single_flight import AlreadyRunning
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(send)
    app.command(name="approvals")(list_approvals)
    app.command()(approve)
    app.command()(refuse)
    app.command(name="go-live")(go_live)
    app.command()(resume)


def run(
    on: On = None,
    mode: Annotated[
        Mode, typer.Option(help="rehearse decides and reports; live also plans and sends.")
    ] = Mode.REHEARSE,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Run one day: match, decide, and in live mode plan contacts, open cases and send."""
    today = day_or_today(on)
    house = opened(on, operator)
    try:
        report = run_day(house, on=today, mode=mode, actor=operator)
        sent = (
            drain(house.on_day(today), on=today, pace=not house.simulated).as_json()
            if mode is Mode.LIVE and not report.paused
            else None
        )
    except LiveRefused as error:
        raise Refused(f"live run refused ({error.reason}): {meaning(error.reason)}") from error
    except AlreadyRunning as error:
        raise Refused("another run holds this ledger; nothing was started") from error
    except MayNotSend as error:
        raise Refused(
            f"nothing was sent ({error.reason}): {meaning(error.reason)}; see `recouvrement resume`"
        ) from error
    found = {**report.as_json(), "sent": sent}
    answer(found, as_json=as_json, lines=run_lines(found))
    if report.paused:
        raise typer.Exit(1)


def send(on: On = None, as_json: Json = False) -> None:
    """Send what is ready (the drain of the outbox); any number may run at once."""
    today = day_or_today(on)
    house = open_house(Settings()).on_day(today)
    try:
        found = drain(house, on=today, pace=not house.simulated).as_json()
    except MayNotSend as error:
        raise Refused(f"nothing was sent ({error.reason}): {meaning(error.reason)}") from error
    answer(found, as_json=as_json, lines=sent_lines(found))


def list_approvals(
    save: Annotated[Path | None, typer.Option(help="A folder for the letters themselves, to read.")] = None,
    as_json: Json = False,
) -> None:
    """List the contacts that wait for a person's approval; `--save` writes the very letters that would leave."""
    house = open_house(Settings())
    found = to_approve(house)
    paths = save_frozen(house, found, save) if save is not None else []
    rows: list[dict[str, object]] = [
        {
            "contact": one.row.id, "step": one.row.step, "channel": one.row.channel, "day": one.row.business_day.isoformat(),
            "debtor": one.debtor, "amount": plain(one.cents), "currency": one.currency,
        }
        for one in found
    ]  # fmt: skip
    lines = [
        f"{r['contact']}  {r['day']}  {r['debtor']}: {r['step']} by {r['channel']}, {r['amount']} {r['currency']}" for r in rows
    ]  # fmt: skip
    answer(rows, as_json=as_json, lines=[*lines, *map(str, paths)] if rows else ["Nothing waits."])


def approve(
    contact: Annotated[list[str], typer.Argument(help="Contacts to approve, or `all`.")],
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Approve formal notices and whatever the policy says waits for a person."""
    _settle(contact, None, on, operator, as_json)


def refuse(
    contact: list[str],
    reason: Annotated[str, typer.Option(help="A reason code.")],
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Refuse contacts that wait for approval, with a reason."""
    _settle(contact, reason, on, operator, as_json)


def _settle(contacts: list[str], reason: str | None, on: str | None, operator: str, as_json: bool) -> None:
    today = day_or_today(on)
    house = opened(on, operator, "approve")
    with house.ledger.reading() as connection:
        wanted = [row.id for row in approvals.waiting(connection)] if contacts == ["all"] else contacts
    answers = settle_each(house, wanted, on=today, operator=operator, reason=reason)
    done: list[dict[str, object]] = [{"contact": one, "refused": why or None} for one, why in answers.items()]
    lines = [f"{one}: refused ({why}): {meaning(why)}" if why else f"{one}: done" for one, why in answers.items()]
    answer(done, as_json=as_json, lines=lines or ["Nothing waits."])
    if any(d["refused"] for d in done):
        raise typer.Exit(1)


def go_live(
    accept: Annotated[
        bool, typer.Option("--accept", help="The opening balance agrees, past steps are in, the test message arrived.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Back to rehearsals: no run sends until you go live again.")
    ] = False,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Let scheduled and live runs of today send: records who accepted, and against which balance."""
    if accept and back:
        raise Refused("say either --accept or --back", 2)
    house = opened(None, operator, "go_live")
    found = go_back(house, operator=operator) if back else accept_live(house, operator=operator, accepted=accept)
    answer(found, as_json=as_json, lines=in_words(found))
    if not back and not found["live"]:
        raise typer.Exit(1)


def resume(operator: Operator = "owner", as_json: Json = False) -> None:
    """After a restore: mark as sent what the witness saw leave, then let the ledger go on."""
    house = opened(None, operator, "go_live")
    found = resume_sending(house, operator=operator)
    with house.ledger.reading() as connection:
        found |= {"states": counts_by_state(connection)}
    answer(found, as_json=as_json, lines=[f"{key}: {value}" for key, value in found.items()])
