"""Commands about the house itself: waits, withdrawals, change-iban, confirm-iban, refuse-iban."""

from typing import Annotated

import typer

from recouvrement.cli.asking import opened, told
from recouvrement.cli.options import Json, On, Operator
from recouvrement.cli.printing import answer, day_or_today
from recouvrement.day.acts_creditor import change_iban, confirm_iban, refuse_iban
from recouvrement.day.house import open_house
from recouvrement.day.waiting import waiting
from recouvrement.day.withdrawals import propose_withdrawals
from recouvrement.domain.money import printed
from recouvrement.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    for name, command in (
        ("waits", waits), ("withdrawals", withdrawals), ("change-iban", change), ("confirm-iban", confirm),
        ("refuse-iban", refuse),
    ):  # fmt: skip
        app.command(name=name)(command)


def waits(
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose day is over.")] = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """List everything that waits for a person, overdue ones first, largest sums first; exit code 1 when one is overdue."""
    today = day_or_today(on)
    found = [w for w in waiting(open_house(Settings()), on=today) if w.overdue or not overdue]
    lines = [
        f"{'OVERDUE ' if w.overdue else ''}{w.due_on} {w.kind} {w.subject} "
        f"{printed(w.cents, w.currency, 'en') if w.cents else '-'} ({w.owner}) {w.id}"
        for w in found
    ]
    answer([w.as_json() for w in found], as_json=as_json, lines=lines or ["Nothing waits."])
    if any(w.overdue for w in found):
        raise typer.Exit(1)


def withdrawals(on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Propose to take back formal notices whose money was there before them; live runs do it too."""
    today = day_or_today(on)
    found = propose_withdrawals(opened(on, operator), on=today, actor=operator)
    answer(found, as_json=as_json, lines=[f"{key}: {value}" for key, value in found.items()])


def change(
    iban: str, bic: Annotated[str, typer.Option(help="Its BIC.")] = "", on: On = None, operator: Operator = "owner",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Ask for a new IBAN on every message; nothing leaves until another operator has confirmed it."""
    today = day_or_today(on)
    told(
        change_iban(opened(on, operator, "creditor_iban"), iban, bic=bic, on=today, operator=operator), as_json=as_json
    )


def confirm(
    last_four: Annotated[str, typer.Argument(help="Its last four characters, read from the bank's own paper.")],
    on: On = None, operator: Operator = "owner", as_json: Json = False,
) -> None:  # fmt: skip
    """Confirm the new IBAN that another operator asked for; messages written with the old one are voided."""
    today = day_or_today(on)
    house = opened(on, operator, "creditor_iban")
    told(confirm_iban(house, last_four=last_four, on=today, operator=operator), as_json=as_json)


def refuse(on: On = None, operator: Operator = "owner", as_json: Json = False) -> None:
    """Refuse the new IBAN that waits; the old one holds and sending goes on."""
    today = day_or_today(on)
    told(refuse_iban(opened(on, operator, "creditor_iban"), on=today, operator=operator), as_json=as_json)
