"""Commands for what comes back: the mailbox, what a reply means, whose it is, addresses."""

from pathlib import Path
from typing import Annotated, Any

import typer

from recouvrement.channels.incoming import read_incoming
from recouvrement.channels.mailbox import MailboxDownError, MaildirMailbox
from recouvrement.channels.postal import PostalDownError
from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import Refused, answer, day, day_or_today
from recouvrement.cli.printing import amount_of as cents_of
from recouvrement.clock import now
from recouvrement.day import addresses, answers
from recouvrement.day.house import open_house
from recouvrement.day.listening import listen, mailbox_of
from recouvrement.day.other_channels import gather_proofs
from recouvrement.day.to_read import to_read
from recouvrement.ledger.addresses import Medium
from recouvrement.settings import Settings

mailbox_app = typer.Typer(no_args_is_help=True, help="What came in: read, listed, shown.")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(mailbox_app, name="mailbox")
    app.command(name="mark-read")(mark_read)
    app.command(name="attach-reply")(attach_reply)
    app.command(name="correct-address")(correct_address)
    app.command(name="address-works")(address_works)
    app.command()(proofs)


@mailbox_app.command(name="read")
def read_mailbox(
    maildir: Annotated[Path | None, typer.Option(help="A Maildir on this machine, instead of the settings'.")] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Take in replies and bounces; nothing in the mailbox is marked, moved or deleted."""
    today = day_or_today(on)
    house = open_house(Settings()).on_day(today)
    source = MaildirMailbox(maildir) if maildir is not None else mailbox_of(house)
    if source is None or (maildir is not None and not maildir.is_dir()):
        raise Refused("no mailbox: set RECOUVREMENT_IMAP_HOST or RECOUVREMENT_MAILDIR, or name one", 2)
    try:
        found = listen(house, today, source, name=f"maildir {maildir.resolve()}" if maildir else "main").as_json()
    except MailboxDownError as error:
        raise Refused(str(error)) from error
    answer(found, as_json=as_json, lines=[f"{key}: {value}" for key, value in found.items()])


@mailbox_app.command(name="list")
def list_replies(on: On = None, as_json: Json = False) -> None:
    """List the messages that wait for a person, overdue ones first."""
    today = day_or_today(on)
    rows = to_read(open_house(Settings()), on=today)
    answer(rows, as_json=as_json, lines=[_line(row) for row in rows] or ["Nothing waits to be read."])


def _line(row: dict[str, Any]) -> str:
    whose = row["debtor"] or "nobody known: attach-reply"
    cues = f", perhaps {row['cues']}" if row["cues"] else ""
    late = " OVERDUE" if row["overdue"] else ""
    return f"{row['reply']}  {row['came']}  {whose} ({row['kind']}{cues}), to read by {row['wait_until']}{late}"


@mailbox_app.command(name="show")
def show_reply(
    reply: str,
    save: Annotated[Path | None, typer.Option(help="Write the exact bytes (.eml) here.")] = None,
    as_json: Json = False,
) -> None:
    """Show what somebody wrote: the new words, without what they quote."""
    raw = answers.message_bytes(open_house(Settings()), reply)
    if raw is None:
        raise Refused("unknown reply")
    if save is not None:
        save.write_bytes(raw)
    found = read_incoming(raw, now())
    shown = {"from": found.sender, "subject": found.subject, "kind": found.kind.value, "text": found.text}
    answer(shown, as_json=as_json, lines=[f"From: {found.sender}", f"Subject: {found.subject}", "", found.text])


def mark_read(
    reply: str,
    meaning: Annotated[answers.Meaning, typer.Argument(help="What it says.")],
    amount: Annotated[str | None, typer.Option(help="Promised, or contested.")] = None,
    until: Annotated[str | None, typer.Option(help="The day promised, or by which it is looked at again.")] = None,
    invoice: Annotated[str, typer.Option(help="The invoice it is about, when it is one.")] = "",
    category: Annotated[str, typer.Option(help="What is contested: quality, quantity, price…")] = "",
    reason: Annotated[str, typer.Option(help="Why a pause, as a code.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Say what a message means; the promise, dispute or pause is recorded in the same act, and the debtor is free."""
    today = day_or_today(on)
    said = answers.Said(meaning, cents_of(amount), day(until), invoice, category, reason)
    told(answers.mark_read(opened(on, operator), reply, said, on=today, operator=operator), as_json=as_json)


def attach_reply(reply: str, debtor: str, on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Say whose message it is."""
    today = day_or_today(on)
    told(answers.attach_reply(opened(on, operator), reply, debtor, on=today, operator=operator), as_json=as_json)


def correct_address(
    debtor: str,
    email: Annotated[str, typer.Option(help="The e-mail address.")] = "",
    phone: Annotated[str, typer.Option(help="The telephone number.")] = "",
    postal: Annotated[str, typer.Option(help="The postal address, lines separated by |, without the name.")] = "",
    note: Annotated[str, typer.Option(help="A note in inbox/notes that holds them, by its name.")] = "",
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Correct an address; what came back from the old one may be sent again."""
    house, today = opened(on, operator), day_or_today(on)
    new: addresses.NewAddress | str = addresses.NewAddress(email, phone, tuple(filter(None, postal.split("|"))))
    if note:
        new = addresses.read_note(house, note)
    if isinstance(new, str):
        raise Refused(new)
    told(addresses.correct_address(house, debtor, new, on=today, operator=operator), as_json=as_json)


def address_works(
    debtor: str, medium: Medium, on: On = None, operator: Operator = "owner", as_json: Json = False
) -> None:
    """Say that an address that came back works after all."""
    found = addresses.address_works(opened(on, operator), debtor, medium, on=day_or_today(on), operator=operator)
    told(found, as_json=as_json)


def proofs(
    path: Annotated[
        Path | None, typer.Argument(help="A filled slip, a scan, or a folder; `inbox/proofs` when absent.")
    ] = None,
    on: On = None,
    operator: Operator = "owner",
    as_json: Json = False,
) -> None:
    """Take in what the post proved: filled slips, scans, and with Maileva its statuses."""
    house, today = opened(on, operator), day_or_today(on)
    if path is not None and not path.exists():
        raise Refused("no such file or folder", 2)
    try:
        found = gather_proofs(house, path, on=today, operator=operator).as_json()
    except PostalDownError as error:
        raise Refused(str(error)) from error
    answer(found, as_json=as_json, lines=[f"{key}: {value}" for key, value in found.items()])
    if found["refused"]:
        raise typer.Exit(1)
